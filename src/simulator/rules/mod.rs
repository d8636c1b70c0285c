//! Every rule of the simulator, one row each; `wraptap simulate --rules` prints them.
//!
//! A new rule is one row here and at least one case in `simulator/cases`, which fails for a rule without one.

use crate::simulator::rule::Rule;

/// Turns rows `NAME "name" basis "what it says" "source";` into statics and the list of them.
macro_rules! rules {
    ($vocabulary:ident: $($NAME:ident $name:literal $basis:ident $says:literal $source:literal;)*) => {
        $(
            #[doc = $says]
            pub static $NAME: crate::simulator::rule::Rule = crate::simulator::rule::Rule {
                name: $name,
                basis: crate::simulator::rule::Basis::$basis,
                vocabulary: crate::simulator::rule::Vocabulary::$vocabulary,
                says: $says,
                source: $source,
            };
        )*
        /// The rules of this file, in the order of the checks.
        pub static ALL: &[&crate::simulator::rule::Rule] = &[$(&$NAME),*];
    };
}

pub mod common;
pub mod forum;
pub mod sdk;

/// Returns every rule: the common ones, the forum's, the SDKs'.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    common::ALL.iter().chain(forum::ALL).chain(sdk::ALL).copied()
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn names_are_unique_and_in_snake_case() {
        let mut names: Vec<_> = all().map(|rule| rule.name).collect();
        let count = names.len();
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_rule_says_something_and_names_its_source() {
        for rule in all() {
            assert!(rule.says.len() > 20 && rule.source.len() > 5, "{}", rule.name);
        }
    }
}
