//! An exchange of the tests, and what headers and targets hold.

use super::*;

/// Returns an exchange of the tests: a JSON request, and an answer without a body.
pub(crate) fn exchange(id: u64, method: &str, target: &str, body: &str, status: u16) -> Exchange {
    Exchange {
        run: "test".into(),
        started_at: Timestamp(1_795_000_000_000_000 + i64::try_from(id).unwrap() * 1_000_000),
        recorder: "0.0.0".into(),
        upstream: "https://api.example.com".into(),
        response: Some(Response::of(status, "", Headers::default(), Body::default())),
        ..Exchange::of(
            ExchangeId::new(id).unwrap(),
            Origin::Live,
            Request::of(
                method,
                target,
                Headers::of([("Content-Type", "application/json")]),
                Body::whole(body.as_bytes().to_vec()),
            ),
        )
    }
}

fn request(target: &str) -> Request {
    Request::of("GET", target, Headers::of([("X-A", "1"), ("x-a", "2")]), Body::default())
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
