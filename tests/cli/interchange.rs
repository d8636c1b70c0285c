//! Import and export as a user meets them: HAR files of several tools, curl texts, secrets, and broken files.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::byte_server::ByteServer;
use crate::program::{Program, Run, wraptap};

/// A HAR with these items.
pub(crate) fn har(items: &[Value]) -> String {
    let creator = json!({"name": "Tool", "version": "1"});
    json!({"log": {"version": "1.2", "creator": creator, "pages": [], "entries": items}}).to_string()
}

/// An item as every tool writes it.
pub(crate) fn item() -> Value {
    json!({
        "startedDateTime": "2026-11-20T09:30:15.123+01:00",
        "time": 134.5,
        "request": {
            "method": "POST", "url": "https://api.mypurecloud.de/api/v2/x?a=b", "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Host", "value": "api.mypurecloud.de"},
                        {"name": "Authorization", "value": "Bearer s3cret-token-of-a-person"},
                        {"name": "Content-Type", "value": "application/json"}],
            "cookies": [], "queryString": [],
            "postData": {"mimeType": "application/json", "text": "{\"code\": 1.0}"},
            "headersSize": -1, "bodySize": 13,
        },
        "response": {
            "status": 400, "statusText": "Bad Request", "httpVersion": "HTTP/1.1",
            "headers": [{"name": "Content-Type", "value": "application/json"}], "cookies": [],
            "content": {"size": 2, "mimeType": "application/json", "text": "{}"},
            "redirectURL": "", "headersSize": -1, "bodySize": 2,
        },
        "cache": {}, "timings": {"blocked": -1, "send": 1, "wait": 100, "receive": 33.5},
    })
}

/// Changes one place of an item.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    let mut item = item();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    item.pointer_mut(parent).unwrap()[key] = value;
    item
}

pub(crate) fn importing(text: impl AsRef<[u8]>) -> Program {
    wraptap().file("in.txt", text).args(["import", "in.txt", "-w", "r.ndjson"])
}

/// Imports a text that has to be taken, and returns what was said and the lines of the recording.
pub(crate) fn imported(text: impl AsRef<[u8]>) -> (Run, Vec<Value>) {
    let (run, folder) = importing(text).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let lines = fs::read_to_string(folder.path().join("r.ndjson")).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (run, lines)
}

#[test]
fn an_item_of_a_har_becomes_an_exchange_with_its_bytes_and_without_its_secret() {
    let (run, lines) = imported(har(&[item()]));
    assert!(
        run.stdout.starts_with("imported 1 exchange from in.txt (Tool 1)\nas 1 of r.ndjson\n"),
        "{}",
        run.stdout
    );
    let exchange = &lines[0];
    assert_eq!(exchange["origin"], "import");
    assert_eq!(exchange["started_at"], "2026-11-20T08:30:15.123000Z");
    assert_eq!(exchange["upstream"], "https://api.mypurecloud.de");
    assert_eq!(exchange["request"]["target"], "/api/v2/x?a=b");
    assert_eq!(exchange["request"]["body"], "{\"code\": 1.0}");
    assert_eq!(exchange["response"]["status"], 400);
    assert_eq!(exchange["timings"]["response_head"], 101_000);
    assert!(!exchange.to_string().contains("s3cret"));
    assert!(exchange["redactions"].to_string().contains("bearer"));
}

#[test]
fn what_a_tool_leaves_out_is_put_together_and_said() {
    let header = |name: &str, value: &str| json!({"name": name, "value": value});
    for (item, place, value, said) in [
        // Chrome over HTTP/2: the target stands in a header of its own
        (
            with("/request/headers", json!([header(":authority", "h2"), header(":path", "/raw?x=%7E")])),
            "/request/target",
            json!("/raw?x=%7E"),
            "request Host: taken from the URL",
        ),
        (
            with("/request/httpVersion", json!("h3")),
            "/request/version",
            json!("HTTP/3"),
            "HTTP/2 and 3 encode",
        ),
        // Safari
        (
            with("/request/httpVersion", json!("")),
            "/request/version",
            json!("HTTP/1.1"),
            "the tool does not name it",
        ),
        // Insomnia
        (with("/request/headers", json!([])), "/request/headers/0/0", json!("Host"), "the tool lists none"),
        // forms as fields
        (
            with("/request/postData", json!({"mimeType": "", "params": [{"name": "a b", "value": "c&"}]})),
            "/request/body",
            json!("a+b=c%26"),
            "from the fields of the form",
        ),
        (
            with("/request/postData", json!(null)),
            "/request/body_cut",
            json!(true),
            "the tool did not keep it",
        ),
        (
            with("/request/cookies", json!([header("a", "b")])),
            "/request/headers/3/0",
            json!("Cookie"),
            "from the list of cookies",
        ),
        // Fiddler, Safari: Base64
        (
            with("/response/content", json!({"size": 2, "text": "/wA=", "encoding": "base64"})),
            "/response/body_base64",
            json!("/wA="),
            "imported 1",
        ),
        (
            with("/response/content", json!({"size": 2, "text": "_w\nA", "encoding": "base64"})),
            "/response/body_base64",
            json!("/wA="),
            "imported 1",
        ),
        (
            with("/response/content", json!({"size": 2, "text": "not base64!", "encoding": "base64"})),
            "/response/body",
            json!("not base64!"),
            "declared as Base64 but it is not",
        ),
        (
            with("/response/headers", json!([header("Content-Encoding", "br")])),
            "/response/body_decoded",
            json!(true),
            "the tool keeps it decoded",
        ),
        (
            with("/response/headers", json!([header("set-cookie", "a=b\nc=d")])),
            "/response/headers/1/0",
            json!("set-cookie"),
            "imported 1",
        ),
        (
            with("/response/headers", json!([header("X", "a\r\nInjected: y")])),
            "/response/headers/0/1",
            json!("a  Injected: y"),
            "was replaced by a blank",
        ),
        (with("/response/status", json!(0)), "/error/source", json!("upstream"), "imported 1"),
        (with("/_error", json!("net::ERR_ABORTED")), "/response/status", json!(400), "imported 1"),
        (
            with("/_webSocketMessages", json!([{"type": "send", "opcode": 2, "data": "AAAA"}])),
            "/tunnel/sent",
            json!(3),
            "counted, not kept",
        ),
        (with("/_fromCache", json!("disk")), "/response/status", json!(400), "from the tool's cache"),
        (with("/startedDateTime", json!("yesterday")), "/id", json!(1), "no readable time"),
    ] {
        let (run, lines) = imported(har(std::slice::from_ref(&item)));
        assert_eq!(lines[0].pointer(place), Some(&value), "{place} of {}", lines[0]);
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
}

#[test]
fn items_that_are_no_requests_are_left_out_by_number_and_the_others_taken() {
    let items = [
        with("/request/url", json!("data:text/plain,x")),
        with("/request/method", json!("CONNECT")),
        item(),
        json!([1, 2]),
        with("/request/url", json!("http://h/a\r\nX: y")),
        with("/request/method", json!("GET /")),
        json!({"request": null}),
        with("/request/headers", json!("none")),
        with("/request/url", json!("https://elsewhere.example/other")),
    ];
    let text = format!("\u{feff}{}", har(&items)).replace("Bad Request", "Bad \\ud83d Request");
    let (run, lines) = imported(text);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["upstream"], "https://elsewhere.example");
    assert_eq!(lines[0]["response"]["reason"], "Bad \u{fffd} Request");
    for said in [
        "left out: 7",
        "item 1: `data:` is not HTTP",
        "item 2: it opens a tunnel",
        "item 8: it does not follow HAR 1.2",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
}

#[test]
fn a_har_that_breaks_off_leaves_what_stood_before_it_and_says_where() {
    let whole = har(&[item(), item(), item()]);
    let (run, folder) = importing(&whole[..whole.len() - 200]).run_and_keep();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("cannot import the whole of in.txt\n  caused by: line 1, column"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("the file is cut off after item 2"), "{}", run.stderr);
    assert!(run.stderr.contains("`wraptap list r.ndjson` shows them as 1-2"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("r.ndjson")).unwrap().lines().count(), 2);
}

#[test]
fn what_is_neither_har_nor_curl_is_refused_with_status_2_and_leaves_no_recording() {
    let cases: &[(&[u8], &str)] = &[
        (b"", "in.txt is empty"),
        (b"{\"log\": [1]}", "not a HAR: invalid type: sequence, expected `log` as an object"),
        (b"{\"log\": {\"entries\": 3}}", "not a HAR: invalid type: integer"),
        (b"{\"v\":1,\"run\":\"x\"}\n{\"v\":1}\n", "not a HAR: it has no `log`"),
        (b"{\"log\": {\"version\": \"1.2\"}}", "not a HAR: it has no `log` with `entries`"),
        (b"{\"log\": {\"entries\": [}}", "line 1, column 22: not JSON after item 0"),
        (b"\x1f\x8b\x08\0", "a gzip file"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b"PK\x03\x04", "a zip file"),
        (b"<!DOCTYPE html>", "neither a HAR file nor a text with curl commands"),
        (b"wget http://h/", "neither a HAR file nor a text with curl commands"),
        (b"curl 'http://h/", "line 1, column 6: the `'` that opens here is never closed"),
        (b"curl -X POST", "line 1, column 1: this curl command has no URL"),
        (b"curl http://h/ -d @missing.json", "line 1, column 16: cannot read the file `missing.json`"),
        (b"curl http://h/ -d @/dev/zero", "it is not a regular file"),
        (b"curl http://h/ -d \"@$FILE\"", "a variable or command, which is not expanded"),
        (b"curl `\n -X POST `\n http://h/", "hint: a backquote at the end of a line is PowerShell's"),
        (b"curl http://h/ -T - < ~/b.json", "hint: write the name of the file itself"),
        (b"curl http://h/ -d \xff", "cannot read in.txt"),
    ];
    for (text, said) in cases {
        let (run, folder) = importing(text).run_and_keep();
        assert_eq!(run.status, 2, "{said}: {}", run.stderr);
        assert!(
            run.stderr.contains(said) && !run.stderr.contains("import the whole of"),
            "{said}: {}",
            run.stderr
        );
        assert!(!folder.path().join("r.ndjson").exists(), "{said}");
    }
    let run = wraptap().args(["import", "nowhere.har"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot open nowhere.har"), "{}", run.stderr);
}

#[test]
fn nothing_in_a_curl_text_is_run() {
    let text = "curl http://h/ -d \"$(touch ran)\" -H \"X: `touch ran`\"; touch ran\ncurl http://h/ > ran\n";
    let (run, folder) = importing(text).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!folder.path().join("ran").exists());
    for said in [
        "imported 2 exchanges",
        "line 1, column 20: `$(touch ran)` is kept as written",
        "line 1, column 41: ``touch ran`` is kept",
        "line 1, column 55: `touch ran` is not run",
    ] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
}

#[test]
fn an_import_says_the_same_as_json_and_continues_a_recording() {
    let folder =
        wraptap().file("a.txt", "curl http://h/a").file("b.txt", "curl http://h/b http://h/c --whatever");
    let (run, folder) = folder.args(["import", "a.txt", "-w", "r.ndjson"]).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = wraptap().within(folder).args(["import", "b.txt", "-w", "r.ndjson", "--format", "json"]).run();
    let said: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&said["schema_version"], &said["imported"]), (&json!(1), &json!(2)));
    assert_eq!((&said["first_id"], &said["last_id"]), (&json!(2), &json!(3)));
    assert_eq!(
        said["notes"][0],
        json!({"line": 1, "column": 28, "text": "unknown option `--whatever` is left out"})
    );
    assert_eq!(said["reconstructed"][0]["what"], "User-Agent");
}

#[test]
fn an_exported_command_gets_its_token_from_the_environment_and_sends_the_same() {
    let server = ByteServer::listen();
    let text = format!(
        "curl -sS -X PUT http://{}/api -H 'Authorization: Bearer a-token-that-is-secret' --json '{{\"a\": \"it'\\''s @x\"}}'",
        server.authority()
    );
    let (run, folder) = importing(&text).run_and_keep();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = wraptap().within(folder).args(["export", "last", "-r", "r.ndjson"]).run();
    assert!(run.stdout.contains("\"Authorization: Bearer $GENESYSCLOUD_ACCESS_TOKEN\""), "{}", run.stdout);
    assert!(!run.stdout.contains("redacted-") && !run.stdout.contains("a-token-that"), "{}", run.stdout);
    for command in [&text, &run.stdout] {
        let mut shell = Command::new("bash");
        shell.args(["-c", command]).env("GENESYSCLOUD_ACCESS_TOKEN", "a-token-that-is-secret");
        assert!(shell.stdin(Stdio::null()).output().unwrap().status.success(), "{command}");
    }
    let sent = server.taken();
    assert_eq!(sent.len(), 2);
    assert_eq!(String::from_utf8_lossy(&sent[0]), String::from_utf8_lossy(&sent[1]));
}

#[test]
fn a_har_that_was_written_is_read_back_the_same() {
    let binary = json!({"size": 2, "text": "/wA=", "encoding": "base64"});
    let mut items = [item(), with("/response/content", binary), with("/response/status", json!(0))];
    for item in &mut items {
        let headers = item["request"]["headers"].as_array_mut().unwrap();
        headers.push(json!({"name": "Content-Length", "value": "13"}));
    }
    let (_, first) = imported(har(&items));
    let (_, folder) = importing(har(&items)).run_and_keep();
    let run = wraptap().within(folder).args(["export", "1-3", "-r", "r.ndjson", "--format", "har"]).run();
    assert!(run.stderr.contains("secrets are written as masks"), "{}", run.stderr);
    let (_, again) = imported(&run.stdout);
    assert_eq!(again.len(), 3);
    for (mut first, mut again) in first.into_iter().zip(again) {
        for exchange in [&mut first, &mut again] {
            // the run, its masks, and what a file without an answer can still say
            for member in ["run", "redactions", "error"] {
                exchange.as_object_mut().unwrap().remove(member);
            }
            exchange["request"]["headers"][1][1] = json!("");
        }
        assert_eq!(again, first);
    }
}

#[test]
fn a_body_that_the_file_does_not_announce_is_counted_so_that_it_can_be_sent_again() {
    let (run, exchanges) = imported(har(&[item()]));
    let headers = exchanges[0]["request"]["headers"].as_array().unwrap();
    assert_eq!(headers.last().unwrap(), &json!(["Content-Length", "13"]));
    assert!(
        run.stdout.contains("request Content-Length: counted, because the tool lists none"),
        "{}",
        run.stdout
    );
    let (_, folder) = importing(har(&[item()])).run_and_keep();
    let run = wraptap().within(folder).args(["export", "last", "-r", "r.ndjson"]).run();
    assert!(!run.stdout.contains("Content-Length:'"), "{}", run.stdout);
}

#[test]
fn an_empty_device_is_an_empty_body() {
    let (_, lines) = imported("curl http://h/ -d @/dev/null");
    assert_eq!(lines[0]["request"]["headers"][3], json!(["Content-Length", "0"]));
}

#[test]
fn raw_http_is_what_a_server_would_get() {
    let (_, folder) = importing("curl http://h/a -d x -H 'Host: other' -H 'X:1'").run_and_keep();
    let run = wraptap().within(folder).args(["export", "1", "-r", "r.ndjson", "--format", "http"]).run();
    let expected = "POST /a HTTP/1.1\r\nHost: other\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\nX:1\r\n\
                    Content-Length: 1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nx";
    assert_eq!(run.stdout, expected, "{}", run.stderr);
}

#[test]
fn an_export_refuses_what_it_cannot_give_whole_and_files_that_exist() {
    let (_, folder) = importing("curl http://h/a -d 0123456789").args(["--body-limit", "4"]).run_and_keep();
    let run = wraptap().within(folder).args(["export", "1", "-r", "r.ndjson"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("has only 4 of the 10 bytes of its body"), "{}", run.stderr);
    assert!(run.stderr.contains("wraptap show 1"), "{}", run.stderr);

    let (_, folder) = importing("curl http://h/a").run_and_keep();
    fs::write(folder.path().join("out.sh"), "mine").unwrap();
    let (run, folder) =
        wraptap().within(folder).args(["export", "1", "-r", "r.ndjson", "-o", "out.sh"]).run_and_keep();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("out.sh exists already"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("out.sh")).unwrap(), "mine");
    let run = wraptap()
        .within(folder)
        .args(["export", "1", "-r", "r.ndjson", "--format", "http", "--only", "response"])
        .run();
    assert_eq!((run.status, run.stderr.contains("has no response")), (2, true), "{}", run.stderr);
}

#[test]
fn a_text_that_no_person_wrote_is_refused_rather_than_cut() {
    let run = importing(format!("curl http://h/ -d '{}'", "x".repeat(64 << 20))).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("at most 67108864 bytes"), "{}", run.stderr);
}
