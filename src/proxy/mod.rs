//! Floor 5: the recording reverse proxy. Every request goes to its upstream, every exchange into the journal.
//!
//! The life of a request: `connection` owns the client's socket. `forward` takes the request as hyper parsed it and
//! the head as the tap kept it, asks `access` whether the client may use the proxy and `routes` where the request
//! goes, drops the fields that belong to one hop (`hop_by_hop`), and sends the request over a connection of the `pool`
//! (`upstream_call`). `response_body` passes the response on to the client. Meanwhile `pending` collects the exchange.
//! `batch` sends the requests that are ready and records the exchanges that are over, before their clients can know
//! that their responses are complete. After a refused request `probe` may ask the API for the reason.
#![allow(clippy::disallowed_methods, reason = "a service has clocks and owns its tasks")]

mod accept;
pub mod access;
mod batch;
mod capture;
pub mod config;
mod connection;
mod context;
mod forward;
mod heads;
mod hop_by_hop;
mod pending;
mod pool;
mod probe;
mod request_body;
mod response_body;
pub mod routes;
pub mod server;
mod synthetic_response;
pub mod tunnel;
mod upstream_call;
mod upstream_error;
