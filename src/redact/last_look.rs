//! The last look at a text before it leaves the machine: nothing is replaced any more, it is only told what is left.

use crate::redact::scan::{self, Hit};
use crate::redact::search::{Found, find_known};
use crate::redact::{Redactor, shape, tag};
use crate::sync;

/// A secret that is left in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Left {
    /// The offset of its first byte.
    pub at: usize,
    /// What it is: `bearer`, `token`, `password`, …
    pub kind: &'static str,
}

impl Redactor {
    /// Returns the first secret that is left in a plain text: a body, a header, a dump of a request.
    ///
    /// Masks and the names of environment variables (`$GENESYSCLOUD_ACCESS_TOKEN`) stand for secrets and are none.
    pub fn left_in(&self, text: &str) -> Option<Left> {
        let mut hits = Vec::new();
        scan::scan(text.as_bytes(), &mut hits);
        self.first(text.as_bytes(), hits)
    }

    /// As `left_in` for a text set in another notation (HTML, Markdown), in which names and values do not stand side
    /// by side: only what is known as a secret of this run, or is one by its own shape.
    pub fn left_by_shape(&self, text: &str) -> Option<Left> {
        let bytes = text.as_bytes();
        let jwt = memchr::memmem::find_iter(bytes, "eyJ").filter_map(|at| shape::jwt(bytes, at));
        let bearer = memchr::memmem::find_iter(bytes, "earer").filter_map(|at| shape::bearer(bytes, at + 5));
        let basic = memchr::memmem::find_iter(bytes, "asic ").filter_map(|at| shape::basic(bytes, at + 5));
        let key =
            memchr::memmem::find_iter(bytes, "-----BEGIN ").filter_map(|at| shape::private_key(bytes, at));
        let user = memchr::memmem::find_iter(bytes, "://").filter_map(|at| shape::userinfo(bytes, at + 3));
        self.first(bytes, jwt.chain(bearer).chain(basic).chain(key).chain(user).collect())
    }

    fn first(&self, text: &[u8], hits: Vec<Hit>) -> Option<Left> {
        let mut found: Vec<Found> =
            hits.into_iter().map(|hit| Found { spot: 0, hit, secret: None }).collect();
        found.retain(|found| !stands_for_a_secret(&text[found.hit.start..found.hit.end]));
        find_known(&sync::read(&self.known), 0, text, &mut found);
        let first = found.into_iter().min_by_key(|found| found.hit.start)?;
        Some(Left { at: first.hit.start, kind: first.hit.kind.name() })
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
        let left = redactor().left_in(dump).unwrap();
        assert_eq!((left.at, left.kind), (dump.find("abcdefgh").unwrap(), "bearer"));
        assert_eq!(redactor().left_in(r#"{"access_token":"x1"}"#).unwrap().kind, "token");
        assert_eq!(redactor().left_by_shape("<td>Bearer abcdefgh12345678</td>").unwrap().kind, "bearer");
    }

    #[test]
    fn masks_and_variables_are_not_left_behind() {
        for text in [
            "Authorization: Bearer redacted-bearer-0123456789ab\nX: y",
            "curl -H \"Authorization: Bearer $GENESYSCLOUD_ACCESS_TOKEN\"",
            "client_secret=$GENESYSCLOUD_CLIENT_SECRET&x=1",
        ] {
            assert_eq!(redactor().left_in(text), None, "{text}");
            assert_eq!(redactor().left_by_shape(text), None, "{text}");
        }
    }

    #[test]
    fn a_secret_of_the_run_is_known_anywhere() {
        let redactor = redactor();
        let mut sent = crate::model::exchange::tests::exchange(1, "GET", "/", "", 200);
        sent.request.headers =
            crate::model::exchange::Headers::of([("Authorization", "Bearer correct-horse")]);
        redactor.mask(sent);
        assert!(redactor.left_by_shape("<p>correct-horse</p>").is_some());
        assert!(redactor.left_in("a correct-horse battery").is_some());
    }
}
