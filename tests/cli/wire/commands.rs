//! The command line of `record`: what it refuses, what it says, how it ends.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use crate::program::wraptap;
use crate::wire::recorder::{Recorder, command};
use crate::wire::upstream::Upstream;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn no_region_is_an_error_that_lists_what_there_is() {
    let run = wraptap().args(["record"]).run();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("neither --region nor --upstream says where to send requests"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("mypurecloud.de (eu_central_1)"), "{}", run.stderr);
    let run = wraptap().args(["record"]).env("GENESYSCLOUD_REGION", "mypurecloud.dee").run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("did you mean `mypurecloud.de`?"), "{}", run.stderr);
    let run = wraptap().args(["record", "--region", "Frankfurt"]).run();
    assert!(
        run.stderr.contains("hint: name the region: `wraptap record --region mypurecloud.de`"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let run = wraptap().args(["record", "--upstream", "http://127.0.0.1:9", "--listen", &listen]).run();
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains(&format!("cannot listen on {listen}")), "{}", run.stderr);
    assert!(run.stderr.contains("--listen 0"), "{}", run.stderr);
}

#[test]
fn other_machines_are_let_in_on_purpose_only() {
    let run = wraptap().args(["record", "--upstream", "http://127.0.0.1:9", "--listen", "0.0.0.0:0"]).run();
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--allow-remote"), "{}", run.stderr);
}

#[test]
fn bad_urls_places_and_files_are_input_errors() {
    for (args, words) in [
        (vec!["--upstream", "ftp://h"], "neither an http nor an https URL"),
        (vec!["--upstream", "http://u:hunter2@h"], "no user or password"),
        (vec!["--upstream", "http://h", "--login-upstream", "x"], "is not a URL"),
        (vec!["--upstream", "http://h", "--upstream-proxy", "https://p"], "neither"),
        (vec!["--upstream", "http://h", "--ca-file", "none.pem"], "cannot read the certificates in none.pem"),
        (vec!["--upstream", "http://h", "--redact", "notes"], "notes"),
        (vec!["--upstream", "http://h", "--listen", "eth0:1"], "not an address to listen on"),
        (vec!["--upstream", "http://h", "--region", "mypurecloud.dee"], "did you mean `mypurecloud.de`?"),
        (vec!["--region", "mypurecloud.de", "--own-home"], "COMMAND"),
    ] {
        let run = wraptap().args(["record"]).args(&args).run();
        assert_eq!(run.status, 2, "{args:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{args:?}: {}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn a_recording_that_cannot_be_written_is_an_error_with_a_way_out() {
    let run = wraptap()
        .file("taken", "")
        .args(["record", "--upstream", "http://127.0.0.1:9", "--listen", "0", "-w", "taken/r.ndjson"])
        .run();
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert!(run.stderr.contains("taken") && run.stderr.contains("-w FILE"), "{}", run.stderr);
}

#[test]
fn a_second_recorder_on_the_same_file_is_refused_and_told_of_the_first() {
    let recorder = Recorder::to("http://127.0.0.1:9");
    let output = command(recorder.folder.path(), &["--upstream", "http://127.0.0.1:9"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("r.ndjson is being recorded to by"), "{said}");
}

#[test]
fn it_ends_with_a_summary_and_keeps_the_file_to_its_owner() {
    let upstream = Upstream::answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno");
    let recorder = Recorder::to(&upstream.url());
    recorder.get("/1");
    recorder.get("/2");
    let ended = recorder.end();
    assert_eq!(ended.status, 0);
    assert!(ended.said.contains("recorded 2 exchanges, 2 refused, 0 failed, in r.ndjson"), "{}", ended.said);
    assert!(ended.said.contains("the API says: no"), "{}", ended.said);
    let mode = ended.folder.path().join("r.ndjson").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_second_signal_ends_the_draining() {
    let (sender, received) = std::sync::mpsc::channel();
    let port = Upstream::raw(move |mut stream| {
        while matches!(std::io::Read::read(&mut stream, &mut [0; 99]), Ok(1..)) {
            let _ = sender.send(());
        }
    });
    let mut recorder = Recorder::to(&crate::wire::upstream::url(port));
    let mut stream = recorder.connect();
    std::io::Write::write_all(&mut stream, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    received.recv().unwrap();
    recorder.signal("INT");
    recorder.hear("ending");
    recorder.signal("INT");
    assert_eq!(recorder.ended().status, 130);
}

#[test]
fn a_command_is_told_the_url_and_gives_its_status() {
    let upstream = Upstream::answering(OK);
    let run = |script: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(
            folder.path(),
            &["--upstream", &upstream.url(), "--", "sh", "-c", script, "sh", "{url}/x"],
        );
        command.env("PATH", "/usr/bin:/bin").env("NO_PROXY", "a.test");
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (status, said, _) = run("echo $WRAPTAP_URL $1 $NO_PROXY; exit 7");
    assert_eq!(status, Some(7));
    let words: Vec<&str> = said.split_whitespace().collect();
    assert!(words[0].starts_with("http://127.0.0.1:"), "{said}");
    assert_eq!(words[1], format!("{}/x", words[0]));
    assert_eq!(words[2], "a.test,127.0.0.1,localhost,::1");
    assert_eq!(run("kill -9 $$").0, Some(128 + 9));
    assert_eq!(run("true").0, Some(0));
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &["--upstream", "http://127.0.0.1:9", "--", "no-such-program"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot start `no-such-program`"));
}

#[test]
fn a_companys_proxy_is_gone_through_and_told_of() {
    let proxy = Upstream::answering(OK);
    let mut recorder = Recorder::start(&[
        "--upstream",
        "http://api.internal:8000/base",
        "--upstream-proxy",
        &format!("http://me:hunter2@127.0.0.1:{}", proxy.port),
    ]);
    assert!(recorder.get("/x?y").ends_with(b"ok"));
    let request = String::from_utf8(proxy.requests().remove(0)).unwrap();
    assert!(request.starts_with("GET http://api.internal:8000/base/x?y HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("Proxy-Authorization: Basic bWU6aHVudGVyMg==\r\n"), "{request}");
    let recording = std::fs::read_to_string(recorder.path()).unwrap();
    assert!(!recording.contains("hunter2") && !recording.contains("bWU6aHVudGVyMg"), "{recording}");
    recorder.hear("#1");
    let ended = recorder.end();
    assert!(
        ended.said.contains("going out through http://127.0.0.1:") && !ended.said.contains("hunter2"),
        "{}",
        ended.said
    );
}

#[test]
fn a_refusal_is_explained_below_its_live_line() {
    let upstream = Upstream::scripted(|stream, request| {
        let text = String::from_utf8_lossy(request);
        let status = match text.split(' ').nth(1).unwrap() {
            target if target.contains("null") || text.contains("\"notes\":null") => "400 Bad Request",
            target if target.contains("/emails/") => "400 Bad Request",
            target if target.contains("/forbidden") => "403 Forbidden",
            target if target.contains("/interactions/") => "404 Not Found",
            _ => "202 Accepted",
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        std::io::Write::write_all(stream, head.as_bytes()).unwrap();
        crate::wire::upstream::Then::Keep
    });
    let mut recorder = Recorder::to(&upstream.url());
    let post = |path: &str, body: &str| {
        let length = body.len();
        let came = recorder.ask(format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
        assert!(came.starts_with(b"HTTP/1.1 "));
    };
    let wrapup = "/api/v2/conversations/calls/7fb334b0-0e9e-11e4-9191-0800200c9a66/participants/7fb334b0-0e9e-11e4-9191-0800200c9a67/communications/7fb334b0-0e9e-11e4-9191-0800200c9a68/wrapup";
    let code = "7fb334b0-0e9e-11e4-9191-0800200c9a66";
    post(wrapup, &format!("{{\"code\":\"{code}\"}}"));
    post(wrapup, &format!("{{\"code\":\"{code}\",\"notes\":null}}"));
    post("/api/v2/users/forbidden", "{}");
    post(&format!("/api/v2/interactions/{code}/wrapup"), "{}");
    // without optional members, and with nothing that says why it is refused
    post(&wrapup.replace("calls", "emails"), &format!("{{\"code\":\"{code}\"}}"));
    recorder.hear("#2");
    recorder.hear("    payload (medium confidence): ");
    recorder.hear("    change: `/notes` left out");
    assert!(recorder.hear("in full: ").contains("`wraptap report 2 -r r.ndjson`"));
    recorder.hear("    permission (");
    recorder.hear("403 means that a permission is missing");
    recorder.hear("#4");
    recorder.hear("    endpoint (");
    recorder.hear("    nearest: POST /api/v2/conversations/");
    recorder.hear("    unknown (low confidence): ");
    recorder.hear("in full: `wraptap report 5 -r r.ndjson`");
}

#[test]
fn a_recording_that_nothing_came_into_is_taken_away_unless_the_user_named_it() {
    let left = |folder: &std::path::Path| -> Vec<String> {
        let listing = std::fs::read_dir(folder.join("recordings")).unwrap();
        let names = listing.map(|item| item.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.starts_with('.')).collect()
    };
    let record = ["record", "--upstream", "http://127.0.0.1:1", "--listen", "0", "--own-home", "-w"];
    for (program, status) in [("true", 0), ("no-such-program", 2)] {
        let given = [&record[..6], &["--", program]].concat();
        let (run, folder) = wraptap().env("PATH", "/usr/bin:/bin").args(given).run_and_keep();
        assert_eq!(run.status, status, "{}", run.stderr);
        assert_eq!(
            run.stderr.contains("nothing was recorded; removed recordings/"),
            status == 0,
            "{}",
            run.stderr
        );
        assert!(left(folder.path()).is_empty(), "{program}: {:?}", left(folder.path()));
        let named = [&record[..], &["recordings/mine.ndjson", "--", program]].concat();
        let (_, folder) = wraptap().env("PATH", "/usr/bin:/bin").within(folder).args(named).run_and_keep();
        assert!(left(folder.path()).contains(&"mine.ndjson".to_owned()), "{program}");
    }
}
