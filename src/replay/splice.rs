//! Changes one place of a JSON text and leaves every other byte as it stands: spacing, number lexemes, key order.

use crate::json::document::{Child, Document, Kind, NodeId};
use crate::json::write;
use crate::model::pointer::Pointer;

/// Why a place cannot be changed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SpliceError {
    /// The text is not JSON, so it has no places.
    #[error("the body is not JSON, so it has no place `{0}`")]
    NotJson(Pointer),
    /// Nothing that could hold the place is there.
    #[error("the body has no place `{at}`: {why}")]
    NoPlace {
        /// The place asked for.
        at: Pointer,
        /// What is there instead.
        why: String,
    },
}

/// Puts a JSON text at a place: replaces the value there, else adds the member, or with `-` or the next index the
/// element. An empty text has only the place `""`.
///
/// # Errors
/// The text is not JSON, or what should hold the place is not there.
pub fn set(text: &[u8], at: &Pointer, value: &str) -> Result<Vec<u8>, SpliceError> {
    if at.as_str().is_empty() {
        return Ok(value.as_bytes().to_vec());
    }
    let document = json(text, at)?;
    if let Some(node) = document.at(at) {
        let span = document.span(node);
        return Ok(replaced(text, span.start, span.end, value));
    }
    let (parent, step) = holder(&document, at)?;
    let children = document.children(parent);
    let added = match document.kind(parent) {
        Kind::Object => format!("{}:{value}", write::quoted(&step)),
        Kind::Array if step == "-" || step == children.len().to_string() => value.to_owned(),
        Kind::Array => {
            return Err(no_place(at, format!("the array has {} elements", children.len())));
        }
        other => return Err(no_place(at, format!("a {} holds nothing", other.name()))),
    };
    match children.last() {
        Some(last) => {
            let end = document.span(last.node).end;
            Ok(replaced(text, end, end, &format!(",{added}")))
        }
        None => {
            let start = document.span(parent).start + 1;
            Ok(replaced(text, start, start, &added))
        }
    }
}

/// Takes a member or an element away, with the comma that goes with it.
///
/// # Errors
/// The text is not JSON, or there is nothing at the place.
pub fn unset(text: &[u8], at: &Pointer) -> Result<Vec<u8>, SpliceError> {
    if at.as_str().is_empty() {
        return Ok(Vec::new());
    }
    let document = json(text, at)?;
    let node = document.at(at).ok_or_else(|| match holder(&document, at) {
        Ok(_) => no_place(at, "nothing stands there".to_owned()),
        Err(error) => error,
    })?;
    let Some(parent) = document.parent(node) else { return Ok(Vec::new()) };
    let (children, slot) = (document.children(parent), document.slot(node));
    let start = |child: &Child| {
        document.key_span(child).map_or_else(|| document.span(child.node).start, |key| key.start)
    };
    let (from, to) = if let Some(next) = children.get(slot + 1) {
        (start(&children[slot]), start(next))
    } else if slot > 0 {
        (document.span(children[slot - 1].node).end, document.span(node).end)
    } else {
        (start(&children[slot]), document.span(node).end)
    };
    Ok(replaced(text, from, to, ""))
}

fn json(text: &[u8], at: &Pointer) -> Result<Document, SpliceError> {
    let document = Document::parse(text);
    // A text with bytes that are not UTF-8 keeps its offsets, but is no JSON either.
    if document.is_json() && document.root().is_some() && document.text().len() == text.len() {
        Ok(document)
    } else {
        Err(SpliceError::NotJson(at.clone()))
    }
}

/// Returns what should hold the place, and the last step.
fn holder(document: &Document, at: &Pointer) -> Result<(NodeId, String), SpliceError> {
    let parent = at.parent().unwrap_or_default();
    let step = at.last().unwrap_or_default();
    match document.at(&parent) {
        Some(node) => Ok((node, step)),
        None => Err(no_place(at, format!("there is no `{parent}`"))),
    }
}

fn no_place(at: &Pointer, why: String) -> SpliceError {
    SpliceError::NoPlace { at: at.clone(), why }
}

fn replaced(text: &[u8], from: usize, to: usize, with: &str) -> Vec<u8> {
    [&text[..from], with.as_bytes(), &text[to..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    fn text(bytes: Result<Vec<u8>, SpliceError>) -> String {
        String::from_utf8(bytes.unwrap()).unwrap()
    }

    const BODY: &[u8] = br#"{ "a": 1.0, "b": {"c": null}, "d": [1, 2] }"#;

    #[test]
    fn the_other_bytes_stay_as_they_stand() {
        assert_eq!(text(set(BODY, &at("/b/c"), "\"x\"")), r#"{ "a": 1.0, "b": {"c": "x"}, "d": [1, 2] }"#);
        assert_eq!(text(unset(BODY, &at("/b"))), r#"{ "a": 1.0, "d": [1, 2] }"#);
        assert_eq!(text(unset(BODY, &at("/d"))), r#"{ "a": 1.0, "b": {"c": null} }"#);
        assert_eq!(text(unset(BODY, &at("/b/c"))), r#"{ "a": 1.0, "b": {}, "d": [1, 2] }"#);
        assert_eq!(text(unset(BODY, &at("/d/0"))), r#"{ "a": 1.0, "b": {"c": null}, "d": [2] }"#);
    }

    #[test]
    fn members_and_elements_are_added_behind_the_last() {
        assert_eq!(
            text(set(BODY, &at("/e"), "true")),
            r#"{ "a": 1.0, "b": {"c": null}, "d": [1, 2],"e":true }"#
        );
        assert_eq!(text(set(b"{}", &at("/a~1b"), "1")), r#"{"a/b":1}"#);
        assert_eq!(text(set(b"[1]", &at("/-"), "2")), "[1,2]");
        assert_eq!(text(set(b"[1]", &at("/1"), "2")), "[1,2]");
        assert_eq!(text(set(b"", &at(""), "{}")), "{}");
    }

    #[test]
    fn a_place_that_cannot_be_is_named() {
        let why = |result: Result<Vec<u8>, SpliceError>| result.unwrap_err().to_string();
        assert_eq!(why(set(BODY, &at("/x/y"), "1")), "the body has no place `/x/y`: there is no `/x`");
        assert_eq!(why(set(BODY, &at("/a/y"), "1")), "the body has no place `/a/y`: a number holds nothing");
        assert_eq!(
            why(set(BODY, &at("/d/7"), "1")),
            "the body has no place `/d/7`: the array has 2 elements"
        );
        assert_eq!(why(unset(BODY, &at("/x"))), "the body has no place `/x`: nothing stands there");
        assert_eq!(why(unset(b"{", &at("/x"))), "the body is not JSON, so it has no place `/x`");
    }
}
