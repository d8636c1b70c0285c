//! Stands before every route: who may ask, and what every answer carries.
//!
//! A page in a browser can send requests to any port of this machine, and by DNS rebinding under a name of its own. So
//! the name in `Host` has to be ours, `Origin` and `Sec-Fetch-Site` (which pages cannot forge) have to say that the
//! request comes from here, and the cookie has to be there. All of it on every route, unknown ones included.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use crate::web::keys::Keys;
use crate::web::page;
use crate::web::server::Shared;

/// The one route without a cookie: it exchanges the link's token for one.
pub(super) const OPEN: &str = "/open";

/// Scripts and styles come from here alone, none stands in a page; nothing is fetched from elsewhere; markup is put in
/// by one policy of ours (`assets/page.js`).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types wraptap";

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Refused {
    /// Asked under a name that is not ours.
    Host,
    /// Another page asked.
    Origin,
    /// Neither token nor cookie, or those of an earlier run.
    Token,
    /// A method that no route has.
    Method,
    /// A POST that is no JSON.
    MediaType,
}

/// Lets a request through to its route, or answers it itself; completes the answer either way.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let judged = judge(&shared.keys, shared.port, request.method(), request.uri(), request.headers());
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

fn judge(keys: &Keys, port: u16, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
    let host = only(headers, HOST).ok_or(Refused::Host)?;
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    // an absolute target would name another host than the field does
    if uri.authority().is_some() || !ours.iter().any(|name| host.eq_ignore_ascii_case(name)) {
        return Err(Refused::Host);
    }
    let posting = method == Method::POST;
    let origin = headers.get_all(ORIGIN).iter().count();
    match only(headers, ORIGIN) {
        Some(origin) if origin.eq_ignore_ascii_case(&format!("http://{host}")) => {}
        None if origin == 0 && !posting => {}
        _ => return Err(Refused::Origin),
    }
    let site = HeaderName::from_static("sec-fetch-site");
    let sites = headers.get_all(&site).iter().count();
    match only(headers, site) {
        Some("same-origin") => {}
        // typed, or opened from the terminal
        Some("none") if !posting => {}
        None if sites == 0 => {}
        _ => return Err(Refused::Origin),
    }
    if uri.path() != OPEN && !keys.admits(headers) {
        return Err(Refused::Token);
    }
    if !posting && method != Method::GET && method != Method::HEAD {
        return Err(Refused::Method);
    }
    // a form cannot send this type, so a page elsewhere would have to ask before, and nobody answers that
    let json = only(headers, CONTENT_TYPE)
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if posting && !json {
        return Err(Refused::MediaType);
    }
    Ok(())
}

/// Returns the one value of a field; two are as good as none.
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

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::Host | Self::Origin => (
                StatusCode::FORBIDDEN,
                "Not from here",
                "This page is for the browser on this machine, under its own address, and for no other site.",
            ),
            Self::Token => (
                StatusCode::FORBIDDEN,
                "This page needs its link",
                "wraptap prints a link when it starts; it works once, and links and pages of an earlier start work \
                 no more. Open the newest link that stands in the terminal, or start wraptap again for a new one.",
            ),
            Self::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Not this way",
                "The page is read by GET and changed by POST.",
            ),
            Self::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Not this type",
                "What is posted here is JSON: Content-Type: application/json.",
            ),
        };
        (status, page::bare(title, text)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judges a request with these header lines; `{cookie}` stands for the right one.
    fn judged(method: Method, target: &str, lines: &[(&'static str, &str)]) -> Result<(), Refused> {
        let keys = Keys::new(8082).unwrap();
        let cookie = keys.cookie().unwrap().to_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = value.replace("{cookie}", cookie.split(';').next().unwrap());
            headers.append(*name, HeaderValue::from_str(&value).unwrap());
        }
        judge(&keys, 8082, &method, &target.parse().unwrap(), &headers)
    }

    const HOST: (&str, &str) = ("host", "127.0.0.1:8082");
    const COOKIE: (&str, &str) = ("cookie", "{cookie}");
    const OWN: (&str, &str) = ("origin", "http://127.0.0.1:8082");
    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

    #[test]
    fn the_own_browser_is_let_in() {
        assert_eq!(judged(Method::GET, "/", &[HOST, COOKIE]), Ok(()));
        assert_eq!(judged(Method::GET, "/", &[HOST, COOKIE, ("sec-fetch-site", "none")]), Ok(()));
        assert_eq!(judged(Method::GET, "/", &[("host", "LOCALHOST:8082"), COOKIE]), Ok(()));
        assert_eq!(judged(Method::GET, "/open?token=x", &[HOST]), Ok(()));
        assert_eq!(judged(Method::POST, "/", &[HOST, COOKIE, OWN, JSON]), Ok(()));
    }

    #[test]
    fn other_names_other_sites_and_strangers_are_not() {
        for host in ["example.com:8082", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8082.example.com", ""] {
            assert_eq!(judged(Method::GET, "/", &[("host", host), COOKIE]), Err(Refused::Host), "{host}");
        }
        assert_eq!(judged(Method::GET, "/", &[COOKIE]), Err(Refused::Host));
        assert_eq!(judged(Method::GET, "/", &[HOST, HOST, COOKIE]), Err(Refused::Host));
        assert_eq!(judged(Method::GET, "http://127.0.0.1:8082/", &[HOST, COOKIE]), Err(Refused::Host));
        for origin in ["http://example.com", "null", "http://127.0.0.1:8080", "http://localhost:8082"] {
            let lines = [HOST, COOKIE, ("origin", origin)];
            assert_eq!(judged(Method::GET, "/", &lines), Err(Refused::Origin), "{origin}");
        }
        for site in ["cross-site", "same-site", ""] {
            let lines = [HOST, COOKIE, ("sec-fetch-site", site)];
            assert_eq!(judged(Method::GET, "/", &lines), Err(Refused::Origin), "{site}");
            assert_eq!(judged(Method::GET, "/open?token=x", &lines), Err(Refused::Origin), "{site}");
        }
        assert_eq!(judged(Method::GET, "/", &[HOST]), Err(Refused::Token));
        assert_eq!(judged(Method::GET, "/open/", &[HOST]), Err(Refused::Token));
    }

    #[test]
    fn a_post_says_where_it_comes_from_and_is_json() {
        assert_eq!(judged(Method::POST, "/", &[HOST, COOKIE, JSON]), Err(Refused::Origin));
        let typed = [HOST, COOKIE, OWN, JSON, ("sec-fetch-site", "none")];
        assert_eq!(judged(Method::POST, "/", &typed), Err(Refused::Origin));
        assert_eq!(judged(Method::POST, "/", &[HOST, COOKIE, OWN]), Err(Refused::MediaType));
        let form = [HOST, COOKIE, OWN, ("content-type", "text/plain")];
        assert_eq!(judged(Method::POST, "/", &form), Err(Refused::MediaType));
        assert_eq!(judged(Method::PUT, "/", &[HOST, COOKIE, JSON]), Err(Refused::Method));
    }
}
