//! Floor 1: compares a candidate with a known-good payload or request and yields findings. Pure.
//!
//! A body is walked pair by pair (`matching`, with `root`, `renames`, `arrays`, `identity`), what is left over is
//! settled (`settle`, with `pool` and `moves`), each pair is judged (`classify`), and the findings are weighed,
//! worded and put in order (`severity`, `wording`, `order`). Nothing here recurses on input.

mod arrays;
mod classify;
pub mod comparison;
pub mod convert;
mod fit;
pub mod fix;
mod formats;
mod identity;
mod ignore;
mod keys;
pub mod learnt;
mod matching;
mod moves;
mod names;
mod order;
pub mod patch;
mod pool;
mod renames;
pub mod request;
mod root;
mod settle;
pub mod severity;
mod shapes;
mod side;
mod similarity;
mod texts;
mod times;
mod wording;

use crate::diff::comparison::Comparison;
use crate::diff::matching::{Matching, Raw};
use crate::diff::severity::ExtraMembers;
use crate::diff::side::Side;
use crate::json::document::Document;
use crate::json::pointer::Pointer;
use crate::model::finding::Severity;
use crate::model::operation::Operation;

/// What a comparison may be told.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// The request's method: on a PATCH an extra field is an error.
    pub method: Option<String>,
    /// Places whose findings are counted and not listed, with all they hold; the step `*` is any one step.
    pub ignore: Vec<Pointer>,
    /// A member that the good body does not have is an error.
    pub exact: bool,
    /// Operations whose templates name the ids of a request's path; without a fitting one, segments shaped like ids
    /// are the ids.
    pub operations: Vec<Operation>,
}

/// Compares the candidate's body with a good one, whatever bytes they are.
pub fn bodies(good: &[u8], candidate: &[u8], options: &Options) -> Comparison {
    let (good, candidate) = (Document::parse(good), Document::parse(candidate));
    let texts = texts::of(&good, &candidate);
    let (good, candidate) = (Side::new(good), Side::new(candidate));
    let mut findings = texts.findings;
    let (mut of_good, mut of_candidate) = (Vec::new(), Vec::new());
    if texts.comparable {
        let matching = Matching::run(&good, &candidate);
        let extra = ExtraMembers::of(options);
        let mut raws: Vec<(order::Key, Severity, Raw)> = matching
            .findings
            .iter()
            .map(|raw| {
                let severity = severity::of(raw, &good, &candidate, extra);
                (order::key(raw, severity, &good, &candidate), severity, *raw)
            })
            .collect();
        raws.sort_by_key(|(key, ..)| *key);
        findings.extend(
            raws.iter().map(|(_, severity, raw)| wording::finding(raw, *severity, &good, &candidate)),
        );
        (of_good, of_candidate) = matching.into_partners();
    }
    let hidden = ignore::hide(&mut findings, &options.ignore);
    let outcome = comparison::outcome(&findings, texts.comparable);
    let (good, candidate) = (good.doc, candidate.doc);
    Comparison { outcome, findings, hidden, good, candidate, of_good, of_candidate }
}

#[cfg(test)]
mod tests {
    use super::{Options, bodies};
    use crate::model::finding::{Class, Outcome, Severity};

    #[test]
    fn what_is_beyond_a_limit_ends_in_a_clear_finding() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        for (body, limit) in
            [(nested(100_000), "1,000 levels"), (format!("[\"{}\"]", "x".repeat(64 << 20)), "64 MiB")]
        {
            let comparison = bodies(b"[1]", body.as_bytes(), &Options::default());
            let finding = &comparison.findings[0];
            assert_eq!((finding.class, finding.severity), (Class::NotCompared, Severity::Warning));
            assert_eq!(finding.limit.as_deref(), Some(limit));
            assert_eq!((comparison.outcome, comparison.findings.len()), (Outcome::Unknown, 1));
        }
    }

    #[test]
    fn a_thousand_levels_are_compared() {
        let nested = |levels: usize, inner: &str| "[1,".repeat(levels) + inner + &"]".repeat(levels);
        let comparison =
            bodies(nested(1_000, "2").as_bytes(), nested(1_000, "null").as_bytes(), &Options::default());
        assert_eq!(comparison.findings.len(), 1);
        assert_eq!(comparison.findings[0].class, Class::NullField);
        assert_eq!(comparison.outcome, Outcome::Fail);
    }

    #[test]
    fn ignored_places_are_counted() {
        let ignore = vec![crate::json::pointer::Pointer::parse("/a/*").unwrap()];
        let options = Options { ignore, ..Options::default() };
        let comparison = bodies(br#"{"a":{"x":1,"y":2},"b":3}"#, br#"{"a":{"x":"1"},"b":"3"}"#, &options);
        assert_eq!((comparison.findings.len(), comparison.hidden), (1, 2));
    }
}
