//! Members that are there more than once: each is kept once, at its first place and with its last value, as
//! parsers read them.

use std::collections::BTreeMap;

use crate::json::document::Document;
use crate::json::node::NodeId;
use crate::json::pointer::Pointer;

/// Objects inside members that are there twice are looked into so often.
const MOST_ROUNDS: usize = 8;

/// A text with each member once.
pub(crate) struct Unique {
    pub(crate) doc: Document,
    /// The members that were there more than once.
    pub(crate) places: Vec<Pointer>,
}

/// Returns the text without its duplicate members, or `None` if it has none.
pub(crate) fn remove(doc: &Document) -> Option<Unique> {
    let mut places = Vec::new();
    let mut text = once(doc, &mut places)?;
    for _ in 0..MOST_ROUNDS {
        let Some(next) = once(&Document::parse(text.as_bytes()), &mut Vec::new()) else { break };
        text = next;
    }
    places.sort();
    places.dedup();
    Some(Unique { doc: Document::parse(text.as_bytes()), places })
}

/// Removes the duplicates of the outermost objects that have some; objects inside a duplicate member are left
/// as they are.
fn once(doc: &Document, places: &mut Vec<Pointer>) -> Option<String> {
    let mut cuts: Vec<(usize, usize, String)> = Vec::new();
    let mut skip = 0;
    for id in (0..doc.len()).map(|id| NodeId(u32::try_from(id).unwrap_or(u32::MAX))) {
        if id.index() < skip || doc.children(id).iter().all(|child| !child.shadowed) {
            continue;
        }
        skip = doc.behind(id).index();
        let at = doc.pointer(id);
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut end = 0;
        for child in doc.children(id) {
            let (key, span) = (doc.key(child), doc.span(child.node));
            match seen.get(key) {
                Some(first) => {
                    cuts.push((end, span.end, String::new()));
                    cuts[*first].2 = doc.lexeme(child.node).to_owned();
                    places.push(at.member(key));
                }
                None => {
                    seen.insert(key, cuts.len());
                    cuts.push((span.start, span.end, doc.lexeme(child.node).to_owned()));
                }
            }
            end = span.end;
        }
    }
    if places.is_empty() && cuts.is_empty() {
        return None;
    }
    let (mut out, mut at) = (String::with_capacity(doc.text().len()), 0);
    for (start, end, text) in cuts {
        out.push_str(doc.text().get(at..start)?);
        out.push_str(&text);
        at = end;
    }
    out.push_str(doc.text().get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_member_is_kept_once_at_its_first_place_with_its_last_value() {
        let unique =
            |text: &str| remove(&Document::parse(text.as_bytes())).map(|unique| unique.doc.text().to_owned());
        for (text, wanted) in [
            (r#"{"a": 0, "b": 1, "a": 2}"#, r#"{"a": 2, "b": 1}"#),
            (
                r#"{"x": {"a": 1, "a": 1}, "y": [1, {"b": 1, "b": 2}]}"#,
                r#"{"x": {"a": 1}, "y": [1, {"b": 2}]}"#,
            ),
            (r#"{"a": {"b": 1, "b": 2}, "a": {"b": 3, "b": 4}}"#, r#"{"a": {"b": 4}}"#),
        ] {
            assert_eq!(unique(text).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(unique(r#"{"a": 1, "b": {"a": 1}}"#), None);
    }
}
