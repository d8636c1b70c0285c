//! Rate limits, servers that fail, what is before the API, and answers that never came.

use super::*;

#[test]
fn too_many_requests_are_the_rate_and_not_the_payload() {
    let tape = Tape::default()
        .ask(
            &post("calls"),
            r#"{"code":"x","notes":null}"#,
            429,
            r#"{"message":"m","code":"too.many.requests.retry.after"}"#,
        )
        .answer_header("Retry-After", "42")
        .answer_header("inin-ratelimit-allowed", "180")
        .request_header("User-Agent", "PureCloud SDK/python")
        .finding(Class::NullField, Severity::Error, "/notes");
    let verdict = tape.verdict(1);
    is(&verdict, Cause::RateLimit, Confidence::High);
    assert_eq!(verdict.next[0], "wait 42 s before the next request");
    assert!(verdict.evidence.iter().any(|line| line.statement.contains("up to ten times")), "{verdict:#?}");
}

#[test]
fn hidden_retries_are_counted() {
    let mut tape = Tape::default();
    for number in 1..=3 {
        tape = tape.ask(&post("calls"), &code_body(), 503, "").answer_header("Retry-After", "1");
        if number > 1 {
            tape.last().attempt_of = ExchangeId::new(1);
        }
    }
    let verdict = tape.verdict(3);
    is(&verdict, Cause::Upstream, Confidence::High);
    let said = "the client sent this 3 times within 2.0 s (also #1, #2); the program may have called once";
    assert!(verdict.evidence.iter().any(|line| line.statement == said), "{verdict:#?}");
}

#[test]
fn a_page_is_not_the_api_s() {
    let tape = Tape::default()
        .ask(&post("calls"), &code_body(), 403, "<html><title>Blocked</title></html>")
        .answer_header("Content-Type", "text/html")
        .answer_header("ININ-Correlation-Id", "")
        .answer_header("Server", "squid");
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Upstream, Confidence::High);
    assert_eq!(others(&verdict), [Cause::Permission]);
    assert!(verdict.evidence.iter().any(|line| line.statement == "it has `server: squid`"), "{verdict:#?}");
}

#[test]
fn an_upstream_that_did_not_answer_is_named() {
    let tape = Tape::default().ask(&post("calls"), &code_body(), 502, "").broken(
        FailureSource::Upstream,
        "connection refused",
        1,
    );
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Upstream, Confidence::High);
    assert!(verdict.next[0].contains("https://api.mypurecloud.de"));
}

#[test]
fn a_client_that_gave_up_is_distinguished_from_a_server_that_failed() {
    let tape = Tape::default()
        .ask(&post("calls"), &code_body(), 200, "")
        .request_header("User-Agent", "axios/1.21.1")
        .broken(FailureSource::Client, "the client closed the connection", 16);
    let verdict = tape.verdict(1);
    is(&verdict, Cause::Upstream, Confidence::Medium);
    assert!(verdict.evidence.iter().any(|line| line.statement.contains("16 s")), "{verdict:#?}");
}

#[test]
fn what_the_program_saw_is_said_where_it_is_not_what_was_answered() {
    let tape =
        Tape::default().ask(&post("calls"), "{}", 400, "").request_header("User-Agent", "axios/1.21.1");
    let verdict = tape.verdict(1);
    assert!(verdict.evidence.iter().any(|line| line.statement.contains("`undefined`")), "{verdict:#?}");
}

#[test]
fn a_post_that_a_redirect_turned_into_a_get_is_distinguished_from_a_get() {
    let moved = post("calls").replacen("POST ", "", 1);
    let get = format!("GET {moved}");
    let redirected = |status, location: &str, follow: &str| {
        let asked =
            Tape::default().ask(&post("calls"), &code_body(), status, "").answer_header("Location", location);
        asked.ask(follow, "", 404, "").verdict(2)
    };
    let verdict = redirected(302, &format!("https://api.mypurecloud.de{moved}"), &get);
    is(&verdict, Cause::Endpoint, Confidence::High);
    assert!(verdict.statement.starts_with("the POST of #1 was redirected with 302"), "{verdict:#?}");
    assert!(verdict.next[0].contains(&moved), "{verdict:#?}");
    let same = redirected(307, &moved, &post("calls"));
    is(&same, Cause::Endpoint, Confidence::Low);
    assert_eq!(same.statement, "the POST of #1 was redirected here with 307");
    let elsewhere = redirected(302, "/api/v2/other", &get);
    assert!(!elsewhere.statement.contains("redirected"), "{elsewhere:#?}");
}
