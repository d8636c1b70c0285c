//! Tests of what a user sees, by running the built program. One binary, one module per subject.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail loudly and touch files")]

#[cfg(unix)]
mod attach;
mod baselines;
mod byte_server;
mod cases;
mod check;
mod completions;
mod curl;
mod demo;
mod diff;
mod docs;
mod fuzz;
mod help;
mod house;
mod import_secrets;
mod interchange;
mod isolate;
mod judging;
mod list;
mod masking_growth;
mod matrix;
mod mock;
mod newcomer;
mod operation;
mod page;
mod pairing;
mod program;
mod properties;
mod query;
mod reader;
#[cfg(unix)]
mod record_tls;
mod recordings;
mod redact;
mod replay;
mod rules;
mod server;
mod setup;
mod show;
mod simulate;
mod ticket;
mod traffic;
mod verdict_causes;
#[cfg(unix)]
mod verdicts;
mod wire;
mod words;
