//! Milliseconds under a name of seconds, shown by the times that reads of the same conversation have.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::genesys::evidence::conversation;
use crate::json::edit::Edit;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::case::Case;
use crate::model::exchange::ExchangeId;
use crate::model::finding::{Class, Finding, Severity, Shown};
use crate::model::spelling;
use crate::model::timestamp::Timestamp;

/// Shorter spans are as likely seconds.
const SHORTEST: u64 = 1_000;

/// Times that are compared with each other.
const MOST_TIMES: usize = 64;

/// How deep a body is looked into.
const DEEPEST: usize = 3;

/// A point in time that a read has.
struct SeenTime {
    milliseconds: i64,
    exchange: ExchangeId,
    place: Pointer,
}

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let (Some(body), Some(conversation)) = (case.body.json(), case.id("conversationId")) else {
        return Vec::new();
    };
    let mut durations = Vec::new();
    collect_durations(body, &Pointer::root(), &mut durations);
    if durations.is_empty() {
        return Vec::new();
    }
    let mut times: BTreeMap<i64, SeenTime> = BTreeMap::new();
    for read in conversation::reads_of(case, conversation) {
        collect_times(&read.document, &Pointer::root(), read.exchange.id, &mut times);
    }
    let times: Vec<SeenTime> = times.into_values().take(MOST_TIMES).collect();
    durations.into_iter().filter_map(|(at, span)| fault(&at, span, &times)).collect()
}

fn fault(at: &Pointer, span: u64, times: &[SeenTime]) -> Option<Finding> {
    let apart = |span: u64| {
        let pairs =
            times.iter().enumerate().flat_map(|(n, from)| times[..n].iter().map(move |to| (from, to)));
        pairs.into_iter().find(|(a, b)| a.milliseconds.abs_diff(b.milliseconds) == span)
    };
    // what two times are apart in seconds as well, proves nothing
    let (late, early) = apart(span).filter(|_| apart(span.saturating_mul(1_000)).is_none())?;
    let seconds = (span + 500) / 1_000;
    Some(Finding {
        severity: Severity::Error,
        candidate_path: Some(at.clone()),
        sent: Some(Shown { kind: "number", text: span.to_string(), span: None }),
        expected: Some(Shown::words("seconds")),
        message: format!(
            "`{at}` is {span}: the milliseconds between {} and {} of the answer to {}, under a name of seconds",
            early.place, late.place, late.exchange
        ),
        help: format!("divide by 1000: {seconds}"),
        exchange: Some(late.exchange),
        edits: vec![Edit::Set(at.clone(), seconds.to_string())],
        ..Finding::new(Class::UnitMismatch, Authority::Proof)
    })
}

/// Whole numbers under a name of seconds.
fn collect_durations(value: &Value, at: &Pointer, found: &mut Vec<(Pointer, u64)>) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        let place = at.member(key);
        let of_seconds = || spelling::words(key).last().is_some_and(|unit| unit == "seconds");
        match inner.as_u64() {
            Some(span) if span >= SHORTEST && of_seconds() => found.push((place, span)),
            None if place.steps().count() < DEEPEST => collect_durations(inner, &place, found),
            _ => {}
        }
    }
}

fn collect_times(value: &Value, at: &Pointer, exchange: ExchangeId, found: &mut BTreeMap<i64, SeenTime>) {
    match value {
        Value::String(text) if text.len() >= 20 && text.as_bytes()[4] == b'-' => {
            if let Some(time) = Timestamp::parse(text) {
                let milliseconds = time.0 / 1_000;
                found.insert(milliseconds, SeenTime { milliseconds, exchange, place: at.clone() });
            }
        }
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .for_each(|(n, inner)| collect_times(inner, &at.element(n), exchange, found)),
        Value::Object(members) => {
            members.iter().for_each(|(key, inner)| collect_times(inner, &at.member(key), exchange, found));
        }
        _ => {}
    }
}
