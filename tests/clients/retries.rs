//! What the SDKs do behind their caller's back: requests sent again, recorded as attempts of one call; redirects followed;
//! and what their programs get to see of an answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::program::Language::{Java, JavaScript, Python};
use crate::program::program;
use crate::stage::Stage;

/// What an upstream does with a request for a wrap-up; a login it always grants.
#[derive(Clone, Copy)]
pub(crate) enum Deed {
    /// Answers with this status line and these headers, and no body.
    Answer(&'static str),
    /// Closes the connection without a word.
    Close,
}

/// Starts an upstream that does these deeds in turn, the last one for ever; returns how many wrap-ups came.
pub(crate) fn upstream(deeds: &'static [Deed]) -> (SocketAddr, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::<Mutex<usize>>::default();
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let counted = Arc::clone(&counted);
            thread::spawn(move || serve(stream, deeds, &counted));
        }
    });
    (address, count)
}

fn serve(mut stream: TcpStream, deeds: &[Deed], counted: &Mutex<usize>) {
    let (mut waiting, mut bytes) = (String::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut bytes) {
        waiting.push_str(&String::from_utf8_lossy(&bytes[..read]));
        let Some((head, body)) = waiting.split_once("\r\n\r\n") else { continue };
        let lower = head.to_ascii_lowercase();
        let length = lower
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap());
        if body.len() < length {
            continue;
        }
        let answer = if head.contains("/oauth/token") {
            // another one after each refusal, as a refresh brings
            let token = format!(
                "{{\"access_token\":\"upstream-access-{}\",\"token_type\":\"bearer\",\"expires_in\":86399,\"refresh_token\":\"upstream-refresh\"}}",
                counted.lock().unwrap()
            );
            format!(
                "200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{token}",
                token.len()
            )
        } else {
            let mut count = counted.lock().unwrap();
            *count += 1;
            match deeds[(*count - 1).min(deeds.len() - 1)] {
                Deed::Answer(head) => format!("{head}\r\nContent-Length: 0\r\n\r\n"),
                Deed::Close => return,
            }
        };
        waiting.clear();
        stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).unwrap();
    }
}

#[test]
fn python_sdk_obeys_retry_after_in_silence_and_every_attempt_is_recorded() {
    let (address, count) = upstream(&[
        Deed::Answer("503 Service Unavailable\r\nRetry-After: 1"),
        Deed::Answer("429 Too Many Requests\r\nRetry-After: 1"),
        Deed::Answer("202 Accepted"),
    ]);
    let stage = Stage::before(address);
    let said = stage.run(program(Python, "retried.py"));
    assert_eq!(said, "returned\n");
    let recorded = stage.end();
    assert_eq!(*count.lock().unwrap(), 3);
    recorded.expect_what_was_sent();
    assert_eq!(recorded.statuses(), [200, 503, 429, 202]);
    let attempt_of = |index: usize| recorded.exchanges[index]["attempt_of"].as_u64();
    let first = recorded.exchanges[1]["id"].as_u64();
    assert_eq!([attempt_of(0), attempt_of(1)], [None, None]);
    assert_eq!([attempt_of(2), attempt_of(3)], [first, first]);
}

#[test]
fn python_sdk_posts_again_after_a_reset_but_not_through_wraptap() {
    let (address, alone) = upstream(&[Deed::Close]);
    let mut direct = program(Python, "retried.py");
    direct.env("WRAPTAP_URL", format!("http://{address}"));
    let said = crate::program::expect_success(direct);
    assert!(said.contains("MaxRetryError"), "{said}");
    assert_eq!(*alone.lock().unwrap(), 11, "one call, ten silent repetitions");

    let (address, behind) = upstream(&[Deed::Close]);
    let stage = Stage::before(address);
    let said = stage.run(program(Python, "retried.py"));
    assert_eq!(said, "ApiException 502\n");
    let recorded = stage.end();
    assert_eq!(*behind.lock().unwrap(), 1);
    recorded.expect_what_was_sent();
    assert_eq!(recorded.exchanges[1]["error"]["source"], "upstream");
}

#[test]
fn javascript_sdk_tells_its_caller_of_a_failure_and_posts_again_with_a_new_token() {
    let (address, count) = upstream(&[Deed::Answer("401 Unauthorized"), Deed::Answer("202 Accepted")]);
    let stage = Stage::before(address);
    assert_eq!(stage.run(program(JavaScript, "refreshed.js")), "rejected\n");
    let recorded = stage.end();
    assert_eq!(*count.lock().unwrap(), 2, "the call that failed was accepted behind the caller's back");
    assert_eq!(recorded.statuses(), [200, 401, 200, 202]);
    assert_eq!(recorded.exchanges[3]["attempt_of"], recorded.exchanges[1]["id"]);
}

const MOVED: Deed = Deed::Answer("302 Found\r\nLocation: /api/v2/conversations/calls/moved");

#[test]
fn javascript_sdk_follows_a_redirect_with_a_get_and_the_ticket_says_so() {
    let (address, _) = upstream(&[MOVED, Deed::Answer("404 Not Found")]);
    let stage = Stage::before(address);
    assert_eq!(stage.run(program(JavaScript, "once.js")), "rejected with undefined\n");
    let recorded = stage.end();
    recorded.expect_what_was_sent();
    assert_eq!(recorded.statuses(), [200, 302, 404]);
    let request = &recorded.exchanges[2]["request"];
    assert_eq!((request["method"].as_str(), request["body_bytes"].as_u64()), (Some("GET"), Some(0)));
    let verdict = &recorded.reports()[2]["verdict"];
    assert_eq!(verdict["cause"], "endpoint", "{verdict:#}");
    let said =
        "the POST of #2 was redirected with 302, and the client came back with GET and without the body";
    assert_eq!(verdict["statement"], said);
    assert!(verdict["evidence"].to_string().contains("the program saw `undefined`"), "{verdict:#}");
}

#[test]
fn python_sdk_follows_a_redirect_with_its_post_and_java_with_nothing() {
    let (address, _) = upstream(&[MOVED, Deed::Answer("404 Not Found")]);
    let stage = Stage::before(address);
    assert_eq!(stage.run(program(Python, "retried.py")), "ApiException 404\n");
    let recorded = stage.end();
    assert_eq!(recorded.statuses(), [200, 302, 404]);
    assert_eq!(recorded.sent[2].body, recorded.sent[1].body);

    let (address, _) = upstream(&[MOVED]);
    let stage = Stage::before(address);
    let said = stage.run(program(Java, "Once"));
    assert!(said.ends_with("ApiException 302 error\n"), "{said}");
    assert_eq!(stage.end().statuses(), [200, 302]);
}

#[test]
fn java_sdk_tells_its_program_no_more_than_error_and_the_ticket_says_so() {
    let (address, _) = upstream(&[Deed::Answer("400 Bad Request")]);
    let stage = Stage::before(address);
    let said = stage.run(program(Java, "Once"));
    assert!(said.ends_with("ApiException 400 error\n"), "{said}");
    let verdict = stage.end().reports()[1]["verdict"].to_string();
    assert!(verdict.contains("whose getMessage() is `error`"), "{verdict}");
}
