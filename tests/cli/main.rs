//! Tests of what a user sees, by running the built program. One binary, one module per subject.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail loudly and touch files")]

#[cfg(unix)]
mod attach;
mod baselines;
mod cases;
mod causes;
mod check;
mod completions;
mod curl;
mod demo;
mod diff;
mod docs;
mod help;
mod house;
mod import_secrets;
mod interchange;
mod isolate;
mod judging;
mod masking_growth;
mod matrix;
mod mock;
mod operation;
mod page;
mod pairing;
mod program;
mod properties;
mod recordings;
mod replay;
mod rules;
mod server;
mod setup;
mod simulate;
mod ticket;
mod traffic;
#[cfg(unix)]
mod verdicts;
#[cfg(unix)]
mod ways;
mod wire;
mod wire_bytes;
mod words;
