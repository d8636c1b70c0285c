//! Takes one reviewed difference over into a baseline's text and leaves every other letter of it as it is.

use crate::json::document::{Document, Kind, NodeId};
use crate::json::write::quoted;
use crate::model::pointer::Pointer;

/// Returns the good text with the candidate's side of one finding taken over.
///
/// What stands at `good_path` alone goes, what stands at `candidate_path` comes, from the candidate letter by letter.
/// Where the object that should hold it is missing too, it comes with all that the candidate has in it. `None` if a
/// place is not where the finding says.
pub fn take_over(
    good: &str,
    candidate: &Document,
    good_path: Option<&Pointer>,
    candidate_path: Option<&Pointer>,
) -> Option<String> {
    let whole = |pointer: Option<&Pointer>| pointer.is_some_and(|pointer| pointer.as_str().is_empty());
    if whole(good_path) || whole(candidate_path) {
        return candidate.root().map(|root| candidate.lexeme(root).to_owned());
    }
    let mut text = good.to_owned();
    if let Some(from) = good_path.filter(|from| candidate_path != Some(*from)) {
        text = without(&text, from)?;
    }
    match candidate_path {
        Some(to) => with(&text, candidate, to),
        None => Some(text),
    }
}

/// Returns the text without the member or element at a place.
fn without(text: &str, place: &Pointer) -> Option<String> {
    let document = Document::parse(text.as_bytes());
    let id = document.at(place)?;
    let parent = document.parent(id)?;
    let (start, end) = extent(&document, parent, document.slot(id))?;
    let slot = document.slot(id);
    let (start, end) = match extent(&document, parent, slot + 1) {
        Some((next, _)) => (start, next),
        None if slot > 0 => (extent(&document, parent, slot - 1)?.1, end),
        None => {
            let inside = document.span(parent);
            (inside.start + 1, inside.end - 1)
        }
    };
    Some(spliced(text, start, end, ""))
}

/// Returns where a child begins, with its key, and where it ends.
fn extent(document: &Document, parent: NodeId, slot: usize) -> Option<(usize, usize)> {
    let child = document.children(parent).get(slot)?;
    let value = document.span(child.node);
    let start = document.key_span(child).map_or(value.start, |key| key.start);
    Some((start, value.end))
}

/// Returns the text with the candidate's value at a place.
fn with(text: &str, candidate: &Document, place: &Pointer) -> Option<String> {
    let document = Document::parse(text.as_bytes());
    if let Some(id) = document.at(place) {
        let span = document.span(id);
        return Some(spliced(text, span.start, span.end, candidate.lexeme(candidate.at(place)?)));
    }
    let (mut holder, mut missing) = (place.parent()?, place.clone());
    while document.at(&holder).is_none() {
        missing = holder;
        holder = missing.parent()?;
    }
    let id = document.at(&holder)?;
    if document.kind(id) != Kind::Object {
        let span = document.span(id);
        return Some(spliced(text, span.start, span.end, candidate.lexeme(candidate.at(&holder)?)));
    }
    let value = candidate.lexeme(candidate.at(&missing)?);
    Some(with_member(text, &document, id, &missing.last()?, value))
}

/// Adds a member behind the last one, spaced as that one is.
fn with_member(text: &str, document: &Document, object: NodeId, key: &str, value: &str) -> String {
    let span = document.span(object);
    let children = document.children(object);
    let key = quoted(key);
    let Some(last) = children.last() else {
        return spliced(text, span.start, span.end, &format!("{{{key}: {value}}}"));
    };
    let end = document.span(last.node).end;
    let Some(last_key) = document.key_span(last) else { return text.to_owned() };
    let gap = &text[last_key.end..document.span(last.node).start];
    let before = match children.len() {
        1 => span.start + 1,
        count => document.span(children[count - 2].node).end + 1,
    };
    // the white space in front of the last key, without the comma
    let space = text.get(before..last_key.start).unwrap_or_default().trim_start_matches(',');
    let space = if children.len() == 1 && space.is_empty() { " " } else { space };
    spliced(text, end, end, &format!(",{space}{key}{gap}{value}"))
}

fn spliced(text: &str, start: usize, end: usize, between: &str) -> String {
    format!("{}{between}{}", &text[..start], &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(good: &str, candidate: &str, good_path: Option<&str>, candidate_path: Option<&str>) -> String {
        let pointer = |text: Option<&str>| text.map(|text| Pointer::parse(text).unwrap());
        let candidate = Document::parse(candidate.as_bytes());
        take_over(good, &candidate, pointer(good_path).as_ref(), pointer(candidate_path).as_ref()).unwrap()
    }

    #[test]
    fn a_value_is_replaced_and_the_rest_keeps_its_letters() {
        let good = "{\n  \"n\": 1.0, \"big\": 123456789012345678901,\n  \"a\": \"\\u00fc\"\n}";
        let got = taken(good, "{\"n\":2.50,\"big\":1,\"a\":\"x\"}", Some("/n"), Some("/n"));
        assert_eq!(got, good.replace("1.0", "2.50"));
    }

    #[test]
    fn a_member_comes_spaced_like_its_neighbour_and_goes_with_its_comma() {
        let good = "{\n  \"a\": 1,\n  \"b\": 2\n}";
        let candidate = "{\"a\":1,\"b\":2,\"c/d\":[3]}";
        let more = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c/d\": [3]\n}";
        assert_eq!(taken(good, candidate, None, Some("/c~1d")), more);
        assert_eq!(taken(good, "{}", Some("/a"), None), "{\n  \"b\": 2\n}");
        assert_eq!(taken(good, "{}", Some("/b"), None), "{\n  \"a\": 1\n}");
        assert_eq!(taken("{ \"a\": 1 }", "{}", Some("/a"), None), "{}");
        assert_eq!(taken("{}", "{\"a\":1}", None, Some("/a")), "{\"a\": 1}");
        assert_eq!(taken("{\"a\":1}", "{\"b\":2}", None, Some("/b")), "{\"a\":1, \"b\":2}");
        assert_eq!(taken("{\"a\":1,\"b\":2}", "{\"c\":3}", None, Some("/c")), "{\"a\":1,\"b\":2,\"c\":3}");
    }

    #[test]
    fn a_rename_and_a_move_take_the_old_place_away() {
        assert_eq!(
            taken("{\"a\":1,\"x\":0}", "{\"b\":1,\"x\":0}", Some("/a"), Some("/b")),
            "{\"x\":0, \"b\":1}"
        );
        let moved =
            taken("{\"code\":\"7\"}", "{\"wrapup\":{\"code\":\"7\"}}", Some("/code"), Some("/wrapup/code"));
        assert_eq!(moved, "{\"wrapup\": {\"code\":\"7\"}}");
        assert_eq!(
            taken("{\"a\":1}", "{\"body\":{\"a\":1}}", Some(""), Some("/body")),
            "{\"body\":{\"a\":1}}"
        );
    }

    #[test]
    fn an_array_that_grew_is_taken_whole() {
        assert_eq!(taken("{\"t\":[1]}", "{\"t\":[1, 2]}", Some("/t"), Some("/t")), "{\"t\":[1, 2]}");
        assert_eq!(
            taken("{\"t\":[1]}", "{\"t\":[1,{\"x\":2}]}", None, Some("/t/1/x")),
            "{\"t\":[1,{\"x\":2}]}"
        );
    }

    #[test]
    fn a_place_that_is_not_there_is_no_edit() {
        let candidate = Document::parse(b"{}");
        let place = Pointer::parse("/a").unwrap();
        assert_eq!(take_over("{}", &candidate, Some(&place), None), None);
        assert_eq!(take_over("{}", &candidate, None, Some(&place)), None);
    }
}
