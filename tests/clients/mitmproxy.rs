//! Trading with the real mitmproxy: what it saves is imported, what wraptap exports is read by it, byte for byte.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::Language::Curl;
use crate::program::{Server, expect_success, program, tool, wraptap};
use crate::stage::{Stage, exchanges, expect_requests};
use crate::tap::Tap;

/// Returns mitmdump with settings of its own.
fn mitmdump(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = tool("mitmdump");
    command.args(["--set", "confdir=mitmproxy"]).args(arguments).current_dir(folder);
    command
}

/// Imports a HAR into a recording of the folder, and returns its exchanges.
fn imported(folder: &Path, har: &str) -> Vec<Value> {
    let mut import = wraptap(&["import", har, "-w", "imported.ndjson"]);
    import.current_dir(folder);
    expect_success(import);
    exchanges(&folder.join("imported.ndjson"))
}

#[test]
fn what_mitmdump_saves_is_imported_as_it_was_on_the_wire() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("binary"), b"a\r\n\0b\xff\xfe").unwrap();
    let simulator = Server::start(wraptap(&["simulate", "--fresh", "--listen", "127.0.0.1:0"]));
    let tap = Tap::before(simulator.address);
    let mode = format!("reverse:{}", tap.url);
    let listens = ["--mode", &mode, "--listen-host", "127.0.0.1", "--listen-port", "0"];
    let arguments =
        [listens.as_slice(), &["--set", "hardump=saved.har", "--set", "keep_host_header=true"]].concat();
    let proxy = Server::mitmdump(mitmdump(folder.path(), &arguments));
    let url = format!("http://{}", proxy.address);

    let mut forum = program(Curl, "forum.sh");
    forum.env("WRAPTAP_URL", &url);
    expect_success(forum);
    let body = "{\"a\": 1.0, \"b\": null, \"\u{fc}\": \"\u{e9}\", \"c\": []}";
    for options in [
        ["-X", "PUT", "--json", body].as_slice(),
        &["--data-binary", "@binary", "-H", "Content-Type: application/octet-stream"],
        &["-F", "field=value", "-F", "file=@binary"],
        &["-H", "X-Twice: 1", "-H", "x-twice: 2", "--compressed"],
    ] {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--noproxy", "*"]).args(options).arg(format!("{url}/api/v2/any?x=%7E&y=a%20b"));
        curl.current_dir(folder.path());
        expect_success(curl);
    }
    proxy.stop();
    expect_requests(&imported(folder.path(), "saved.har"), &tap.requests());
}

#[test]
fn what_wraptap_exports_is_read_by_mitmdump_and_comes_back_the_same() {
    let stage = Stage::simulated();
    stage.run(program(Curl, "forum.sh"));
    let recorded = stage.end();
    let folder = tempfile::tempdir().unwrap();
    let last = recorded.exchanges.len().to_string();
    let mut export = wraptap(&["export", &format!("1-{last}"), "-o", "ours.har", "--recording"]);
    export.arg(recorded.path()).current_dir(folder.path());
    expect_success(export);
    expect_success(mitmdump(folder.path(), &["-q", "-n", "-r", "ours.har", "--set", "hardump=again.har"]));

    let again = imported(folder.path(), "again.har");
    assert_eq!(again.len(), recorded.exchanges.len());
    for (again, first) in again.iter().zip(&recorded.exchanges) {
        for place in [
            "/request/method",
            "/request/target",
            "/request/body",
            "/response/status",
            "/response/reason",
            "/response/body",
            "/response/headers",
        ] {
            assert_eq!(again.pointer(place), first.pointer(place), "{place} of {}", first["id"]);
        }
        // when it reads a HAR, mitmproxy takes the host from the URL, and adds a length of 0 where there is none
        let mut lines = again["request"]["headers"].clone();
        lines.as_array_mut().unwrap().retain(|line| line != &serde_json::json!(["content-length", "0"]));
        lines[0] = first["request"]["headers"][0].clone();
        assert_eq!(lines, first["request"]["headers"], "{}", first["id"]);
    }
}
