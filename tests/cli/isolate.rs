//! `wraptap isolate`: the differences that matter, found by sending variants, and what is said where none is found.

use serde_json::{Map, Value, json};

use crate::program::{Run, wraptap};
use crate::server::Server;
use crate::traffic::{CODE, Recording, exchange, wrap_up};

fn isolate(candidate: &str, good: &str, args: &[&str]) -> Run {
    wraptap().args(["isolate", candidate, good]).args(args).run()
}

fn document(run: &Run) -> Value {
    let document = serde_json::from_str(&run.stdout);
    assert!(document.is_ok(), "{}{}", run.stdout, run.stderr);
    document.unwrap()
}

/// `class candidate_path`, sorted; the good path where there is no other.
fn found(document: &Value) -> Vec<String> {
    let mut found: Vec<String> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let place = finding["candidate_path"].as_str().or(finding["good_path"].as_str()).unwrap_or("-");
            format!("{} {place}", finding["class"].as_str().unwrap())
        })
        .collect();
    found.sort();
    found
}

/// A good body of the SDK's way B, whose inner object the simulator is lenient about in other values.
fn good_calls() -> Value {
    json!({ "code": CODE, "notes": "called back", "durationSeconds": 120, "tags": ["a", "b", "c"] })
}

const WRAPUP: &str = "POST /api/v2/conversations/calls/{id}/participants/{id}/communications/{id}/wrapup";
const FORUM: &str = "PUT /api/v2/interactions/{id}/wrap-up";

#[test]
fn the_seeded_causes_and_nothing_else_are_found_with_25_requests_at_most() {
    // harmless to the simulator: other values, more tags, and other values in them
    let harmless = |body: &mut Map<String, Value>, count: usize| {
        body.insert("notes".into(), "somebody else".into());
        body.insert("durationSeconds".into(), 60.into());
        let tags: Vec<String> = (0..count).map(|number| format!("tag {number} of the candidate")).collect();
        body.insert("tags".into(), tags.into());
    };
    type Seed = (&'static str, fn(&mut Map<String, Value>));
    let seeds: [Seed; 6] = [
        ("null_field /name", |body| drop(body.insert("name".into(), Value::Null))),
        ("type_mismatch /durationSeconds", |body| drop(body.insert("durationSeconds".into(), "120".into()))),
        ("extra_field /durationMs", |body| drop(body.insert("durationMs".into(), true.into()))),
        ("null_field /endTime", |body| drop(body.insert("endTime".into(), Value::Null))),
        ("type_mismatch /notes", |body| drop(body.insert("notes".into(), 5.into()))),
        ("extra_field /state", |body| drop(body.insert("state".into(), false.into()))),
    ];
    let pairs: [&[usize]; 10] =
        [&[0], &[1], &[2], &[0, 1], &[1, 2], &[3, 4], &[0, 1, 2], &[2, 4, 5], &[0, 1, 2, 3], &[1, 2, 3, 5]];
    for (round, chosen) in pairs.iter().enumerate() {
        let mut good = good_calls();
        let count = 3 + round * 2;
        good["tags"] = (0..count).map(|number| format!("tag {number}")).collect::<Vec<_>>().into();
        let mut candidate = good.as_object().unwrap().clone();
        harmless(&mut candidate, count);
        let mut expected: Vec<String> = Vec::new();
        for seed in *chosen {
            seeds[*seed].1(&mut candidate);
            expected.push(seeds[*seed].0.to_owned());
        }
        expected.sort();
        let run = isolate(
            &Value::Object(candidate).to_string(),
            &good.to_string(),
            &["--operation", WRAPUP, "--format", "json"],
        );
        let document = document(&run);
        assert_eq!((run.status, &document["result"]), (0, &"isolated".into()), "{chosen:?} {document:#}");
        assert_eq!(found(&document), expected, "{chosen:?} {document:#}");
        assert!(document["sent"].as_u64().unwrap() <= 25, "{chosen:?}: {}", document["sent"]);
    }
}

#[test]
fn a_result_of_the_simulator_is_by_its_rule_and_never_the_api_s() {
    let good = format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#);
    let bad = format!(r#"{{"codeId":"{CODE}","durationMs":"90000"}}"#);
    let run = isolate(&bad, &good, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for words in [
        "isolated: the one difference makes it refused by the built-in simulator",
        "nothing was sent to the API",
        "error[type_mismatch]:",
        "400 by simulator rule interaction_member_type (forum claim)",
        "requests sent:",
    ] {
        assert!(run.stdout.contains(words), "`{words}` is missing in:\n{}", run.stdout);
    }
    assert!(run.stderr.contains(&format!("sent as {FORUM}")), "{}", run.stderr);
}

#[test]
fn independent_causes_are_told_apart_and_the_mended_body_is_the_candidate_s_otherwise() {
    let good = format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#);
    let bad = format!(r#"{{"codeId":"{CODE}","durationMs":"90000","notes":null,"extra":1}}"#);
    let run = isolate(&bad, &good, &["--operation", FORUM]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(run.stdout.contains("3 independent causes"), "{}", run.stdout);
    let document = document(&isolate(&bad, &good, &["--operation", FORUM, "--format", "json"]));
    let mended: Value = serde_json::from_str(document["mended_body"].as_str().unwrap()).unwrap();
    assert_eq!(mended, json!({ "codeId": CODE, "durationMs": 120_000 }));
    assert!(document["findings"].as_array().unwrap().iter().all(|finding| finding["alone"] == true));
    assert_eq!(document["remainder"].as_array().unwrap().len(), 1);
    let edits = document["edits"].as_array().unwrap();
    assert!(
        edits.contains(&json!({ "op": "replace", "path": "/durationMs", "value": 120_000 })),
        "{edits:?}"
    );
    assert_eq!(edits.len(), 3);
}

#[test]
fn recorded_requests_are_taken_with_their_heads() {
    let good = wrap_up(&format!(r#"{{"codeId":"{CODE}","durationMs":1}}"#), 204);
    let mut bad = good.clone();
    bad.response = exchange("GET", "/", "", 415).response;
    bad.request.headers.0[2].value = "text/plain".into();
    bad.request.headers.0[3].value = "another client".into();
    let recording = Recording::of([good, bad]);
    let run = wraptap()
        .args(["isolate", "2", "1", "--format", "json", "--recording"])
        .args([&recording.path])
        .run();
    let document = document(&run);
    assert_eq!(found(&document), ["content_type_mismatch -"], "{document:#}");
    assert_eq!(document["findings"][0]["refusal"]["status"], 415);
    assert_eq!(recording.exchanges().len(), 2, "isolate records nothing");
}

#[test]
fn a_candidate_that_is_accepted_and_a_good_one_that_is_refused_end_it() {
    let good = format!(r#"{{"codeId":"{CODE}","durationMs":1}}"#);
    let other = format!(r#"{{"codeId":"{CODE}","durationMs":2}}"#);
    let run = isolate(&other, &good, &["--operation", FORUM]);
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.contains("nothing to isolate: the built-in simulator accepts the candidate"),
        "{}",
        run.stdout
    );
    let run = isolate(r#"{"codeId":null}"#, r#"{"codeId":5}"#, &["--operation", FORUM]);
    assert_eq!(run.status, 1);
    assert!(
        run.stdout.contains(
            "no cause found: the built-in simulator refuses the good request as well (400 by simulator rule"
        ),
        "{}",
        run.stdout
    );
    let run = isolate(&good, &good, &["--operation", FORUM, "--format", "json"]);
    assert_eq!((run.status, &document(&run)["result"]), (1, &"no_difference".into()));
}

#[test]
fn the_cap_ends_it_with_what_is_known() {
    let good = format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#);
    let bad = format!(r#"{{"codeId":"{CODE}","durationMs":"90000","a":1,"b":1,"c":1,"d":1}}"#);
    let document = document(&isolate(&bad, &good, &["--operation", FORUM, "--cap", "4", "--format", "json"]));
    assert_eq!((&document["result"], &document["sent"]), (&"capped".into(), &4.into()));
}

#[test]
fn a_server_with_state_is_found_out_by_a_control_request_or_prepared() {
    let simulator = Server::start(wraptap().args(["simulate", "--listen", "127.0.0.1:0"]));
    let url = format!("http://{}", simulator.address);
    let id = "ab000000-0000-4000-8000-00000000000c";
    let seed = format!("PUT /_simulator/interactions/{id}");
    assert_eq!(simulator.send(&seed, &[], r#"{"state":"closed"}"#).status(), 200);
    let good = format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#);
    let bad = format!(r#"{{"codeId":"{CODE}","durationMs":"90000","notes":null}}"#);
    let operation = format!("PUT /api/v2/interactions/{id}/wrap-up");
    let run = wraptap()
        .args(["isolate", &bad, &good, "--operation", &operation, "--to", &url, "--format", "json"])
        .env("GENESYSCLOUD_ACCESS_TOKEN", wraptap::simulator::seeds::TOKEN_USER)
        .run();
    let without = document(&run);
    let prepare = format!(
        "curl -s -o /dev/null -X PUT {url}/_simulator/interactions/{id} -d '{{\"state\":\"closed\"}}' && echo {id}"
    );
    let run = wraptap()
        .args(["isolate", &bad, &good, "--operation", &operation, "--to", &url, "--format", "json"])
        .args(["--prepare", &prepare])
        .env("GENESYSCLOUD_ACCESS_TOKEN", wraptap::simulator::seeds::TOKEN_USER)
        .env("PATH", &std::env::var("PATH").unwrap())
        .run();
    let with = document(&run);
    assert_eq!(found(&with), ["null_field /notes", "type_mismatch /durationMs"], "{with:#}");
    assert!(
        ["state_changed", "good_refused", "isolated"].contains(&without["result"].as_str().unwrap()),
        "{without:#}"
    );
}

#[test]
fn another_machine_needs_live_and_prepare() {
    let good = format!(r#"{{"codeId":"{CODE}","durationMs":1}}"#);
    let operation = "PUT /api/v2/interactions/12/wrap-up";
    let args = ["--operation", operation, "--to", "https://api.mypurecloud.de"];
    let run = isolate("{}", &good, &args);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`--live --prepare COMMAND`"), "{}", run.stderr);
    let run = isolate("{}", &good, &[&args[..], &["--live"]].concat());
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--prepare COMMAND"), "{}", run.stderr);
    let run = isolate("{}", &good, &["--operation", FORUM, "--to", "http://127.0.0.1:9"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("the ids in the path are made up"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_sent_is_an_error_that_says_why() {
    let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = isolate(
        "{\"codeId\":1}",
        "{\"codeId\":\"x\"}",
        &["--operation", "PUT /a", "--to", &format!("http://{dead}")],
    );
    assert_eq!(run.status, 3, "{}", run.stderr);
    assert!(run.stderr.contains("nothing listens there"), "{}", run.stderr);
    for (args, words) in [
        (&["{}", "[]", "--operation", "nonsense"][..], "`nonsense` is not an operation"),
        (&["{\"zzz\":1}", "{\"zzz\":2}"], "no known operation has a body like the good one"),
        (&["{}", "nowhere.json"], "there is no file `nowhere.json`"),
        (&["{}", "[]", "--cap", "2"], "--cap"),
    ] {
        let run = wraptap().args(["isolate"]).args(args).run();
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    let failing = isolate(
        "{\"codeId\":1}",
        "{\"codeId\":\"x\"}",
        &["--operation", "PUT /a/12", "--to", &format!("http://{dead}"), "--prepare", "exit 3"],
    );
    assert_eq!(failing.status, 1);
    assert!(failing.stdout.contains("stopped: the `--prepare` command ended with"), "{}", failing.stdout);
}

#[test]
fn what_is_masked_is_named_with_the_way_out() {
    let bad = wrap_up(&format!(r#"{{"codeId":"{CODE}","password":"hunter2-hunter2"}}"#), 400);
    let recording = Recording::of([bad]);
    let good = format!(r#"{{"codeId":"{CODE}","durationMs":1}}"#);
    let run = wraptap().args(["isolate", "1", &good, "--recording"]).args([&recording.path]).run();
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("`body/password` is masked") && run.stderr.contains("isolate also takes bodies"),
        "{}",
        run.stderr
    );
}
