//! Who may use the proxy: programs that mean it, not pages in a browser that found a port on this machine.
//!
//! A page can send requests to a loopback port, and by DNS rebinding under a name of its own. So the name in `Host`
//! has to be one of ours, and an `Origin`, which only browsers send, one that was allowed.

use http::header::{HOST, ORIGIN, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, Version};

use crate::net::destination::is_loopback_name;
use crate::proxy::synthetic_response::SyntheticResponse;

/// What browsers say of the page that sends a request; a constant, because finding a name by its text costs more.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names and origins that are let in.
#[derive(Clone, Debug, Default)]
pub struct AccessPolicy {
    /// Host names besides our own: the upstreams' (for clients that use the proxy as one) and `--allow-host`.
    pub hosts: Vec<String>,
    /// Origins of pages that may use the proxy; `*` lets in all.
    pub origins: Vec<String>,
    /// Clients on other machines reach us by address: any address will do as a name.
    pub any_address: bool,
    /// Our port, the only one under which an absolute target may name this machine.
    pub port: u16,
    /// Clients can speak TLS: a CONNECT to an upstream is welcome.
    pub tls: bool,
    /// Host and port of the upstreams, which a CONNECT may name, and an absolute target if they are on this machine.
    pub upstreams: Vec<(String, u16)>,
    /// The `Proxy-Authorization` with which a CONNECT may name any server; `None` for no such way.
    pub tunnels: Option<HeaderValue>,
}

/// How a request that was let in goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Admitted {
    /// To an upstream.
    Exchange,
    /// As a connection that is ended here, with exchanges inside.
    Ended,
    /// As bytes to a server that is no upstream.
    Tunnelled,
}

impl AccessPolicy {
    /// Judges a request by its head.
    pub(crate) fn judge(
        &self,
        method: &Method,
        uri: &Uri,
        version: Version,
        headers: &HeaderMap,
    ) -> Result<Admitted, SyntheticResponse> {
        if method == Method::CONNECT {
            return self.connect(uri, headers.get(PROXY_AUTHORIZATION));
        }
        let host = self.host(version, headers)?;
        // RFC 9112, 3.2.2: the authority of an absolute target replaces Host
        match uri.authority() {
            Some(authority) => {
                if !self.is_ours(authority.host(), Some(authority.port_u16())) {
                    return Err(foreign("the target names a host that is not an upstream of this proxy"));
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
                if let Some((name, _)) = host
                    && !self.is_ours(name, None)
                {
                    return Err(foreign("the Host field names a host that is not this proxy"));
                }
            }
        }
        self.origin(headers).map(|()| Admitted::Exchange)
    }

    /// Judges a CONNECT: to an upstream if there is TLS to end it with, elsewhere for who may.
    fn connect(&self, uri: &Uri, authorization: Option<&HeaderValue>) -> Result<Admitted, SyntheticResponse> {
        let ours = uri.authority().is_some_and(|authority| {
            let host = authority.host().trim_start_matches('[').trim_end_matches(']');
            self.upstreams
                .iter()
                .any(|(name, port)| name.eq_ignore_ascii_case(host) && Some(*port) == authority.port_u16())
        });
        let refusal = match (ours, self.tls) {
            (true, true) => return Ok(Admitted::Ended),
            (false, _) if self.tunnels.is_some() => {
                return if authorization == self.tunnels.as_ref() {
                    Ok(Admitted::Tunnelled)
                } else {
                    let message = "a way to another host is open to the command of `wraptap record` alone";
                    Err(SyntheticResponse::client(407, "tunnel_refused", message)
                        .hint("Use the proxy's URL with the password in it, as HTTPS_PROXY has it"))
                };
            }
            (true, false) => SyntheticResponse::client(
                403,
                "connect_refused",
                "CONNECT needs TLS here, and wraptap was started without it",
            )
            .hint("Start it with --tls and let the SDK trust its certificate"),
            (false, _) => {
                SyntheticResponse::client(403, "connect_refused", "CONNECT goes to no host but the upstream")
            }
        };
        let port = self.port;
        Err(match refusal.hint {
            Some(hint) => SyntheticResponse {
                hint: Some(format!("{hint}; or make http://127.0.0.1:{port} the SDK's base URL or gateway")),
                ..refusal
            },
            None => refusal.hint(format!(
                "wraptap is no forward proxy: make http://127.0.0.1:{port} the SDK's base URL or gateway"
            )),
        })
    }

    /// Returns name and port of the one `Host` field, if it is a host at all.
    fn host<'a>(
        &self,
        version: Version,
        headers: &'a HeaderMap,
    ) -> Result<Option<(&'a str, Option<&'a str>)>, SyntheticResponse> {
        let mut all = headers.get_all(HOST).iter();
        let (first, second) = (all.next(), all.next());
        if second.is_some() {
            return Err(SyntheticResponse::client(
                400,
                "bad_host",
                "the request has more than one Host field",
            ));
        }
        let Some(first) = first else {
            return if version < Version::HTTP_11 {
                Ok(None)
            } else {
                Err(SyntheticResponse::client(400, "bad_host", "the request has no Host field"))
            };
        };
        let host = first.to_str().ok().and_then(parts);
        host.map(Some).ok_or_else(|| {
            SyntheticResponse::client(400, "bad_host", "the Host field is not a host with an optional port")
        })
    }

    /// Tells whether a name is ours. An absolute target (`port` given) on this machine has to name our port or that
    /// of an upstream: other servers of this machine are not reached through us.
    fn is_ours(&self, name: &str, port: Option<Option<u16>>) -> bool {
        let bare = name.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        if is_loopback_name(bare) {
            return port.is_none_or(|port| {
                let port = port.unwrap_or(80);
                port == self.port
                    || self.upstreams.iter().any(|(name, theirs)| is_loopback_name(name) && *theirs == port)
            });
        }
        self.hosts.iter().any(|ours| ours.eq_ignore_ascii_case(bare))
            || is_documentation_name(bare)
            || (self.any_address && port.is_none() && bare.parse::<std::net::IpAddr>().is_ok())
    }

    fn origin(&self, headers: &HeaderMap) -> Result<(), SyntheticResponse> {
        let refused = || {
            SyntheticResponse::client(
                403,
                "origin_refused",
                "a page in a browser sent this, and its origin is not allowed",
            )
            .hint("If the page is yours, start wraptap with --allow-origin and the page's origin")
        };
        // one look at all names costs less than a search for each, and programs send neither
        let is_of_page = |name: &HeaderName| *name == ORIGIN || *name == SEC_FETCH_SITE;
        if !headers.keys().any(is_of_page) || self.origins.iter().any(|origin| origin == "*") {
            return Ok(());
        }
        for origin in headers.get_all(ORIGIN) {
            let ours = origin.to_str().is_ok_and(|origin| {
                self.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
                    || self.is_own_origin(origin)
            });
            if !ours {
                return Err(refused());
            }
        }
        // images and forms of other pages come without an Origin; browsers mark them all the same
        let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
        if matches!(site, Some(b"cross-site" | b"same-site")) && !headers.contains_key(ORIGIN) {
            return Err(refused());
        }
        Ok(())
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        let Some((_, authority)) = origin.split_once("://") else { return false };
        parts(authority).is_some_and(|(name, port)| {
            is_loopback_name(name) && port.and_then(|port| port.parse().ok()) == Some(self.port)
        })
    }
}

fn foreign(message: &str) -> SyntheticResponse {
    SyntheticResponse::client(421, "foreign_host", message)
        .hint("If clients reach wraptap under another name, start it with --allow-host and that name")
}

/// Names below `example.test`: `.test` is reserved (RFC 6761, 6.2), so no page in a browser can have such a name, and
/// test rigs that check proxies use it.
fn is_documentation_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "example.test" || name.ends_with(".example.test")
}

/// Splits `host[:port]`; `None` if it is not that.
fn parts(text: &str) -> Option<(&str, Option<&str>)> {
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
    let named = text.starts_with('[')
        || (!host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte)));
    let ported = port.is_none_or(|port| port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()));
    (named && ported).then_some((host, port))
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

    fn judge(target: &str, lines: &[(&'static str, &str)]) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let uri: Uri = target.parse().unwrap();
        access().judge(&Method::GET, &uri, Version::HTTP_11, &headers).err().map(|refusal| refusal.code)
    }

    #[test]
    fn own_names_upstreams_and_allowed_ones_are_let_in() {
        for host in [
            "127.0.0.1:8080",
            "localhost",
            "[::1]:8080",
            "API.mypurecloud.de",
            "wraptap.internal:1",
            "x.localhost",
        ] {
            assert_eq!(judge("/", &[("host", host)]), None, "{host}");
        }
    }

    #[test]
    fn a_rebound_name_is_refused() {
        for host in ["evil.com", "evil.test:8080", "127.0.0.1.evil.com", "93.184.216.34", "[2001:db8::1]"] {
            assert_eq!(judge("/", &[("host", host)]), Some("foreign_host"), "{host}");
        }
    }

    #[test]
    fn one_host_and_a_well_formed_one() {
        assert_eq!(judge("/", &[]), Some("bad_host"));
        assert_eq!(judge("/", &[("host", "localhost"), ("host", "localhost")]), Some("bad_host"));
        for host in ["a b/c@d", "", "[::1", "h:port", "h:123456", "@x"] {
            assert_eq!(judge("/", &[("host", host)]), Some("bad_host"), "{host}");
        }
    }

    #[test]
    fn absolute_targets_reach_our_upstreams_only() {
        let host = [("host", "whatever.test")];
        assert_eq!(judge("http://127.0.0.1:8080/a", &host), None);
        assert_eq!(judge("http://127.0.0.1:9090/a", &host), None);
        assert_eq!(judge("https://api.mypurecloud.de/a", &host), None);
        assert_eq!(judge("http://127.0.0.1:22/a", &host), Some("foreign_host"));
        assert_eq!(judge("http://evil.com/a", &[("host", "127.0.0.1:8080")]), Some("foreign_host"));
    }

    #[test]
    fn a_connect_needs_tls_and_an_upstream() {
        let connect = |target: &str, tls| {
            let access = AccessPolicy { tls, ..access() };
            let uri: Uri = target.parse().unwrap();
            access.judge(&Method::CONNECT, &uri, Version::HTTP_11, &HeaderMap::new()).is_ok()
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
        let connect = |target: &str, password: Option<&'static str>| {
            let headers = password.map(|value| (PROXY_AUTHORIZATION, HeaderValue::from_static(value)));
            let uri: Uri = target.parse().unwrap();
            let headers = headers.into_iter().collect();
            let judged = access.judge(&Method::CONNECT, &uri, Version::HTTP_11, &headers);
            judged.map_err(|refusal| refusal.status)
        };
        assert_eq!(connect("api.mypurecloud.de:443", None), Ok(Admitted::Ended));
        assert_eq!(connect("registry.test:443", Some("Basic right")), Ok(Admitted::Tunnelled));
        assert_eq!(connect("registry.test:443", Some("Basic wrong")), Err(407));
        assert_eq!(connect("registry.test:443", None), Err(407));
    }

    #[test]
    fn pages_are_refused_unless_their_origin_is_allowed() {
        let with = |name, value| judge("/", &[("host", "127.0.0.1:8080"), (name, value)]);
        assert_eq!(with("origin", "https://evil.com"), Some("origin_refused"));
        assert_eq!(with("origin", "null"), Some("origin_refused"));
        assert_eq!(with("origin", "http://localhost:3000"), None);
        assert_eq!(with("origin", "http://127.0.0.1:8080"), None);
        assert_eq!(with("origin", "http://127.0.0.1:81"), Some("origin_refused"));
        assert_eq!(with("sec-fetch-site", "cross-site"), Some("origin_refused"));
        assert_eq!(with("sec-fetch-site", "none"), None);
    }
}
