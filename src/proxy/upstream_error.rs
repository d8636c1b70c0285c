//! What goes wrong with an upstream, in words: whose upstream_error it is and what the client is told.

use std::error::Error;
use std::io;

use crate::net::connect::ConnectError;
use crate::net::upstream_wire::UpstreamHandle;
use crate::proxy::synthetic_response::SyntheticResponse;

/// No connection could be made.
pub(crate) fn no_connection(error: &ConnectError) -> SyntheticResponse {
    let message = error.to_string();
    let refusal = if error.is_exhaustion() {
        SyntheticResponse::wraptap(
            503,
            "out_of_descriptors",
            "this machine has no file descriptor left for a connection",
        )
        .hint("Raise `ulimit -n`, or close idle clients")
    } else if error.is_timeout() {
        SyntheticResponse::upstream(504, "upstream_timeout", message)
    } else {
        let code = match error {
            ConnectError::Name { .. } => "upstream_not_found",
            ConnectError::Tls { .. } => "upstream_tls",
            ConnectError::Proxy { .. } => "upstream_proxy",
            ConnectError::Connect { .. } | ConnectError::Slow { .. } => "upstream_unreachable",
        };
        SyntheticResponse::upstream(502, code, message)
    };
    match error.hint() {
        Some(hint) if refusal.hint.is_none() => refusal.hint(hint),
        _ => refusal,
    }
}

/// The connection broke before there was an answer.
pub(crate) fn no_answer(error: &hyper::Error, upstream: &str, tap: &UpstreamHandle) -> SyntheticResponse {
    let heard = tap.lock();
    let begun = heard.tap.has_begun();
    let (code, message) = if error.is_parse_too_large() {
        ("upstream_answer_too_large", format!("{upstream} answered with a head that is too large"))
    } else if error.is_parse() {
        ("upstream_not_http", format!("{upstream} answered with what is not valid HTTP ({error})"))
    } else {
        let stage = if begun { "in the middle of its answer's head" } else { "without an answer" };
        let how = match heard.broke {
            Some(io::ErrorKind::ConnectionReset) => "reset the connection",
            Some(io::ErrorKind::UnexpectedEof) => "cut the TLS connection without saying goodbye,",
            Some(_) => "broke the connection",
            None => "closed the connection",
        };
        ("upstream_broke", format!("{upstream} {how} {stage}"))
    };
    SyntheticResponse::upstream(502, code, message)
}

/// Says why an answer's body broke.
pub(crate) fn body_message(error: &hyper::Error, tap: &UpstreamHandle) -> String {
    let broke = tap.lock().broke;
    match broke {
        Some(io::ErrorKind::UnexpectedEof) => {
            "the upstream cut the TLS connection (no close_notify) before the answer's body was complete"
                .to_owned()
        }
        Some(io::ErrorKind::ConnectionReset) => {
            "the upstream reset the connection before the answer's body was complete".to_owned()
        }
        Some(kind) => format!("the connection to the upstream broke inside the answer's body ({kind})"),
        None => match error.source() {
            Some(cause) => format!("the upstream broke off inside the answer's body ({cause})"),
            None => format!("the upstream broke off inside the answer's body ({error})"),
        },
    }
}
