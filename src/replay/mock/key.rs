//! When a request is the same as a recorded one: method, path, query and body; ids may be others.
//!
//! Every request has two keys. The exact one holds what was asked as it is; the template has the ids of the
//! path in the order in which they occur, wherever they occur again, and the times of the body as such.

use serde_json::Value;

use crate::api;
use crate::model::coding;
use crate::model::exchange::Request;
use crate::model::operation::is_id;
use crate::replay::volatile;

/// What a request is looked up by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequestKey {
    /// Hash of what was asked, as it is.
    pub exact: u64,
    /// Hash of the same with ids and times as such.
    pub template: u64,
    /// The ids of the path, in order.
    pub ids: Vec<String>,
    /// The method and the path with ids as `{id}`.
    pub operation: String,
}

impl RequestKey {
    /// Returns the key of a request.
    ///
    /// Query parameters may have any order, those of one name keep theirs; JSON bodies are equal by value.
    pub fn new(request: &Request) -> Self {
        let method = request.method_text().to_ascii_uppercase();
        let path = path(request);
        let ids: Vec<String> = path.split('/').filter(|segment| is_id(segment)).map(str::to_owned).collect();
        let query = query(request);
        let body = body(request);
        let template = |text: &str| numbered(text, &ids);
        let operation = format!("{method} {}", templated(&path));
        let exact = hash(&[&method, &path, &query.join("&"), &written(&body, &|text| text.to_owned())]);
        let queried: Vec<String> = query.iter().map(|part| template(part)).collect();
        let folded = |text: &str| template(&volatile::times_folded(text));
        let template = hash(&[&method, &template(&path), &queried.join("&"), &written(&body, &folded)]);
        Self { exact, template, ids, operation }
    }
}

/// Returns the path without what gateways and SDKs put in front of it.
pub fn path(request: &Request) -> String {
    let path = request.path();
    let api = api::assumed();
    if api.has_path(&path) || api.is_login(&path) {
        return api.own_path(&path).to_owned();
    }
    let path = format!("/{}", path.trim_start_matches('/'));
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).map(str::to_owned).unwrap_or(path)
}

/// Returns a path with its ids as `{id}`.
pub fn templated(path: &str) -> String {
    path.split('/').map(|segment| if is_id(segment) { "{id}" } else { segment }).collect::<Vec<_>>().join("/")
}

/// Returns the query's parameters, decoded, sorted by name.
pub fn query(request: &Request) -> Vec<String> {
    let query = request.query().unwrap_or_default();
    let mut parts: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    parts.into_iter().map(|(name, value)| format!("{name}={value}")).collect()
}

enum Body {
    Json(Value),
    Text(String),
}

fn body(request: &Request) -> Body {
    let bytes = coding::decoded(&request.headers, &request.body)
        .map_or_else(|| request.body.bytes.to_vec(), std::borrow::Cow::into_owned);
    match serde_json::from_slice(&bytes) {
        Ok(value) => Body::Json(value),
        // byte by byte, so that different bytes never look alike
        Err(_) => Body::Text(bytes.iter().copied().map(char::from).collect()),
    }
}

/// Writes a body so that equal ones look equal: members by key, numbers by value, texts through `fold`.
fn written(body: &Body, fold: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    match body {
        Body::Text(text) => out.push_str(&format!("text {text}")),
        Body::Json(value) => write(value, fold, &mut out),
    }
    out
}

/// Recursion is bounded: serde_json reads 128 levels and refuses more.
fn write(value: &Value, fold: &dyn Fn(&str) -> String, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (key, value) in sorted {
                out.push_str(&format!("{key:?}:"));
                write(value, fold, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(elements) => {
            out.push('[');
            for element in elements {
                write(element, fold, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::String(text) => out.push_str(&format!("{:?}", fold(text))),
        // 1, 1.0 and 1e0 are one number
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => out.push_str(&whole.to_string()),
            #[allow(clippy::cast_possible_truncation, reason = "the range is checked just before")]
            (None, Some(real)) if real.fract() == 0.0 && real.abs() < 9e15 => {
                out.push_str(&(real as i64).to_string());
            }
            _ => out.push_str(&number.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

/// Puts `{0}`, `{1}`, … in place of the ids of the path.
fn numbered(text: &str, ids: &[String]) -> String {
    let mut out = text.to_owned();
    for (index, id) in ids.iter().enumerate() {
        // a short number may occur anywhere by chance: it counts as a whole segment or value only
        if id.len() >= 16 {
            out = out.replace(id.as_str(), &format!("{{{index}}}"));
        } else if out == *id {
            out = format!("{{{index}}}");
        } else if out.contains('/') {
            let segments: Vec<String> = out
                .split('/')
                .map(|segment| if segment == id { format!("{{{index}}}") } else { segment.to_owned() })
                .collect();
            out = segments.join("/");
        }
    }
    out
}

/// FNV-1a over the parts and their lengths. A collision would need two different requests out of some 2^32.
fn hash(parts: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for part in parts {
        eat(&(part.len() as u64).to_le_bytes());
        eat(part.as_bytes());
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::exchange;

    const ONE: &str = "7fb334b0-0e9e-11e4-9191-0800200c9a66";
    const TWO: &str = "11111111-0e9e-11e4-9191-0800200c9a66";

    fn key(target: &str, body: &str) -> RequestKey {
        RequestKey::new(&exchange(1, "PUT", target, body, 200).request)
    }

    #[test]
    fn notation_and_order_do_not_make_another_request() {
        let known = key("/api/v2/x?b=2&a=1%20", r#"{"a":1.0,"b":"ü"}"#);
        assert_eq!(known, key("//api/v2/x/?a=1+&b=2", r#"{ "b": "\u00fc", "a": 1 }"#));
        assert_eq!(known.exact, key("/api/api/v2/x?a=1+&b=2", r#"{"a":1,"b":"ü"}"#).exact);
        assert_ne!(known.exact, key("/api/v2/x?b=2&a=1%20", r#"{"a":"1","b":"ü"}"#).exact);
    }

    #[test]
    fn other_ids_of_the_path_and_other_times_have_the_same_template() {
        let body =
            |id: &str, time: &str| format!(r#"{{"conversation":"{id}","code":"c","endTime":"{time}"}}"#);
        let one = key(&format!("/api/v2/c/{ONE}/w"), &body(ONE, "2026-11-20T08:30:15Z"));
        let two = key(&format!("/api/v2/c/{TWO}/w"), &body(TWO, "2026-11-21T09:30:15.123Z"));
        assert_eq!(one.template, two.template);
        assert_ne!(one.exact, two.exact);
        assert_eq!((one.ids, two.ids), (vec![ONE.to_owned()], vec![TWO.to_owned()]));
    }

    #[test]
    fn an_id_of_the_body_that_is_not_the_path_s_counts() {
        let coded =
            |code: &str| key(&format!("/api/v2/c/{ONE}/w"), &format!(r#"{{"code":"{code}"}}"#)).template;
        assert_ne!(coded(TWO), coded("22222222-0e9e-11e4-9191-0800200c9a66"));
    }

    #[test]
    fn short_numbers_are_ids_as_whole_segments_only() {
        assert_eq!(
            key("/a/12/b", r#"{"n":"12","t":"2012"}"#).template,
            key("/a/7/b", r#"{"n":"7","t":"2012"}"#).template
        );
        assert_ne!(key("/a/12/b", r#"{"t":"2012"}"#).template, key("/a/7/b", r#"{"t":"207"}"#).template);
    }
}
