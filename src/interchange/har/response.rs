//! The response of a HAR, or why there is none.

use crate::interchange::har::document::{HarEntry, HarResponse, WebSocketMessage, count, text};
use crate::interchange::har::request::{headers, version};
use crate::interchange::har::{Reconstructions, body};
use crate::model::exchange::{Headers, Response};
use crate::model::passage::{Failure, FailureSource, Side, Tunnel};

/// Returns the response; a status that is no status means that none came.
pub(crate) fn build(
    answered: &HarResponse,
    method: &str,
    limit: usize,
    reconstructions: &mut Reconstructions,
) -> Option<Response> {
    let status = count(&answered.status).and_then(|status| u16::try_from(status).ok())?;
    if !(100..1000).contains(&status) {
        return None;
    }
    let version = version(&text(&answered.http_version).unwrap_or_default(), Side::Response, reconstructions);
    let headers = headers(answered.headers.as_deref().unwrap_or_default(), Side::Response, reconstructions);
    let bodiless = method == "HEAD" || status < 200 || status == 204 || status == 304;
    let body = body::of_response(answered, &headers, bodiless, limit, reconstructions);
    let reason = text(&answered.status_text).unwrap_or_default().replace(['\r', '\n', '\0'], " ");
    let trailers = Headers::default();
    Some(Response { version, status, reason: reason.into(), headers, body, trailers, head: None })
}

/// Returns why there is no answer, in the tool's own words where it has any.
pub(crate) fn failure(item: &HarEntry) -> Failure {
    let answered = item.response.as_ref();
    let said = [&item.error]
        .into_iter()
        .chain(answered.map(|answered| &answered.error))
        .chain(answered.map(|answered| &answered.status_text))
        .find_map(text);
    let words = said.as_deref().unwrap_or_default().to_ascii_lowercase();
    let by_client = ["abort", "cancel", "blocked"].iter().any(|word| words.contains(word));
    let source = if by_client { FailureSource::Client } else { FailureSource::Upstream };
    let message = match said {
        Some(said) => format!("no response: {}", said.replace(|c: char| c.is_control(), " ")),
        None => "the HAR has no response to it".to_owned(),
    };
    Failure { source, message }
}

/// Returns how much a web socket carried each way.
pub(crate) fn tunnel(messages: &[WebSocketMessage]) -> Option<Tunnel> {
    if messages.is_empty() {
        return None;
    }
    let mut tunnel = Tunnel::default();
    for message in messages {
        let data = text(&message.data).unwrap_or_default();
        let binary = count(&message.opcode) == Some(2);
        // four letters of Base64 are three bytes
        let padding = data.bytes().rev().take_while(|byte| *byte == b'=').count() as u64;
        let length = data.len() as u64;
        let length = if binary { (length / 4 * 3).saturating_sub(padding) } else { length };
        match text(&message.kind).as_deref() {
            Some("send" | "request") => tunnel.sent += length,
            _ => tunnel.received += length,
        }
    }
    Some(tunnel)
}
