//! What headers and targets hold.

use super::*;

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
