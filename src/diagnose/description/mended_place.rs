//! Where a place of the sent body is in the corrected one, so that what is missing can be set there.

use std::collections::BTreeMap;

use crate::json::edit::{Edit, Wrapper};
use crate::json::pointer::Pointer;
use crate::model::finding::{Class, Finding};

/// Names what is missing at its place in the corrected body: that is where `--set` puts it.
pub(super) fn follow_edits(faults: &mut [Finding]) {
    let edits: Vec<Edit> = faults.iter().flat_map(|fault| fault.edits.iter().cloned()).collect();
    let mut by_place: BTreeMap<&Pointer, Vec<&Edit>> = BTreeMap::new();
    for edit in &edits {
        let moved = match edit {
            Edit::Unwrap(_, inner) => inner,
            other => other.place(),
        };
        by_place.entry(moved).or_default().push(edit);
    }
    for fault in faults.iter_mut().filter(|fault| fault.class == Class::MissingField) {
        let Some(was) = fault.good_path.clone() else { continue };
        let is = mended(&was, &by_place);
        if is != was {
            fault.message = fault.message.replace(&format!("`{was}`"), &format!("`{is}`"));
            fault.help = fault.help.replace(&format!("--set {was}"), &format!("--set {is}"));
            fault.good_path = Some(is);
        }
    }
}

fn mended(place: &Pointer, edits: &BTreeMap<&Pointer, Vec<&Edit>>) -> Pointer {
    let (mut was, mut is) = (Pointer::root(), Pointer::root());
    let mut known: Vec<(Pointer, Pointer)> = Vec::new();
    let mut steps = place.steps();
    loop {
        for edit in edits.get(&was).into_iter().flatten() {
            match edit {
                Edit::Wrap(_, Wrapper::Object(key)) => is = is.member(key),
                Edit::Wrap(_, Wrapper::Array) => is = is.element(0),
                Edit::Rename(_, name) => is = is.parent().unwrap_or_default().member(name),
                Edit::Move(_, to) => is = to.clone(),
                Edit::Unwrap(outer, _) => {
                    let new = known.iter().find(|(old, _)| old == outer);
                    is = new.map_or_else(|| outer.clone(), |(_, new)| new.clone());
                }
                _ => {}
            }
        }
        known.push((was.clone(), is.clone()));
        let Some(step) = steps.next() else { return is };
        (was, is) = (was.member(&step), is.member(&step));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::authority::Authority;

    fn at(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    fn placed(missing: &str, edits: Vec<Edit>) -> String {
        let fault = |class| Finding::new(class, Authority::Description);
        let good_path = Some(at(missing));
        let message = format!("`{missing}` is required and missing");
        let mut faults = [
            Finding { edits, ..fault(Class::Moved) },
            Finding { good_path, message, ..fault(Class::MissingField) },
        ];
        follow_edits(&mut faults);
        assert!(faults[1].message.contains(&format!("`{}`", faults[1].good_path.as_ref().unwrap())));
        faults[1].good_path.as_ref().unwrap().to_string()
    }

    #[test]
    fn what_is_missing_is_set_at_its_place_in_the_corrected_body() {
        let wrap = Edit::Wrap(Pointer::root(), Wrapper::Object("wrapup".to_owned()));
        assert_eq!(placed("/code", vec![wrap]), "/wrapup/code");
        let unwrap = Edit::Unwrap(Pointer::root(), at("/contacts"));
        assert_eq!(placed("/contacts/0/id", vec![unwrap]), "/0/id");
        let rename = Edit::Rename(at("/wrap_up"), "wrapup".to_owned());
        assert_eq!(placed("/wrap_up/code", vec![rename]), "/wrapup/code");
        let moved = Edit::Move(at("/a"), at("/b/c"));
        assert_eq!(placed("/a/x", vec![moved]), "/b/c/x");
        assert_eq!(placed("/a", Vec::new()), "/a");
    }
}
