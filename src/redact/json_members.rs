//! The values of a JSON text, well-formed or cut off, with their places.

use crate::json::pointer::Pointer;

/// A member's or element's value in its text.
pub(crate) struct JsonValue<'a> {
    text: &'a [u8],
    /// The containers it is in, outermost first.
    parents: &'a [OpenJson],
    /// The bytes of the value: a string's without its quotes.
    pub(crate) start: usize,
    /// Behind the last byte.
    pub(crate) end: usize,
    /// What it is.
    pub(crate) kind: JsonKind,
}

/// What a value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum JsonKind {
    /// A string.
    String,
    /// A number, `true`, `false` or `null`.
    Bare,
    /// An object or array, from its opening to its closing bracket.
    Container,
}

impl JsonValue<'_> {
    /// Returns the member's name, unescaped; `None` for elements and the whole document.
    pub(crate) fn name(&self) -> Option<String> {
        let (start, end) = self.parents.last()?.key?;
        Some(unescape(&self.text[start..end]))
    }

    /// Returns the name of the member whose object, or list of objects, the value is in.
    pub(crate) fn owner(&self) -> Option<String> {
        let (_, outer) = self.parents.split_last()?;
        let (start, end) = outer.iter().rev().take(2).find_map(|parent| parent.key)?;
        Some(unescape(&self.text[start..end]))
    }

    /// Returns whether the value is at a place that the pattern names, `*` for any one step.
    pub(crate) fn is_at(&self, pattern: &Pointer) -> bool {
        let mut wanted = pattern.as_str().split('/').skip(1);
        let is_step = |parent: &OpenJson| match wanted.next() {
            None => false,
            Some("*") => true,
            Some(want) => parent.step(self.text).as_str().strip_prefix('/') == Some(want),
        };
        self.parents.iter().all(is_step) && wanted.next().is_none()
    }

    /// Returns the place of the value. It is as long as the value is deep.
    #[cfg(test)]
    fn pointer(&self) -> String {
        self.parents.iter().map(|parent| parent.step(self.text).to_string()).collect()
    }
}

/// An object or array that is open. Small, because a body may open one with every byte.
struct OpenJson {
    start: usize,
    /// The range of the name being read; `None` in an array.
    key: Option<(usize, usize)>,
    is_object: bool,
    count: usize,
}

impl OpenJson {
    /// Returns the step to the value being read.
    fn step(&self, text: &[u8]) -> Pointer {
        match self.key {
            Some((start, end)) => Pointer::root().member(&unescape(&text[start..end])),
            None => Pointer::root().element(self.count),
        }
    }
}

/// Calls `see` for every value, a container behind what it holds. Text that is no JSON is passed over as well
/// as it goes: what looks like a member is seen.
pub(crate) fn walk(text: &[u8], see: &mut dyn FnMut(JsonValue<'_>)) {
    let mut parents: Vec<OpenJson> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'"' => {
                let end = string_end(text, at + 1);
                let next = text[(end + 1).min(text.len())..].iter().find(|byte| !byte.is_ascii_whitespace());
                match parents.last_mut() {
                    Some(parent) if parent.is_object && next == Some(&b':') => {
                        parent.key = Some((at + 1, end));
                    }
                    _ => {
                        see(JsonValue {
                            text,
                            parents: &parents,
                            start: at + 1,
                            end,
                            kind: JsonKind::String,
                        });
                    }
                }
                at = end + 1;
            }
            bracket @ (b'{' | b'[') => {
                parents.push(OpenJson { start: at, key: None, is_object: bracket == b'{', count: 0 });
                at += 1;
            }
            b'}' | b']' => {
                at += 1;
                close(text, &mut parents, at, see);
            }
            b',' => {
                if let Some(parent) = parents.last_mut() {
                    parent.count += 1;
                    parent.key = None;
                }
                at += 1;
            }
            byte if byte.is_ascii_whitespace() || byte == b':' => at += 1,
            _ => {
                let start = at;
                at += text[at..]
                    .iter()
                    .take_while(|byte| !byte.is_ascii_whitespace() && !b",:{}[]\"".contains(byte))
                    .count();
                see(JsonValue { text, parents: &parents, start, end: at, kind: JsonKind::Bare });
            }
        }
    }
    // Cut off: what is still open goes to the end.
    while !parents.is_empty() {
        close(text, &mut parents, text.len(), see);
    }
}

fn close(text: &[u8], parents: &mut Vec<OpenJson>, end: usize, see: &mut dyn FnMut(JsonValue<'_>)) {
    if let Some(OpenJson { start, .. }) = parents.pop() {
        see(JsonValue { text, parents, start, end, kind: JsonKind::Container });
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
            all.push(format!("{} {}", place.pointer(), &text[place.start..place.end]));
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

    #[test]
    fn a_pattern_names_a_place_by_its_steps() {
        let matching = |pattern: &str| {
            let (text, pattern) = (br#"{"a":[1,{"b/c":"x"}],"d":null}"#, Pointer::parse(pattern).unwrap());
            let mut all = Vec::new();
            walk(text, &mut |value| all.extend(value.is_at(&pattern).then(|| value.pointer())));
            all
        };
        assert_eq!(matching("/a/*/b~1c"), ["/a/1/b~1c"]);
        assert_eq!(matching("/*"), ["/a", "/d"]);
        assert_eq!(matching(""), [""]);
        assert!(matching("/a/2").is_empty() && matching("/a/0/x").is_empty());
    }
}
