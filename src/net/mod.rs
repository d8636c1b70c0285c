//! Floor 3: wires: sockets, taps on their bytes, TLS, connecting to an upstream. Nothing here knows what an
//! exchange is for; it carries bytes and says exactly which ones they were.
#![allow(clippy::disallowed_methods, reason = "wires have clocks, and certificates are files")]

pub mod authority;
pub mod chunks;
pub mod client_wire;
pub mod connect;
pub mod destination;
pub mod head;
pub mod java_store;
pub mod loopback_server;
pub mod outbound_proxy;
pub mod request_tap;
pub mod response_tap;
pub mod roots;
pub mod splice;
pub mod stream;
pub mod tls;
pub mod upstream_wire;
