//! `wraptap record` between raw sockets: what was on the wire, through every fault.

#![allow(clippy::panic, reason = "tests fail loudly")]

mod access;
#[cfg(target_os = "linux")]
mod bounded;
mod commands;
mod crash;
#[cfg(unix)]
mod disturbed;
mod fast_path;
mod faults;
mod fidelity;
mod messages;
mod outbound;
mod probe;
mod recorded_first;
mod recorder;
#[cfg(unix)]
mod signals;
mod tls;
mod tls_server;
mod upstream;
