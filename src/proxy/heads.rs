//! The head of a message as the tap kept it, or, should the two not agree, as hyper parsed it: what is sent on and
//! recorded is never another message than the one that hyper judged.

use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;

use crate::model::exchange::{Header, Headers};
use crate::net::head::Head;
use crate::net::request_tap::{StartTime, TappedHead, rebuilt};

/// Returns the head of a request: the one from the tap if it is of the same method and has as many lines.
pub(crate) fn of_request(tapped: Option<TappedHead>, request: &Request<Incoming>) -> TappedHead {
    let is_same = |tapped: &TappedHead| {
        tapped.head.start().starts_with(request.method().as_str().as_bytes())
            && tapped.head.headers.0.len() == request.headers().len()
    };
    tapped.filter(is_same).unwrap_or_else(|| {
        let start = format!("{} {} {:?}", request.method(), request.uri(), request.version());
        let head = Head::parse(rebuilt(start.as_bytes(), &lines(request.headers())));
        TappedHead { head, began: StartTime::now() }
    })
}

/// Returns the head of an answer: the one from the tap if it has as many lines.
pub(crate) fn of_response(tapped: Option<Head>, response: &Response<Incoming>) -> Head {
    let is_same = |head: &Head| head.headers.0.len() == response.headers().len();
    tapped.filter(is_same).unwrap_or_else(|| {
        let start = format!("{:?} {}", response.version(), response.status());
        Head::parse(rebuilt(start.as_bytes(), &lines(response.headers())))
    })
}

/// Returns fields that hyper parsed as they stand in a recording. Their case is lost, their order mostly kept.
pub(crate) fn lines(headers: &HeaderMap) -> Headers {
    Headers(
        headers
            .iter()
            .map(|(name, value)| Header { name: name.as_str().into(), value: value.as_bytes().into() })
            .collect(),
    )
}
