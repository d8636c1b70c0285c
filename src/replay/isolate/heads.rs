//! The differences around the body: method, path, query parameters, headers that can matter.

use std::collections::BTreeSet;

use crate::diff;
use crate::model::exchange::{Body, Header, Request};
use crate::model::finding::{Finding, Severity};
use crate::model::wire_bytes::WireBytes;

/// A part of a request around its body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum HeadPart {
    Method,
    /// The path, where it addresses another operation; other ids are no difference.
    Path,
    /// All parameters of this name, as they are.
    Query(String),
    /// All lines of this name, in lower case.
    Header(String),
}

/// Returns the parts of two heads whose difference can matter, each with what it is.
pub(super) fn parts(good: &Request, candidate: &Request) -> Vec<(HeadPart, Vec<Finding>)> {
    // what is wrong with a body is no difference of the heads, but that there is one counts
    let bodied = |request: &Request| Request { body: Body::whole(&b"{}"[..]), ..request.clone() };
    let (good, candidate) = (bodied(good), bodied(candidate));
    let requests = [&good, &candidate];
    let parameters = requests.map(parameters).concat();
    let queries: BTreeSet<&str> = parameters.iter().map(|part| name(part)).collect();
    let headers = requests.into_iter().flat_map(|request| request.headers.iter());
    let headers: BTreeSet<String> = headers.map(|line| line.name.lossy().to_ascii_lowercase()).collect();
    let all: Vec<HeadPart> = [HeadPart::Method, HeadPart::Path]
        .into_iter()
        .chain(queries.into_iter().map(|name| HeadPart::Query(name.to_owned())))
        .chain(headers.into_iter().map(HeadPart::Header))
        .collect();
    let none = mend(&good, &candidate, &all.iter().collect::<Vec<_>>());
    let mut parts = Vec::new();
    for part in &all {
        let others: Vec<&HeadPart> = all.iter().filter(|other| *other != part).collect();
        let alone = mend(&good, &candidate, &others);
        let mut findings = diff::request::head(&none, &alone, &diff::Options::default());
        if !matches!(part, HeadPart::Query(_)) {
            findings.retain(|finding| finding.severity != Severity::Info);
        }
        if !findings.is_empty() {
            parts.push((part.clone(), findings));
        }
    }
    parts
}

/// Returns the candidate with these parts of its head as in the good request. The body is the candidate's.
pub(super) fn mend(good: &Request, candidate: &Request, parts: &[&HeadPart]) -> Request {
    let mut request = candidate.clone();
    let (mut path, mut query) = (candidate.path(), parameters(candidate));
    for part in parts {
        match part {
            HeadPart::Method => request.method = good.method.clone(),
            HeadPart::Path => path = good.path(),
            HeadPart::Query(wanted) => {
                replace(&mut query, parameters(good), |part| name(part) == wanted);
            }
            HeadPart::Header(wanted) => {
                let known = good.headers.iter().cloned().collect();
                replace(&mut request.headers.0, known, |line: &Header| line.name.eq_ignore_case(wanted));
            }
        }
    }
    let target = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    request.target = WireBytes::from(target);
    request
}

/// Puts the wanted ones of `known` in the place of those in `list`.
fn replace<T>(list: &mut Vec<T>, known: Vec<T>, wanted: impl Fn(&T) -> bool) {
    let first = list.iter().position(&wanted).unwrap_or(list.len());
    list.retain(|each| !wanted(each));
    list.splice(first..first, known.into_iter().filter(wanted));
}

fn parameters(request: &Request) -> Vec<String> {
    let query = request.query().unwrap_or_default();
    query.split('&').filter(|part| !part.is_empty()).map(str::to_owned).collect()
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
        let parts: Vec<HeadPart> = parts(&good, &candidate).into_iter().map(|(part, _)| part).collect();
        assert_eq!(
            parts,
            [
                HeadPart::Method,
                HeadPart::Query("x".into()),
                HeadPart::Query("y".into()),
                HeadPart::Header("content-type".into())
            ]
        );
        let mended = mend(&good, &candidate, &parts.iter().collect::<Vec<_>>());
        assert_eq!(mended.target, "/api/v2/a/13/b?y=2&x=1".into());
        assert_eq!(
            (mended.method, mended.headers.text("content-type")),
            ("POST".into(), Some("application/json"))
        );
    }
}
