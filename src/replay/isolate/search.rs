//! Which set of differences to try next: delta debugging (ddmin) over an order from likely to unlikely.
//!
//! The smallest refused set is found by halving, by likelihood and not by number; one of its differences is
//! mended, and the rest is searched again, until it is accepted. An additional difference is assumed never to
//! make a refused request accepted, so an answer to a set is known for its subsets or supersets. The result
//! does not depend on that alone: the corrected request is sent.

use std::collections::BTreeSet;

/// Differences by their numbers.
pub type Set = BTreeSet<usize>;

/// What was answered so far.
#[derive(Clone, Debug, Default)]
pub struct KnownAnswers(Vec<(Set, bool)>);

/// How far the search is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// The differences that have to be mended, in the order in which they were found.
    pub fixes: Vec<Fix>,
    /// With these mended the request is accepted, and none of them can be left.
    pub complete: bool,
}

/// One difference that has to be mended.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// Its number.
    pub atom: usize,
    /// The refused set in which it was found: without it, that set is accepted.
    pub found_in: Set,
    /// Whether it is refused in an otherwise good request; `None` if that was not tried.
    pub alone: Option<bool>,
    /// Where it is not refused alone: the others that it takes to be refused.
    pub with: Vec<usize>,
}

impl KnownAnswers {
    /// Notes what was answered to a set.
    pub fn note(&mut self, set: Set, refused: bool) {
        self.0.push((set, refused));
    }

    /// Returns whether a set is refused, if that is known or follows.
    pub fn refused(&self, set: &Set) -> Option<bool> {
        if let Some((_, refused)) = self.0.iter().find(|(known, _)| known == set) {
            return Some(*refused);
        }
        if self.0.iter().any(|(known, refused)| *refused && known.is_subset(set)) {
            return Some(true);
        }
        self.0.iter().any(|(known, refused)| !*refused && known.is_superset(set)).then_some(false)
    }
}

/// Returns how far what is known leads, and the set to try next, if anything is left to be found out.
///
/// `order` holds every difference, the likeliest first; `probabilities` are by difference.
pub fn advance(order: &[usize], probabilities: &[f64], known: &KnownAnswers) -> (Progress, Option<Set>) {
    let mut progress = Progress::default();
    let mut mended = Set::new();
    loop {
        let rest: Vec<usize> = order.iter().copied().filter(|atom| !mended.contains(atom)).collect();
        match edge(&rest, known, &Set::new(), probabilities) {
            Edge::Accepted => break,
            Edge::Unknown(set) => return (progress, Some(set)),
            Edge::At(index) => {
                let atom = rest[index];
                let found_in = rest[..=index].iter().copied().collect();
                progress.fixes.push(Fix { atom, found_in, alone: None, with: Vec::new() });
                mended.insert(atom);
            }
        }
    }
    progress.complete = true;
    for at in 0..progress.fixes.len() {
        if let Some(set) = companions(&mut progress.fixes[at], order, probabilities, known) {
            return (progress, Some(set));
        }
    }
    (progress, None)
}

/// Finds out whether a difference is refused alone, and what it takes if not.
fn companions(fix: &mut Fix, order: &[usize], probabilities: &[f64], known: &KnownAnswers) -> Option<Set> {
    let mut core = Set::from([fix.atom]);
    let mut others: Vec<usize> =
        order.iter().copied().filter(|atom| *atom != fix.atom && fix.found_in.contains(atom)).collect();
    loop {
        match known.refused(&core) {
            None => return Some(core),
            Some(true) => {
                fix.alone = Some(core.len() == 1);
                fix.with = core.iter().copied().filter(|atom| *atom != fix.atom).collect();
                return None;
            }
            Some(false) => match edge(&others, known, &core, probabilities) {
                Edge::At(index) => {
                    core.insert(others[index]);
                    others.truncate(index);
                }
                Edge::Unknown(set) => return Some(set),
                // answers that contradict each other: there is no result
                Edge::Accepted => {
                    fix.alone = Some(false);
                    return None;
                }
            },
        }
    }
}

/// Where a growing set begins to be refused.
enum Edge {
    /// Nowhere: all of it is accepted.
    Accepted,
    /// With the member at this index, and not before.
    At(usize),
    /// Not known yet: try this.
    Unknown(Set),
}

fn edge(rest: &[usize], known: &KnownAnswers, core: &Set, probabilities: &[f64]) -> Edge {
    let prefix = |length: usize| -> Set { core.iter().chain(&rest[..length]).copied().collect() };
    let (mut low, mut high) = (0, None);
    for length in 1..=rest.len() {
        match known.refused(&prefix(length)) {
            Some(false) => low = length,
            Some(true) => {
                high = Some(length);
                break;
            }
            None => {}
        }
    }
    match high {
        None if low == rest.len() => Edge::Accepted,
        Some(high) if high <= low + 1 => Edge::At(high - 1),
        _ => Edge::Unknown(prefix(pick(rest, low, high, probabilities))),
    }
}

/// Returns the length of the prefix whose answer says most: as likely refused as accepted.
fn pick(rest: &[usize], low: usize, high: Option<usize>, probabilities: &[f64]) -> usize {
    let last = high.map_or(rest.len(), |high| high - 1);
    // the chance that the first cause is within the prefix, length by length
    let (mut none, mut chances) = (1.0, Vec::new());
    for atom in &rest[low..high.unwrap_or(rest.len())] {
        none *= 1.0 - probabilities[*atom];
        chances.push(1.0 - none);
    }
    // a refused prefix holds a cause for sure
    let whole = if high.is_some() { chances.last().copied().unwrap_or(1.0) } else { 1.0 };
    let half = |length: usize| (chances[length - low - 1] / whole - 0.5).abs();
    (low + 1..=last).min_by(|a, b| half(*a).total_cmp(&half(*b))).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::isolate::likelihood;

    /// Runs a search against an oracle; returns what was found and how many sets were tried.
    fn found(weights: &[f64], refused: impl Fn(&Set) -> bool, most: usize) -> (Progress, usize) {
        let probabilities = likelihood::probabilities(weights);
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
        let mut known = KnownAnswers::default();
        known.note((0..weights.len()).collect(), true);
        known.note(Set::new(), false);
        let mut tried = 0;
        loop {
            match advance(&order, &probabilities, &known) {
                (progress, Some(set)) if tried < most => {
                    assert_eq!(known.refused(&set), None, "asked what is known: {set:?} {progress:?}");
                    tried += 1;
                    known.note(set.clone(), refused(&set));
                }
                (progress, _) => return (progress, tried),
            }
        }
    }

    fn atoms(progress: &Progress) -> Set {
        progress.fixes.iter().map(|fix| fix.atom).collect()
    }

    /// Numbers that look random and are the same in every run.
    fn numbers(mut seed: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap_or_default() % below
        }
    }

    #[test]
    fn up_to_four_causes_among_thirty_differences_are_found_with_23_tries() {
        let mut next = numbers(7);
        let mut worst = 0;
        for round in 0..300 {
            let count = 1 + next(30);
            let mut causes = Set::new();
            for _ in 0..1 + next(4) {
                causes.insert(next(count));
            }
            // the guess may be good, useless, or wrong
            let weights: Vec<f64> = (0..count)
                .map(|atom| match round % 3 {
                    0 if causes.contains(&atom) => 0.3,
                    0 => 0.03,
                    1 => 0.3,
                    _ => [0.3, 0.1, 0.03][next(3)],
                })
                .collect();
            let (progress, _) = found(&weights, |set| !set.is_disjoint(&causes), usize::MAX);
            assert_eq!(atoms(&progress), causes, "round {round}");
            assert!(progress.fixes.iter().all(|fix| fix.alone == Some(true)), "{progress:?}");
            let (progress, tried) = found(&weights, |set| !set.is_disjoint(&causes), 23);
            assert!(progress.complete, "round {round}: {count} differences, causes {causes:?}");
            worst = worst.max(tried);
        }
        assert!(worst <= 23, "{worst}");
    }

    #[test]
    fn differences_that_are_refused_only_together_are_reported_together() {
        let pair = Set::from([3, 17]);
        let weights = vec![0.1; 20];
        let (progress, tried) = found(&weights, |set| set.is_superset(&pair) || set.contains(&5), 60);
        assert!(progress.complete);
        let alone: Vec<(usize, Option<bool>, Vec<usize>)> =
            progress.fixes.iter().map(|fix| (fix.atom, fix.alone, fix.with.clone())).collect();
        assert_eq!(alone, [(5, Some(true), vec![]), (17, Some(false), vec![3])]);
        assert!(tried < 25, "{tried}");
    }

    #[test]
    fn a_single_difference_needs_no_try() {
        let (progress, tried) = found(&[0.3], |set| !set.is_empty(), 10);
        assert_eq!((atoms(&progress), tried, progress.complete), (Set::from([0]), 0, true));
    }
}
