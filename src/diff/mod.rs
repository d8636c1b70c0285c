//! Floor 1: compares a candidate with a known-good payload or request and yields findings. Pure.
//!
//! `compare` drives it: a body is walked pair by pair (`matching`, with `root`, `renames`, `arrays`,
//! `identity`), what is left over is matched (`match_leftovers`, with `unmatched` and `moves`), each pair is
//! judged (`classify`), and the findings get a severity, a sentence and their order (`severity`, `message`,
//! `order`). Nothing here recurses on input.

mod arrays;
mod classify;
mod compare;
pub mod comparison;
pub mod convert;
pub mod fix;
mod formats;
mod identity;
mod ignore;
mod indexed;
mod match_leftovers;
mod matching;
mod message;
mod moves;
mod moves_by_name;
mod options;
mod order;
mod partners;
pub mod patch;
mod renames;
pub mod request;
mod root;
pub mod severity;
mod shapes;
mod similarity;
pub(crate) mod syntax;
mod timestamps;
pub mod tolerated;
mod unmatched;

pub(crate) use crate::diff::classify::SWALLOWED;
pub use crate::diff::compare::bodies;
pub use crate::diff::options::Options;

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
