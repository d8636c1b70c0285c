//! The last look at a text before it leaves the machine: nothing is replaced any more, it is only told what is left.

use crate::redact::scan::{self, Hit};
use crate::redact::search::{LocatedHit, find_known};
use crate::redact::{Redactor, tag, token_patterns};
use crate::sync;

/// A secret that is left in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Leak {
    /// The offset of its first byte.
    pub at: usize,
    /// What it is: `bearer`, `token`, `password`, …
    pub kind: &'static str,
}

impl Redactor {
    /// Returns the first secret that is left in a plain text: a body, a header, a dump of a request.
    ///
    /// Masks and the names of environment variables (`$GENESYSCLOUD_ACCESS_TOKEN`) stand for secrets and are none.
    pub fn find_leak(&self, text: &str) -> Option<Leak> {
        let mut hits = Vec::new();
        scan::scan(text.as_bytes(), &mut hits);
        self.first(text.as_bytes(), hits)
    }

    /// As `find_leak` for a text set in another notation (HTML, Markdown), in which names and values do not stand side
    /// by side: only what is known as a secret of this run, or is one by its own shape.
    pub fn find_leak_by_pattern(&self, text: &str) -> Option<Leak> {
        let bytes = text.as_bytes();
        let jwt = memchr::memmem::find_iter(bytes, "eyJ").filter_map(|at| token_patterns::jwt(bytes, at));
        let bearer =
            memchr::memmem::find_iter(bytes, "earer").filter_map(|at| token_patterns::bearer(bytes, at + 5));
        let basic =
            memchr::memmem::find_iter(bytes, "asic ").filter_map(|at| token_patterns::basic(bytes, at + 5));
        let key = memchr::memmem::find_iter(bytes, "-----BEGIN ")
            .filter_map(|at| token_patterns::private_key(bytes, at));
        let user =
            memchr::memmem::find_iter(bytes, "://").filter_map(|at| token_patterns::userinfo(bytes, at + 3));
        self.first(bytes, jwt.chain(bearer).chain(basic).chain(key).chain(user).collect())
    }

    fn first(&self, text: &[u8], hits: Vec<Hit>) -> Option<Leak> {
        let mut found: Vec<LocatedHit> =
            hits.into_iter().map(|hit| LocatedHit { field: 0, hit, secret: None }).collect();
        found.retain(|found| !stands_for_a_secret(&text[found.hit.start..found.hit.end]));
        find_known(&sync::read(&self.known), 0, text, &mut found);
        let first = found.into_iter().min_by_key(|found| found.hit.start)?;
        Some(Leak { at: first.hit.start, kind: first.hit.kind.name() })
    }
}

/// A mask, or a variable of the environment: `$NAME`, `${NAME}`.
fn stands_for_a_secret(value: &[u8]) -> bool {
    let variable = |name: &[u8]| {
        name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
    };
    match value {
        [b'$', b'{', name @ .., b'}'] | [b'$', name @ ..] => variable(name),
        value => tag::is_mask(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Rules;

    fn redactor() -> Redactor {
        Redactor::new([7; 32], Rules::default())
    }

    #[test]
    fn what_is_left_is_told_with_its_place_and_kind() {
        let dump = "POST / HTTP/1.1\nAuthorization: Bearer abcdefgh12345678\n\n{}";
        let left = redactor().find_leak(dump).unwrap();
        assert_eq!((left.at, left.kind), (dump.find("abcdefgh").unwrap(), "bearer"));
        assert_eq!(redactor().find_leak(r#"{"access_token":"x1"}"#).unwrap().kind, "token");
        assert_eq!(
            redactor().find_leak_by_pattern("<td>Bearer abcdefgh12345678</td>").unwrap().kind,
            "bearer"
        );
    }

    #[test]
    fn masks_and_variables_are_not_left_behind() {
        for text in [
            "Authorization: Bearer redacted-bearer-0123456789ab\nX: y",
            "curl -H \"Authorization: Bearer $GENESYSCLOUD_ACCESS_TOKEN\"",
            "client_secret=$GENESYSCLOUD_CLIENT_SECRET&x=1",
        ] {
            assert_eq!(redactor().find_leak(text), None, "{text}");
            assert_eq!(redactor().find_leak_by_pattern(text), None, "{text}");
        }
    }

    #[test]
    fn a_secret_of_the_run_is_known_anywhere() {
        let redactor = redactor();
        let mut sent = crate::model::exchange::tests::exchange(1, "GET", "/", "", 200);
        sent.request.headers =
            crate::model::exchange::Headers::of([("Authorization", "Bearer correct-horse")]);
        redactor.mask(sent);
        assert!(redactor.find_leak_by_pattern("<p>correct-horse</p>").is_some());
        assert!(redactor.find_leak("a correct-horse battery").is_some());
    }
}
