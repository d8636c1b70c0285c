//! The differences between an accepted and a refused request, and the request that has some of them.

use std::collections::BTreeSet;

use crate::diff;
use crate::json::edit::{self, Edit};
use crate::model::coding;
use crate::model::exchange::{Body, Request};
use crate::model::finding::{Finding, Severity};
use crate::replay::isolate::body_mends;
use crate::replay::isolate::heads::{self, HeadPart};

/// Differences by their numbers.
pub type Set = BTreeSet<usize>;

/// Two requests taken apart.
#[derive(Debug)]
pub struct Differences {
    good: Request,
    candidate: Request,
    /// Every difference by its number.
    pub list: Vec<Difference>,
}

/// One difference.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What it is, seen from the good request; empty for a mere difference of notation.
    pub findings: Vec<Finding>,
    /// A line that names it.
    pub label: String,
    mend: Mend,
}

/// How a difference is mended.
#[derive(Clone, Debug)]
enum Mend {
    Edits(Vec<Edit>),
    /// By the good body, where the bodies cannot be taken apart.
    WholeBody,
    Head(HeadPart),
}

impl Difference {
    fn new(findings: Vec<Finding>, mend: Mend) -> Self {
        let label = match findings.first() {
            Some(finding) => format!("{}: {}", finding.class.name(), finding.message),
            None => "the notation of the body".to_owned(),
        };
        Self { findings, label, mend }
    }
}

impl Differences {
    /// Takes two requests apart.
    pub fn new(good: &Request, candidate: &Request) -> Self {
        let (good, candidate) = (plain(good), plain(candidate));
        let mut list = Vec::new();
        if good.body.bytes != candidate.body.bytes {
            let options = diff::Options { method: Some(candidate.method_text()), ..diff::Options::default() };
            let comparison = diff::bodies(&good.body.bytes, &candidate.body.bytes, &options);
            match body_mends::derive(&comparison).filter(|mends| !mends.is_empty()) {
                Some(mends) => {
                    let mends = mends.into_iter();
                    list.extend(
                        mends.map(|(finding, edits)| Difference::new(vec![finding], Mend::Edits(edits))),
                    );
                }
                None => list.push(Difference::new(comparison.findings, Mend::WholeBody)),
            }
        }
        let parts = heads::parts(&good, &candidate).into_iter();
        list.extend(parts.map(|(part, findings)| Difference::new(findings, Mend::Head(part))));
        Self { good, candidate, list }
    }

    /// Returns the refused request.
    pub fn candidate(&self) -> &Request {
        &self.candidate
    }

    /// Returns the candidate with all other differences mended. All of them give the candidate's body byte
    /// for byte, none the good one's.
    pub fn request(&self, present: &Set) -> Request {
        let (mut parts, mut edits) = (Vec::new(), Vec::new());
        let (mut in_body, mut whole) = (0, false);
        for (number, difference) in self.list.iter().enumerate() {
            let mended = !present.contains(&number);
            match &difference.mend {
                Mend::Head(part) if mended => parts.push(part),
                Mend::Head(_) => {}
                Mend::Edits(own) if mended => edits.push(&own[..]),
                Mend::WholeBody if mended => whole = true,
                Mend::Edits(_) | Mend::WholeBody => in_body += 1,
            }
        }
        let mut request = heads::mend(&self.good, &self.candidate, &parts);
        if in_body == 0 && (whole || !edits.is_empty()) {
            request.body = self.good.body.clone();
        } else if let Some(body) = self.edited(&edits) {
            request.body = body;
        }
        request
    }

    /// Returns the candidate's body with these edits. Where one of them cannot be made without another that
    /// is left out (both want one key), it is left out as well.
    fn edited(&self, groups: &[&[Edit]]) -> Option<Body> {
        let text = str::from_utf8(&self.candidate.body.bytes).ok()?;
        let without = |skipped: usize| {
            let others = groups.iter().enumerate().filter(|(at, _)| *at != skipped);
            edit::apply(text, &others.flat_map(|(_, edits)| edits.to_vec()).collect::<Vec<_>>()).ok()
        };
        let body = without(usize::MAX).or_else(|| (0..groups.len()).find_map(without))?;
        Some(Body::whole(body.into_bytes()))
    }

    /// Returns the differences, the likeliest to matter first: a guess that saves requests and decides
    /// nothing.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        let severity = |number: usize| {
            self.list[number].findings.iter().map(|finding| finding.severity).min().unwrap_or(Severity::Info)
        };
        order.sort_by_key(|number| severity(*number));
        order
    }

    /// Returns every difference.
    pub fn all(&self) -> Set {
        (0..self.list.len()).collect()
    }
}

/// The request with its body decoded.
fn plain(request: &Request) -> Request {
    let mut plain = request.clone();
    if let Some(bytes) = coding::decoded(&request.headers, &request.body) {
        plain.body = Body::whole(bytes.into_owned());
        plain.headers.0.retain(|header| !header.name.eq_ignore_case("content-encoding"));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::exchange;

    fn differences(good: &str, candidate: &str) -> Differences {
        let request = |body| exchange(1, "PUT", "/api/v2/interactions/12/wrap-up", body, 200).request;
        Differences::new(&request(good), &request(candidate))
    }

    /// The candidate's body with each difference alone, and the rest mended.
    fn each(good: &str, candidate: &str) -> Vec<String> {
        let differences = differences(good, candidate);
        let body = |at: usize| differences.request(&Set::from([at])).body;
        (0..differences.list.len()).map(|at| String::from_utf8(body(at).bytes.to_vec()).unwrap()).collect()
    }

    #[test]
    fn none_and_all_of_the_differences_are_the_two_bodies_byte_for_byte() {
        let (good, candidate) = (r#"{ "a": 1, "b": "x" }"#, r#"{"b" : "y","a":null}"#);
        let differences = differences(good, candidate);
        assert_eq!(differences.list.len(), 2);
        assert_eq!(&differences.request(&Set::new()).body.bytes[..], good.as_bytes());
        assert_eq!(&differences.request(&differences.all()).body.bytes[..], candidate.as_bytes());
        let likeliest = differences.order()[0];
        assert!(differences.list[likeliest].label.starts_with("null_field"), "likelier than another word");
    }

    #[test]
    fn a_body_that_is_no_json_is_one_difference() {
        let differences = differences(r#"{"a":1}"#, "{\"a\":NaN,");
        assert_eq!(differences.list.len(), 1);
        assert!(differences.list[0].label.starts_with("invalid_json"), "{}", differences.list[0].label);
    }

    #[test]
    fn notation_alone_is_a_difference_without_findings() {
        let differences = differences(r#"{"a":1}"#, r#"{"a": 1}"#);
        assert_eq!(differences.list.len(), 1);
        assert!(differences.list[0].findings.is_empty());
    }

    #[test]
    fn every_difference_can_be_had_alone() {
        assert_eq!(
            each(r#"{"a":1,"b":"x","t":["p","q"]}"#, r#"{"a":null,"c":true,"b":"x","t":["p"]}"#),
            [
                r#"{"a":null,"b":"x","t":["p","q"]}"#,
                r#"{"a":1,"c":true,"b":"x","t":["p","q"]}"#,
                r#"{"a":1,"b":"x","t":["p"]}"#,
            ]
        );
    }

    #[test]
    fn a_rename_and_a_move_are_one_difference_each() {
        let renamed = each(r#"{"codeId":"7fb334b0","n":1}"#, r#"{"code_id":"7fb334b0","n":1}"#);
        assert_eq!(renamed, [r#"{"code_id":"7fb334b0","n":1}"#]);
        let good = r#"{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationMs":120000}"#;
        let candidate =
            r#"{"wrapUpCode":{"codeId":"7fb334b0-0e9e-11e4-9191-0800200c9a66"},"durationMs":120000}"#;
        assert_eq!(each(good, candidate), [candidate]);
        assert_eq!(each(candidate, good), [good]);
    }

    #[test]
    fn a_body_inside_another_is_one_difference_and_what_is_wrong_inside_others() {
        let good = r#"{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationSeconds":5,"notes":"abc"}"#;
        let candidate =
            r#"{"wrapup":{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationSeconds":5,"notes":null}}"#;
        for bodies in [each(good, candidate), each(candidate, good)] {
            assert_eq!(bodies.len(), 2, "{bodies:?}");
        }
        let bodies = each(good, candidate);
        assert!(
            bodies.iter().any(|body| body.ends_with(r#""notes":null}"#) && !body.contains("wrapup")),
            "{bodies:?}"
        );
    }

    #[test]
    fn elements_come_and_go_one_by_one() {
        assert_eq!(
            each(r#"{"t":["b1","c1","d1"]}"#, r#"{"t":["a1","b1"]}"#),
            [r#"{"t":["b1","d1"]}"#, r#"{"t":["b1","c1"]}"#, r#"{"t":["a1","b1","c1","d1"]}"#]
        );
        assert_eq!(
            each(r#"{"t":["a1","b1","d1"]}"#, r#"{"t":["a1",true,"d1","e1"]}"#),
            [r#"{"t":["a1","d1"]}"#, r#"{"t":["a1","b1",true,"d1"]}"#, r#"{"t":["a1","b1","d1","e1"]}"#]
        );
    }

    #[test]
    fn a_duplicate_key_is_a_difference() {
        assert_eq!(each(r#"{"a":1}"#, r#"{"a":2,"a":1}"#), [r#"{"a":2,"a":1}"#]);
    }

    #[test]
    fn wrapping_in_an_array_and_a_difference_inside_are_separate_edits() {
        let bodies = each(r#"{"a":{"b":1,"c":2}}"#, r#"{"a":[{"b":1,"c":"2"}]}"#);
        assert_eq!(bodies, [r#"{"a":[{"b":1,"c":2}]}"#, r#"{"a":{"b":1,"c":"2"}}"#]);
    }

    #[test]
    fn values_that_changed_places_are_still_taken_apart() {
        let bodies = each(r#"{"w":{"a":17171},"b":1}"#, r#"{"w":5,"a":17171,"b":2}"#);
        assert!(bodies.len() >= 2, "{bodies:?}");
    }
}
