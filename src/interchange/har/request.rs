//! The request of a HAR: URL, version and headers as they were on the wire, as far as the tool kept them.

use crate::interchange::har::Reconstructions;
use crate::interchange::har::body;
use crate::interchange::har::document::{HarPair, HarRequest, text};
use crate::interchange::message;
use crate::model::exchange::{Body, Header, Headers, Request};
use crate::model::passage::Side;

/// Why an item of a HAR gives no exchange.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SkipReason {
    /// The item is not made as the format says.
    #[error("it does not follow HAR 1.2: {0}")]
    Shape(String),
    /// There is no request in it.
    #[error("it has no request")]
    NoRequest,
    /// No method, or one with characters that no method has.
    #[error("its method is missing or malformed")]
    Method,
    /// No URL, or one with control characters.
    #[error("its URL is missing or malformed")]
    Url,
    /// `data:`, `blob:`, an extension's own: nothing was sent.
    #[error("`{0}:` is not HTTP")]
    Scheme(String),
    /// The opening of a tunnel, which is no request to the host.
    #[error("it opens a tunnel (CONNECT)")]
    Connect,
}

/// A request with where it went.
#[derive(Debug)]
pub(crate) struct AddressedRequest {
    pub(crate) upstream: String,
    pub(crate) request: Request,
}

/// Makes the request.
pub(crate) fn build(
    listed_request: &HarRequest,
    limit: usize,
    reconstructions: &mut Reconstructions,
) -> Result<AddressedRequest, SkipReason> {
    let method = text(&listed_request.method).filter(|method| is_token(method)).ok_or(SkipReason::Method)?;
    if method == "CONNECT" {
        return Err(SkipReason::Connect);
    }
    let url = text(&listed_request.url).ok_or(SkipReason::Url)?;
    let HarUrl { upstream, authority, target } = HarUrl::parse(&url)?;
    let listed = listed_request.headers.as_deref().unwrap_or_default();
    let pseudo = |name: &str| {
        listed
            .iter()
            .find(|pair| text(&pair.name).as_deref() == Some(name))
            .and_then(|pair| text(&pair.value))
    };
    // HTTP/2 carries the target as it was sent in a header of its own
    let path = pseudo(":path").filter(|path| !path.contains(|c: char| c.is_control() || c == ' '));
    let target = path.unwrap_or(target);
    let version =
        version(&text(&listed_request.http_version).unwrap_or_default(), Side::Request, reconstructions);
    let mut headers = headers(listed, Side::Request, reconstructions);
    if headers.get("host").is_none() {
        let host = pseudo(":authority").unwrap_or(authority);
        headers.0.insert(0, Header { name: "Host".into(), value: host.as_str().into() });
        reconstructions.add(
            Side::Request,
            "Host",
            Some(host),
            "taken from the URL, because the tool lists none",
        );
    }
    if listed.is_empty() {
        reconstructions.add(Side::Request, "headers", None, "the tool lists none");
    }
    cookies(listed_request.cookies.as_deref().unwrap_or_default(), &mut headers, reconstructions);
    let body = body::of_request(listed_request, &headers, limit, reconstructions);
    announce(&body, &mut headers, reconstructions);
    let request = Request {
        method: method.into(),
        target: target.into(),
        version,
        headers,
        body,
        trailers: Headers::default(),
        head: None,
    };
    Ok(AddressedRequest { upstream, request })
}

/// Adds a Content-Length where it is missing: a server does not read a body that no header announces.
fn announce(body: &Body, headers: &mut Headers, reconstructions: &mut Reconstructions) {
    if !body.is_empty() && headers.get("content-length").is_none() && !message::is_chunked(headers) {
        let length = body.total.to_string();
        headers.0.push(Header { name: "Content-Length".into(), value: length.as_str().into() });
        let why = "counted, because the tool lists none";
        reconstructions.add(Side::Request, "Content-Length", Some(length), why);
    }
}

/// A URL taken apart without changing a letter of the target.
struct HarUrl {
    upstream: String,
    authority: String,
    target: String,
}

impl HarUrl {
    fn parse(url: &str) -> Result<Self, SkipReason> {
        let (scheme, rest) = url.split_once(':').ok_or(SkipReason::Url)?;
        let (scheme, own_port) = match scheme.to_ascii_lowercase().as_str() {
            "http" | "ws" => ("http", ":80"),
            "https" | "wss" => ("https", ":443"),
            other => return Err(SkipReason::Scheme(other.chars().take(20).collect())),
        };
        let rest = rest.strip_prefix("//").ok_or(SkipReason::Url)?;
        if rest.contains(|c: char| c.is_control()) {
            return Err(SkipReason::Url);
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        // user and password of a URL are never sent as such
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let authority = authority.strip_suffix(own_port).unwrap_or(authority);
        if authority.is_empty() || authority.contains(' ') {
            return Err(SkipReason::Url);
        }
        let target = rest.split('#').next().unwrap_or_default();
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Ok(Self { upstream: format!("{scheme}://{authority}"), authority: authority.to_owned(), target })
    }
}

fn is_token(method: &str) -> bool {
    method.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Returns the version in one spelling: `HTTP/1.1`, `HTTP/2`, `HTTP/3`.
pub(crate) fn version(written: &str, side: Side, reconstructions: &mut Reconstructions) -> String {
    let upper = written.trim().to_ascii_uppercase();
    let known = match upper.as_str() {
        "HTTP/1.0" | "1.0" => "HTTP/1.0",
        "HTTP/1.1" | "1.1" => "HTTP/1.1",
        "HTTP/2" | "HTTP/2.0" | "H2" | "H2C" | "2.0" => "HTTP/2",
        "HTTP/3" | "HTTP/3.0" | "H3" | "HTTP/2+QUIC/46" | "3.0" => "HTTP/3",
        _ => {
            reconstructions.add(side, "version", Some("HTTP/1.1".to_owned()), "the tool does not name it");
            return "HTTP/1.1".to_owned();
        }
    };
    if known == "HTTP/2" || known == "HTTP/3" {
        reconstructions.add(
            side,
            "headers",
            None,
            "HTTP/2 and 3 encode them differently; they are kept as the tool lists them",
        );
    }
    known.to_owned()
}

/// Returns the header lines: without the pseudo headers of HTTP/2, none with a line's end in it.
pub(crate) fn headers(listed: &[HarPair], side: Side, reconstructions: &mut Reconstructions) -> Headers {
    let mut headers = Vec::new();
    for pair in listed {
        let Some(name) = text(&pair.name) else { continue };
        if name.starts_with(':') {
            continue;
        }
        let value = text(&pair.value).unwrap_or_default();
        if !is_token(&name) {
            reconstructions.add(side, "headers", None, "a header whose name is malformed is left out");
            continue;
        }
        // Chrome and Firefox join the cookies that an answer sets with line ends
        let broken = value.contains(['\r', '\n', '\0']);
        if broken && name.eq_ignore_ascii_case("set-cookie") {
            for line in value.split(['\r', '\n', '\0']).filter(|line| !line.is_empty()) {
                headers.push(Header { name: name.as_str().into(), value: line.trim().into() });
            }
            continue;
        }
        if broken {
            reconstructions.add(side, &name, None, "a line end or NUL in the value was replaced by a blank");
        }
        let value = value.replace(['\r', '\n', '\0'], " ");
        headers.push(Header { name: name.into(), value: value.trim().into() });
    }
    Headers(headers)
}

/// Puts a `Cookie` line together where the tool lists cookies but not the header.
fn cookies(listed: &[HarPair], headers: &mut Headers, reconstructions: &mut Reconstructions) {
    if listed.is_empty() || headers.get("cookie").is_some() {
        return;
    }
    let pairs: Vec<String> = listed
        .iter()
        .filter_map(|pair| Some(format!("{}={}", text(&pair.name)?, text(&pair.value).unwrap_or_default())))
        .filter(|pair| !pair.contains(|c: char| c.is_control()))
        .collect();
    if !pairs.is_empty() {
        headers.0.push(Header { name: "Cookie".into(), value: pairs.join("; ").into() });
        reconstructions.add(Side::Request, "Cookie", None, "built from the list of cookies");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(url: &str) -> Result<(String, String), SkipReason> {
        HarUrl::parse(url).map(|address| (address.upstream, address.target))
    }

    #[test]
    fn urls_are_taken_apart_to_the_letter() {
        let pair = |upstream: &str, target: &str| Ok((upstream.to_owned(), target.to_owned()));
        assert_eq!(parts("https://h:443/a%2Fb/../c?x#f"), pair("https://h", "/a%2Fb/../c?x"));
        assert_eq!(parts("http://u:p@h:8080?q"), pair("http://h:8080", "/?q"));
        assert_eq!(parts("wss://h/s"), pair("https://h", "/s"));
        assert_eq!(parts("http://h"), pair("http://h", "/"));
    }

    #[test]
    fn what_is_not_http_is_named() {
        assert_eq!(parts("data:text/plain,x"), Err(SkipReason::Scheme("data".to_owned())));
        for url in ["", "x", "http://", "https:///p", "http://h/a\r\nX: y"] {
            assert_eq!(parts(url), Err(SkipReason::Url), "{url}");
        }
    }
}
