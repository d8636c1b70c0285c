//! Recordings for the tests of commands that read them, written by the journal.

use wraptap::journal::{Journal, JournalOptions};
use wraptap::model::exchange::{Connection, Exchange, Sdk, Timings};
use wraptap::model::testing::ExchangeBuilder;
use wraptap::model::timestamp::Timestamp;

use crate::program::{Program, wraptap};

/// A plain exchange that a test changes where it matters.
pub(crate) fn exchange(method: &str, target: &str, status: u16) -> Exchange {
    Exchange {
        started_at: Timestamp::parse("2026-11-20T08:30:15.123456Z").unwrap(),
        timings: Timings { total: 134_500, ..Timings::default() },
        recorder: "0.1.0".into(),
        sdk: Some(Sdk { name: "python".into(), version: None, marks: Vec::new() }),
        connection: Some(Connection { id: 1, client: "127.0.0.1:5".into(), request: 1, tls: None }),
        ..ExchangeBuilder::new(method, target)
            .headers([("Host", "localhost"), ("X-Odd", "1"), ("x-odd", "2")])
            .body(r#"{"code":"c","n":1.0}"#)
            .response(status, [("Content-Type", "application/json")], r#"{"message":"Validation failed"}"#)
            .reason("Whatever")
            .build()
    }
}

/// The text of a recording with these exchanges, numbered from 1.
pub(crate) fn recording(exchanges: impl IntoIterator<Item = Exchange>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let journal = Journal::open(&path, JournalOptions::default()).unwrap();
    for exchange in exchanges {
        journal.record(Exchange { id: journal.next_id(), ..exchange }).unwrap();
    }
    std::fs::read_to_string(path).unwrap()
}

pub(crate) fn three() -> String {
    recording([
        exchange("GET", "/api/v2/users/me?expand=x", 200),
        exchange("PATCH", "/api/v2/conversations/calls/1/wrapup", 400),
        exchange("POST", "/oauth/token", 200),
    ])
}

pub(crate) fn with(recording: &str) -> Program {
    wraptap().file("recordings/r.ndjson", recording)
}

/// Tags differ from run to run.
pub(crate) fn without_tags(text: &str) -> String {
    let mut pieces = text.split("redacted-");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (kind, rest) = piece.split_once('-').unwrap();
        out.push_str(&format!("redacted-{kind}-TAG{}", &rest[12..]));
    }
    out
}
