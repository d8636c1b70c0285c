//! Floor 5: the recording reverse proxy: every request goes to its upstream, every exchange into the journal.
//!
//! The life of a request: `connection` owns the client's socket; `forward` takes the request that hyper parsed and
//! the head that the tap kept, asks `admission` whether it may pass and `routes` where to, leaves out what belongs to
//! one hop (`hops`), has `asking` get the answer over a connection of the `pool`, and hands back an `answer` body. All
//! the while a `draft` of the exchange fills. At the end of its `turn` a worker sends the requests that are ready and
//! records the exchanges that are over, before their clients can know that their answers are complete. Behind a refusal
//! `probe` may ask the API what it knows of the matter.
#![allow(clippy::disallowed_methods, reason = "a service has clocks and owns its tasks")]

mod accept;
pub mod admission;
mod answer;
mod aside;
mod asking;
mod capture;
pub mod config;
mod connection;
mod context;
mod draft;
mod fault;
mod forward;
mod heads;
mod hops;
mod pool;
mod probe;
mod refusal;
pub mod routes;
pub mod running;
pub mod tunnel;
mod turn;
mod upload;
