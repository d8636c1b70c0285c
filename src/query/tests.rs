use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::model::class::Class;
use crate::model::exchange::{Body, Exchange};
use crate::model::testing::ExchangeBuilder;
use crate::model::timestamp::Timestamp;
use crate::model::verdict::Cause;
use crate::query::{Query, QueryFacts, QueryKey, QueryTime, RefusalFacts, RowFacts};

struct Row(Exchange);

impl RowFacts for Row {
    fn id(&self) -> u64 {
        self.0.id.get()
    }
    fn started_at(&self) -> Option<Timestamp> {
        Some(self.0.started_at)
    }
    fn method(&self) -> &str {
        self.0.request.method.as_str().unwrap()
    }
    fn target(&self) -> &str {
        self.0.request.target.as_str().unwrap()
    }
    fn operation(&self) -> Cow<'_, str> {
        Cow::Borrowed("POST /api/v2/conversations/calls/{conversationId}/wrapup")
    }
    fn client(&self) -> &str {
        "javascript"
    }
    fn origin(&self) -> &str {
        self.0.origin.name()
    }
    fn status(&self) -> Option<u16> {
        self.0.status()
    }
    fn failure(&self) -> Option<Cow<'_, str>> {
        None
    }
    fn is_retry(&self) -> bool {
        false
    }
}

fn time() -> QueryTime {
    QueryTime { now: "2026-11-18T12:10:00Z".parse().unwrap(), zone: TimeZone::UTC }
}

fn parse(text: &str) -> Query {
    Query::parse(text, &time()).unwrap()
}

/// A refused request with id 12 and a header, started 2026-11-18T11:06:52Z.
fn refused() -> Row {
    let builder = ExchangeBuilder::new("POST", "/api/v2/conversations/calls/0f0d-9c1a/wrapup?x=1").id(12);
    let mut exchange = builder
        .header("X-Request-Id", "abc-1")
        .body(r#"{"notes":"Lorem ipsum \u00fcber","code":null}"#)
        .build();
    let response = exchange.response.as_mut().unwrap();
    response.status = 400;
    response.body = Body::whole(&br#"{"message":"no","contextId":"c0ffee"}"#[..]);
    Row(exchange)
}

/// With the row alone, with the exchange, and with the verdict.
fn steps(query: &str) -> [Option<bool>; 3] {
    let row = refused();
    let query = parse(query);
    let refusal = RefusalFacts { cause: Some(Cause::Payload), classes: vec![Class::NullField] };
    let facts = QueryFacts { row: &row, line: None, exchange: None, refusal: None };
    let read = QueryFacts { exchange: Some(&row.0), ..facts };
    [facts, read, QueryFacts { refusal: Some(&refusal), exchange: Some(&row.0), row: &row, line: None }]
        .map(|facts| query.evaluate(&facts))
}

#[test]
fn a_row_decides_what_it_shows() {
    for (query, meant) in [
        ("", true),
        ("status:4xx method:post op:wrapup path:*/calls/* sdk:js origin:live", true),
        ("status:404,400 Method:get,POST", true),
        ("status:2xx", false),
        ("-status:2xx -sdk:java", true),
        ("is:refused", true),
        ("is:accepted", false),
        ("path:/api/v2/conversations/calls/*", true),
        ("path:/api/v2", false),
        ("id:12 id:3-20 #12", true),
        ("id:13", false),
        ("id:0f0d-9c1a", true),
        ("since:1h", false),
        ("since:2h", true),
        ("since:2026-11-18", true),
        ("WRAPUP 400", true),
        ("-wrapup", false),
        ("\"conversations/calls\"", true),
    ] {
        assert_eq!(steps(query)[0], Some(meant), "{query}");
    }
}

#[test]
fn bodies_and_headers_are_read_only_where_a_term_needs_them() {
    for (query, meant) in [
        ("body:\"lorem ipsum\"", true),
        ("body:\"ipsum über\"", true),
        ("body:abc-1", false),
        ("abc-1 lorem", true),
        ("-lorem", false),
        ("header:x-request-id:ABC header:x-request-id", true),
        ("header:x-request-id:\"abc-1\"", true),
        ("-header:x-other", true),
        ("correlation:C0FFEE", true),
        ("correlation:lorem", false),
    ] {
        assert_eq!(steps(query)[..2], [None, Some(meant)], "{query}");
    }
    assert_eq!(steps("status:2xx body:lorem")[0], Some(false), "a row that fails needs no body");
}

#[test]
fn a_cause_needs_the_verdict_and_an_accepted_request_has_none() {
    assert_eq!(steps("cause:payload finding:null_field,moved"), [None, None, Some(true)]);
    assert_eq!(steps("cause:rate-limit"), [None, None, Some(false)]);
    let accepted = Row(ExchangeBuilder::new("GET", "/x").build());
    let facts = QueryFacts { row: &accepted, line: None, exchange: None, refusal: None };
    assert_eq!(parse("cause:payload").evaluate(&facts), Some(false));
}

#[test]
fn a_line_without_the_text_need_not_be_read() {
    let row = refused();
    let decide = |query: &str, line: &str| {
        let facts = QueryFacts { row: &row, line: Some(line.as_bytes()), exchange: None, refusal: None };
        parse(query).evaluate(&facts)
    };
    let plain = r#"{"body":"{\"a\":\"Lorem\"}"}"#;
    assert_eq!(decide("body:ipsum", plain), Some(false));
    assert_eq!(decide("-body:ipsum", plain), Some(true));
    assert_eq!(decide("body:lorem", plain), None);
    assert_eq!(decide("body:über", plain), None, "it can be written as an escape");
    for hiding in [r#"{"body_base64":"x"}"#, r#"["Content-Encoding","gzip"]"#, r"\u00fc", r"a\/b"] {
        assert_eq!(decide("body:ipsum", hiding), None, "{hiding}");
    }
    assert_eq!(decide("redacted-token", plain), None, "a mask is made after reading");
}

#[test]
fn a_fault_is_named_with_its_place_and_what_was_meant() {
    let fault = |text: &str| {
        let error = Query::parse(text, &time()).unwrap_err();
        format!("{error}: {}", error.hint())
    };
    let faults: Vec<String> = [
        "stauts:4xx",
        "op:x  -operation:y",
        "http://x",
        "status:",
        "status:4x",
        "a cause:paylod",
        "finding:null",
        "origin:here",
        "is:refuse",
        "since:yesterday",
        "body:\"lorem",
    ]
    .map(fault)
    .into();
    insta::assert_snapshot!(faults.join("\n"));
}

#[test]
fn every_example_of_a_key_is_a_query() {
    for key in QueryKey::ALL {
        assert!(!parse(key.example()).is_empty(), "{key:?}");
        for value in key.values() {
            parse(&format!("{}:{value}", key.name()));
        }
    }
}

#[test]
fn any_text_is_a_query_or_a_fault_with_a_place_inside_it() {
    for text in
        ["-", "- x", "\"", "a\"b c\"d", ":", ":x", "a:", "--a", "\\", "\u{202e}ä:b", "1:2", "x:\"\\\""]
    {
        if let Err(error) = Query::parse(text, &time()) {
            assert!((1..=text.chars().count() + 1).contains(&error.at), "{text}: {error}");
        }
    }
}
