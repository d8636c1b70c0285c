//! The page in a real browser: Debian's Chromium, driven by the programs in `browser/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::program::{Language, Server, expect_success, installed, interpreter, program, wraptap};

/// Returns a browser program that finds wraptap and a recording.
fn browser(script: &str, recording: &Path) -> Command {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/browser");
    let mut command = interpreter(Language::JavaScript, &scripts.join(script));
    command
        .env("NODE_PATH", installed("browser/node_modules"))
        .env("WRAPTAP", env!("CARGO_BIN_EXE_wraptap"))
        .env("RECORDING", recording);
    command
}

/// Returns the recording of a demo, in a folder of its own.
fn demo() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = wraptap(&["demo"]);
    demo.current_dir(folder.path());
    expect_success(demo);
    let made = std::fs::read_dir(folder.path().join("wraptap-demo")).unwrap();
    let mut paths = made.map(|made| made.unwrap().path());
    let path = paths.find(|path| path.extension().is_some_and(|extension| extension == "ndjson")).unwrap();
    (folder, path)
}

/// Returns one line of a recording.
fn line(id: u64, target: &str, body: &str, status: u16, answer: &str) -> String {
    let line = json!({
        "v": 1, "run": "00000000", "id": id, "started_at": "2026-11-20T08:30:15.000000Z",
        "timings": {"total": 1200}, "wraptap": "0.1.0",
        "sdk": {"name": "python", "marks": ["user-agent: PureCloud SDK/python"]},
        "upstream": "https://api.mypurecloud.de", "origin": "live",
        "request": {
            "method": "PUT", "target": target, "version": "HTTP/1.1",
            "headers": [["Content-Type", "application/json"]], "body": body, "body_bytes": body.len(),
        },
        "response": {
            "version": "HTTP/1.1", "status": status, "reason": "", "headers": [], "body": answer,
            "body_bytes": answer.len(),
        },
    });
    format!("{line}\n")
}

#[test]
fn a_real_sdk_s_refused_call_appears_live_is_compared_kept_and_downloaded() {
    let simulator = Server::start(wraptap(&["simulate", "--fresh", "--listen", "127.0.0.1:0"]));
    let sdk = program(Language::JavaScript, "forum.js");
    let words: Vec<&str> =
        std::iter::once(sdk.get_program()).chain(sdk.get_args()).map(|word| word.to_str().unwrap()).collect();
    let mut live = browser("live.js", Path::new("none"));
    live.env("SDK", json!(words).to_string())
        .env("SDK_NODE_PATH", installed("javascript/node_modules"))
        .env("UPSTREAM", format!("http://{}", simulator.address));
    expect_success(live);
}

#[test]
fn what_is_hostile_in_an_exchange_stays_text() {
    let evil = "<img src=x onerror=\"window.hacked=1\"></pre><hostile><script>window.hacked=1</script>";
    let body = json!({ evil: evil, "codeId": evil }).to_string();
    let target = format!("/api/v2/interactions/7/wrap-up?{evil}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    std::fs::write(&path, line(1, &target, &body, 200, evil) + &line(2, &target, &body, 400, evil)).unwrap();
    expect_success(browser("hostile.js", &path));
}

#[test]
fn a_page_of_another_origin_gets_and_changes_nothing() {
    let (_folder, recording) = demo();
    expect_success(browser("foreign.js", &recording));
}

#[test]
fn a_page_says_that_its_wraptap_ended_and_asks_for_the_new_link() {
    let (_folder, recording) = demo();
    expect_success(browser("restart.js", &recording));
}

#[test]
fn every_view_is_accessible_at_both_widths_in_light_and_dark() {
    let (_folder, recording) = demo();
    expect_success(browser("manners.js", &recording));
}

#[test]
fn a_hundred_thousand_exchanges_are_painted_searched_and_scrolled_quickly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let mut text = String::new();
    for id in 1..=100_000 {
        let target = format!(
            "/api/v2/conversations/calls/c0000000-0000-4000-8000-{id:012}/participants/a0000000-0000-4000-8000-{id:012}\
             /communications/e0000000-0000-4000-8000-{id:012}/wrapup"
        );
        let refused = id % 5 == 0;
        let (body, status) =
            if refused { (r#"{"code":"x","notes":null}"#, 400) } else { (r#"{"code":"x"}"#, 202) };
        text.push_str(&line(id, &target, body, status, r#"{"message":"m","code":"bad.request"}"#));
    }
    std::fs::write(&path, text).unwrap();
    let mut thousands = browser("thousands.js", &path);
    // the promise is the optimised program's: `cargo test --release --test clients page::a_hundred -- --nocapture`
    if !cfg!(debug_assertions) {
        thousands.env("FIGURES", "1");
    }
    println!("{}", expect_success(thousands));
}
