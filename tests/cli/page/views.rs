//! What the page shows of a recording, and what can be done there.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;
use wraptap::model::exchange::{ExchangeId, Header, Headers, Interim, Sdk};
use wraptap::model::passage::{Change, Failure, FailureSource, Side};

use super::{LIMIT, Page};
use crate::traffic::{CODE, Recording, answered, exchange, wrap_up};

fn good() -> String {
    format!(r#"{{"codeId":"{CODE}","durationMs":5000}}"#)
}

fn moved() -> String {
    format!(r#"{{"wrapUpCode":{{"codeId":"{CODE}"}},"durationMs":5000}}"#)
}

fn pair() -> Recording {
    Recording::of([wrap_up(&good(), 204), wrap_up(&moved(), 400)])
}

/// Puts this into every text that a client or server can choose.
const HOSTILE: &str = "\"'><hostile onerror=alert(1)></script></pre></textarea><!--";

#[test]
fn recorded_bytes_never_become_markup() {
    let quoted = serde_json::to_string(HOSTILE).unwrap();
    let body = format!("{{{quoted}:{quoted},\"codeId\":{quoted}}}");
    let hostile = |id: u64, status: u16| {
        let mut hostile = wrap_up(&body, status);
        hostile.id = ExchangeId::new(id).unwrap();
        hostile.request.method = format!("P{HOSTILE}").as_str().into();
        hostile.request.target = format!("/api/v2/{HOSTILE}/x?{HOSTILE}").as_str().into();
        hostile.request.headers.0.push(Header { name: HOSTILE.into(), value: HOSTILE.into() });
        hostile.sdk =
            Some(Sdk { name: HOSTILE.into(), version: Some(HOSTILE.into()), marks: vec![HOSTILE.into()] });
        hostile.upstream = HOSTILE.into();
        hostile.interim =
            vec![Interim { status: 103, reason: HOSTILE.into(), headers: Headers::of([(HOSTILE, HOSTILE)]) }];
        hostile.changed = vec![Change {
            side: Side::Request,
            what: HOSTILE.into(),
            from: Some(HOSTILE.into()),
            to: None,
            why: HOSTILE.into(),
        }];
        if let Some(response) = &mut hostile.response {
            response.reason = HOSTILE.into();
            response.headers.0.push(Header { name: HOSTILE.into(), value: HOSTILE.into() });
            response.body = wraptap::model::exchange::Body::whole(HOSTILE.to_owned());
        }
        hostile
    };
    let mut broken = hostile(3, 400);
    broken.error = Some(Failure { source: FailureSource::Upstream, message: HOSTILE.into() });
    let mut other = hostile(4, 400);
    other.sdk = Some(Sdk { name: "other".into(), version: None, marks: Vec::new() });
    let recording = Recording::of([hostile(1, 200), hostile(2, 400), broken, other]);
    let page = Page::on(&[&recording]);
    let mut views = vec!["/", "/?q=%22%3E%3Chostile", "/rows?count=10", "/verdicts?ids=2,3,4", "/matrix"];
    let ids: Vec<String> = (1..=4).map(|id| format!("/x/0/{id}")).collect();
    views.extend(ids.iter().map(String::as_str));
    for view in views {
        let mut shown = page.get(view);
        if view.starts_with("/rows") {
            let window: Value = serde_json::from_str(&shown).unwrap();
            // names of clients are put in as text; what is put in as markup is this
            shown = ["rows", "nothing"].map(|part| window[part].as_str().unwrap()).concat();
        }
        for markup in ["<hostile", "</textarea>", "<!--", "\"'>"] {
            assert!(!shown.contains(markup), "{view} has {markup}: {shown}");
        }
        assert_eq!(shown.contains("&lt;hostile"), view != "/verdicts?ids=2,3,4", "{view} shows it");
    }
    // in Markdown it stands as code
    let ticket = page.get("/x/0/2/ticket/html");
    assert!(!ticket.contains("<hostile") && ticket.contains("&lt;hostile"), "{ticket}");
}

#[test]
fn secrets_of_a_foreign_recording_are_masked() {
    let token = "QzJ1d0p4N2FvT2p4c2VjcmV0dG9rZW4tMTIzNDU2Nzg5MA";
    let line = format!(
        "{{\"v\":1,\"id\":1,\"started_at\":\"2026-11-20T08:30:15Z\",\"request\":{{\"method\":\"POST\",\
         \"target\":\"/a?access_token={token}\",\"headers\":[[\"Authorization\",\"Bearer {token}\"]],\"body\":\"{{}}\",\
         \"body_bytes\":2}},\"response\":{{\"status\":400}}}}\n"
    );
    let recording = Recording::foreign(&line);
    let page = Page::on(&[&recording]);
    for view in ["/", "/rows?count=9", "/x/0/1", "/x/0/1/raw/request", "/x/0/1/ticket/md", "/matrix"] {
        let shown = page.get(view);
        assert!(!shown.contains(token), "{view}: {shown}");
    }
    assert!(page.get("/x/0/1").contains("redacted-bearer-"));
}

#[test]
fn the_list_names_operation_status_client_attempts_and_verdict() {
    let mut retry = wrap_up(&moved(), 400);
    retry.attempt_of = ExchangeId::new(2);
    let call = "/api/v2/conversations/calls/c0000000-0000-4000-8000-000000000001/participants/\
                a0000000-0000-4000-8000-000000000001/communications/e0000000-0000-4000-8000-000000000001/wrapup";
    let recording = Recording::of([
        wrap_up(&good(), 204),
        wrap_up(&moved(), 400),
        retry,
        exchange("POST", call, r#"{"code":"x"}"#, 202),
    ]);
    let page = Page::on(&[&recording]);
    let list = page.get("/");
    assert!(list.find("#4</span>").unwrap() < list.find("#1</span>").unwrap(), "the newest first");
    assert!(list.contains("postConversationsCallParticipantCommunicationWrapup"), "{list}");
    assert!(list.contains("conversations/calls/.../</span><span class=\"tail\">wrapup</span>"), "{list}");
    assert!(list.contains("participants/a0000000-0000-4000-8000-000000000001"), "the ids are in the title");
    assert!(list.contains("2 attempts") && list.contains("retry of #2"), "{list}");
    assert!(list.contains("<p id=\"said\" role=\"status\" class=\"said\">4 exchanges</p>"), "{list}");

    let verdicts: Value = serde_json::from_str(&page.get("/verdicts?ids=1,2,99")).unwrap();
    let verdict = verdicts["2"].as_str().unwrap();
    assert!(
        verdict.contains("<b>") && verdict.ends_with("<small>payload, medium confidence</small>"),
        "{verdicts}"
    );
    assert_eq!(verdicts.as_object().unwrap().len(), 1);
    let found = |query: &str| {
        let answer: Value = serde_json::from_str(&page.get(&format!("/rows?count=9&{query}"))).unwrap();
        (answer["matched"].as_u64().unwrap(), answer["total"].as_u64().unwrap())
    };
    assert_eq!(found("q=payload"), (1, 4), "verdicts are found as soon as they are known");
    assert_eq!(found("show=refused"), (2, 4));
    assert_eq!(found("q=conversationid+202"), (1, 4));
    assert!(page.get("/rows?q=nothinglikeit").contains("No exchange matches"));
}

#[test]
fn the_search_box_takes_the_query_language_and_reads_bodies_beside_the_list() {
    let recording = Recording::of([
        wrap_up(&good(), 204),
        wrap_up(&moved(), 400),
        exchange("POST", "/a", r#"{"notes":"Lorem ipsum"}"#, 200),
    ]);
    let page = Page::on(&[&recording]);
    let asked = |query: &str| -> Value {
        serde_json::from_str(&page.get(&format!("/rows?count=9&q={query}"))).unwrap()
    };
    assert_eq!(asked("status%3A4xx+method%3Aput")["matched"], 1);
    assert_eq!(asked("-is%3Aaccepted&show=all")["matched"], 1);
    let fault = asked("stauts%3A4xx");
    assert_eq!((&fault["error"], &fault["matched"]), (&Value::from(true), &Value::from(3)));
    assert!(fault["said"].as_str().unwrap().contains("at character 1"), "{fault}");
    assert!(fault["said"].as_str().unwrap().contains("did you mean status:4xx?"), "{fault}");
    for query in ["body%3A%22lorem+ipsum%22", "ipsum", "header%3Acontent-type+-op%3Awrap", "cause%3Apayload"]
    {
        let rows = page.wait_for(&format!("/rows?count=9&q={query}"), "\"matched\":1");
        assert!(rows.contains("\"matched\":1"), "{query}: {rows}");
    }
}

#[test]
fn a_column_sorts_and_the_other_way_round() {
    let recording = Recording::of([
        exchange("POST", "/b", r#"{"long":"body of this one"}"#, 200),
        exchange("GET", "/a", "{}", 404),
        exchange("PUT", "/c", "{\"x\":1}", 204),
    ]);
    let page = Page::on(&[&recording]);
    let order = |sort: &str| {
        let rows: Value = serde_json::from_str(&page.get(&format!("/rows?count=9&sort={sort}"))).unwrap();
        let rows = rows["rows"].as_str().unwrap().to_owned();
        let ids = rows.split("data-id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        ids.collect::<Vec<_>>().concat()
    };
    let orders = ["", "id", "status", "-status", "operation", "size", "-size", "nonsense"].map(order);
    assert_eq!(orders, ["321", "123", "132", "231", "213", "231", "132", "321"]);
    assert!(page.get("/?sort=-status").contains("data-sort=\"status\""));
}

#[test]
fn a_request_is_copied_as_code_and_the_corrected_body_whole() {
    let recording = pair();
    let page = Page::on(&[&recording]);
    for (form, text) in
        [("curl", "curl "), ("fetch", "await fetch("), ("python", "requests.request("), ("http", "PUT http")]
    {
        let copied = page.get(&format!("/x/0/2/copy/{form}"));
        assert!(copied.contains(text) && !copied.contains("redacted-"), "{form}: {copied}");
    }
    assert!(serde_json::from_str::<Value>(&page.get("/x/0/2/copy/corrected")).is_ok());
}

#[test]
fn long_strings_are_cut_wherever_they_are() {
    let long = "lorem ".repeat(20_000);
    let body = format!(r#"{{"codeId":"{CODE}","notes":"{long}","durationMs":null}}"#);
    let target = format!("/api/v2/interactions/{}/wrap-up", "7".repeat(3000));
    let recording = Recording::of([wrap_up(&good(), 204), exchange("PUT", &target, &body, 400)]);
    let page = Page::on(&[&recording]);
    let shown = page.get("/x/0/2");
    assert!(shown.contains("<summary>show all 120,000</summary>"), "the body's string");
    assert!(shown.contains("<summary>show all 3,0"), "the address");
    let outside = shown.split("<details class=\"long\">").map(|part| match part.split_once("</details>") {
        Some((_, rest)) => rest,
        None => part,
    });
    let longest = outside.flat_map(|part| part.split(['\n', '<', '>'])).map(str::len).max().unwrap();
    assert!(longest < 2500, "nothing of {longest} bytes is in sight");
}

#[test]
fn what_broke_what_was_cut_and_what_was_accepted_say_so_first() {
    let mut broken = exchange("POST", "/a", "{}", 200);
    broken.response = None;
    broken.error = Some(Failure { source: FailureSource::Upstream, message: "connection refused".into() });
    let mut cut = exchange("POST", "/b", "{\"x\":", 400);
    cut.request.body.cut = true;
    cut.request.body.total = 5_000_000;
    let recording = Recording::of([broken, cut, wrap_up(&good(), 204)]);
    let page = Page::on(&[&recording]);
    let broken = page.get("/x/0/1");
    assert!(broken.contains("No response came") && broken.contains("<b>connection refused</b>"), "{broken}");
    let cut = page.get("/x/0/2");
    assert!(cut.contains("Only the first 5 of 5,000,000 bytes were recorded"), "{cut}");
    let accepted = page.get("/x/0/3");
    assert!(accepted.contains(">Accepted</h2>") && accepted.contains("Timings"), "{accepted}");
}

#[test]
fn a_window_is_cut_out_of_the_list() {
    let recording = Recording::of((0..50).map(|_| wrap_up("{}", 204)));
    let page = Page::on(&[&recording]);
    for query in ["", "&q=wrap-up"] {
        let answer: Value =
            serde_json::from_str(&page.get(&format!("/rows?from=10&count=3{query}"))).unwrap();
        let rows = answer["rows"].as_str().unwrap();
        let ids: Vec<&str> =
            rows.split("data-id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(ids, ["40", "39", "38"]);
        assert!(rows.contains("data-place=\"11\""), "{rows}");
        assert_eq!(answer["matched"], 50);
    }
    let beyond: Value = serde_json::from_str(&page.get("/rows?from=999&count=3")).unwrap();
    assert_eq!((&beyond["from"], &beyond["rows"]), (&Value::from(50), &Value::from("")));
}

#[test]
fn the_comparison_ties_a_moved_value_by_one_number_on_both_sides() {
    let recording = pair();
    let page = Page::on(&[&recording]);
    let shown = page.get("/x/0/2");
    let rows: Vec<&str> = shown.lines().filter(|line| line.contains("data-finding=\"1\"")).collect();
    let side = |class: &str| {
        rows.iter().any(|row| {
            row.split("<td class=\"")
                .any(|cell| cell.starts_with(class) && cell.contains("data-finding=\"1\""))
        })
    };
    assert!(side("good") && side("sent"), "{rows:#?}");
    assert!(
        shown.contains("id=\"f-1\"")
            && shown.contains("id=\"f-1-sent\"")
            && shown.contains("id=\"f-1-good\"")
    );
    assert!(shown.contains("href=\"#f-1-sent\"") && shown.contains("href=\"#f-1-good\""));
    // evidence leads to where it was seen
    assert!(shown.contains("<a href=\"/x/0/1\">#1</a>"), "{shown}");
    assert!(shown.contains("Why it was refused") && shown.contains("payload, medium confidence"), "{shown}");
    assert!(shown.contains("<pre id=\"corrected\"") && shown.contains("<pre id=\"command\""));
}

#[test]
fn another_known_good_can_be_chosen() {
    let other = format!(r#"{{"codeId":"{CODE}","durationMs":5000,"notes":"n"}}"#);
    let recording = Recording::of([wrap_up(&other, 204), wrap_up(&good(), 204), wrap_up(&moved(), 400)]);
    let page = Page::on(&[&recording]);
    let first = page.get("/x/0/3");
    assert!(first.contains("known good: exchange #2"), "{first}");
    let choice = first.split("<select name=\"good\">").nth(1).unwrap().split("</select>").next().unwrap();
    let at = choice.split("<option value=\"").position(|option| option.contains("exchange #1:")).unwrap() - 1;
    let second = page.get(&format!("/x/0/3?good={at}"));
    assert!(second.contains("known good: exchange #1") && second.contains("you chose it"), "{second}");
    assert!(second.contains("<code>missing_field</code>"), "{second}");
}

#[test]
fn an_accepted_body_becomes_the_known_good_by_post_and_is_replaced_on_purpose_only() {
    let recording = pair();
    let page = Page::on(&[&recording]);
    assert!(page.get("/x/0/1").contains("Make this the known good"));
    assert!(!page.get("/x/0/2").contains("Make this the known good"), "a refused one cannot be");
    let post = |id: u64, body: &str| {
        let answer = page.ask("POST", &format!("/x/0/{id}/baseline"), &[], body);
        (answer.status(), serde_json::from_str::<Value>(&answer.body).unwrap())
    };
    let (status, kept) = post(1, "{}");
    assert_eq!((status, &kept["name"]), (201, &Value::from("put-interactions-wrap-up")));
    let file = page.baselines().join("put-interactions-wrap-up.json");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"accepted\"") && text.contains("answered with 204"), "{text}");
    let (status, told) = post(1, "{}");
    assert_eq!(status, 409);
    assert!(told["error"].as_str().unwrap().ends_with("exists already"), "{told}");
    assert_eq!(post(1, r#"{"replace":true}"#).0, 201);
    assert_eq!(post(1, r#"{"name":"../x"}"#).0, 422);
    let (status, told) = post(2, "{}");
    assert_eq!(
        (status, &told["error"]),
        (422, &Value::from("exchange #2 was not accepted: the answer was 400"))
    );
    assert_eq!(post(9, "{}").0, 404);
}

#[test]
fn tickets_and_messages_are_saved_never_shown() {
    let recording = pair();
    let page = Page::on(&[&recording]);
    for (path, kind, name, text) in [
        ("ticket/md", "text/markdown; charset=utf-8", "ticket-2.md", "moved"),
        ("ticket/html", "text/html; charset=utf-8", "ticket-2.html", "<!doctype html>"),
        ("ticket/json", "application/json", "ticket-2.json", "\"schema_version\""),
        ("raw/request", "application/octet-stream", "exchange-2-request.http", "PUT /api/v2/interactions/"),
        ("raw/response", "application/octet-stream", "exchange-2-response.http", "HTTP/1.1 400"),
    ] {
        let answer = page.ask("GET", &format!("/x/0/2/{path}"), &[], "");
        assert_eq!((answer.status(), answer.header("content-type")), (200, Some(kind)), "{path}");
        let disposition = format!("attachment; filename=\"{name}\"");
        assert_eq!(answer.header("content-disposition"), Some(disposition.as_str()));
        assert!(answer.body.contains(text), "{path}: {}", answer.body);
    }
    assert!(!page.get("/x/0/2/ticket/html").contains("<script"));
    let archive = page.bytes("/x/0/2/ticket/zip");
    assert!(archive.starts_with(b"PK\x03\x04"), "{archive:?}");
    for name in ["ticket.md", "ticket.html", "ticket.json"] {
        assert!(archive.windows(name.len()).any(|bytes| bytes == name.as_bytes()), "{name}");
    }
    for path in [
        "/x/0/2/ticket/exe",
        "/x/0/2/raw/other",
        "/x/0/2/copy/none",
        "/x/0/9/copy/curl",
        "/x/0/9",
        "/x/7/1",
        "/?r=7",
        "/assets/none",
    ] {
        assert_eq!(page.ask("GET", path, &[], "").status(), 404, "{path}");
    }
    assert!(page.ask("GET", "/x/0/9", &[], "").body.contains("There is no exchange #9"));
}

#[test]
fn messages_stand_as_on_the_wire_with_what_was_changed_and_masked() {
    let mut changed = answered("POST", "/a", "{\"b\":1}", 200, "{\"c\":2}");
    changed.changed = vec![Change {
        side: Side::Request,
        what: "Host".into(),
        from: Some("127.0.0.1:8080".into()),
        to: Some("api.example.com".into()),
        why: "routed to the upstream".into(),
    }];
    let page_of = Recording::of([changed]);
    let page = Page::on(&[&page_of]);
    let shown = page.get("/x/0/1");
    assert!(shown.contains("<th scope=\"row\">Host</th><td>127.0.0.1:8080 <span class=\"tag\""), "{shown}");
    assert!(shown.contains("<th scope=\"row\">authorization</th>") && shown.contains("masked</span>"));
    assert!(shown.contains("What wraptap changed on the way") && shown.contains("What was masked"));
    assert!(shown.contains("{\n  &quot;b&quot;: 1\n}"), "the body is laid out");
    assert!(shown.contains("{&quot;b&quot;:1}"), "and stands as sent");
}

#[test]
fn the_matrix_lays_the_clients_side_by_side() {
    let mut java = wrap_up(&good(), 204);
    java.sdk = Some(Sdk { name: "java".into(), version: Some("1".into()), marks: Vec::new() });
    let mut python = wrap_up(&moved(), 400);
    python.sdk = Some(Sdk { name: "python".into(), version: None, marks: Vec::new() });
    let (first, second) = (Recording::of([java]), Recording::of([python]));
    let page = Page::on(&[&first, &second]);
    let shown = page.get("/matrix");
    assert!(shown.contains("<table class=\"matrix\">") && shown.contains("java") && shown.contains("python"));
    assert!(shown.contains("<select name=\"r\" id=\"recording\">"), "several recordings can be chosen among");
    let alone = Page::on(&[&first]);
    assert!(alone.get("/matrix").contains("No operation was sent by two clients"));
}

#[test]
fn what_another_wraptap_records_meanwhile_appears() {
    let recording = pair();
    let page = Page::on(&[&recording]);
    let mut events = TcpStream::connect(&page.address).unwrap();
    events.set_read_timeout(Some(LIMIT)).unwrap();
    let ask = format!(
        "GET /events HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\r\n",
        page.address, page.cookie
    );
    events.write_all(ask.as_bytes()).unwrap();
    let mut came = String::new();
    let begun = std::time::Instant::now();
    let mut until = |text: &str| {
        let mut bytes = [0; 4096];
        while !came.contains(text) {
            // a pulse every ten seconds keeps a read from timing out
            assert!(begun.elapsed() < LIMIT, "never told {text}: {came}");
            let count = events.read(&mut bytes).unwrap();
            assert!(count > 0, "ended: {came}");
            came.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    };
    until("event: state\ndata: {\"totals\":[2],\"missing\":0}\n\n");
    let line = recording.text().lines().next().unwrap().replace("\"id\":1,", "\"id\":3,");
    let mut file = std::fs::OpenOptions::new().append(true).open(&recording.path).unwrap();
    writeln!(file, "{line}").unwrap();
    until("\"totals\":[3]");
    assert!(page.get("/").contains("href=\"/x/0/3\""));
}

#[test]
fn an_empty_and_a_lost_recording_say_so() {
    let empty = Recording::foreign("");
    let page = Page::on(&[&empty]);
    let shown = page.get("/");
    assert!(
        shown.contains("Nothing is recorded yet") && shown.contains("wraptap record --region"),
        "{shown}"
    );
    assert!(shown.contains("http://127.0.0.1:8080"), "the port to point the SDK to");
    let lost = Recording::foreign("junk\n");
    let page = Page::on(&[&lost]);
    assert!(page.get("/").contains("1 lines are not exchanges"));
    std::fs::remove_file(&lost.path).unwrap();
    page.wait_for("/rows?count=1", "cannot be read");
}
