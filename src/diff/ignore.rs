//! Places whose findings are hidden, and counted.

use crate::json::pointer::Pointer;
use crate::model::finding::Finding;

/// Removes the findings at or inside an ignored place of either body and returns how many there were.
pub(crate) fn hide(findings: &mut Vec<Finding>, ignore: &[Pointer]) -> usize {
    let before = findings.len();
    findings.retain(|finding| {
        let places = finding.good_path.iter().chain(&finding.candidate_path);
        !places.into_iter().any(|place| is_ignored(place, ignore))
    });
    before - findings.len()
}

/// Returns whether a place, or one that holds it, fits one of the patterns.
pub(crate) fn is_ignored(place: &Pointer, patterns: &[Pointer]) -> bool {
    !patterns.is_empty()
        && std::iter::successors(Some(place.clone()), Pointer::parent)
            .any(|place| patterns.iter().any(|pattern| place.matches(pattern)))
}

#[cfg(test)]
mod tests {
    use super::is_ignored;
    use crate::json::pointer::Pointer;

    #[test]
    fn a_pattern_hides_the_place_and_what_it_holds() {
        let pattern = [Pointer::parse("/a/*/id").unwrap()];
        let hidden = |place: &str| is_ignored(&Pointer::parse(place).unwrap(), &pattern);
        assert!(hidden("/a/0/id") && hidden("/a/x/id/inner"));
        assert!(!hidden("/a/0") && !hidden("/a/0/name"));
    }
}
