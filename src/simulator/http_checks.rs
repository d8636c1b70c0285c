//! Checks of every request before it is routed: its origin, and the size and type of its body.

use std::net::IpAddr;

use crate::model::exchange::Request;
use crate::simulator::response::ApiError;
use crate::simulator::rules::common;

/// The largest body, in bytes.
pub(crate) const BODY_LIMIT: usize = 1 << 20;

/// Refuses requests that a web page could have sent, and bodies above the limit.
pub(crate) fn check(request: &Request) -> Result<(), ApiError> {
    let host = request.headers.text("host");
    if host.is_some_and(|host| !is_loopback(host)) {
        let message = "The simulator only answers requests to a loopback name.";
        return Err(ApiError::api(&common::LOOPBACK_HOST, 403, "not.authorized", message));
    }
    let origin = request.headers.text("origin");
    let foreign = origin
        .is_some_and(|origin| !origin.split_once("://").is_some_and(|(_, authority)| is_loopback(authority)));
    if foreign || request.headers.text("sec-fetch-site") == Some("cross-site") {
        let message = "The simulator does not answer web pages.";
        return Err(ApiError::api(&common::NO_FOREIGN_ORIGIN, 403, "not.authorized", message));
    }
    if request.body.total > BODY_LIMIT as u64 {
        let message = format!("The body has more than {BODY_LIMIT} bytes.");
        return Err(ApiError::api(&common::BODY_LIMIT, 413, "request.entity.too.large", message));
    }
    Ok(())
}

/// Refuses a body whose media type is not JSON; a request without a body passes.
pub(crate) fn require_json(request: &Request) -> Result<(), ApiError> {
    let content_type = request.headers.text("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if request.body.is_empty() || essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let message = "Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect Content-Type value in the header.";
    Err(ApiError::api(&common::JSON_CONTENT_TYPE, 415, "unsupported.media.type", message))
}

/// Returns whether an authority, with or without a port, is a loopback name or address.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        for own in ["127.0.0.1", "127.0.0.1:8081", "LOCALHOST:1", "[::1]:8081", "127.9.9.9"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in
            ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", "[::2]"]
        {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
