//! Chooses between the head that the tap kept and the one that hyper parsed. If the two disagree, hyper's is
//! used, so that the message that is forwarded and recorded is the one that was checked.

use http::uri::PathAndQuery;
use http::{HeaderMap, Request, Response, Uri};
use hyper::body::Incoming;

use crate::model::exchange::{Header, Headers};
use crate::net::head::Head;
use crate::net::request_tap::{StartTime, TappedHead, rebuild};

/// Returns the head of a request: the tap's, if it has the same method and as many lines as hyper's.
pub(crate) fn request_head(tapped: Option<TappedHead>, request: &Request<Incoming>) -> TappedHead {
    let is_same = |tapped: &TappedHead| {
        tapped.head.start().starts_with(request.method().as_str().as_bytes())
            && tapped.head.headers.0.len() == request.headers().len()
            && is_target(tapped.head.request_line().target, request.uri())
    };
    tapped.filter(is_same).unwrap_or_else(|| {
        let start = format!("{} {} {:?}", request.method(), request.uri(), request.version());
        let head = Head::parse(rebuild(start.as_bytes(), &recorded_headers(request.headers())));
        TappedHead { head, began: StartTime::now() }
    })
}

/// Returns whether a target that is a path is the one that hyper parsed, which drops a fragment.
fn is_target(target: &[u8], uri: &Uri) -> bool {
    let path = uri.path_and_query().map_or("", PathAndQuery::as_str);
    !target.starts_with(b"/") || target.starts_with(path.as_bytes())
}

/// Returns the head of a response: the tap's, if it has as many lines as hyper's.
pub(crate) fn response_head(tapped: Option<Head>, response: &Response<Incoming>) -> Head {
    let is_same = |head: &Head| head.headers.0.len() == response.headers().len();
    tapped.filter(is_same).unwrap_or_else(|| {
        let start = format!("{:?} {}", response.version(), response.status());
        Head::parse(rebuild(start.as_bytes(), &recorded_headers(response.headers())))
    })
}

/// Returns header fields that hyper parsed, for the recording. Their case is lost, their order mostly kept.
pub(crate) fn recorded_headers(headers: &HeaderMap) -> Headers {
    Headers(
        headers
            .iter()
            .map(|(name, value)| Header { name: name.as_str().into(), value: value.as_bytes().into() })
            .collect(),
    )
}
