//! Elements that are the same thing although not equal: they share a member whose value is unique in the
//! array.

use std::collections::BTreeMap;

use crate::diff::indexed::Siblings;
use crate::diff::partners::{Partners, free_of};
use crate::diff::similarity::keys;
use crate::json::document::Kind;

/// Keys (in letters and digits) that distinguish elements, the most distinctive first.
const TELLING: [&str; 11] =
    ["id", "code", "key", "name", "purpose", "metric", "slug", "uuid", "type", "kind", "title"];

/// The values of one member over the elements of an array: value to index, and whether each is unique.
type Column = BTreeMap<u64, usize>;

/// Completes the partners of two arrays of one length, if some member does it for all that are left.
///
/// The most telling member decides. Without one, the elements that agree in more unique members than any
/// other two belong together, if that is so for all.
pub(super) fn complete(good: Siblings<'_>, candidate: Siblings<'_>, partners: &mut Partners) {
    let left: Vec<usize> = (0..good.ids.len()).filter(|i| partners[*i].is_none()).collect();
    let free = free_of(candidate.ids.len(), partners);
    let columns_g = columns(good);
    let columns_c = columns(candidate);
    let mut keys: Vec<&String> = columns_g.keys().filter(|key| columns_c.contains_key(*key)).collect();
    keys.sort_by_key(|key| {
        (TELLING.iter().position(|telling| telling == key).unwrap_or(TELLING.len()), *key)
    });
    for key in &keys {
        let pairs = shared(&columns_g[*key], &columns_c[*key]);
        let mut found = partners.clone();
        for (i, j) in pairs {
            if found[i].is_none() && free.binary_search(&j).is_ok() {
                found[i] = Some(j);
            }
        }
        if found.iter().all(Option::is_some) {
            *partners = found;
            return;
        }
    }
    let found = by_votes(&columns_g, &columns_c, &left, &free, partners);
    if found.iter().all(Option::is_some) {
        *partners = found;
    }
}

/// Adds the partners that unique members identify, as far as they do, for arrays of different length.
pub(super) fn extend(good: Siblings<'_>, candidate: Siblings<'_>, partners: &mut Partners) {
    let columns_g = columns(good);
    let columns_c = columns(candidate);
    let left: Vec<usize> = (0..good.ids.len()).filter(|i| partners[*i].is_none()).collect();
    let free = free_of(candidate.ids.len(), partners);
    *partners = by_votes(&columns_g, &columns_c, &left, &free, partners);
}

/// One vote for each unique member two elements have in common, more for a telling one; best pairs first.
fn by_votes(
    columns_g: &BTreeMap<String, Column>,
    columns_c: &BTreeMap<String, Column>,
    left: &[usize],
    free: &[usize],
    partners: &Partners,
) -> Partners {
    let mut votes: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (key, column) in columns_g {
        let Some(other) = columns_c.get(key) else { continue };
        let place = TELLING.iter().position(|telling| telling == key);
        let weight = place.map_or(2, |place| 3 + TELLING.len() - place);
        for (i, j) in shared(column, other) {
            if left.binary_search(&i).is_ok() && free.binary_search(&j).is_ok() {
                *votes.entry((i, j)).or_default() += weight;
            }
        }
    }
    let mut ranked: Vec<(usize, usize, usize, usize)> =
        votes.into_iter().map(|((i, j), count)| (usize::MAX - count, i.abs_diff(j), i, j)).collect();
    ranked.sort_unstable();
    let mut found = partners.clone();
    let mut taken: Vec<usize> = Vec::new();
    let mut used = vec![false; free.last().map_or(0, |last| last + 1)];
    for (_, _, i, j) in ranked {
        if found[i].is_none() && !used[j] {
            found[i] = Some(j);
            used[j] = true;
            taken.push(i);
        }
    }
    found
}

fn shared(a: &Column, b: &Column) -> Vec<(usize, usize)> {
    a.iter()
        .filter_map(|(value, i)| Some((*i, *b.get(value)?)))
        .filter(|(i, j)| *i != TWICE && *j != TWICE)
        .collect()
}

/// Marks a value that occurs twice in a column.
const TWICE: usize = usize::MAX;

/// The distinctive members of the objects in an array, by folded key.
fn columns(side: Siblings<'_>) -> BTreeMap<String, Column> {
    let mut columns: BTreeMap<String, Column> = BTreeMap::new();
    for (at, element) in side.ids.iter().enumerate() {
        if side.body.kind(*element) != Kind::Object {
            continue;
        }
        for (key, value) in side.body.doc.members(*element) {
            if side.body.is_distinctive(value) {
                let column = columns.entry(keys::fold(key)).or_default();
                column.entry(side.body.essence(value)).and_modify(|known| *known = TWICE).or_insert(at);
            }
        }
    }
    columns
}
