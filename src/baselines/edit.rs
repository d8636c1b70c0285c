//! Takes one reviewed difference over into a baseline's text and leaves every other byte of it as it is.

use crate::json::document::{Document, Kind};
use crate::json::edit::{self, Edit};
use crate::json::pointer::Pointer;

/// Returns the good text with the candidate's side of one finding taken over.
///
/// The value at `good_path` alone goes, the value at `candidate_path` comes, from the candidate byte for
/// byte. Where the object that should hold it is missing too, it comes with all that the candidate has in it.
/// `None` if a place is not where the finding says.
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
    let removed = good_path.filter(|from| candidate_path != Some(*from));
    let mut edits: Vec<Edit> = removed.cloned().map(Edit::Remove).into_iter().collect();
    if let Some(to) = candidate_path {
        let place = nearest_place(&Document::parse(good.as_bytes()), to)?;
        let value = candidate.lexeme(candidate.at(&place)?).to_owned();
        edits.push(Edit::Set(place, value));
    }
    edit::apply(good, &edits).ok()
}

/// Returns the place itself, or the outermost one above it that does not exist or can hold no member.
fn nearest_place(good: &Document, place: &Pointer) -> Option<Pointer> {
    let mut missing = place.clone();
    while good.at(&missing).is_none() {
        let holder = missing.parent()?;
        match good.at(&holder) {
            Some(id) if good.kind(id) == Kind::Object => break,
            _ => missing = holder,
        }
    }
    Some(missing)
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
        assert_eq!(taken("{}", "{\"a\":1}", None, Some("/a")), "{\"a\":1}");
        assert_eq!(taken("{\"a\":1}", "{\"b\":2}", None, Some("/b")), "{\"a\":1,\"b\":2}");
        assert_eq!(taken("{\"a\":1,\"b\":2}", "{\"c\":3}", None, Some("/c")), "{\"a\":1,\"b\":2,\"c\":3}");
    }

    #[test]
    fn a_rename_and_a_move_take_the_old_place_away() {
        assert_eq!(
            taken("{\"a\":1,\"x\":0}", "{\"b\":1,\"x\":0}", Some("/a"), Some("/b")),
            "{\"x\":0,\"b\":1}"
        );
        let moved =
            taken("{\"code\":\"7\"}", "{\"wrapup\":{\"code\":\"7\"}}", Some("/code"), Some("/wrapup/code"));
        assert_eq!(moved, "{\"wrapup\":{\"code\":\"7\"}}");
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
