//! The edits between an accepted and a refused request, and the request that any set of them gives.

use crate::diff;
use crate::json::edit::{self, Edit};
use crate::model::coding;
use crate::model::exchange::{Body, Request};
use crate::model::finding::Finding;
use crate::replay::isolate::body_edits;
use crate::replay::isolate::heads::{self, HeadAtom};
use crate::replay::isolate::likelihood;
use crate::replay::isolate::search::Set;

/// Two requests taken apart into their differences.
#[derive(Debug)]
pub struct EditScript {
    good: Request,
    candidate: Request,
    /// What mends each difference of the body; `None` if the bodies cannot be taken apart.
    edits: Option<Vec<Vec<Edit>>>,
    heads: Vec<HeadAtom>,
    /// Differences of the body come first, those of the head follow.
    in_body: usize,
    /// Every difference by its number.
    pub atoms: Vec<Atom>,
}

/// One difference.
#[derive(Clone, Debug, Default)]
pub struct Atom {
    /// What it is, seen from the good request; empty for a mere difference of notation.
    pub findings: Vec<Finding>,
    /// A line that names it.
    pub label: String,
}

impl EditScript {
    /// Takes two requests apart.
    pub fn new(good: &Request, candidate: &Request) -> Self {
        let (good, candidate) = (plain(good), plain(candidate));
        let (edits, in_body) = if good.body.bytes == candidate.body.bytes {
            (None, 0)
        } else {
            let options = options(&candidate);
            let comparison = diff::bodies(&good.body.bytes, &candidate.body.bytes, &options);
            let edits = body_edits::derive(&comparison).filter(|edits| !edits.is_empty());
            // bodies that cannot be taken apart are one difference
            let count = edits.as_ref().map_or(1, Vec::len);
            (edits, count)
        };
        let heads = heads::atoms(&good, &candidate);
        let count = in_body + heads.len();
        let mut script = Self { good, candidate, edits, heads, in_body, atoms: Vec::new() };
        script.atoms = (0..count).map(|atom| script.atom(atom)).collect();
        script
    }

    /// Returns the refused request.
    pub fn candidate(&self) -> &Request {
        &self.candidate
    }

    /// Returns the candidate with all other differences mended. All of them give the candidate's body byte
    /// for byte, none the good one's.
    pub fn request(&self, present: &Set) -> Request {
        let heads: Vec<(bool, &HeadAtom)> = self
            .heads
            .iter()
            .enumerate()
            .map(|(index, atom)| (present.contains(&(self.in_body + index)), atom))
            .collect();
        let mut request = heads::merge(&self.good, &self.candidate, &heads);
        let mended: Vec<usize> = (0..self.in_body).filter(|atom| !present.contains(atom)).collect();
        request.body = if mended.len() == self.in_body {
            self.good.body.clone()
        } else {
            self.mended(&mended).unwrap_or_else(|| self.candidate.body.clone())
        };
        request
    }

    /// Returns the candidate's body without these differences. Where one of them cannot be mended without
    /// another that is to stay (both want one key), it stays as well.
    fn mended(&self, differences: &[usize]) -> Option<Body> {
        let text = str::from_utf8(&self.candidate.body.bytes).ok()?;
        let groups = self.edits.as_ref()?;
        let without = |skipped: Option<usize>| {
            let mended = differences.iter().filter(|atom| Some(**atom) != skipped);
            let edits: Vec<Edit> = mended.flat_map(|atom| groups[*atom].clone()).collect();
            edit::apply(text, &edits).ok()
        };
        let body = without(None).or_else(|| differences.iter().find_map(|atom| without(Some(*atom))))?;
        Some(Body::whole(body.into_bytes()))
    }

    /// Returns what is wrong with the request that has these differences.
    pub fn findings(&self, present: &Set) -> Vec<Finding> {
        let (good, with) = (self.request(&Set::new()), self.request(present));
        diff::request::compare(&good, &with, &options(&with)).findings
    }

    /// Returns the chances of the differences to matter.
    pub fn probabilities(&self) -> Vec<f64> {
        let weights: Vec<f64> = self.atoms.iter().map(|atom| likelihood::weight(&atom.findings)).collect();
        likelihood::probabilities(&weights)
    }

    /// Returns the differences, the likeliest to matter first.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.atoms.len()).collect();
        let probabilities = self.probabilities();
        order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]));
        order
    }

    /// Returns every difference.
    pub fn all(&self) -> Set {
        (0..self.atoms.len()).collect()
    }

    fn atom(&self, atom: usize) -> Atom {
        let findings = self.findings(&Set::from([atom]));
        let label = match findings.first() {
            Some(finding) => format!("{}: {}", finding.class.name(), finding.message),
            None if atom < self.in_body => "the notation of the body".to_owned(),
            None => format!("{:?}", self.heads[atom - self.in_body]).to_lowercase(),
        };
        Atom { findings, label }
    }
}

fn options(request: &Request) -> diff::Options {
    diff::Options { method: Some(request.method_text()), ..diff::Options::default() }
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

    fn script(good: &str, candidate: &str) -> EditScript {
        let request = |body| exchange(1, "PUT", "/api/v2/interactions/12/wrap-up", body, 200).request;
        EditScript::new(&request(good), &request(candidate))
    }

    #[test]
    fn none_and_all_of_the_differences_are_the_two_bodies_byte_for_byte() {
        let (good, candidate) = (r#"{ "a": 1, "b": "x" }"#, r#"{"b" : "y","a":null}"#);
        let script = script(good, candidate);
        assert_eq!(script.atoms.len(), 2);
        assert_eq!(&script.request(&Set::new()).body.bytes[..], good.as_bytes());
        assert_eq!(&script.request(&script.all()).body.bytes[..], candidate.as_bytes());
        assert_eq!(script.order()[0], 0, "null is likelier to matter than another word");
    }

    #[test]
    fn a_body_that_is_no_json_is_one_difference() {
        let script = script(r#"{"a":1}"#, "{\"a\":NaN,");
        assert_eq!(script.atoms.len(), 1);
        assert!(script.atoms[0].label.starts_with("invalid_json"), "{}", script.atoms[0].label);
    }

    #[test]
    fn notation_alone_is_a_difference_without_findings() {
        let script = script(r#"{"a":1}"#, r#"{"a": 1}"#);
        assert_eq!(script.atoms.len(), 1);
        assert!(script.atoms[0].findings.is_empty());
    }
}
