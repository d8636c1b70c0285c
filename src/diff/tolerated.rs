//! At which places values may differ, as two or more accepted requests of one operation show.
//!
//! Ids, times and texts are different in every request. Where accepted requests differ from one another, a
//! candidate that differs there from one of them as well is not worth a finding. Only differences of value
//! count, never a `null`, another type or another key.

use std::collections::BTreeSet;

use crate::diff::comparison::Comparison;
use crate::diff::{Options, bodies};
use crate::json::pointer::Pointer;
use crate::model::finding::{Class, Finding};

/// The classes that may be harmless at a place.
const VALUES: [Class; 4] =
    [Class::ValueChanged, Class::FormatMismatch, Class::ArrayLength, Class::ArrayOrder];

/// Places (with `*` for indices) where accepted requests differ in value.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tolerated {
    /// The class of difference and its place.
    places: BTreeSet<(Class, Pointer)>,
}

impl Tolerated {
    /// Compares the bodies of accepted requests of one operation; fewer than two show nothing.
    pub fn from_accepted(accepted: &[&[u8]]) -> Self {
        let mut places = BTreeSet::new();
        if let Some((newest, others)) = accepted.split_last() {
            for other in others {
                let found = bodies(newest, other, &Options::default()).findings;
                places.extend(found.iter().filter_map(place));
            }
        }
        Self { places }
    }

    /// Removes the findings at tolerated places, and returns these places.
    pub fn apply(&self, comparison: &mut Comparison) -> Vec<Pointer> {
        let mut gone = BTreeSet::new();
        comparison.findings.retain(|finding| match place(finding) {
            Some(key) if self.places.contains(&key) => {
                gone.insert(key.1);
                false
            }
            _ => true,
        });
        gone.into_iter().collect()
    }
}

/// Returns the class and place of a finding that may be tolerated, the same for every element of an array.
fn place(finding: &Finding) -> Option<(Class, Pointer)> {
    let pointer = finding.good_path.as_ref().filter(|_| VALUES.contains(&finding.class))?;
    let any =
        |step: String| if step.bytes().all(|byte| byte.is_ascii_digit()) { "*".to_owned() } else { step };
    let pattern = pointer.steps().map(any).fold(Pointer::root(), |pattern, step| pattern.member(&step));
    Some((finding.class, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(accepted: &[&str], good: &str, candidate: &str) -> (Vec<&'static str>, Vec<String>) {
        let accepted: Vec<&[u8]> = accepted.iter().map(|text| text.as_bytes()).collect();
        let mut comparison = bodies(good.as_bytes(), candidate.as_bytes(), &Options::default());
        let gone = Tolerated::from_accepted(&accepted).apply(&mut comparison);
        let classes = comparison.findings.iter().map(|finding| finding.class.name()).collect();
        (classes, gone.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_value_that_differs_between_accepted_requests_may_differ_in_the_candidate() {
        let accepted = [r#"{"held":true,"n":[{"id":"a1b2"}]}"#, r#"{"held":false,"n":[{"id":"c3d4"}]}"#];
        let (classes, gone) = left(&accepted, accepted[1], r#"{"held":true,"n":[{"id":"e5f6"}]}"#);
        assert_eq!((classes, gone), (vec![], vec!["/held".to_owned(), "/n/*/id".to_owned()]));
    }

    #[test]
    fn one_accepted_request_shows_nothing_and_a_null_is_never_tolerated() {
        assert_eq!(left(&[r#"{"a":true}"#], r#"{"a":true}"#, r#"{"a":false}"#).0, ["value_changed"]);
        let accepted = [r#"{"a":null}"#, r#"{"a":true}"#];
        assert_eq!(left(&accepted, r#"{"a":true}"#, r#"{"a":null}"#).0, ["null_field"]);
    }
}
