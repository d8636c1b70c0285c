//! Floor 5: the recording reverse proxy. Every request goes to its upstream, every exchange into the journal.
//!
//! The life of a request: `connection` owns the client's socket. `forward` takes the request as hyper parsed
//! it and the head as the tap kept it, asks `access` whether the client may use the proxy, has
//! `outgoing_request` choose the upstream and drop the fields that belong to one hop (`hop_by_hop`), and
//! sends it over a connection of the `pool` (`upstream_call`). `deliver` and `response_body` hand the
//! response to the client. Meanwhile `pending` collects the exchange, and `recorder` writes it to the journal
//! before the client can know that the response is complete. After a refused request `probe` may ask the API
//! for the reason.
#![allow(clippy::disallowed_methods, reason = "a service has clocks and owns its tasks")]

mod accept;
pub mod access;
mod batch;
mod capture;
mod client;
pub mod config;
mod connect_method;
mod connection;
mod context;
mod deliver;
mod forward;
mod heads;
mod hop_by_hop;
mod listen;
mod notices;
mod outgoing_request;
mod pending;
mod pool;
mod probe;
mod recorder;
mod rejected_head;
mod request_body;
mod response_body;
pub mod routes;
pub mod server;
mod start_error;
mod synthetic_response;
mod tls_refusal;
mod trailers;
pub mod tunnel;
mod upstream_call;
mod upstream_error;
mod worker;
