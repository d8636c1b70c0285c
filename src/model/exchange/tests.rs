//! An exchange of the tests, and what headers and targets hold.

use super::*;

/// Returns an exchange of the tests: a JSON request, and an answer without a body.
pub(crate) fn exchange(id: u64, method: &str, target: &str, body: &str, status: u16) -> Exchange {
    Exchange {
        run: "test".into(),
        id: ExchangeId::new(id).unwrap(),
        started_at: Timestamp(1_795_000_000_000_000 + i64::try_from(id).unwrap() * 1_000_000),
        timings: Timings::default(),
        recorder: "0.0.0".into(),
        sdk: None,
        connection: None,
        upstream: "https://api.example.com".into(),
        origin: Origin::Live,
        attempt_of: None,
        request: Request {
            method: method.into(),
            target: target.into(),
            version: "HTTP/1.1".into(),
            headers: Headers::of([("Content-Type", "application/json")]),
            body: Body::whole(body.as_bytes().to_vec()),
            trailers: Headers::default(),
            head: None,
        },
        interim: Vec::new(),
        response: Some(Response {
            version: "HTTP/1.1".into(),
            status,
            reason: Octets::default(),
            headers: Headers::default(),
            body: Body::default(),
            trailers: Headers::default(),
            head: None,
        }),
        error: None,
        tunnel: None,
        changed: Vec::new(),
        redactions: Vec::new(),
    }
}

fn request(target: &str) -> Request {
    Request {
        method: "GET".into(),
        target: target.into(),
        version: "HTTP/1.1".into(),
        headers: Headers::of([("X-A", "1"), ("x-a", "2")]),
        body: Body::default(),
        trailers: Headers::default(),
        head: None,
    }
}

#[test]
fn the_path_stops_at_the_query_and_leaves_the_authority_out() {
    assert_eq!(request("/a%2Fb?x=/y").path(), "/a%2Fb");
    assert_eq!(request("http://h:1/a?b").path(), "/a");
    assert_eq!(request("http://h:1").path(), "/");
    assert_eq!(request("//api/v2").path(), "//api/v2");
    assert_eq!(request("/r?u=http://x/").path(), "/r");
}

#[test]
fn headers_are_found_in_any_case_and_keep_their_order() {
    let values: Vec<_> = request("/").headers.all("X-a").map(|value| value.lossy().into_owned()).collect();
    assert_eq!(values, ["1", "2"]);
}
