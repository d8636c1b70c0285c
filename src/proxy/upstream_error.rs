//! Describes what went wrong with an upstream: whose fault it is, and what the client gets as a response.

use std::error::Error;
use std::io;

use crate::net::connect::ConnectError;
use crate::net::upstream_wire::UpstreamHandle;
use crate::proxy::synthetic_response::SyntheticResponse;

/// Returns the response for a connection that could not be made.
pub(crate) fn no_connection(error: &ConnectError) -> SyntheticResponse {
    let message = error.to_string();
    let response = if error.is_exhaustion() {
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
        Some(hint) if response.hint.is_none() => response.hint(hint),
        _ => response,
    }
}

/// Returns the response for a connection that broke before the upstream's response head was complete.
pub(crate) fn no_response(
    error: &hyper::Error,
    upstream: &str,
    connection: &UpstreamHandle,
) -> SyntheticResponse {
    let state = connection.lock();
    let (code, message) = if error.is_parse_too_large() {
        ("upstream_answer_too_large", format!("{upstream} sent a response head that is too large"))
    } else if error.is_parse() {
        ("upstream_not_http", format!("{upstream} sent a response that is not valid HTTP ({error})"))
    } else {
        let stage =
            if state.tap.has_begun() { "in the middle of its response head" } else { "without a response" };
        let how = match state.broke {
            Some(io::ErrorKind::ConnectionReset) => "reset the connection",
            Some(io::ErrorKind::UnexpectedEof) => "cut the TLS connection (no close_notify)",
            Some(_) => "broke the connection",
            None => "closed the connection",
        };
        ("upstream_broke", format!("{upstream} {how} {stage}"))
    };
    SyntheticResponse::upstream(502, code, message)
}

/// Describes why a response body broke.
pub(crate) fn describe_broken_body(error: &hyper::Error, connection: &UpstreamHandle) -> String {
    let broke = connection.lock().broke;
    match broke {
        Some(io::ErrorKind::UnexpectedEof) => {
            "the upstream cut the TLS connection (no close_notify) before the response body was complete"
                .to_owned()
        }
        Some(io::ErrorKind::ConnectionReset) => {
            "the upstream reset the connection before the response body was complete".to_owned()
        }
        Some(kind) => format!("the connection to the upstream broke inside the response body ({kind})"),
        None => {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            format!("the upstream broke off inside the response body ({cause})")
        }
    }
}
