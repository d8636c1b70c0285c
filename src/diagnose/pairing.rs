//! Which known-good payload a candidate is compared with, and why just this one.
//!
//! Known-good are payloads of the same operation that the API accepted, or is documented or claimed to
//! accept. The order is: the user's own baselines, the most similar accepted exchange of the recording, a
//! built-in example.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api;
use crate::diagnose::likeness::Keys;
use crate::model::baseline::Baseline;
use crate::model::coding;
use crate::model::exchange::{Exchange, ExchangeId, Request};
use crate::model::known_good::{KnownGood, KnownGoodOrigin, Pairing};
use crate::model::operation::Operation;

/// Accepted payloads of different shape that are kept per operation; an older one of the same shape gives
/// way.
const SHAPES: usize = 16;

/// Operations that are remembered: paths without a catalogue can be of any number, and memory has to stay
/// flat.
const OPERATIONS: usize = 1024;

/// Returns the operation of a request: from the catalogue, else its path with id-shaped segments as `{id}`.
pub fn operation_of(request: &Request) -> Operation {
    operation_at(&request.method_text(), &request.path())
}

/// Returns the operation of a method and a path, likewise.
pub fn operation_at(method: &str, path: &str) -> Operation {
    api::assumed().operation_at(method, path)
}

/// Accepted exchanges of a recording, kept small: per operation the two newest of each shape of body.
#[derive(Clone, Debug, Default)]
pub struct Accepted(BTreeMap<Operation, Vec<(Keys, KnownGood)>>);

impl Accepted {
    /// Takes an exchange in, if it can serve as known-good: answered with 2xx, and its whole body JSON and
    /// not empty.
    pub fn offer(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        if !exchange.is_accepted() || request.body.is_empty() || request.body.cut {
            return;
        }
        let Some(body) = coding::decoded(&request.headers, &request.body) else { return };
        let Ok(value) = serde_json::from_slice::<Value>(&body) else { return };
        if matches!(&value, Value::Null) || value.as_object().is_some_and(serde_json::Map::is_empty) {
            return;
        }
        let (operation, shape) = (operation_of(request), Keys::from_value(&value));
        if self.0.len() == OPERATIONS && !self.0.contains_key(&operation) {
            return;
        }
        let kept = self.0.entry(operation).or_default();
        // two of each: an accepted exchange that is looked at itself is compared with the one before it
        if kept.iter().filter(|(known, _)| *known == shape).count() == 2 {
            let oldest = kept.iter().position(|(known, _)| *known == shape);
            oldest.map(|oldest| kept.remove(oldest));
        }
        if kept.len() == 2 * SHAPES {
            kept.remove(0);
        }
        kept.push((shape, KnownGood { body: body.into_owned().into(), ..KnownGood::of_exchange(exchange) }));
    }

    /// Returns whether the recording holds an accepted request of this operation.
    pub fn has(&self, operation: &Operation) -> bool {
        self.0.contains_key(operation)
    }
}

/// Where known-good payloads may come from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The user's own, from `./recordings/baselines/`.
    pub folder: &'a [Baseline],
    /// What the recording itself shows as accepted.
    pub accepted: &'a Accepted,
    /// What the program brings along.
    pub embedded: &'a [Baseline],
}

/// Looks for the best known-good payload of a request.
///
/// Of several in one source the most similar wins, by the share of keys in common; among equals the newest.
/// Every known-good payload has to share a key with the candidate, where the candidate has any: operations
/// such as a PATCH take bodies that have nothing to do with each other.
pub fn pair(request: &Request, sources: Sources<'_>) -> Pairing {
    pair_but(None, request, sources)
}

/// As [`pair`] for an exchange of the recording: never with itself.
pub fn pair_exchange(exchange: &Exchange, sources: Sources<'_>) -> Pairing {
    pair_but(Some(exchange.id), &exchange.request, sources)
}

fn pair_but(own: Option<ExchangeId>, request: &Request, sources: Sources<'_>) -> Pairing {
    let operation = operation_of(request);
    let Ranked { folder, accepted, embedded, has_keys, unlike } = rank(own, request, &operation, sources);
    let counts = (folder.len(), accepted.len());
    let mut ranked = folder.into_iter().chain(accepted).chain(embedded);
    let Some((share, chosen)) = ranked.next() else {
        let why = match unlike {
            0 => "no baseline, and no accepted request in this recording".to_owned(),
            1 => "the one that is known has no key in common with this body".to_owned(),
            n => format!("of {n} that are known none has a key in common with this body"),
        };
        let reason = format!("no known-good payload of {operation}: {why}");
        return Pairing { chosen: None, reason, close: Vec::new() };
    };
    let share_text =
        if has_keys { format!(", {:.0} % of the keys in common", share * 100.0) } else { String::new() };
    Pairing {
        reason: format!("{}{share_text}", reason_for(&chosen.origin, counts)),
        close: ranked
            .filter(|(other, _)| *other + 0.2 >= share)
            .map(|(_, good)| good.label)
            .take(4)
            .collect(),
        chosen: Some(chosen),
    }
}

/// Says why a known-good payload of this origin was chosen; `counts` are those of the folder and of the
/// recording.
fn reason_for(origin: &KnownGoodOrigin, counts: (usize, usize)) -> String {
    match (origin, counts) {
        (KnownGoodOrigin::Folder, (1, _)) => "your only baseline of this operation".to_owned(),
        (KnownGoodOrigin::Folder, (n, _)) => {
            format!("the most similar of your {n} baselines of this operation")
        }
        (KnownGoodOrigin::Exchange(_), (_, 1)) => {
            "the accepted request of this operation in the recording".to_owned()
        }
        (KnownGoodOrigin::Exchange(_), (_, n)) => {
            format!(
                "the most similar of {n} differently shaped requests of this operation that were accepted"
            )
        }
        _ => "an example that is built in; nothing accepted was recorded for this operation".to_owned(),
    }
}

/// Returns every known-good payload that an exchange can be compared with, in the order in which [`pair`]
/// chooses.
pub fn choices(exchange: &Exchange, sources: Sources<'_>) -> Vec<KnownGood> {
    let (own, request) = (Some(exchange.id), &exchange.request);
    let Ranked { folder, accepted, embedded, .. } = rank(own, request, &operation_of(request), sources);
    folder.into_iter().chain(accepted).chain(embedded).map(|(_, good)| good).collect()
}

/// Known-good payloads of one request by source, the most similar first, each with the share of keys in
/// common.
struct Ranked {
    folder: Vec<(f64, KnownGood)>,
    accepted: Vec<(f64, KnownGood)>,
    embedded: Vec<(f64, KnownGood)>,
    /// The candidate has keys that can be shared.
    has_keys: bool,
    /// How many others are known for the operation that share no key.
    unlike: usize,
}

fn rank(own: Option<ExchangeId>, request: &Request, operation: &Operation, sources: Sources<'_>) -> Ranked {
    let keys = keys_of_body(request);
    let mut unlike = 0;
    let of = |baselines: &[Baseline], origin: &KnownGoodOrigin| -> Vec<(Keys, KnownGood)> {
        let serving = baselines.iter().filter(|baseline| serves(&baseline.operation, operation, request));
        serving
            .map(|baseline| {
                let good = KnownGood::of_baseline(baseline, origin.clone());
                (Keys::from_body(baseline.body.as_bytes()), good)
            })
            .collect()
    };
    let is_own = |good: &KnownGood| own.is_some_and(|own| good.origin == KnownGoodOrigin::Exchange(own));
    let mut shapes: Vec<&Keys> = Vec::new();
    let accepted: Vec<(Keys, KnownGood)> = sources
        .accepted
        .0
        .get(operation)
        .into_iter()
        .flatten()
        .rev()
        .filter(|(_, good)| !is_own(good))
        .filter(|(shape, _)| {
            let fresh = !shapes.contains(&shape);
            shapes.push(shape);
            fresh
        })
        .cloned()
        .collect();
    let mut ranked = |found: Vec<(Keys, KnownGood)>| {
        let all = found.len();
        let alike = found.into_iter().filter(|(shape, _)| keys.is_empty() || keys.overlap(shape));
        let mut alike: Vec<_> = alike.map(|(shape, good)| (keys.share(&shape), good)).collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0));
        unlike += all - alike.len();
        alike
    };
    let folder = ranked(of(sources.folder, &KnownGoodOrigin::Folder));
    let accepted = ranked(accepted);
    let embedded = of(sources.embedded, &KnownGoodOrigin::Embedded);
    // an example says nothing of what is accepted: one that is unlike is not worth a word
    let embedded = embedded.into_iter().filter(|(shape, _)| keys.is_empty() || keys.overlap(shape));
    let embedded = embedded.map(|(shape, good)| (keys.share(&shape), good)).collect();
    Ranked { folder, accepted, embedded, has_keys: !keys.is_empty(), unlike }
}

/// What the choice among baselines rests on: requests that are alike here are paired alike.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Likeness {
    /// The operation of the request.
    pub operation: Operation,
    keys: Keys,
    /// Which baselines are good for the request.
    serving: Vec<bool>,
}

impl Likeness {
    /// Looks at a request; `baselines` are those of the sources, always in the same order.
    pub fn of<'b>(request: &Request, baselines: impl Iterator<Item = &'b Baseline>) -> Self {
        let operation = operation_of(request);
        let serving = baselines.map(|baseline| serves(&baseline.operation, &operation, request)).collect();
        Self { keys: keys_of_body(request), operation, serving }
    }
}

fn keys_of_body(request: &Request) -> Keys {
    let body = coding::decoded(&request.headers, &request.body);
    body.map(|body| Keys::from_body(&body)).unwrap_or_default()
}

/// Returns whether a baseline is good for the request: same operation, or a template that the path fits.
fn serves(good: &Operation, operation: &Operation, request: &Request) -> bool {
    good == operation
        || good.method == operation.method && good.fits(api::assumed().own_path(&request.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::baseline::Provenance;
    use crate::model::testing::exchange;

    const PATH: &str = "/api/v2/interactions/7fb334b0-0e9e-11e4-9191-0800200c9a66/wrap-up";

    fn baseline(name: &str, body: &str) -> Baseline {
        Baseline {
            name: name.into(),
            operation: Operation {
                method: "PUT".into(),
                template: "/api/v2/interactions/{interactionId}/wrap-up".into(),
            },
            provenance: Provenance::ForumClaim,
            source: "a thread".into(),
            date: "2026-11-20".into(),
            content_type: None,
            body: body.into(),
            ignore: Vec::new(),
            exact: false,
        }
    }

    fn recorded(id: u64, status: u16, body: &str) -> Exchange {
        exchange(id, "PUT", PATH, body, status)
    }

    fn pair_with(folder: &[Baseline], recorded: &[Exchange], embedded: &[Baseline], body: &str) -> Pairing {
        let mut accepted = Accepted::default();
        recorded.iter().for_each(|exchange| accepted.offer(exchange));
        pair(&self::recorded(99, 400, body).request, Sources { folder, accepted: &accepted, embedded })
    }

    fn label(pairing: &Pairing) -> &str {
        pairing.chosen.as_ref().map_or("none", |good| good.label.as_str())
    }

    #[test]
    fn own_baselines_come_before_accepted_requests_and_these_before_what_is_built_in() {
        let good = r#"{"codeId":"x","durationMs":1}"#;
        let (own, built_in, seen) =
            ([baseline("own", good)], [baseline("built-in", good)], [recorded(3, 204, good)]);
        assert_eq!(label(&pair_with(&own, &seen, &built_in, good)), "baseline `own`");
        assert_eq!(label(&pair_with(&[], &seen, &built_in, good)), "exchange #3");
        assert_eq!(label(&pair_with(&[], &[], &built_in, good)), "embedded baseline `built-in`");
    }

    #[test]
    fn the_most_similar_wins_and_the_newest_among_equals() {
        let seen = [
            recorded(1, 204, r#"{"codeId":"x","durationMs":1}"#),
            recorded(2, 204, r#"{"codeId":"y","durationMs":2}"#),
            recorded(3, 204, r#"{"codeId":"x"}"#),
        ];
        let pairing = pair_with(&[], &seen, &[], r#"{"codeId":"z","duration_ms":5}"#);
        assert_eq!(label(&pairing), "exchange #2");
        assert!(pairing.reason.contains("2 differently shaped"), "{}", pairing.reason);
    }

    #[test]
    fn an_accepted_exchange_is_compared_with_another_one_and_never_with_itself() {
        let mut accepted = Accepted::default();
        let seen: Vec<Exchange> = (1..=4).map(|id| recorded(id, 204, r#"{"codeId":"x"}"#)).collect();
        seen.iter().for_each(|exchange| accepted.offer(exchange));
        let sources = Sources { folder: &[], accepted: &accepted, embedded: &[] };
        assert_eq!(label(&pair_exchange(&seen[3], sources)), "exchange #3");
        assert_eq!(label(&pair_exchange(&seen[0], sources)), "exchange #4");
        let mut alone = Accepted::default();
        alone.offer(&seen[0]);
        let sources = Sources { accepted: &alone, ..sources };
        assert_eq!(label(&pair_exchange(&seen[0], sources)), "none");
    }

    #[test]
    fn refused_empty_foreign_and_unrelated_requests_are_not_known_good() {
        let seen = [
            recorded(1, 400, r#"{"codeId":"x"}"#),
            recorded(2, 204, ""),
            recorded(3, 204, "{}"),
            recorded(4, 204, "codeId=x"),
            recorded(5, 204, r#"{"state":"disconnected"}"#),
            exchange(6, "PUT", "/api/v2/other", r#"{"codeId":"x"}"#, 204),
        ];
        let pairing = pair_with(&[], &seen, &[], r#"{"codeId":null}"#);
        assert_eq!(label(&pairing), "none");
        assert!(pairing.reason.starts_with("no known-good payload of PUT /api/v2/interactions/{id}/wrap-up"));
    }

    #[test]
    fn a_candidate_without_keys_is_paired_all_the_same() {
        let seen = [recorded(1, 204, r#"{"codeId":"x"}"#)];
        for body in ["", "null", "not json", "\"text\""] {
            assert_eq!(label(&pair_with(&[], &seen, &[], body)), "exchange #1", "{body}");
        }
    }

    #[test]
    fn what_shares_no_key_is_no_known_good_whatever_its_source() {
        let good = r#"{"wrapup":{"code":"x","notes":"n"}}"#;
        let (own, built_in, seen) =
            ([baseline("own", good)], [baseline("built-in", good)], [recorded(3, 204, good)]);
        let pairing = pair_with(&own, &seen, &built_in, r#"{"held":true}"#);
        assert_eq!(label(&pairing), "none");
        assert!(pairing.reason.ends_with("of 2 that are known none has a key in common with this body"));
        assert_eq!(label(&pair_with(&own, &seen, &built_in, r#"{"code":"x"}"#)), "baseline `own`");
        let text = r#"{"body":"{\"Wrap_Up\":{}}"}"#;
        assert_eq!(label(&pair_with(&[], &[], &built_in, text)), "embedded baseline `built-in`");
    }

    #[test]
    fn a_wrapped_body_still_resembles_the_good_one() {
        let own = [
            baseline("other", r#"{"wrapupCodes":[{"id":"x"}]}"#),
            baseline("own", r#"{"codeId":"x","durationMs":1}"#),
        ];
        let pairing = pair_with(&own, &[], &[], r#"{"body":{"codeId":"x","durationMs":1}}"#);
        assert_eq!(label(&pairing), "baseline `own`");
    }
}
