//! OAuth's own fields, which are secrets there and nowhere else: a `code` is one in a login, never in a
//! wrap-up.

use crate::redact::hit::Hit;
use crate::redact::kind::SecretKind;
use crate::redact::{notation, scan};

/// Fields of a token request that the names alone do not give away.
const FIELDS: &[(&str, SecretKind)] = &[("code", SecretKind::Code), ("saml_response", SecretKind::Assertion)];

/// Returns whether a path is one where logins and tokens travel.
pub(crate) fn is_login_path(target: &[u8]) -> bool {
    let path = memchr::memchr(b'?', target).map_or(target, |end| &target[..end]);
    // The letters that every mark has and few paths: a search for each mark costs more than all of masking.
    memchr::memchr2_iter(b'u', b'g', path).any(|at| {
        let (before, here) = path.split_at(at);
        (here.starts_with(b"uth") && (before.ends_with(b"oa") || before.ends_with(b"OA")))
            || (here.starts_with(b"gin") && before.ends_with(b"/lo"))
    })
}

/// Adds the fields of a body that is a token request: it has a `grant_type`, or went to an OAuth path.
pub(crate) fn scan_body(text: &[u8], on_path: bool, hits: &mut Vec<Hit>) {
    if on_path || contains(text, b"grant_type") {
        fields(text, hits);
    }
}

/// Adds the authorization code of a redirect back from a login: in a target, `Location` or `Referer`.
pub(crate) fn scan_url(text: &[u8], hits: &mut Vec<Hit>) {
    let decoded = if text.contains(&b'%') { notation::decode(text) } else { None };
    let plain = decoded.as_deref().unwrap_or(text);
    if contains(plain, b"code=")
        && [&b"state="[..], b"oauth", b"authoriz", b"callback", b"redirect", b"login"]
            .iter()
            .any(|mark| contains(plain, mark))
    {
        fields(text, hits);
    }
}

fn fields(text: &[u8], hits: &mut Vec<Hit>) {
    for (field, kind) in FIELDS {
        scan::scan_for(text, field, *kind, hits);
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(scan: impl Fn(&[u8], &mut Vec<Hit>), text: &str) -> Vec<String> {
        let mut hits = Vec::new();
        scan(text.as_bytes(), &mut hits);
        hits.iter().map(|hit| text[hit.start..hit.end].to_owned()).collect()
    }

    #[test]
    fn logins_and_tokens_travel_on_some_paths() {
        for target in
            ["/oauth/token", "/x/OAuth2?a", "/login", "oauth", "/a/login/b", "//oauth/authorize?x=/y"]
        {
            assert!(is_login_path(target.as_bytes()), "{target}");
        }
        for target in
            ["/", "", "/api/v2/users?x=/oauth/", "/logon", "login", "/gin", "/uth", "/auth", "u", "g"]
        {
            assert!(!is_login_path(target.as_bytes()), "{target}");
        }
    }

    #[test]
    fn an_authorization_code_is_a_secret_and_a_wrapup_code_is_none() {
        let body = |text: &str| masked(|text, hits| scan_body(text, false, hits), text);
        assert_eq!(body("grant_type=authorization_code&code=abc&redirect_uri=x"), ["abc"]);
        assert_eq!(body(r#"{"grant_type":"authorization_code","code":"abc"}"#), ["abc"]);
        assert!(body(r#"{"code":"7fb334b0"}"#).is_empty());
        assert_eq!(masked(scan_url, "https://app/callback?code=abc&state=1"), ["abc"]);
        assert!(masked(scan_url, "/api/v2/routing/wrapupcodes?code=abc").is_empty());
    }
}
