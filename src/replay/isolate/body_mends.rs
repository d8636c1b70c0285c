//! How each difference of two bodies is mended in the candidate's: its finding as edits.

use std::collections::BTreeSet;

use crate::diff;
use crate::diff::comparison::Comparison;
use crate::json::document::{Kind, NodeId};
use crate::json::edit::{self, Edit, Wrapper};
use crate::json::pointer::Pointer;
use crate::model::finding::{Class, Finding};

/// Returns the differences of the bodies, each with its edits; `None` where the bodies cannot be taken apart.
pub(super) fn derive(comparison: &Comparison) -> Option<Vec<(Finding, Vec<Edit>)>> {
    let mut mends = Vec::new();
    for finding in &comparison.findings {
        for edits in mend(comparison, finding)? {
            mends.push((finding.clone(), edits));
        }
    }
    is_sound(comparison, &mends).then_some(mends)
}

/// Returns whether all edits together make the good body, and each difference can be left alone.
fn is_sound(comparison: &Comparison, mends: &[(Finding, Vec<Edit>)]) -> bool {
    let without = |kept: Option<usize>| {
        let others = mends.iter().enumerate().filter(|(at, _)| Some(*at) != kept);
        let edits: Vec<Edit> = others.flat_map(|(_, (_, edits))| edits.clone()).collect();
        edit::apply_to(&comparison.candidate, &edits)
    };
    let good = comparison.good.text().as_bytes();
    without(None)
        .is_ok_and(|body| diff::bodies(good, body.as_bytes(), &diff::Options::default()).findings.is_empty())
        && (0..mends.len()).all(|at| without(Some(at)).is_ok())
}

/// Returns the edits of one finding: one group, or of an array that lost or gained elements one for each.
fn mend(comparison: &Comparison, finding: &Finding) -> Option<Vec<Vec<Edit>>> {
    let (good, candidate) = (&comparison.good, &comparison.candidate);
    let g = finding.good_path.as_ref().and_then(|at| good.at(at));
    let good_text = || Some(good.lexeme(g?).to_owned());
    let edit = match (finding.class, finding.candidate_path.clone()) {
        (Class::InvalidJson | Class::EmptyBody | Class::NotCompared, _) => return None,
        (Class::DuplicateKey, Some(at)) => Edit::KeepLast(at),
        (_, None) => Edit::Set(target(comparison, g?), good_text()?),
        (_, Some(at)) if g.is_none() => Edit::Remove(at),
        (Class::RenamedKey, Some(at)) => Edit::Rename(at, finding.good_path.as_ref()?.last()?),
        (Class::Moved, Some(at)) if at.as_str().is_empty() => {
            let keys: Vec<String> = finding.good_path.as_ref()?.steps().collect();
            let around = keys.into_iter().rev().map(|key| Edit::Wrap(at.clone(), Wrapper::Object(key)));
            return Some(vec![around.collect()]);
        }
        (Class::Moved, Some(at)) => match good.parent(g?) {
            None => Edit::Unwrap(Pointer::root(), at),
            Some(_) => Edit::Move(at, target(comparison, g?)),
        },
        (Class::WrappedInArray, Some(at)) => Edit::Unwrap(at.clone(), at.element(0)),
        (Class::UnwrappedFromArray, Some(at)) => Edit::Wrap(at, Wrapper::Array),
        (Class::ArrayLength, Some(at)) => {
            let elements = elements(comparison, g?, candidate.at(&at)?);
            return elements.or_else(|| Some(vec![vec![Edit::Set(at, good_text()?)]]));
        }
        (_, Some(at)) => Edit::Set(at, good_text()?),
    };
    Some(vec![vec![edit]])
}

/// Returns where a good value belongs in the candidate's body.
fn target(comparison: &Comparison, g: NodeId) -> Pointer {
    let (good, candidate) = (&comparison.good, &comparison.candidate);
    let Some(parent) = good.parent(g) else { return Pointer::root() };
    let Some(mut partner) = comparison.partner_of_good(parent) else {
        return target(comparison, parent).member(good.key_of(g).unwrap_or("-"));
    };
    while good.kind(parent) == Kind::Object
        && let [only] = candidate.children(partner)
        && candidate.kind(partner) == Kind::Array
    {
        partner = only.node;
    }
    candidate.pointer(partner).member(good.key_of(g).unwrap_or("-"))
}

/// Returns an edit for each element that came or went; `None` where elements also changed places.
fn elements(comparison: &Comparison, g: NodeId, c: NodeId) -> Option<Vec<Vec<Edit>>> {
    let (good, candidate) = (&comparison.good, &comparison.candidate);
    let others: Vec<NodeId> = candidate.children(c).iter().map(|child| child.node).collect();
    let (mut edits, mut kept, mut next) = (Vec::new(), BTreeSet::new(), 0);
    for child in good.children(g) {
        let partner =
            comparison.partner_of_good(child.node).and_then(|c| others.iter().position(|id| *id == c));
        match partner {
            Some(at) if at < next => return None,
            Some(at) => {
                kept.insert(at);
                next = at + 1;
            }
            None => {
                let text = good.lexeme(child.node).to_owned();
                edits.push(match others.get(next) {
                    Some(before) => Edit::Insert(candidate.pointer(*before), text),
                    None => Edit::Set(candidate.pointer(c).member("-"), text),
                });
            }
        }
    }
    let extra = (0..others.len()).filter(|at| !kept.contains(at));
    edits.extend(extra.map(|at| Edit::Remove(candidate.pointer(others[at]))));
    Some(edits.into_iter().map(|edit| vec![edit]).collect())
}
