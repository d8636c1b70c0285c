//! A miss explained: the recorded requests that come nearest, and what differs.

use crate::diff;
use crate::model::coding;
use crate::model::exchange::{Exchange, Request};
use crate::replay::mock::index::{Index, RecordedAnswer};
use crate::replay::mock::key::{self, RequestKey};

/// How many are named.
const NAMED: usize = 3;
/// How many recorded requests are looked into at most: a miss may take a moment, not more.
const LOOKED_INTO: usize = 60;
/// How many of one operation, the newest.
const OF_ONE: usize = 30;
/// How many findings of a body are reported.
const FINDINGS: usize = 3;

/// A recorded request that is not the one asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Near {
    /// Its id.
    pub id: u64,
    /// `PUT /api/v2/…`, as recorded.
    pub request: String,
    /// The status of its answer.
    pub status: u16,
    /// What differs, one line each, seen from the recorded one.
    pub differs: Vec<String>,
}

/// Returns the nearest recorded requests, the best first.
pub fn nearest(index: &Index, request: &Request, key: &RequestKey) -> Vec<Near> {
    let wanted = segments(&key.operation);
    let mut operations: Vec<(usize, &str, &[RecordedAnswer])> = index
        .operations()
        .map(|(name, answers)| (distance(&segments(name), &wanted), name, answers))
        .collect();
    operations.sort_by_key(|(far, name, _)| (*far, *name));
    let mut found: Vec<(usize, usize, Near)> = Vec::new();
    let mut seen: Vec<u64> = Vec::new();
    let answers = operations
        .iter()
        .flat_map(|(far, _, answers)| answers.iter().rev().take(OF_ONE).map(move |answer| (*far, *answer)));
    for (far, answer) in answers.take(LOOKED_INTO) {
        // nothing of a farther operation can push out three of a nearer one
        if found.len() >= NAMED && found.iter().all(|(other, ..)| *other < far) {
            break;
        }
        let Ok(exchange) = index.load(answer) else { continue };
        let own = RequestKey::new(&exchange.request);
        if seen.contains(&own.exact) {
            continue;
        }
        seen.push(own.exact);
        let (weight, differs) = differences(&exchange, request);
        let operation = format!("{} {}", exchange.request.method_text(), exchange.request.path());
        let near = Near { id: answer.id, request: operation, status: answer.status, differs };
        found.push((far, weight, near));
    }
    found.sort_by(|a, b| (a.0, a.1, b.2.id).cmp(&(b.0, b.1, a.2.id)));
    found.into_iter().take(NAMED).map(|(.., near)| near).collect()
}

/// Returns how much the asked request differs from a recorded one, and in what.
fn differences(recorded: &Exchange, asked: &Request) -> (usize, Vec<String>) {
    let known = &recorded.request;
    let mut differs = Vec::new();
    let (method, own_method) = (known.method_text(), asked.method_text());
    if method != own_method {
        differs.push(format!("method {own_method}, recorded {method}"));
    }
    let (path, own_path) = (key::path(known), key::path(asked));
    if key::templated(&path) != key::templated(&own_path) {
        differs.push(format!("path {own_path}, recorded {path}"));
    }
    let (query, own_query) = (key::query(known), key::query(asked));
    if query != own_query {
        let shown = |parts: &[String]| {
            if parts.is_empty() { "no query".to_owned() } else { format!("query {}", parts.join("&")) }
        };
        differs.push(format!("{}, recorded {}", shown(&own_query), shown(&query)));
    }
    let mut weight = differs.len() * 100;
    let (good, candidate) = (bytes(known), bytes(asked));
    if good != candidate {
        let options = diff::Options { method: Some(own_method), ..diff::Options::default() };
        let findings = diff::bodies(&good, &candidate, &options).findings;
        weight += findings.len();
        let more = findings.len().saturating_sub(FINDINGS);
        differs.extend(findings.iter().take(FINDINGS).map(|finding| format!("body: {}", finding.message)));
        if more > 0 {
            differs.push(format!("body: {more} more differences"));
        }
    }
    (weight, differs)
}

fn bytes(request: &Request) -> Vec<u8> {
    coding::decoded(&request.headers, &request.body)
        .map_or_else(|| request.body.bytes.to_vec(), std::borrow::Cow::into_owned)
}

fn segments(operation: &str) -> Vec<&str> {
    operation.split([' ', '/']).filter(|segment| !segment.is_empty()).collect()
}

/// How far two operations are apart: a segment more, less or altogether another counts two, another spelling
/// and another method one.
fn distance(from: &[&str], to: &[&str]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).map(|count| count * 2).collect();
    for (i, a) in from.iter().enumerate() {
        let mut corner = row[0];
        row[0] = (i + 1) * 2;
        for (j, b) in to.iter().enumerate() {
            let above = row[j + 1];
            let changed = match a == b {
                true => 0,
                false if i + j == 0 || spelled(a).eq(spelled(b)) => 1,
                false => 2,
            };
            row[j + 1] = (corner + changed).min(above + 2).min(row[j] + 2);
            corner = above;
        }
    }
    row[to.len()]
}

/// The letters of a segment, without what only separates them.
fn spelled(segment: &str) -> impl Iterator<Item = u8> + '_ {
    segment.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{distance, segments};

    #[test]
    fn operations_are_near_by_segments_and_method() {
        let far = |one, two| distance(&segments(one), &segments(two));
        assert_eq!(far("PUT /a/{id}/wrap-up", "PUT /a/{id}/wrap-up"), 0);
        assert_eq!(far("PUT /a/{id}/wrap-up", "POST /a/{id}/wrapup"), 2);
        assert_eq!(far("PUT /a/{id}", "PUT /a/{id}/wrap-up"), 2);
        assert_eq!(far("POST /a/{id}/wrap-up", "GET /b/{id}"), 5);
    }
}
