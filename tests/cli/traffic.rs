//! Recordings for tests of what uses them again: made by the journal, as a proxy makes them.

use std::path::{Path, PathBuf};

use wraptap::journal::{Journal, JournalOptions};
use wraptap::model::exchange::Exchange;
use wraptap::model::testing::ExchangeBuilder;
use wraptap::model::timestamp::Timestamp;

/// The id of an interaction that nobody else uses.
pub(crate) const INTERACTION: &str = "ab000000-0000-4000-8000-000000000007";
/// A wrap-up code of the simulator.
pub(crate) const CODE: &str = wraptap::simulator::seeds::CODE;

/// A request of the forum's wrap-up operation, refused unless the status says otherwise.
pub(crate) fn wrap_up(body: &str, status: u16) -> Exchange {
    exchange("PUT", &format!("/api/v2/interactions/{INTERACTION}/wrap-up"), body, status)
}

/// A JSON request with a token, and an answer: ErrorBody for a refusal, else none.
pub(crate) fn exchange(method: &str, target: &str, body: &str, status: u16) -> Exchange {
    let refusal = if status < 400 {
        ""
    } else {
        r#"{"message":"Validation failed","code":"constraint.validation","status":400,"contextId":"c","details":[],"errors":[]}"#
    };
    answered(method, target, body, status, refusal)
}

/// A JSON request with a token, and this answer.
pub(crate) fn answered(method: &str, target: &str, body: &str, status: u16, answer: &str) -> Exchange {
    let mut sent = ExchangeBuilder::new(method, target).body(body).headers([
        ("Host", "127.0.0.1:8080"),
        ("authorization", "Bearer simulator-user"),
        ("Content-Type", "application/json"),
        ("User-Agent", "axios/1.21.1"),
    ]);
    if !body.is_empty() {
        sent = sent.header("Content-Length", &body.len().to_string());
    }
    let typed = if answer.is_empty() {
        [("ININ-Correlation-Id", "c"), ("Content-Length", "0")]
    } else {
        [("content-type", "application/json"), ("Transfer-Encoding", "chunked")]
    };
    let reason = if status < 400 { "OK" } else { "Bad Request" };
    let mut exchange = sent.response(status, typed, answer).reason(reason).build();
    exchange.started_at = Timestamp::parse("2026-11-20T08:30:15Z").unwrap();
    exchange
}

/// A recording in a folder of its own.
pub(crate) struct Recording {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Recording {
    /// Records these exchanges, numbered from 1.
    pub(crate) fn of(exchanges: impl IntoIterator<Item = Exchange>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.ndjson");
        let journal = Journal::open(&path, JournalOptions::default()).unwrap();
        for exchange in exchanges {
            journal.record(Exchange { id: journal.next_id(), ..exchange }).unwrap();
        }
        Self { _folder: folder, path }
    }

    /// Takes a text as a recording, whoever made it.
    pub(crate) fn foreign(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.ndjson");
        std::fs::write(&path, text).unwrap();
        Self { _folder: folder, path }
    }

    /// Returns the text of the file.
    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.path).unwrap()
    }

    /// Returns the exchanges of the file.
    pub(crate) fn exchanges(&self) -> Vec<serde_json::Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl AsRef<Path> for Recording {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}
