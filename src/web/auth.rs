//! Runs before every route: checks access, and adds the security headers to every response.
//!
//! A page in a browser can send requests to any port of this machine, and by DNS rebinding under a name of
//! its own. So `Host` has to be one of our names, `Origin` and `Sec-Fetch-Site` (which pages cannot forge)
//! have to name this page as the source, and the cookie has to be present. All of this holds for every route,
//! including unknown ones.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use crate::web::page;
use crate::web::state::PageState;
use crate::web::tokens::AccessTokens;

/// The one route without a cookie: it exchanges the link's token for one.
pub(super) const OPEN: &str = "/open";

/// Scripts and styles come only from this server and are never inline; nothing is fetched from elsewhere;
/// markup is inserted only through the policy `wraptap` (`assets/page.js`).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types wraptap";

/// Why a request is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum AccessError {
    /// `Host` is not one of our names.
    Host,
    /// The request comes from another page.
    Origin,
    /// No valid token or cookie; for example those of an earlier run.
    Token,
    /// A method that no route has.
    Method,
    /// A POST that is not JSON.
    MediaType,
}

/// Passes a request to its route or refuses it; hardens the response in both cases.
pub(super) async fn authorize(
    State(shared): State<Arc<PageState>>,
    request: Request,
    next: Next,
) -> Response {
    let judged = judge(&shared.tokens, shared.port, request.method(), request.uri(), request.headers());
    let mut response = match judged {
        Ok(()) => next.run(request).await,
        Err(refused) => {
            tracing::info!(reason = ?refused, url.path = request.uri().path(), "refused a request to the page");
            refused.into_response()
        }
    };
    harden(response.headers_mut());
    response
}

fn judge(
    tokens: &AccessTokens,
    port: u16,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), AccessError> {
    let host = only(headers, HOST).ok_or(AccessError::Host)?;
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    // an absolute target would name another host than the field does
    if uri.authority().is_some() || !ours.iter().any(|name| host.eq_ignore_ascii_case(name)) {
        return Err(AccessError::Host);
    }
    let posting = method == Method::POST;
    let origin = headers.get_all(ORIGIN).iter().count();
    match only(headers, ORIGIN) {
        Some(origin) if origin.eq_ignore_ascii_case(&format!("http://{host}")) => {}
        None if origin == 0 && !posting => {}
        _ => return Err(AccessError::Origin),
    }
    let site = HeaderName::from_static("sec-fetch-site");
    let sites = headers.get_all(&site).iter().count();
    match only(headers, site) {
        Some("same-origin") => {}
        // typed, or opened from the terminal
        Some("none") if !posting => {}
        None if sites == 0 => {}
        _ => return Err(AccessError::Origin),
    }
    if uri.path() != OPEN && !tokens.admits(headers) {
        return Err(AccessError::Token);
    }
    if !posting && method != Method::GET && method != Method::HEAD {
        return Err(AccessError::Method);
    }
    // a form cannot send this type, so another page would need a CORS preflight, which is never allowed
    let json = only(headers, CONTENT_TYPE)
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if posting && !json {
        return Err(AccessError::MediaType);
    }
    Ok(())
}

/// Returns the value of a field; `None` if the field is missing or repeated.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn harden(headers: &mut HeaderMap) {
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

impl IntoResponse for AccessError {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::Host | Self::Origin => (
                StatusCode::FORBIDDEN,
                "Access refused",
                "This page only serves the browser on this machine, under its own address, and no other site.",
            ),
            Self::Token => (
                StatusCode::FORBIDDEN,
                "This page needs its link",
                "wraptap prints a link when it starts. It works once; links and pages of an earlier start do not work \
                 any more. Open the newest link in the terminal, or start wraptap again for a new one.",
            ),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed",
                "The page is read by GET and changed by POST.",
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Unsupported media type",
                "A POST needs a JSON body: Content-Type: application/json.",
            ),
        };
        (status, page::bare(title, text)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judges a request with these header lines; `{cookie}` is replaced by the right one.
    fn judged(method: Method, target: &str, lines: &[(&'static str, &str)]) -> Result<(), AccessError> {
        let tokens = AccessTokens::new(8082).unwrap();
        let cookie = tokens.cookie().unwrap().to_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = value.replace("{cookie}", cookie.split(';').next().unwrap());
            headers.append(*name, HeaderValue::from_str(&value).unwrap());
        }
        judge(&tokens, 8082, &method, &target.parse().unwrap(), &headers)
    }

    const HOST: (&str, &str) = ("host", "127.0.0.1:8082");
    const COOKIE: (&str, &str) = ("cookie", "{cookie}");
    const OWN: (&str, &str) = ("origin", "http://127.0.0.1:8082");
    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

    #[test]
    fn the_own_browser_has_access() {
        assert_eq!(judged(Method::GET, "/", &[HOST, COOKIE]), Ok(()));
        assert_eq!(judged(Method::GET, "/", &[HOST, COOKIE, ("sec-fetch-site", "none")]), Ok(()));
        assert_eq!(judged(Method::GET, "/", &[("host", "LOCALHOST:8082"), COOKIE]), Ok(()));
        assert_eq!(judged(Method::GET, "/open?token=x", &[HOST]), Ok(()));
        assert_eq!(judged(Method::POST, "/", &[HOST, COOKIE, OWN, JSON]), Ok(()));
    }

    #[test]
    fn other_names_other_sites_and_strangers_are_refused() {
        for host in ["example.com:8082", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8082.example.com", ""] {
            assert_eq!(judged(Method::GET, "/", &[("host", host), COOKIE]), Err(AccessError::Host), "{host}");
        }
        assert_eq!(judged(Method::GET, "/", &[COOKIE]), Err(AccessError::Host));
        assert_eq!(judged(Method::GET, "/", &[HOST, HOST, COOKIE]), Err(AccessError::Host));
        assert_eq!(judged(Method::GET, "http://127.0.0.1:8082/", &[HOST, COOKIE]), Err(AccessError::Host));
        for origin in ["http://example.com", "null", "http://127.0.0.1:8080", "http://localhost:8082"] {
            let lines = [HOST, COOKIE, ("origin", origin)];
            assert_eq!(judged(Method::GET, "/", &lines), Err(AccessError::Origin), "{origin}");
        }
        for site in ["cross-site", "same-site", ""] {
            let lines = [HOST, COOKIE, ("sec-fetch-site", site)];
            assert_eq!(judged(Method::GET, "/", &lines), Err(AccessError::Origin), "{site}");
            assert_eq!(judged(Method::GET, "/open?token=x", &lines), Err(AccessError::Origin), "{site}");
        }
        assert_eq!(judged(Method::GET, "/", &[HOST]), Err(AccessError::Token));
        assert_eq!(judged(Method::GET, "/open/", &[HOST]), Err(AccessError::Token));
    }

    #[test]
    fn a_post_says_where_it_comes_from_and_is_json() {
        assert_eq!(judged(Method::POST, "/", &[HOST, COOKIE, JSON]), Err(AccessError::Origin));
        let typed = [HOST, COOKIE, OWN, JSON, ("sec-fetch-site", "none")];
        assert_eq!(judged(Method::POST, "/", &typed), Err(AccessError::Origin));
        assert_eq!(judged(Method::POST, "/", &[HOST, COOKIE, OWN]), Err(AccessError::MediaType));
        let form = [HOST, COOKIE, OWN, ("content-type", "text/plain")];
        assert_eq!(judged(Method::POST, "/", &form), Err(AccessError::MediaType));
        assert_eq!(judged(Method::PUT, "/", &[HOST, COOKIE, JSON]), Err(AccessError::Method));
    }
}
