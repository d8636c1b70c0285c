//! Simulator, wraptap, tap: what every client is run against, and the questions asked of the recording afterwards.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use serde_json::Value;

use crate::program::{Server, expect_status, expect_success, wraptap};
use crate::tap::{Tap, WireRequest};

/// A running stage: client -> tap -> wraptap -> upstream.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    tap: Tap,
    recorder: Server,
    _simulator: Option<Server>,
}

/// What a stage leaves behind.
pub(crate) struct Recorded {
    folder: tempfile::TempDir,
    /// The exchanges, in the order of the recording.
    pub(crate) exchanges: Vec<Value>,
    /// What the client sent.
    pub(crate) sent: Vec<WireRequest>,
    answers: String,
}

impl Stage {
    /// Builds a stage in front of a simulator where every id is ready and nothing is used up.
    pub(crate) fn simulated() -> Self {
        let simulator = Server::start(wraptap(&["simulate", "--fresh", "--listen", "127.0.0.1:0"]));
        let mut stage = Self::before(simulator.address);
        stage._simulator = Some(simulator);
        stage
    }

    /// Builds a stage in front of any server.
    pub(crate) fn before(upstream: SocketAddr) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let recording = folder.path().join("recording.ndjson");
        let upstream = format!("http://{upstream}");
        let mut record =
            wraptap(&["record", "--upstream", &upstream, "--listen", "127.0.0.1:0", "--recording"]);
        record.arg(&recording).current_dir(folder.path());
        let recorder = Server::start(record);
        Self { folder, tap: Tap::before(recorder.address), recorder, _simulator: None }
    }

    /// Returns where a client has to be attached.
    pub(crate) fn url(&self) -> &str {
        &self.tap.url
    }

    /// Runs a client to its end and expects it to be content.
    pub(crate) fn run(&self, mut program: Command) -> String {
        program.env("WRAPTAP_URL", self.url());
        expect_success(program)
    }

    /// Ends the recording and reads it.
    pub(crate) fn end(self) -> Recorded {
        self.recorder.stop();
        let exchanges = exchanges(&self.folder.path().join("recording.ndjson"));
        Recorded { folder: self.folder, exchanges, sent: self.tap.requests(), answers: self.tap.answers() }
    }
}

impl Recorded {
    /// Returns the recording.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("recording.ndjson")
    }

    /// Expects the recording to hold what the client sent: every request, every head and body, byte for byte, but
    /// for the values of `Authorization`, of which it may hold no trace.
    pub(crate) fn expect_what_was_sent(&self) {
        expect_requests(&self.exchanges, &self.sent);
        let text = std::fs::read_to_string(self.path()).unwrap();
        let token =
            self.answers.split("\"access_token\":\"").nth(1).map(|rest| rest.split('"').next().unwrap());
        let token = token.expect("the simulator answers a login with an access_token");
        assert!(!text.contains(token), "the access token {token} stands in the recording");
        let authorizations = self.sent.iter().filter_map(|sent| sent.header("authorization"));
        for secret in authorizations.filter_map(|value| value.split_once(' ')).map(|(_, secret)| secret) {
            assert!(!text.contains(secret), "{secret} stands in the recording");
        }
    }

    /// Returns the statuses that were answered.
    pub(crate) fn statuses(&self) -> Vec<u64> {
        self.exchanges.iter().filter_map(|exchange| exchange["response"]["status"].as_u64()).collect()
    }

    /// Returns the client that the exchange's own marks speak of.
    pub(crate) fn sdk(&self, index: usize) -> &str {
        self.exchanges[index]["sdk"]["name"].as_str().unwrap_or_default()
    }

    /// Returns what `report last-refused` names, the most damning first, and expects `diff` to name the same.
    pub(crate) fn findings(&self) -> Vec<String> {
        let report = self.document("report", 0);
        assert_eq!(report["exchanges"][0]["id"], self.exchanges.last().unwrap()["id"]);
        let findings = worded(&report["exchanges"][0]["findings"]);
        assert_eq!(worded(&self.document("diff", 1)["findings"]), findings);
        findings
    }

    /// Returns what `report` says of each exchange, in their order.
    pub(crate) fn reports(&self) -> Vec<Value> {
        let all = format!("1-{}", self.exchanges.last().unwrap()["id"]);
        let mut command = wraptap(&["report", &all, "--format", "json", "--recording"]);
        command.arg(self.path()).current_dir(self.folder.path());
        let document: Value = serde_json::from_str(&expect_status(command, 0)).unwrap();
        document["exchanges"].as_array().unwrap().clone()
    }

    /// Returns what a command says of the last refused request.
    fn document(&self, command: &str, status: i32) -> Value {
        let mut command = wraptap(&[command, "last-refused", "--format", "json", "--recording"]);
        command.arg(self.path()).current_dir(self.folder.path());
        serde_json::from_str(&expect_status(command, status)).unwrap()
    }
}

/// Expects the requests of these exchanges to be what was sent: every head and body, byte for byte, but for the
/// values of `Authorization`.
pub(crate) fn expect_requests(exchanges: &[Value], sent: &[WireRequest]) {
    assert_eq!(exchanges.len(), sent.len(), "{exchanges:#?}");
    for (exchange, sent) in exchanges.iter().zip(sent) {
        let request = &exchange["request"];
        assert_eq!(head_of(request, sent), sent.head, "exchange {}", exchange["id"]);
        assert_eq!(body_of(request), sent.body, "exchange {}", exchange["id"]);
        assert_eq!(request["body_bytes"], sent.body.len(), "exchange {}", exchange["id"]);
    }
}

/// Reads a recording.
pub(crate) fn exchanges(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns findings as `severity class good_path candidate_path`, with `-` for a side that has nothing.
fn worded(findings: &Value) -> Vec<String> {
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or("-").to_owned();
    let names = ["severity", "class", "good_path", "candidate_path"];
    let findings = findings.as_array().unwrap();
    findings.iter().map(|finding| names.map(|name| text(finding, name)).join(" ")).collect()
}

/// Returns the head as the recording tells it, with the value of `Authorization` as sent where it is masked.
fn head_of(request: &Value, sent: &WireRequest) -> String {
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    let mut head = format!("{} {} {}\r\n", text("method"), text("target"), text("version"));
    for header in request["headers"].as_array().unwrap() {
        let (name, value) = (header[0].as_str().unwrap(), header[1].as_str().unwrap());
        let masked = name.eq_ignore_ascii_case("authorization") && value.contains("redacted-");
        let value = if masked { sent.header("authorization").unwrap_or_default() } else { value };
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head + "\r\n"
}

fn body_of(request: &Value) -> Vec<u8> {
    match (request["body"].as_str(), request["body_base64"].as_str()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some(coded)) => base64::engine::general_purpose::STANDARD.decode(coded).unwrap(),
        (None, None) => Vec::new(),
    }
}
