//! Adapts a recorded response to this client: its own ids, tokens of the mock's own, no framing.

use bytes::Bytes;

use crate::model::exchange::{Exchange, Response};
use crate::replay::mock::answer::Answer;
use crate::replay::mock::tokens::{MockTokens, TokenReuse};

/// Header lines that belong to the connection, or that promise what a mock does not keep.
const LEFT_OUT: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
    "transfer-encoding",
    "content-length",
    "strict-transport-security",
    "alt-svc",
    "set-cookie",
];

/// Returns the recorded answer with the ids of the recorded path replaced by those that were asked for.
pub fn adapt(
    exchange: &Exchange,
    response: &Response,
    ids: &[(String, String)],
    tokens: &mut MockTokens,
    reuse: TokenReuse,
) -> Answer {
    let chunked = response.headers.all("transfer-encoding").any(|value| value.lossy().contains("chunked"));
    let coded = response.headers.get("content-encoding").is_some() && !response.body.decoded;
    let mut headers = Vec::new();
    for header in response.headers.iter() {
        let name = header.name.lossy().to_ascii_lowercase();
        let decoded = name == "content-encoding" && response.body.decoded;
        if LEFT_OUT.contains(&name.as_str()) || decoded {
            continue;
        }
        let value = tokens.unmask(&renamed(header.value.as_bytes(), ids), reuse);
        headers.push((header.name.as_bytes().to_vec(), value));
    }
    let body = if coded {
        // a coded body has no secret in it, else it would have been stored decoded
        response.body.bytes.clone()
    } else {
        Bytes::from(tokens.unmask(&renamed(&response.body.bytes, ids), reuse))
    };
    let timings = &exchange.timings;
    let latency = match (timings.response_head, timings.request_read) {
        (Some(head), read) => head.saturating_sub(read.unwrap_or(0)),
        (None, _) => timings.total,
    };
    Answer {
        status: response.status,
        reason: response.reason.as_bytes().to_vec(),
        headers,
        body,
        chunked,
        latency,
        said: exchange.id.to_string(),
    }
}

/// Replaces recorded ids. Short numbers are no ids outside a path: they stay.
fn renamed(text: &[u8], ids: &[(String, String)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    'text: while at < text.len() {
        for (recorded, asked) in ids {
            if recorded.len() >= 16 && recorded != asked && text[at..].starts_with(recorded.as_bytes()) {
                out.extend_from_slice(asked.as_bytes());
                at += recorded.len();
                continue 'text;
            }
        }
        out.push(text[at]);
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exchange::{Body, Headers};
    use crate::model::testing::exchange;

    #[test]
    fn ids_are_the_asked_ones_and_masks_become_tokens() {
        let mut recorded = exchange(3, "GET", "/x", "", 200);
        let (one, two) = ("7fb334b0-0e9e-11e4-9191-0800200c9a66", "11111111-0e9e-11e4-9191-0800200c9a66");
        let response = recorded.response.as_mut().unwrap();
        response.headers =
            Headers::of([("Location", "/x/7fb334b0-0e9e-11e4-9191-0800200c9a66"), ("Connection", "close")]);
        response.body =
            Body::whole(format!(r#"{{"id":"{one}","n":7,"token":"redacted-token-0123456789ab"}}"#));
        let response = response.clone();
        let ids = [(one.to_owned(), two.to_owned()), ("7".to_owned(), "8".to_owned())];
        let answer = adapt(&recorded, &response, &ids, &mut MockTokens::default(), TokenReuse::ByMask);
        let body = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(body.starts_with(&format!(r#"{{"id":"{two}","n":7,"token":"wraptap-mock-"#)), "{body}");
        assert_eq!(answer.headers, [(b"Location".to_vec(), format!("/x/{two}").into_bytes())]);
    }
}
