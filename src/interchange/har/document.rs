//! The members of a HAR that matter, read leniently: tools leave out, add, and write `null` where the format
//! has text.

use serde::Deserialize;
use serde_json::Value;

/// One exchange of the `entries`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HarEntry {
    pub(crate) started_date_time: Value,
    pub(crate) time: Value,
    pub(crate) request: Option<HarRequest>,
    pub(crate) response: Option<HarResponse>,
    pub(crate) timings: Option<HarTimings>,
    #[serde(rename = "_error")]
    pub(crate) error: Value,
    #[serde(rename = "_fromCache")]
    pub(crate) from_cache: Value,
    #[serde(rename = "_webSocketMessages")]
    pub(crate) web_socket_messages: Option<Vec<WebSocketMessage>>,
}

/// Milliseconds, -1 or nothing where a phase did not apply.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HarTimings {
    pub(crate) blocked: Value,
    pub(crate) dns: Value,
    pub(crate) connect: Value,
    pub(crate) send: Value,
    pub(crate) wait: Value,
}

/// A `request`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HarRequest {
    pub(crate) method: Value,
    pub(crate) url: Value,
    pub(crate) http_version: Value,
    pub(crate) headers: Option<Vec<HarPair>>,
    pub(crate) cookies: Option<Vec<HarPair>>,
    pub(crate) post_data: Option<HarPostData>,
    pub(crate) body_size: Value,
}

/// A `response`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HarResponse {
    pub(crate) status: Value,
    pub(crate) status_text: Value,
    pub(crate) http_version: Value,
    pub(crate) headers: Option<Vec<HarPair>>,
    pub(crate) content: Option<HarContent>,
    pub(crate) body_size: Value,
    #[serde(rename = "_error")]
    pub(crate) error: Value,
}

/// A header, cookie or parameter.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HarPair {
    pub(crate) name: Value,
    pub(crate) value: Value,
    pub(crate) file_name: Value,
    pub(crate) content_type: Value,
}

/// A request's body: as text, or as the fields of a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HarPostData {
    pub(crate) mime_type: Value,
    pub(crate) text: Value,
    pub(crate) params: Option<Vec<HarPair>>,
    pub(crate) encoding: Value,
}

/// A response's body, content codings undone.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HarContent {
    pub(crate) size: Value,
    pub(crate) mime_type: Value,
    pub(crate) text: Value,
    pub(crate) encoding: Value,
}

/// A message of Chrome's and mitmproxy's own member for web sockets.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WebSocketMessage {
    #[serde(rename = "type")]
    pub(crate) kind: Value,
    pub(crate) opcode: Value,
    pub(crate) data: Value,
}

/// Returns a text, or a number as text; `None` for anything else and for an empty text.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns a whole number that is not negative, also from a fraction or a text.
pub(crate) fn count(value: &Value) -> Option<u64> {
    let number = milliseconds(value)?;
    // sizes beyond 2^53 would not be whole anyway
    Some(number as u64)
}

/// Returns a number that is not negative, also from a text; -1 means that there is none.
pub(crate) fn milliseconds(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

/// Replaces the escapes of lone surrogates, which no text can hold, by U+FFFD; tools that cut texts write
/// them.
pub(crate) fn without_lone_surrogates(json: &str) -> String {
    let mut result = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        result.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                result.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            (Some(_), _) => 6,
            // the escaped character may be of any length
            (None, _) => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        result.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    result.push_str(rest);
    result
}

/// Returns the code unit of a `\uHHHH` at the beginning.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        let json = r#"{"a":"\ud83d\ude00 \ud83d x \\ud83d \ude00 \n \u00fc é\é"}"#;
        let expected = r#"{"a":"\ud83d\ude00 \ufffd x \\ud83d \ufffd \n \u00fc é\é"}"#;
        assert_eq!(without_lone_surrogates(json), expected);
    }

    #[test]
    fn numbers_are_read_from_texts_and_fractions_and_never_below_zero() {
        assert_eq!(count(&serde_json::json!(12.7)), Some(12));
        assert_eq!(count(&serde_json::json!("12")), Some(12));
        assert_eq!(count(&serde_json::json!(-1)), None);
        assert_eq!(count(&serde_json::json!(null)), None);
    }
}
