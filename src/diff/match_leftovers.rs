//! Matches what found no partner by key: moved values, and renames that only their keys indicate.
//!
//! The strongest evidence goes first, and every pair found is walked before the next step, because its inside
//! may hold the partners of others.

use crate::diff::indexed::Siblings;
use crate::diff::matching::{Leftover, Matching};
use crate::diff::unmatched::Unmatched;
use crate::diff::{moves, moves_by_name, renames};
use crate::json::document::NodeId;

/// More rounds than any body needs whose values moved in some order; a bound against made-up input.
const MOST_ROUNDS: usize = 64;

/// One step: pairs that may be made now, in order.
type Step = fn(&Matching<'_>) -> Vec<(NodeId, NodeId)>;

/// Chooses renames among the leftovers of two corresponding objects.
type Choose = fn(Siblings<'_>, Siblings<'_>) -> Vec<(NodeId, NodeId)>;

const STEPS: [Step; 6] = [
    |m| moves::containers(m, &Unmatched::new(m)),
    |m| moves::equal_values(m, &Unmatched::new(m)),
    |m| moves_by_name::by_name(m, &Unmatched::new(m), moves_by_name::What::EqualScalars),
    |m| in_objects(m, renames::likely),
    |m| moves_by_name::by_name(m, &Unmatched::new(m), moves_by_name::What::Scalars),
    |m| in_objects(m, renames::possible),
];

pub(crate) fn match_leftovers(matching: &mut Matching<'_>) {
    for _ in 0..MOST_ROUNDS {
        let both = |side: fn(&Leftover) -> bool| matching.leftovers.iter().any(side);
        if !both(|l| !l.good.is_empty()) || !both(|l| !l.candidate.is_empty()) {
            return;
        }
        let found = STEPS.iter().any(|step| {
            let pairs = step(matching);
            let mut any = false;
            for (g, c) in pairs {
                any |= relocate(matching, g, c);
            }
            any
        });
        if !found {
            return;
        }
        matching.walk();
    }
}

/// Makes a pair unless another pair of the same step came before.
fn relocate(matching: &mut Matching<'_>, g: NodeId, c: NodeId) -> bool {
    let free = matching.partner_of_good(g).is_none() && matching.partner_of_candidate(c).is_none();
    if free {
        matching.relocate(g, c);
    }
    free
}

fn in_objects(matching: &Matching<'_>, choose: Choose) -> Vec<(NodeId, NodeId)> {
    let held = Unmatched::new(matching);
    let mut pairs = Vec::new();
    for leftover in &matching.leftovers {
        let good: Vec<NodeId> = leftover.good.iter().copied().filter(|g| held.is_free_good(*g)).collect();
        let candidate: Vec<NodeId> =
            leftover.candidate.iter().copied().filter(|c| held.is_free_candidate(*c)).collect();
        if !good.is_empty() && !candidate.is_empty() {
            pairs.extend(choose(
                Siblings::new(matching.good, &good),
                Siblings::new(matching.candidate, &candidate),
            ));
        }
    }
    pairs
}
