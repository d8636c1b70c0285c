//! Who may use the proxy: programs that were pointed at it, not pages in a browser that found a port on this
//! machine.
//!
//! A page can send requests to a loopback port and, by DNS rebinding, under a host name of its own. So the
//! name in `Host` has to be one of ours, and an `Origin`, which only browsers send, has to be an allowed one.

use http::header::{HOST, ORIGIN, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};

use crate::net::destination::is_loopback_name;
use crate::proxy::synthetic_response::SyntheticResponse;

/// Names the relation between a request and the page that sent it. A constant, because a lookup by text costs
/// more.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names and origins that have access.
#[derive(Clone, Debug, Default)]
pub struct AccessPolicy {
    /// Host names besides our own: the upstreams' (for clients that use wraptap as their proxy) and
    /// `--allow-host`.
    pub hosts: Vec<String>,
    /// Origins of pages that may use the proxy; `*` allows all.
    pub origins: Vec<String>,
    /// Clients on other machines use our address as the host name: every address is accepted as one.
    pub any_address: bool,
    /// Our port, the only one under which an absolute target may name this machine.
    pub port: u16,
    /// Clients can speak TLS: a CONNECT to an upstream is accepted.
    pub tls: bool,
    /// Host and port of the upstreams. A CONNECT may name them, and so may an absolute target if they are on
    /// this machine.
    pub upstreams: Vec<(String, u16)>,
    /// The `Proxy-Authorization` with which a CONNECT may name any server; with `None`, no CONNECT may.
    pub tunnels: Option<HeaderValue>,
}

/// What is done with a request that has access.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Admitted {
    /// It is forwarded to an upstream.
    Exchange,
    /// It is a CONNECT to an upstream: wraptap ends the TLS inside and records the exchanges.
    Terminated,
    /// It is a CONNECT to another server: bytes are relayed, not recorded.
    Relayed,
}

impl AccessPolicy {
    /// Decides about a request by its head.
    pub(crate) fn check<B>(&self, request: &Request<B>) -> Result<Admitted, SyntheticResponse> {
        let (uri, headers) = (request.uri(), request.headers());
        if request.method() == Method::CONNECT {
            return self.check_connect(uri, headers.get(PROXY_AUTHORIZATION));
        }
        let host = host_name(request.version(), headers)?;
        // RFC 9112, 3.2.2: the authority of an absolute target replaces Host
        match uri.authority() {
            Some(authority) => {
                let port = authority.port_u16().unwrap_or(80);
                if !self.is_target_name(authority.host(), port) {
                    return Err(foreign_host(
                        "the target names a host that is not an upstream of this proxy",
                    ));
                }
            }
            None => {
                if !uri.path().starts_with('/') && uri.path() != "*" {
                    return Err(SyntheticResponse::client(
                        400,
                        "bad_target",
                        "the request target is not a path",
                    ));
                }
                if host.is_some_and(|name| !self.is_host_name(name)) {
                    return Err(foreign_host("the Host field names a host that is not this proxy"));
                }
            }
        }
        self.check_origin(headers).map(|()| Admitted::Exchange)
    }

    /// Decides about a CONNECT: to an upstream it needs TLS, to another server the password.
    fn check_connect(
        &self,
        uri: &Uri,
        authorization: Option<&HeaderValue>,
    ) -> Result<Admitted, SyntheticResponse> {
        let is_upstream = uri.authority().is_some_and(|authority| {
            let host = bare_name(authority.host());
            self.upstreams
                .iter()
                .any(|(name, port)| name.eq_ignore_ascii_case(host) && Some(*port) == authority.port_u16())
        });
        let refused = |message: &str| SyntheticResponse::client(403, "connect_refused", message);
        let port = self.port;
        match (is_upstream, self.tls, &self.tunnels) {
            (true, true, _) => Ok(Admitted::Terminated),
            (false, _, Some(password)) if authorization == Some(password) => Ok(Admitted::Relayed),
            (false, _, Some(_)) => Err(SyntheticResponse::client(
                407,
                "tunnel_refused",
                "only the command of `wraptap record` may connect to other hosts",
            )
            .hint("Use the proxy's URL with the password in it, as in HTTPS_PROXY")),
            (true, false, _) => {
                let refused = refused("CONNECT needs TLS here, and wraptap was started without it");
                Err(refused.hint(format!(
                    "Start it with --tls and let the SDK trust its certificate; or make http://127.0.0.1:{port} the \
                     SDK's base URL or gateway"
                )))
            }
            (false, _, None) => Err(refused("CONNECT goes to no host but the upstream").hint(format!(
                "wraptap is no forward proxy: make http://127.0.0.1:{port} the SDK's base URL or gateway"
            ))),
        }
    }

    /// Returns whether an absolute target may name this host. Other servers of this machine are not reached
    /// through us: on this machine, the port has to be ours or that of an upstream.
    fn is_target_name(&self, name: &str, port: u16) -> bool {
        let bare = bare_name(name);
        if !is_loopback_name(bare) {
            return self.is_known_name(bare);
        }
        port == self.port
            || self.upstreams.iter().any(|(name, theirs)| is_loopback_name(name) && *theirs == port)
    }

    /// Returns whether a `Host` field may have this name.
    fn is_host_name(&self, name: &str) -> bool {
        let bare = bare_name(name);
        is_loopback_name(bare)
            || self.is_known_name(bare)
            || (self.any_address && bare.parse::<std::net::IpAddr>().is_ok())
    }

    fn is_known_name(&self, bare: &str) -> bool {
        self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(bare)) || is_documentation_name(bare)
    }

    fn check_origin(&self, headers: &HeaderMap) -> Result<(), SyntheticResponse> {
        let refused = || {
            SyntheticResponse::client(
                403,
                "origin_refused",
                "a page in a browser sent this, and its origin is not allowed",
            )
            .hint("If the page is yours, start wraptap with --allow-origin and the page's origin")
        };
        // one pass over all names costs less than two lookups, and programs send neither field
        let is_of_page = |name: &HeaderName| *name == ORIGIN || *name == SEC_FETCH_SITE;
        if !headers.keys().any(is_of_page) || self.origins.iter().any(|origin| origin == "*") {
            return Ok(());
        }
        for origin in headers.get_all(ORIGIN) {
            let allowed = origin.to_str().is_ok_and(|origin| {
                self.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
                    || self.is_own_origin(origin)
            });
            if !allowed {
                return Err(refused());
            }
        }
        // images and forms of other pages are sent without an Origin, but browsers mark them too
        let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
        if matches!(site, Some(b"cross-site" | b"same-site")) && !headers.contains_key(ORIGIN) {
            return Err(refused());
        }
        Ok(())
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        let Some((_, authority)) = origin.split_once("://") else { return false };
        split_host(authority).is_some_and(|(name, port)| {
            is_loopback_name(name) && port.and_then(|port| port.parse().ok()) == Some(self.port)
        })
    }
}

/// Returns the name in the one `Host` field, which only HTTP/1.0 may lack.
fn host_name(version: Version, headers: &HeaderMap) -> Result<Option<&str>, SyntheticResponse> {
    let bad_host = |message| Err(SyntheticResponse::client(400, "bad_host", message));
    let mut all = headers.get_all(HOST).iter();
    match (all.next(), all.next()) {
        (_, Some(_)) => bad_host("the request has more than one Host field"),
        (None, _) if version < Version::HTTP_11 => Ok(None),
        (None, _) => bad_host("the request has no Host field"),
        (Some(host), None) => match host.to_str().ok().and_then(split_host) {
            Some((name, _)) => Ok(Some(name)),
            None => bad_host("the Host field is not a host with an optional port"),
        },
    }
}

fn foreign_host(message: &str) -> SyntheticResponse {
    SyntheticResponse::client(421, "foreign_host", message)
        .hint("If clients reach wraptap under another name, start it with --allow-host and that name")
}

/// Returns a host name without the brackets of an IPv6 address and without the final dot.
fn bare_name(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.')
}

/// Names below `example.test`: `.test` is reserved (RFC 6761, 6.2), so no page in a browser can have such a
/// name, and programs that check proxies use it.
fn is_documentation_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "example.test" || name.ends_with(".example.test")
}

/// Splits `host[:port]`; `None` if the text is something else.
fn split_host(text: &str) -> Option<(&str, Option<&str>)> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            match after.strip_prefix(':') {
                Some(port) => (address, Some(port)),
                None if after.is_empty() => (address, None),
                None => return None,
            }
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let is_name = text.starts_with('[')
        || (!host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte)));
    let is_port = port.is_none_or(|port| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()));
    (is_name && is_port).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access() -> AccessPolicy {
        AccessPolicy {
            hosts: vec!["api.mypurecloud.de".to_owned(), "wraptap.internal".to_owned()],
            origins: vec!["http://localhost:3000".to_owned()],
            port: 8080,
            upstreams: vec![("127.0.0.1".to_owned(), 9090), ("api.mypurecloud.de".to_owned(), 443)],
            ..AccessPolicy::default()
        }
    }

    fn request(method: Method, target: &str, lines: &[(&str, &str)]) -> Request<()> {
        let request = Request::builder().method(method).uri(target);
        lines.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(()).unwrap()
    }

    fn refused(target: &str, lines: &[(&str, &str)]) -> Option<&'static str> {
        access().check(&request(Method::GET, target, lines)).err().map(|response| response.code)
    }

    #[test]
    fn own_names_upstreams_and_allowed_ones_have_access() {
        for host in [
            "127.0.0.1:8080",
            "localhost",
            "[::1]:8080",
            "API.mypurecloud.de",
            "wraptap.internal:1",
            "x.localhost",
        ] {
            assert_eq!(refused("/", &[("host", host)]), None, "{host}");
        }
    }

    #[test]
    fn a_rebound_name_is_refused() {
        for host in ["evil.com", "evil.test:8080", "127.0.0.1.evil.com", "93.184.216.34", "[2001:db8::1]"] {
            assert_eq!(refused("/", &[("host", host)]), Some("foreign_host"), "{host}");
        }
    }

    #[test]
    fn one_host_and_a_well_formed_one() {
        assert_eq!(refused("/", &[]), Some("bad_host"));
        assert_eq!(refused("/", &[("host", "localhost"), ("host", "localhost")]), Some("bad_host"));
        for host in ["a b/c@d", "", "[::1", "h:port", "h:123456", "@x"] {
            assert_eq!(refused("/", &[("host", host)]), Some("bad_host"), "{host}");
        }
    }

    #[test]
    fn absolute_targets_reach_our_upstreams_only() {
        let host = [("host", "whatever.test")];
        assert_eq!(refused("http://127.0.0.1:8080/a", &host), None);
        assert_eq!(refused("http://127.0.0.1:9090/a", &host), None);
        assert_eq!(refused("https://api.mypurecloud.de/a", &host), None);
        assert_eq!(refused("http://127.0.0.1:22/a", &host), Some("foreign_host"));
        assert_eq!(refused("http://evil.com/a", &[("host", "127.0.0.1:8080")]), Some("foreign_host"));
    }

    #[test]
    fn a_connect_needs_tls_and_an_upstream() {
        let connect = |target: &str, tls| {
            let access = AccessPolicy { tls, ..access() };
            access.check(&request(Method::CONNECT, target, &[])).is_ok()
        };
        assert!(connect("api.mypurecloud.de:443", true));
        assert!(!connect("api.mypurecloud.de:443", false));
        assert!(!connect("api.mypurecloud.de:22", true));
        assert!(!connect("evil.com:443", true));
    }

    #[test]
    fn a_connect_to_another_host_needs_the_password_where_there_is_one() {
        let access =
            AccessPolicy { tls: true, tunnels: Some(HeaderValue::from_static("Basic right")), ..access() };
        let connect = |target: &str, password: Option<&str>| {
            let line = password.map(|value| ("proxy-authorization", value));
            let request = request(Method::CONNECT, target, line.as_slice());
            access.check(&request).map_err(|response| response.status)
        };
        assert_eq!(connect("api.mypurecloud.de:443", None), Ok(Admitted::Terminated));
        assert_eq!(connect("registry.test:443", Some("Basic right")), Ok(Admitted::Relayed));
        assert_eq!(connect("registry.test:443", Some("Basic wrong")), Err(407));
        assert_eq!(connect("registry.test:443", None), Err(407));
    }

    #[test]
    fn pages_are_refused_unless_their_origin_is_allowed() {
        let with = |name, value| refused("/", &[("host", "127.0.0.1:8080"), (name, value)]);
        assert_eq!(with("origin", "https://evil.com"), Some("origin_refused"));
        assert_eq!(with("origin", "null"), Some("origin_refused"));
        assert_eq!(with("origin", "http://localhost:3000"), None);
        assert_eq!(with("origin", "http://127.0.0.1:8080"), None);
        assert_eq!(with("origin", "http://127.0.0.1:81"), Some("origin_refused"));
        assert_eq!(with("sec-fetch-site", "cross-site"), Some("origin_refused"));
        assert_eq!(with("sec-fetch-site", "none"), None);
    }
}
