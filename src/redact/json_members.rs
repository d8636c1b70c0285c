//! The places of a JSON text, well-formed or cut off, with what stands there.

use crate::json::pointer::Pointer;

/// A member's or element's value in its text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct JsonValue {
    /// Where it stands in the document.
    pub(crate) pointer: Pointer,
    /// The member's name, unescaped; `None` for elements and the whole document.
    pub(crate) name: Option<String>,
    /// The bytes of the value: a string's without its quotes.
    pub(crate) start: usize,
    /// Behind the last byte.
    pub(crate) end: usize,
    /// JsonKind it is.
    pub(crate) kind: JsonKind,
}

/// JsonKind stands at a place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum JsonKind {
    /// A string.
    String,
    /// A number, `true`, `false` or `null`.
    Bare,
    /// An object or array, from its opening to its closing bracket.
    Container,
}

/// An object or array that is open.
struct OpenContainer {
    start: usize,
    pointer: Pointer,
    name: Option<String>,
    /// In an object the member being read, in an array `None`.
    key: Option<String>,
    object: bool,
    count: usize,
}

/// Calls `see` for every value, a container behind what it holds. Text that is no JSON is passed over as well as
/// it goes: what looks like a member is seen.
pub(crate) fn walk(text: &[u8], see: &mut dyn FnMut(JsonValue)) {
    let mut open: Vec<OpenContainer> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'"' => {
                let end = string_end(text, at + 1);
                let next = text[(end + 1).min(text.len())..].iter().find(|byte| !byte.is_ascii_whitespace());
                match open.last_mut() {
                    Some(parent) if parent.object && next == Some(&b':') => {
                        parent.key = Some(unescape(&text[at + 1..end]));
                    }
                    _ => value(&open, at + 1, end, JsonKind::String, see),
                }
                at = end + 1;
            }
            bracket @ (b'{' | b'[') => {
                let (pointer, name) = step(&open);
                open.push(OpenContainer {
                    start: at,
                    pointer,
                    name,
                    key: None,
                    object: bracket == b'{',
                    count: 0,
                });
                at += 1;
            }
            b'}' | b']' => {
                at += 1;
                close(&mut open, at, see);
            }
            b',' => {
                if let Some(parent) = open.last_mut() {
                    parent.count += 1;
                    parent.key = None;
                }
                at += 1;
            }
            byte if byte.is_ascii_whitespace() || byte == b':' => at += 1,
            _ => {
                let length = text[at..]
                    .iter()
                    .take_while(|byte| !byte.is_ascii_whitespace() && !b",:{}[]\"".contains(byte))
                    .count();
                value(&open, at, at + length, JsonKind::Bare, see);
                at += length;
            }
        }
    }
    // Cut off: what is still open goes to the end.
    while !open.is_empty() {
        close(&mut open, text.len(), see);
    }
}

fn value(open: &[OpenContainer], start: usize, end: usize, kind: JsonKind, see: &mut dyn FnMut(JsonValue)) {
    let (pointer, name) = step(open);
    see(JsonValue { pointer, name, start, end, kind });
}

fn close(open: &mut Vec<OpenContainer>, end: usize, see: &mut dyn FnMut(JsonValue)) {
    if let Some(OpenContainer { start, pointer, name, .. }) = open.pop() {
        see(JsonValue { pointer, name, start, end, kind: JsonKind::Container });
    }
}

/// Returns where the next value stands.
fn step(open: &[OpenContainer]) -> (Pointer, Option<String>) {
    match open.last() {
        None => (Pointer::root(), None),
        Some(parent) => match &parent.key {
            Some(key) => (parent.pointer.member(key), Some(key.clone())),
            None => (parent.pointer.element(parent.count), None),
        },
    }
}

fn string_end(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

/// Returns a string's text with its escapes undone, as far as they can be.
pub(crate) fn unescape(inner: &[u8]) -> String {
    if !inner.contains(&b'\\') {
        return String::from_utf8_lossy(inner).into_owned();
    }
    let quoted = [b"\"", inner, b"\""].concat();
    serde_json::from_slice(&quoted).unwrap_or_else(|_| String::from_utf8_lossy(inner).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        walk(text.as_bytes(), &mut |place| {
            all.push(format!("{} {}", place.pointer, &text[place.start..place.end]));
        });
        all
    }

    #[test]
    fn every_value_has_its_pointer() {
        assert_eq!(
            places(r#"{"a":[1,{"b/c":"x"}],"d":null}"#),
            [
                "/a/0 1",
                "/a/1/b~1c x",
                r#"/a/1 {"b/c":"x"}"#,
                r#"/a [1,{"b/c":"x"}]"#,
                "/d null",
                r#" {"a":[1,{"b/c":"x"}],"d":null}"#
            ]
        );
    }

    #[test]
    fn a_cut_text_is_walked_to_its_end() {
        assert_eq!(places(r#"{"a":{"b":"se"#), ["/a/b se", r#"/a {"b":"se"#, r#" {"a":{"b":"se"#]);
        assert_eq!(places("plain words"), [" plain", " words"]);
    }
}
