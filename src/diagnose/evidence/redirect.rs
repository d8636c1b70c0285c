//! Redirects, and the requests that followed them.

use crate::model::exchange::Exchange;

/// A client follows at once; what comes later (in microseconds) is another call.
const AT_ONCE: i64 = 60_000_000;

/// Returns whether an exchange is a redirect that the client of another one followed with it.
pub(crate) fn leads_to(redirect: &Exchange, follower: &Exchange) -> bool {
    let client = |exchange: &Exchange| {
        let at = exchange.connection.as_ref();
        at.map(|at| at.client.rsplit_once(':').map_or_else(|| at.client.clone(), |(host, _)| host.to_owned()))
    };
    redirect.run == follower.run
        && (0..=AT_ONCE).contains(&(follower.started_at.0 - redirect.started_at.0))
        && redirect.id != follower.id
        && client(redirect) == client(follower)
        && location(redirect).is_some_and(|location| {
            !location.is_empty() && target_of(&location) == target_of(&follower.request.target.lossy())
        })
}

/// Where a redirect leads, as it says.
pub(crate) fn location(redirect: &Exchange) -> Option<String> {
    let response = redirect.response.as_ref()?;
    let redirects = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    redirects.then(|| response.headers.text("location").map(str::to_owned)).flatten()
}

/// Path and query, without scheme, authority and fragment.
fn target_of(text: &str) -> &str {
    let text = text.split('#').next().unwrap_or_default();
    match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
            rest.find('/').map_or("/", |slash| &rest[slash..])
        }
        _ => text,
    }
}
