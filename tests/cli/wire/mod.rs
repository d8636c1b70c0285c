//! `wraptap record` between raw sockets: what was on the wire, through every fault.

#![allow(clippy::panic, reason = "tests fail loudly")]

#[cfg(target_os = "linux")]
mod bounded;
mod commands;
mod crash;
mod doors;
mod fast_path;
mod faults;
mod fidelity;
mod messages;
mod outbound;
mod probe;
mod promise;
mod recorder;
mod tls;
mod tls_server;
mod upstream;
