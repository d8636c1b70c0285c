//! The last check of a text before it leaves the machine: nothing is replaced, secrets that are left are
//! reported.

use crate::redact::hit::{FieldHit, Hit};
use crate::redact::lookahead::RunEnd;
use crate::redact::notation::PlainText;
use crate::redact::redactor::Redactor;
use crate::redact::search::find_known;
use crate::redact::{scan, tag, token_patterns};

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
    /// Masks and the names of environment variables (`$GENESYSCLOUD_ACCESS_TOKEN`) take the place of secrets
    /// and are none.
    pub fn find_leak(&self, text: &str) -> Option<Leak> {
        let mut hits = Vec::new();
        scan::scan(text.as_bytes(), &mut hits);
        self.first_leak(text.as_bytes(), hits)
    }

    /// As `find_leak` for a text set in another notation (HTML, Markdown), in which names and values are not
    /// side by side: only what is known as a secret of this run, or is one by its own pattern.
    pub fn find_leak_by_pattern(&self, text: &str) -> Option<Leak> {
        let plain = PlainText::new(text.as_bytes());
        let bytes = plain.bytes();
        let (mut jwt, mut token68) = (RunEnd::default(), RunEnd::default());
        let mut hits: Vec<Hit> = Vec::new();
        let mut each = |needle: &str, judge: &mut dyn FnMut(usize) -> Option<Hit>| {
            hits.extend(memchr::memmem::find_iter(bytes, needle).filter_map(judge));
        };
        each("eyJ", &mut |at| token_patterns::match_jwt(bytes, at, &mut jwt));
        each("earer", &mut |at| token_patterns::match_bearer(bytes, at + 5));
        each("asic ", &mut |at| token_patterns::match_basic(bytes, at + 5, &mut token68));
        each("-----BEGIN ", &mut |at| token_patterns::match_private_key(bytes, at));
        each("://", &mut |at| token_patterns::match_userinfo(&plain, at + 3));
        for hit in &mut hits {
            (hit.start, hit.end) = plain.written(hit.start, hit.end);
        }
        self.first_leak(text.as_bytes(), hits)
    }

    fn first_leak(&self, text: &[u8], hits: Vec<Hit>) -> Option<Leak> {
        let mut found: Vec<FieldHit> = hits
            .into_iter()
            .filter(|hit| !is_placeholder(&text[hit.start..hit.end]))
            .map(|hit| FieldHit::new(0, hit))
            .collect();
        find_known(&self.secrets.known(), 0, text, &mut found);
        let first = found.into_iter().min_by_key(|found| found.hit.start)?;
        Some(Leak { at: first.hit.start, kind: first.hit.kind.name() })
    }
}

/// Returns whether a value is a mask, or a variable of the environment: `$NAME`, `${NAME}`.
fn is_placeholder(value: &[u8]) -> bool {
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
    fn what_is_left_is_reported_with_its_place_and_kind() {
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
        let mut sent = crate::model::testing::exchange(1, "GET", "/", "", 200);
        sent.request.headers =
            crate::model::exchange::Headers::of([("Authorization", "Bearer correct-horse")]);
        redactor.mask(sent);
        assert!(redactor.find_leak_by_pattern("<p>correct-horse</p>").is_some());
        assert!(redactor.find_leak("a correct-horse battery").is_some());
    }
}
