//! Paths: the same template with ids at their places, or not.

use percent_encoding::percent_decode_str;

use crate::diff::request::head_finding::{SentAndExpected, head_finding};
use crate::model::finding::{Class, Finding, Severity};
use crate::model::operation::{Operation, is_id};

/// Compares two paths by template. `operations` are templates the caller knows; without a fitting one,
/// segments shaped like ids are the ids.
pub(super) fn compare(good: &str, candidate: &str, operations: &[Operation]) -> Option<Finding> {
    if good == candidate {
        return None;
    }
    let (left, right) = (segments(good), segments(candidate));
    let known = operations.iter().find(|operation| operation.fits(good));
    let other = operations.iter().find(|operation| operation.fits(candidate)).or(known);
    let left = Template::new(&left, known);
    let right = Template::new(&right, other.filter(|operation| operation.fits(candidate)));
    let expected = left.text();
    let report = |severity, message: String, help: String| {
        let values = SentAndExpected {
            sent: Some(("path", candidate.to_owned())),
            expected: Some(("path", expected.clone())),
        };
        Some(head_finding(Class::PathMismatch, severity, values, message, help))
    };
    if let Some((place, text)) = left.unfilled(&right) {
        return report(
            Severity::Error,
            format!("`{text}` is in the path where the {place} belongs"),
            format!("fill in the {place} before the path is put together"),
        );
    }
    if left.fits(&right) {
        if let Some(message) = left.misplaced(&right) {
            return report(Severity::Error, message, format!("give the ids in the order of {expected}"));
        }
        if good.starts_with("//") != candidate.starts_with("//") {
            let (has, side) = if candidate.starts_with("//") {
                ("starts with `//`", "the base URL ends with a `/` too many")
            } else {
                ("starts with one `/`", "the known-good request had one more")
            };
            return report(
                Severity::Info,
                format!("the path {has}, otherwise it is the same operation"),
                format!("nothing to do unless a gateway minds: {side}"),
            );
        }
        return None;
    }
    let (message, help) = left.difference(&right);
    report(Severity::Error, message, help)
}

fn segments(path: &str) -> Vec<String> {
    path.trim_start_matches('/').split('/').map(decoded).collect()
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// A path, segment by segment: words, and ids with the names they have in a known template.
struct Template {
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
struct Step {
    text: String,
    /// `{conversationId}`, or `{id}` where no template is known.
    id: Option<String>,
}

impl Template {
    fn new(segments: &[String], operation: Option<&Operation>) -> Self {
        let names: Vec<&str> = operation
            .map_or_else(Vec::new, |known| known.template.trim_start_matches('/').split('/').collect());
        let step = |(at, text): (usize, &String)| {
            let id = match names.get(at) {
                Some(name) => name.starts_with('{').then(|| (*name).to_owned()),
                None => is_id(text).then(|| "{id}".to_owned()),
            };
            Step { text: text.clone(), id }
        };
        Self { steps: segments.iter().enumerate().map(step).collect() }
    }

    fn text(&self) -> String {
        let steps = self.steps.iter().map(|step| step.id.as_deref().unwrap_or(&step.text));
        format!("/{}", steps.collect::<Vec<_>>().join("/"))
    }

    fn fits(&self, other: &Self) -> bool {
        self.steps.len() == other.steps.len()
            && self.steps.iter().zip(&other.steps).all(|(own, theirs)| own.matches(theirs))
    }

    /// Finds an id of `self` for which `other` has a placeholder or what a program prints for nothing.
    fn unfilled(&self, other: &Self) -> Option<(String, String)> {
        if self.steps.len() != other.steps.len() {
            return None;
        }
        self.steps
            .iter()
            .zip(&other.steps)
            .find(|(own, theirs)| own.id.is_some() && theirs.is_unfilled())
            .map(|(own, theirs)| (own.id_name(), theirs.text.clone()))
    }

    /// Says which id of `self` is at another place in `other`, or is two things there.
    fn misplaced(&self, other: &Self) -> Option<String> {
        let pairs: Vec<(&Step, &Step)> =
            self.steps.iter().zip(&other.steps).filter(|(own, _)| own.id.is_some()).collect();
        for (at, (own, theirs)) in pairs.iter().enumerate() {
            if own.text == theirs.text {
                continue;
            }
            let home = pairs.iter().position(|(good, _)| good.text == theirs.text);
            if let Some(home) = home.filter(|home| *home != at) {
                let swapped = pairs[home].1.text == own.text;
                let (here, there) = (own.place(at), pairs[home].0.place(home));
                return Some(if swapped {
                    format!("{there} and {here} are swapped in the path")
                } else {
                    format!("{there} of the known-good request is in the path as {here}")
                });
            }
        }
        for (at, (own, theirs)) in pairs.iter().enumerate() {
            let twin =
                pairs[..at].iter().position(|(good, sent)| sent.text == theirs.text && good.text != own.text);
            if let Some(twin) = twin {
                let (first, second) = (pairs[twin].0.place(twin), own.place(at));
                return Some(format!("the same id is in the path as {first} and as {second}"));
            }
        }
        None
    }

    /// Says in what the templates differ, between their common beginning and their common end.
    fn difference(&self, other: &Self) -> (String, String) {
        let same = |(own, theirs): &(&Step, &Step)| own.matches(theirs);
        let head = self.steps.iter().zip(&other.steps).take_while(same).count();
        let rest = self.steps.len().min(other.steps.len()) - head;
        let tail = self.steps.iter().rev().zip(other.steps.iter().rev()).take(rest).take_while(same).count();
        let part = |template: &Self| {
            let steps = &template.steps[head..template.steps.len() - tail];
            steps
                .iter()
                .map(|step| format!("/{}", step.id.as_deref().unwrap_or(&step.text)))
                .collect::<String>()
        };
        let (expected, sent) = (part(self), part(other));
        if sent == "/" && expected.is_empty() {
            return ("the path ends with a `/` too many".to_owned(), "drop the `/` at the end".to_owned());
        }
        if sent.eq_ignore_ascii_case(&expected) {
            let message = format!("the path has `{sent}`; the known-good request writes it `{expected}`");
            return (message, format!("write `{expected}`, letter for letter"));
        }
        match (sent.is_empty(), expected.is_empty()) {
            (true, _) => (
                format!("`{expected}` is missing in the path"),
                "call the operation whose path has it, and give its id".to_owned(),
            ),
            (_, true) => (
                format!("`{sent}` is in the path; the known-good request does not have it"),
                format!("send it to {}", self.text()),
            ),
            _ => (
                format!("the path has `{sent}` where the known-good request has `{expected}`"),
                format!("send it to {}", self.text()),
            ),
        }
    }
}

impl Step {
    fn matches(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(_), Some(_)) => true,
            // An id that has not the shape of one, at the place where the other path has an id by its
            // template.
            (Some(name), None) | (None, Some(name)) => {
                name != "{id}" && !self.text.is_empty() && !other.text.is_empty()
            }
            (None, None) => self.text == other.text,
        }
    }

    /// Placeholders, and what `String(undefined)` and its like leave behind.
    fn is_unfilled(&self) -> bool {
        let text = self.text.as_str();
        text.is_empty()
            || matches!(text, "undefined" | "null" | "None" | "nil" | "NaN" | "[object Object]" | "<nil>")
            || text.starts_with('{') && text.ends_with('}')
            || text.starts_with(':') && text.len() > 1
            || text.starts_with("${")
    }

    fn id_name(&self) -> String {
        let name = self.id.as_deref().unwrap_or("{id}").trim_matches(['{', '}']);
        name.to_owned()
    }

    fn place(&self, at: usize) -> String {
        match self.id.as_deref() {
            Some("{id}") | None => format!("id {}", at + 1),
            Some(_) => format!("the {}", self.id_name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "3d2b7a10-0000-4000-8000-00000000000a";
    const B: &str = "3d2b7a10-0000-4000-8000-00000000000b";

    fn message(good: &str, candidate: &str) -> Option<String> {
        let fill = |path: &str| path.replace("A", A).replace("B", B);
        let operation = Operation {
            method: "PATCH".into(),
            template: "/calls/{conversationId}/participants/{participantId}".into(),
        };
        compare(&fill(good), &fill(candidate), &[operation]).map(|finding| finding.message)
    }

    #[test]
    fn other_ids_are_another_conversation() {
        assert_eq!(message("/x/A", "/x/B"), None);
        assert_eq!(message("/calls/A/participants/B", "/calls/c-1/participants/p-1"), None);
        assert_eq!(message("/x/a%2Fb", "/x/a%2fb"), None);
    }

    #[test]
    fn a_known_template_names_the_ids_that_are_swapped() {
        assert_eq!(
            message("/calls/A/participants/B", "/calls/B/participants/A").unwrap(),
            "the participantId and the conversationId are swapped in the path"
        );
        assert_eq!(
            message("/calls/A/participants/B", "/calls/A/participants/A").unwrap(),
            "the conversationId of the known-good request is in the path as the participantId"
        );
        assert_eq!(
            message("/calls/A/participants/B", "/calls/7/participants/7").unwrap(),
            "the same id is in the path as the conversationId and as the participantId"
        );
        assert_eq!(message("/x/A/y/B", "/x/B/y/A").unwrap(), "id 2 and id 1 are swapped in the path");
    }

    #[test]
    fn what_is_missing_extra_or_other_is_named() {
        assert_eq!(
            message("/x/A/wrapup", "/x/A/wrap-up").unwrap(),
            "the path has `/wrap-up` where the known-good request has `/wrapup`"
        );
        assert_eq!(message("/x/A/y/B/wrapup", "/x/A/wrapup").unwrap(), "`/y/{id}` is missing in the path");
        assert_eq!(
            message("/x/A", "/x/A/y").unwrap(),
            "`/y` is in the path; the known-good request does not have it"
        );
        assert_eq!(message("/x/A", "/x/A/").unwrap(), "the path ends with a `/` too many");
        assert_eq!(
            message("/x/wrapUp", "/x/wrapup").unwrap(),
            "the path has `/wrapup`; the known-good request writes it `/wrapUp`"
        );
    }

    #[test]
    fn an_id_that_was_never_filled_in_is_said() {
        for text in ["undefined", "{conversationId}", "%7bconversationId%7d", "null", "", ":id"] {
            let finding =
                message("/calls/A/participants/B", &format!("/calls/{text}/participants/B")).unwrap();
            assert!(finding.ends_with("is in the path where the conversationId belongs"), "{finding}");
        }
    }

    #[test]
    fn a_second_leading_slash_is_only_said() {
        let finding = compare("/api/v2/x", "//api/v2/x", &[]).unwrap();
        assert_eq!(finding.severity, Severity::Info);
    }
}
