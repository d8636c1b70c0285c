//! Who asked: the token of a request, and the login that gave it.

use serde_json::Value;

use crate::model::case::{Case, bytes, document};
use crate::model::exchange::{Exchange, Request};

/// Returns what distinguishes this caller's token from another's: the header's value, which is masked in a
/// recording with a tag that is the same for equal tokens of one run.
pub fn token(request: &Request) -> Option<String> {
    let value = request.headers.text("authorization")?;
    Some(value.split_whitespace().next_back().unwrap_or(value).to_owned())
}

/// Returns whether two requests of one run carry the same token, as far as the masks show.
pub fn same(a: &Exchange, b: &Exchange) -> bool {
    a.run == b.run && token(&a.request).is_some() && token(&a.request) == token(&b.request)
}

/// Returns the login that gave the subject's token, with its answer. `is_login` says which paths are logins.
pub fn login<'a>(case: &Case<'a>, is_login: impl Fn(&str) -> bool) -> Option<(&'a Exchange, Value)> {
    let wanted = token(&case.subject.request)?;
    let tag = |masked: &str| masked.rsplit('-').next().unwrap_or_default().to_owned();
    let logins = case.others().rev().filter(|other| {
        other.is_accepted() && other.run == case.subject.run && is_login(&other.request.path())
    });
    logins.into_iter().find_map(|login| {
        let answer = document(login.response.as_ref()?)?;
        let issued = answer["access_token"].as_str()?;
        // masks are `redacted-KIND-TAG`: kinds may differ, equal secrets have equal tags
        let equal = issued == wanted || (issued.starts_with("redacted-") && tag(issued) == tag(&wanted));
        equal.then_some((login, answer))
    })
}

/// Returns the grant type of the login's form: `client_credentials`, `authorization_code`, …
pub fn grant_type(login: &Request) -> Option<String> {
    let bytes = bytes(login)?;
    let form = std::str::from_utf8(&bytes).ok()?.to_owned();
    form.split('&').find_map(|pair| pair.strip_prefix("grant_type=").map(str::to_owned))
}
