//! The differences around the body: method, path, query parameters, headers that can matter.

use std::collections::BTreeSet;

use crate::diagnose::pairing;
use crate::diff;
use crate::model::exchange::{Body, Header, Request};
use crate::model::finding::Severity;
use crate::model::wire_bytes::WireBytes;

/// One difference around the body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum HeadAtom {
    Method,
    /// The path, where it addresses another operation; other ids are no difference.
    Path,
    /// All parameters of this name, as they are.
    Query(String),
    /// All lines of this name, in lower case.
    Header(String),
}

/// Returns the differences of two heads that can matter.
pub(super) fn atoms(good: &Request, candidate: &Request) -> Vec<HeadAtom> {
    let mut atoms = Vec::new();
    if good.method != candidate.method {
        atoms.push(HeadAtom::Method);
    }
    let template = |request: &Request| {
        pairing::operation_of(&Request { method: "GET".into(), ..request.clone() }).template
    };
    if template(good) != template(candidate) {
        atoms.push(HeadAtom::Path);
    }
    let (own, others) = (parameters(good), parameters(candidate));
    let names: BTreeSet<&str> = own.iter().chain(&others).map(|part| name(part)).collect();
    for wanted in names {
        let of = |parts: &[String]| -> Vec<String> {
            parts.iter().filter(|part| name(part) == wanted).cloned().collect()
        };
        if of(&own) != of(&others) {
            atoms.push(HeadAtom::Query(wanted.to_owned()));
        }
    }
    let names: BTreeSet<String> = [good, candidate]
        .iter()
        .flat_map(|request| request.headers.iter())
        .map(|header| header.name.lossy().to_ascii_lowercase())
        .collect();
    // what is wrong with a body is no difference of the heads, but that there is one counts
    let bodied = |request| Request { body: Body::whole(&b"{}"[..]), ..request };
    for name in names {
        let atom = HeadAtom::Header(name);
        let with = bodied(merge(good, candidate, &[(true, &atom)]));
        let base = bodied(merge(good, candidate, &[(false, &atom)]));
        let matters = diff::request::compare(&base, &with, &diff::Options::default())
            .findings
            .iter()
            .any(|finding| finding.severity != Severity::Info);
        if matters {
            atoms.push(atom);
        }
    }
    atoms
}

/// Returns the candidate's head with what is not among the differences (`false`) as in the good one. The body
/// is the candidate's.
pub(super) fn merge(good: &Request, candidate: &Request, atoms: &[(bool, &HeadAtom)]) -> Request {
    let mut request = candidate.clone();
    let (mut path, mut query) = (split(candidate).0, parameters(candidate));
    for atom in atoms.iter().filter(|(present, _)| !present).map(|(_, atom)| atom) {
        match atom {
            HeadAtom::Method => request.method = good.method.clone(),
            HeadAtom::Path => path = split(good).0,
            HeadAtom::Query(wanted) => {
                let first = query.iter().position(|part| name(part) == wanted).unwrap_or(query.len());
                query.retain(|part| name(part) != wanted);
                let known = parameters(good).into_iter().filter(|part| name(part) == wanted);
                query.splice(first..first, known);
            }
            HeadAtom::Header(wanted) => {
                let lines = &mut request.headers.0;
                let first =
                    lines.iter().position(|line| line.name.eq_ignore_case(wanted)).unwrap_or(lines.len());
                lines.retain(|line| !line.name.eq_ignore_case(wanted));
                let known: Vec<Header> =
                    good.headers.iter().filter(|line| line.name.eq_ignore_case(wanted)).cloned().collect();
                let first = first.min(lines.len());
                lines.splice(first..first, known);
            }
        }
    }
    let target = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    request.target = WireBytes::from(target);
    request
}

fn split(request: &Request) -> (String, Option<String>) {
    (request.path(), request.query())
}

fn parameters(request: &Request) -> Vec<String> {
    match split(request).1 {
        Some(query) if !query.is_empty() => query.split('&').map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn name(part: &str) -> &str {
    part.split('=').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::exchange::Headers;
    use crate::model::testing::exchange;

    #[test]
    fn what_matters_around_the_body_can_be_had_one_by_one() {
        let mut good = exchange(1, "POST", "/api/v2/a/12/b?x=1&y=2", "{}", 200).request;
        let mut candidate = exchange(2, "PUT", "/api/v2/a/13/b?y=3", "{}", 400).request;
        good.headers = Headers::of([("Content-Type", "application/json"), ("User-Agent", "a")]);
        candidate.headers = Headers::of([("content-type", "text/plain"), ("User-Agent", "b")]);
        let atoms = atoms(&good, &candidate);
        assert_eq!(
            atoms,
            [
                HeadAtom::Method,
                HeadAtom::Query("x".into()),
                HeadAtom::Query("y".into()),
                HeadAtom::Header("content-type".into())
            ]
        );
        let none: Vec<(bool, &HeadAtom)> = atoms.iter().map(|atom| (false, atom)).collect();
        let mended = merge(&good, &candidate, &none);
        assert_eq!(mended.target, "/api/v2/a/13/b?y=2&x=1".into());
        assert_eq!(
            (mended.method, mended.headers.text("content-type")),
            ("POST".into(), Some("application/json"))
        );
    }
}
