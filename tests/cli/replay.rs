//! `wraptap replay`: what is sent again, what is not, and what is said of the answers.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::Value;
use wraptap::model::exchange::Header;
use wraptap::model::passage::{Change, Side};
use wraptap::simulator::seeds;

use crate::program::{Program, Run, wraptap};
use crate::server::Server;
use crate::traffic::{CODE, INTERACTION, Recording, answered, exchange, wrap_up};

fn simulator(args: &[&str]) -> Server {
    Server::start(wraptap().args(["simulate", "--listen", "127.0.0.1:0"]).args(args))
}

fn replay(recording: &Recording, args: &[&str]) -> Program {
    wraptap().args(["replay", "--recording"]).args([&recording.path]).args(args)
}

fn url(server: &Server) -> String {
    format!("http://{}", server.address)
}

fn bad() -> String {
    format!(r#"{{"codeId":"{CODE}","durationMs":"120000"}}"#)
}

fn good() -> String {
    format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#)
}

fn says(run: &Run, status: i32, words: &[&str]) {
    let said = format!("{}{}", run.stdout, run.stderr);
    assert_eq!(run.status, status, "{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is missing in:\n{said}");
    }
}

#[test]
fn a_refusal_is_the_same_again_and_fixed_with_the_corrected_body() {
    let simulator = simulator(&["--fresh"]);
    let recording = Recording::of([wrap_up(&good(), 204), wrap_up(&bad(), 400)]);
    let run = replay(&recording, &["last-refused", "--to", &url(&simulator)]).run();
    says(&run, 1, &["SAME     #2  PUT /api/v2/interactions/{id}/wrap-up  400 -> 400", "by simulator rule"]);
    let run = replay(&recording, &["last-refused", "--to", &url(&simulator), "--fixed"]).run();
    says(&run, 0, &["FIXED", "400 -> 204", "recorded as #4: `wraptap show 4 -r /"]);
    let exchanges = recording.exchanges();
    assert_eq!(exchanges.len(), 4);
    assert_eq!(exchanges[3]["origin"], "replay");
    assert_eq!(exchanges[3]["upstream"], url(&simulator));
    let body: Value = serde_json::from_str(exchanges[3]["request"]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["durationMs"], 120_000);
    let bare = Recording::of([wrap_up(&good(), 204), wrap_up(r#"{"durationMs":"30000"}"#, 400)]);
    let fixed = ["2", "--to", &url(&simulator), "--fixed"];
    let run = replay(&bare, &fixed).run();
    says(&run, 1, &["SAME"]);
    let run = replay(&bare, &fixed).args(["--set", &format!("/codeId={CODE}")]).run();
    says(&run, 0, &["FIXED"]);
    let body = bare.exchanges()[3]["request"]["body"].as_str().unwrap().to_owned();
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["durationMs"], 30_000);
}

#[test]
fn single_places_are_set_and_unset() {
    let simulator = simulator(&["--fresh"]);
    let recording = Recording::of([wrap_up(r#"{"codeId":"x","durationMs":"1","extra":null}"#, 400)]);
    let run = replay(&recording, &["1", "--to", &url(&simulator), "--format", "json"])
        .args(["--set", &format!("/codeId={CODE}"), "--set", "/durationMs:=5", "--unset", "/extra"])
        .run();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["schema_version"], 1);
    let result = &document["results"][0];
    assert_eq!((&result["verdict"], &result["status"]), (&"FIXED".into(), &204.into()));
    assert_eq!(document["summary"]["FIXED"], 1);
}

#[test]
fn an_accepted_request_that_is_refused_now_is_changed() {
    let simulator = simulator(&[]);
    let settled = format!("/api/v2/interactions/{}/wrap-up", seeds::INTERACTION_ACTIVE);
    let recording = Recording::of([exchange("PUT", &settled, &good(), 204)]);
    let run = replay(&recording, &["1", "--to", &url(&simulator), "--no-record"]).run();
    says(&run, 1, &["CHANGED", "204 -> 400", "body: nothing -> {"]);
    assert_eq!(recording.exchanges().len(), 1);
}

#[test]
fn what_is_sent_is_what_was_sent_but_for_host_credentials_and_framing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/base", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        let mut part = [0; 4096];
        while !bytes.ends_with(b"{\"a\": 1.0}") {
            let count = stream.read(&mut part).unwrap();
            assert!(count > 0, "{}", String::from_utf8_lossy(&bytes));
            bytes.extend_from_slice(&part[..count]);
        }
        stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").unwrap();
        String::from_utf8(bytes).unwrap()
    });
    let mut odd = exchange("PATCH", "/x%2Fy?b=1&a", "{\"a\": 1.0}", 400);
    odd.request.headers.0.push(Header { name: "x-DUP".into(), value: "1".into() });
    odd.request.headers.0.push(Header { name: "X-dup".into(), value: "2".into() });
    let recording = Recording::of([odd]);
    let run = replay(&recording, &["1", "--to", &url])
        .env("GENESYSCLOUD_ACCESS_TOKEN", "fresh-from-the-environment")
        .run();
    says(&run, 0, &["FIXED"]);
    let heard = heard.join().unwrap();
    let address = url.trim_start_matches("http://").trim_end_matches("/base");
    assert_eq!(
        heard,
        format!(
            "PATCH /base/x%2Fy?b=1&a HTTP/1.1\r\nHost: {address}\r\nauthorization: Bearer fresh-from-the-environment\r\n\
             Content-Type: application/json\r\nUser-Agent: axios/1.21.1\r\nContent-Length: 10\r\nx-DUP: 1\r\nX-dup: 2\r\n\r\n{{\"a\": 1.0}}"
        )
    );
    assert!(!recording.text().contains("fresh-from-the-environment"));
}

#[test]
fn a_client_of_the_environment_is_logged_in_once() {
    let simulator = simulator(&["--fresh"]);
    let recording = Recording::of([wrap_up(&bad(), 400), wrap_up(&bad(), 400)]);
    let run = replay(&recording, &["1-2", "--to", &url(&simulator), "--set", "/durationMs:=1"])
        .env("GENESYSCLOUD_CLIENT_ID", "client")
        .env("GENESYSCLOUD_CLIENT_SECRET", "any")
        .run();
    says(&run, 0, &["2 replayed: 2 FIXED"]);
    let run = replay(&recording, &["1", "--to", &url(&simulator)])
        .env("GENESYSCLOUD_CLIENT_ID", "client")
        .env("GENESYSCLOUD_CLIENT_SECRET", seeds::SECRET_WRONG)
        .run();
    says(&run, 2, &["refused the login with 401", "GENESYSCLOUD_CLIENT_SECRET"]);
    assert!(!run.stderr.contains(&format!(": {}", seeds::SECRET_WRONG)), "{}", run.stderr);
}

#[test]
fn what_takes_effect_elsewhere_needs_live_and_is_shown_first() {
    let recording = Recording::of([wrap_up(&bad(), 400)]);
    let run = replay(&recording, &["1"]).env("GENESYSCLOUD_ACCESS_TOKEN", "a-secret-token").run();
    says(&run, 2, &["PUT https://api.mypurecloud.de/api/v2/interactions/", "`--live`", "Bearer …"]);
    assert!(!run.stderr.contains("a-secret-token"));
    let run =
        replay(&recording, &["1", "--dry-run"]).env("GENESYSCLOUD_ACCESS_TOKEN", "a-secret-token").run();
    says(&run, 0, &["#1  PUT https://api.mypurecloud.de/", "\"durationMs\":\"120000\""]);
    assert!(!run.stdout.contains("a-secret-token"));
    assert_eq!(recording.exchanges().len(), 1);
}

#[test]
fn a_recording_alone_sends_no_token_of_the_environment_to_a_port_of_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        (0..2)
            .map(|_| {
                let (mut stream, _) = listener.accept().unwrap();
                let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
                while !bytes.windows(4).any(|at| at == b"\r\n\r\n") {
                    let count = stream.read(&mut part).unwrap();
                    bytes.extend_from_slice(&part[..count]);
                }
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                    .unwrap();
                String::from_utf8(bytes).unwrap()
            })
            .collect::<Vec<_>>()
    });
    let mut foreign = exchange("GET", "/api/v2/users/me", "", 401);
    foreign.upstream.clone_from(&url);
    let recording = Recording::of([foreign]);
    let token = "only-for-servers-that-i-name";
    let run = replay(&recording, &["1"]).env("GENESYSCLOUD_ACCESS_TOKEN", token).run();
    assert!(run.stderr.contains("only the recording names") && run.stderr.contains("--to"), "{}", run.stderr);
    replay(&recording, &["1", "--to", &url]).env("GENESYSCLOUD_ACCESS_TOKEN", token).run();
    let heard = heard.join().unwrap();
    assert!(!heard[0].contains(token), "{}", heard[0]);
    assert!(heard[1].contains(token), "{}", heard[1]);
}

#[test]
fn credentials_of_the_environment_go_to_no_other_host() {
    let recording = Recording::of([exchange("GET", "/api/v2/users/me", "", 401)]);
    let run = replay(&recording, &["1", "--to", "https://elsewhere.example"])
        .env("GENESYSCLOUD_ACCESS_TOKEN", "a-secret-token")
        .run();
    says(&run, 2, &["`headers.authorization` is masked", "-H 'Authorization: …'"]);
    let mut foreign = exchange("GET", "/api/v2/users/me", "", 401);
    foreign.upstream = "https://evil.example".into();
    let run = replay(&Recording::of([foreign]), &["1"]).env("GENESYSCLOUD_ACCESS_TOKEN", "x").run();
    says(&run, 2, &["`https://evil.example`, which is neither this machine", "--to https://evil.example"]);
}

#[test]
fn a_login_and_a_logout_are_never_sent_again() {
    let login = || exchange("POST", "/oauth/token", "grant_type=client_credentials", 200);
    let recording = Recording::of([login(), exchange("DELETE", "/api/v2/tokens/me", "", 200)]);
    for (reference, word) in [("1", "a login"), ("2", "a logout")] {
        let run = replay(&recording, &[reference, "--to", "http://127.0.0.1:9"]).run();
        says(&run, 2, &[word, "is never sent again"]);
    }
    let simulator = simulator(&["--fresh"]);
    let recording = Recording::of([login(), wrap_up(&good(), 204), wrap_up(&bad(), 400)]);
    let run = replay(&recording, &["1-3", "--to", &url(&simulator), "--fixed"]).run();
    says(&run, 0, &["PASSED   #1 cannot be sent again", "2 replayed: ", "1 FIXED", "1 passed over"]);
    let alone = Recording::of([wrap_up(&bad(), 400)]);
    let run = replay(&alone, &["1", "--to", &url(&simulator), "--fixed"]).run();
    says(&run, 2, &["the body of #1 belongs to POST /api/v2/conversations/", "`--target /PATH`"]);
}

#[test]
fn masked_places_are_named_with_the_option_that_fills_them() {
    let recording = Recording::of([answered(
        "POST",
        "/api/v2/x?access_token=abcdefabcdef",
        r#"{"client_secret":"hush-hush-hush","a":1}"#,
        400,
        "",
    )]);
    let run = replay(&recording, &["1", "--to", "http://127.0.0.1:9"]).run();
    says(
        &run,
        2,
        &["`target` is masked", "`body/client_secret` is masked", "`--set /client_secret=…`", "--target"],
    );
    let mut cut = wrap_up(&bad(), 400);
    (cut.request.body.cut, cut.request.body.total) = (true, 9_999_999);
    let run = replay(&Recording::of([cut]), &["1", "--to", "http://127.0.0.1:9"]).run();
    says(&run, 2, &["`body` was cut", "`--body FILE`"]);
}

#[test]
fn a_dead_host_is_a_matter_of_the_network() {
    let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let recording = Recording::of([wrap_up(&bad(), 400)]);
    let run = replay(&recording, &["1", "--to", &format!("http://{dead}")]).run();
    says(&run, 3, &["cannot connect to", "nothing listens there"]);
    assert!(recording.text().lines().nth(1).unwrap().contains("cannot connect"));
}

#[test]
fn retry_after_is_waited_for() {
    let simulator = simulator(&["--rate-limit", "1", "--test-clock"]);
    let me = || exchange("GET", "/api/v2/tokens/me", "", 200);
    let recording = Recording::of([me(), me(), me()]);
    let program = replay(&recording, &["1-3", "--to", &url(&simulator)]);
    // the second answer is a 429 that asks for a minute; the clock stands still, so nobody waits for the third
    let (_folder, mut command) = program.into_parts();
    let mut child = command
        .env("GENESYSCLOUD_ACCESS_TOKEN", seeds::TOKEN_USER)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("-> 429") {
        assert!(std::io::BufRead::read_line(&mut out, &mut said).unwrap() > 0, "{said}");
    }
    assert!(child.try_wait().unwrap().is_none(), "it does not go on before the minute is over");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_same_bytes_until_they_are_accepted_tell_whether_it_was_the_timing() {
    let simulator = simulator(&[]);
    let interaction = "ab000000-0000-4000-8000-00000000000a";
    let path = format!("/api/v2/interactions/{interaction}");
    let recording = Recording::of([
        answered("GET", &path, "", 200, r#"{"id":"x","state":"closed"}"#),
        exchange("PUT", &format!("{path}/wrap-up"), &good(), 400),
    ]);
    let seed = format!("PUT /_simulator/interactions/{interaction}");
    // it settles two seconds after it was set, which a busy machine can take to start the program, or to go on with it
    let (all, document) = (0..5)
        .find_map(|_| {
            let before = std::time::Instant::now();
            assert_eq!(simulator.send(&seed, &[], r#"{"state":"settling"}"#).status(), 200);
            let arguments = ["2", "--to", &url(&simulator), "--until-accepted", "20s", "--format", "json"];
            let run =
                replay(&recording, &arguments).env("GENESYSCLOUD_ACCESS_TOKEN", seeds::TOKEN_USER).run();
            assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
            let document: Value = serde_json::from_str(&run.stdout).unwrap();
            let refused = document["sent"].as_u64().unwrap() > 1;
            let in_time = document["after_milliseconds"].as_u64().unwrap() <= 2200;
            let all = u64::try_from(before.elapsed().as_millis()).unwrap();
            (refused && in_time).then_some((all, document))
        })
        .unwrap();
    let (after, refused) = (
        document["after_milliseconds"].as_u64().unwrap(),
        document["last_refused_after_milliseconds"].as_u64().unwrap(),
    );
    assert!(after <= all && refused < after, "{document}");
}

#[test]
fn what_is_never_accepted_is_not_the_timing_alone() {
    let simulator = simulator(&["--fresh"]);
    let recording = Recording::of([wrap_up(&bad(), 400)]);
    let run =
        replay(&recording, &["1", "--to", &url(&simulator), "--until-accepted", "250ms", "--every", "50ms"])
            .run();
    says(
        &run,
        1,
        &[
            "not accepted in 0.2 s",
            "the timing alone is not the cause",
            "no GET of the addressed resource was recorded",
        ],
    );
    let two = Recording::of([wrap_up(&bad(), 400), wrap_up(&bad(), 400)]);
    says(
        &replay(&two, &["1-2", "--until-accepted", "1s"]).run(),
        2,
        &["takes one exchange, but 2 are named"],
    );
}

#[test]
fn a_recording_of_someone_else_decides_nothing() {
    let simulator = simulator(&["--fresh"]);
    let mut absolute = wrap_up(&good(), 400);
    absolute.request.target = format!("http://evil.example/api/v2/interactions/{INTERACTION}/wrap-up").into();
    absolute.changed.push(Change {
        side: Side::Request,
        what: "target".into(),
        from: Some("/a".into()),
        to: Some("http://evil.example/b".into()),
        why: String::new(),
    });
    let run = replay(&Recording::of([absolute]), &["1", "--to", &url(&simulator)]).run();
    says(&run, 0, &["FIXED"]);
    let mut odd = wrap_up(&good(), 400);
    odd.request.headers.0.push(Header { name: "X-A".into(), value: "1\r\nX-Evil: 1".into() });
    odd.request.headers.0.push(Header { name: "X-Big".into(), value: "x".repeat(10 << 20).into() });
    let run = replay(&Recording::of([odd]), &["1", "--to", &url(&simulator)]).run();
    says(
        &run,
        2,
        &["`headers.X-A` has bytes that cannot be in a request head", "most of them in `headers.X-Big`"],
    );
    assert!(run.stderr.len() < 4000, "{}", run.stderr.len());
    let foreign = Recording::foreign("{\"not\":\"ours\"}\n\u{1b}[2Jrubbish\n");
    says(&replay(&foreign, &["1"]).run(), 2, &["there is no exchange #1", "it has none at all"]);
}

#[test]
fn what_cannot_be_meant_is_refused_with_the_way_out() {
    let recording = Recording::of([wrap_up("{}", 400)]);
    for (args, words) in [
        (&["1", "--set", "/a"][..], "/pointer=TEXT"),
        (&["1", "--set", "/a:=closed"], "is not JSON"),
        (&["1", "--unset", "a"], "is not a JSON Pointer"),
        (&["1", "--to", "ftp://h"], "neither an http nor an https URL"),
        (&["1", "--to", "http://127.0.0.1:9", "--body", "nowhere.json"], "cannot read the body nowhere.json"),
        (&["1", "--to", "http://127.0.0.1:9", "--unset", "/x"], "nothing is there"),
        (&["7"], "there is no exchange #7"),
        (&["1", "-H", "no colon"], "is not a header line"),
        (&["1", "--until-accepted", "5 parsecs"], "is no duration"),
        (&["1", "--rate", "0"], "the minimum is 0.001"),
    ] {
        says(&replay(&recording, args).run(), 2, &[words]);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_with_what_is_known() {
    let simulator = simulator(&["--fresh"]);
    let recording = Recording::of([wrap_up(&bad(), 400)]);
    let (_folder, mut command) =
        replay(&recording, &["1", "--to", &url(&simulator), "--until-accepted", "1h", "--every", "10ms"])
            .into_parts();
    let child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    // it records each attempt as it goes, so the file tells when it is under way
    while recording.text().lines().count() < 3 {
        std::thread::yield_now();
    }
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("stopped: ended by the user (sent "), "{said}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_was_recorded_of_the_state_is_watched_meanwhile() {
    let simulator = simulator(&["--test-clock"]);
    let path = format!("/api/v2/interactions/{}", seeds::INTERACTION_MOVING);
    let recording = Recording::of([
        answered("GET", &path, "", 200, r#"{"id":"x","state":"active"}"#),
        exchange("PUT", &format!("{path}/wrap-up"), &good(), 400),
    ]);
    let (_folder, mut command) =
        replay(&recording, &["2", "--to", &url(&simulator), "--until-accepted", "60s", "--every", "10ms"])
            .env("GENESYSCLOUD_ACCESS_TOKEN", seeds::TOKEN_USER)
            .into_parts();
    let child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    // two were there, then come the look at the state and the first attempts
    while recording.text().lines().count() < 5 {
        std::thread::yield_now();
    }
    assert_eq!(simulator.send("POST /_simulator/advance", &[], r#"{"ms":60000}"#).status(), 200);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.starts_with("accepted after ") && said.contains("so it was the timing"), "{said}");
    assert!(said.contains(&format!("meanwhile {path} changed:\n  /")), "{said}");
    assert!(said.contains("/state: \"active\" -> \"closed\""), "{said}");
}

#[test]
fn an_answer_that_breaks_off_is_an_error_of_that_request_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for (index, stream) in listener.incoming().map_while(Result::ok).enumerate() {
            let mut stream = stream;
            let mut bytes = [0; 65536];
            let _ = stream.read(&mut bytes);
            let answer = if index == 0 {
                &b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"[..]
            } else {
                b"HTTP/1.1 204 \r\n\r\n"
            };
            let _ = stream.write_all(answer);
        }
    });
    let recording = Recording::of([exchange("GET", "/a", "", 400), exchange("GET", "/b", "", 400)]);
    let run = replay(&recording, &["1-2", "--to", &url]).run();
    says(&run, 1, &["ERROR    ", "broke off or answered what is not HTTP", "2 replayed: 1 FIXED, 1 ERROR"]);
    assert!(recording.exchanges()[2]["error"]["message"].as_str().unwrap().contains("broke off"));
}
