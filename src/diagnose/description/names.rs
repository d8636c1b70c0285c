//! What a key that a model does not have was meant to be, and which unit it names.

use crate::model::description::body_model::Model;
use crate::model::description::member_facts::MemberFacts;
use crate::model::spelling;

/// A key's real name, and what a number under it has to be multiplied and divided by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Meant<'m> {
    pub(super) name: &'m str,
    pub(super) multiply: u64,
    pub(super) divide: u64,
    pub(super) how: How,
}

/// How sure the name is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum How {
    /// The same letters: another case, or `_` and `-` between the words.
    Spelling,
    /// A name that is known to be written for it, or the same quantity in another unit.
    Known,
    /// A typo.
    Typo,
    /// One of the names holds the other one's words.
    Words,
}

/// Returns the member of the model that the key was meant to be, of those that `free` lets through.
pub(super) fn meant<'m>(
    facts: &MemberFacts,
    model: &Model<'m>,
    key: &str,
    free: &dyn Fn(&str) -> bool,
) -> Option<Meant<'m>> {
    let names = || model.fields.iter().map(|field| field.name).filter(|name| free(name));
    let plain = |name, how| Meant { name, multiply: 1, divide: 1, how };
    let letters = spelling::letters(key);
    if let Some(name) = names().find(|name| spelling::letters(name) == letters) {
        return Some(plain(name, How::Spelling));
    }
    if let Some(row) = facts.real(model.name, key)
        && let Some(name) = names().find(|name| *name == row.real)
    {
        return Some(Meant { divide: u64::from(row.divide), ..plain(name, How::Known) });
    }
    if unit_of(key).is_some()
        && let Some(meant) = names().find_map(|name| other_unit(key, name))
    {
        return Some(meant);
    }
    let alike = names().filter(|name| name.len().abs_diff(key.len()) <= 4);
    let mut near: Vec<(usize, &str)> = alike.map(|name| (spelling::distance(key, name), name)).collect();
    near.sort_by_key(|(cost, _)| *cost);
    match near.as_slice() {
        [(cost, name), rest @ ..] if *cost <= 2 && cost * 3 <= letters.len() => {
            let only = rest.first().is_none_or(|(second, _)| second > cost);
            if only {
                return Some(plain(name, How::Typo));
            }
        }
        _ => {}
    }
    let mut inside = names().filter(|name| holds_words(key, name));
    let first = inside.next()?;
    inside.next().is_none().then(|| plain(first, How::Words))
}

/// `codeId` and `wrapUpCodeId`: one name holds all words of the other one, which says more than `id`.
fn holds_words(key: &str, name: &str) -> bool {
    let (key, name) = (spelling::words(key), spelling::words(name));
    let (short, long) = if key.len() <= name.len() { (&key, &name) } else { (&name, &key) };
    let letters: usize = short.iter().map(String::len).sum();
    letters >= 4 && short != long && long.windows(short.len()).any(|window| window == short.as_slice())
}

fn other_unit<'m>(key: &str, name: &'m str) -> Option<Meant<'m>> {
    let (own, real) = (unit_of(key), unit_of(name));
    let factor = |unit: &Option<(Vec<String>, u64)>| unit.as_ref().map(|(_, factor)| *factor);
    let stem = |unit: Option<(Vec<String>, u64)>, text: &str| {
        unit.map_or_else(|| spelling::words(text), |(stem, _)| stem)
    };
    let (from, to) = (factor(&own)?, factor(&real)?);
    let (own, real) = (stem(own, key), stem(real, name));
    let same = !real.is_empty() && own.ends_with(&real);
    let common = gcd(from, to);
    (same && from != to).then_some(Meant {
        name,
        multiply: from / common,
        divide: to / common,
        how: How::Known,
    })
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Returns the words of a name without its unit, and how many milliseconds the unit has.
pub(crate) fn unit_of(name: &str) -> Option<(Vec<String>, u64)> {
    let mut words = spelling::words(name);
    let milliseconds = match words.last()?.as_str() {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000,
        "min" | "mins" | "minute" | "minutes" => 60_000,
        "hour" | "hours" => 3_600_000,
        _ => return None,
    };
    words.pop();
    if words.last().is_some_and(|word| word == "in") {
        words.pop();
    }
    Some((words, milliseconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn in_wrap_up(key: &str) -> Option<(String, u64, u64)> {
        let api = api::assumed();
        let model = api.catalogue().model("WrapupInput").unwrap();
        meant(api.member_facts(), &model, key, &|_| true)
            .map(|meant| (meant.name.to_owned(), meant.multiply, meant.divide))
    }

    #[test]
    fn a_unit_is_read_from_the_name_also_behind_a_prefix() {
        let to = |name: &str, multiply, divide| Some((name.to_owned(), multiply, divide));
        assert_eq!(in_wrap_up("durationMs"), to("durationSeconds", 1, 1000));
        assert_eq!(in_wrap_up("wrapupDurationMs"), to("durationSeconds", 1, 1000));
        assert_eq!(in_wrap_up("duration_in_minutes"), to("durationSeconds", 60, 1));
        assert_eq!(in_wrap_up("duration_seconds"), to("durationSeconds", 1, 1));
    }

    #[test]
    fn a_typo_is_one_name_only_and_a_stranger_is_none() {
        assert_eq!(in_wrap_up("notse").unwrap().0, "notes");
        assert_eq!(in_wrap_up("provisonal").unwrap().0, "provisional");
        assert_eq!(in_wrap_up("language"), None);
        assert_eq!(in_wrap_up("x"), None);
    }
}
