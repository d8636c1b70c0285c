//! Files that hold payloads among other things: refused by name where one payload is wanted.

use serde_json::Value;

use crate::error::CommandError;

#[derive(Debug, thiserror::Error)]
#[error("{title} is {what}, not one payload")]
struct ContainerError {
    title: String,
    what: &'static str,
}

/// Refuses a text that is a container of payloads.
pub(crate) fn refuse(title: &str, text: &str) -> Result<(), CommandError> {
    let Some((what, hint)) = recognize(text) else { return Ok(()) };
    Err(CommandError::input(ContainerError { title: title.to_owned(), what }).hint(hint))
}

/// Returns what a text is, and how its payloads can be used.
fn recognize(text: &str) -> Option<(&'static str, &'static str)> {
    let copy = "copy the body that is meant into a file of its own";
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("openapi:") || start.starts_with("swagger:") {
        return Some(("an OpenAPI description", copy));
    }
    if !start.starts_with('{') {
        return None;
    }
    let first_line = start.lines().next().unwrap_or_default();
    let document: Value = serde_json::from_str(start).or_else(|_| serde_json::from_str(first_line)).ok()?;
    let has = |pointer: &str| document.pointer(pointer).is_some();
    let is_text = |pointer: &str, part: &str| {
        document.pointer(pointer).and_then(Value::as_str).is_some_and(|text| text.contains(part))
    };
    if has("/log/entries") {
        return Some(("a HAR", "import it with `wraptap import FILE`, and name one of its exchanges"));
    }
    if is_text("/info/schema", "getpostman.com") || (has("/info/_postman_id") && has("/item")) {
        return Some(("a Postman collection", copy));
    }
    if has("/_postman_variable_scope") || (has("/values/0/key") && has("/values/0/enabled")) {
        return Some(("a Postman environment, which holds variables and often secrets", copy));
    }
    if is_text("/_type", "export") && has("/resources") {
        return Some(("an Insomnia export", copy));
    }
    if has("/openapi") && has("/paths") || has("/swagger") && has("/paths") {
        return Some(("an OpenAPI description", copy));
    }
    if has("/v") && has("/run") && has("/request/target") {
        return Some(("a recording", "name one of its exchanges with `FILE#12` or `FILE#last`"));
    }
    (has("/schema_version") && has("/exchanges"))
        .then_some(("a report of wraptap", "name the exchange in the recording: `FILE#12`"))
}

#[cfg(test)]
mod tests {
    use super::recognize;

    #[test]
    fn containers_are_recognized_and_payloads_are_none() {
        for (text, what) in [
            (r#"{"log":{"version":"1.2","entries":[]}}"#, "a HAR"),
            (
                r#"{"info":{"schema":"https://schema.getpostman.com/json/x"},"item":[]}"#,
                "a Postman collection",
            ),
            (r#"{"values":[{"key":"token","value":"x","enabled":true}]}"#, "a Postman environment, which"),
            (r#"{"_type":"export","__export_format":4,"resources":[]}"#, "an Insomnia export"),
            (r#"{"openapi":"3.0.0","paths":{}}"#, "an OpenAPI description"),
            ("openapi: 3.0.0\npaths: {}\n", "an OpenAPI description"),
            ("{\"v\":1,\"run\":\"a\",\"request\":{\"target\":\"/\"}}\n{\"v\":1}\n", "a recording"),
        ] {
            assert!(recognize(text).is_some_and(|(found, _)| found.starts_with(what)), "{text}");
        }
        for text in ["", "x", "[1]", r#"{"log":"x","values":[1],"info":{},"run":"1"}"#, "{\"a\":1"] {
            assert!(recognize(text).is_none(), "{text}");
        }
    }
}
