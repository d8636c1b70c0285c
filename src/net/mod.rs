//! Floor 3, wires: sockets, taps on their bytes, TLS, and connections to an upstream. This room carries bytes
//! and reports exactly which bytes they were; what an exchange means is not its business.
#![allow(clippy::disallowed_methods, reason = "wires have clocks, and certificates are files")]

pub mod chunks;
pub mod client_wire;
pub mod connect;
pub mod descriptors;
pub mod destination;
pub mod head;
pub mod head_rewriter;
pub mod local_ca;
pub mod loopback_server;
pub mod outbound_proxy;
pub mod request_tap;
pub mod response_tap;
pub mod stream;
pub mod tls;
pub mod trailer_case;
pub mod upstream_wire;
