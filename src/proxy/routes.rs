//! Where a request goes, and what its target is there. Targets are cut and prefixed, never decoded or re-encoded.

use crate::net::destination::{Destination, DestinationError};

/// The upstreams of a proxy, and how targets are divided among them.
#[derive(Clone, Debug)]
pub struct Routes {
    /// Where everything goes that is no login.
    pub api: Upstream,
    /// Where `…/oauth/token` goes, if not to `api`.
    pub login: Option<Upstream>,
    /// A prefix that clients put in front of every path, to be removed.
    pub prefix: Option<String>,
    /// Paths are tidied up as Genesys Cloud gateways do it.
    pub gateway: bool,
    /// The hosts that programs have written into them, and whether it is the login's.
    pub hosts: Vec<(String, bool)>,
}

/// One upstream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upstream {
    /// The server.
    pub server: Destination,
    /// A path put in front of every target, without a final slash.
    pub base: String,
    /// `scheme://host:port`, as it stands in a recording.
    pub name: String,
    /// What stands in `Host`.
    pub host: http::HeaderValue,
    /// Its number among the upstreams: 0 for the API, 1 for the login.
    pub index: usize,
}

/// A target on its way.
#[derive(Debug, Eq, PartialEq)]
pub struct RoutedTarget<'a> {
    /// Where it goes.
    pub upstream: &'a Upstream,
    /// The new path and query, and why, if it is not the old one.
    pub target: Option<(String, &'static str)>,
}

impl Routes {
    /// Routes of one region: logins to the login host, the rest to the API host.
    pub fn for_region(api_host: &str, login_host: &str) -> Self {
        Self {
            api: Upstream::new(Destination::https(api_host), String::new(), 0),
            login: Some(Upstream::new(Destination::https(login_host), String::new(), 1)),
            prefix: None,
            gateway: true,
            hosts: vec![(api_host.to_owned(), false), (login_host.to_owned(), true)],
        }
    }

    /// Routes to one server, targets untouched but for the path of `api` in front.
    ///
    /// # Errors
    ///
    /// If one of the texts is no http or https URL.
    pub fn from_urls(api: &str, login: Option<&str>) -> Result<Self, DestinationError> {
        let (server, base) = Destination::parse(api)?;
        let login = match login {
            Some(url) => {
                let (server, base) = Destination::parse(url)?;
                Some(Upstream::new(server, base, 1))
            }
            None => None,
        };
        Ok(Self {
            api: Upstream::new(server, base, 0),
            login,
            prefix: None,
            gateway: false,
            hosts: Vec::new(),
        })
    }

    /// Answers for a region: requests to its hosts go where these routes lead.
    #[must_use]
    pub fn standing_in_for(self, api_host: &str, login_host: &str) -> Self {
        let region = Self::for_region(api_host, login_host);
        Self { gateway: region.gateway, hosts: region.hosts, ..self }
    }

    /// Says where `target` (path and query) goes, that was sent to `host` (without a port).
    pub fn route(&self, host: &str, target: &str) -> RoutedTarget<'_> {
        let (mut rest, mut why) = (target, "");
        if let Some(prefix) = &self.prefix
            && let Some(cut) = without(rest, prefix)
        {
            (rest, why) = (cut, "`--prefix` removed");
        }
        if self.gateway {
            if rest.starts_with("//") {
                (rest, why) = (&rest[1..], "one leading `/` too many");
            }
            if let Some(prefix) = &self.prefix
                && why != "`--prefix` removed"
                && let Some(cut) = without(rest, prefix)
            {
                (rest, why) = (cut, "`--prefix` removed");
            }
            for (front, behind) in [("/api", "/api/v2"), ("/login", "/oauth")] {
                if let Some(cut) = without(rest, front)
                    && without(cut, behind).is_some()
                {
                    (rest, why) = (cut, "the gateway's own path removed");
                }
            }
        }
        let upstream = match &self.login {
            Some(login) if is_login(rest) || self.is_login_host(host) => login,
            _ => &self.api,
        };
        if !upstream.base.is_empty() && rest.starts_with('/') {
            return RoutedTarget {
                upstream,
                target: Some((format!("{}{rest}", upstream.base), "routed to the upstream")),
            };
        }
        RoutedTarget { upstream, target: (!why.is_empty()).then(|| (rest.to_owned(), why)) }
    }

    fn is_login_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|(name, login)| *login && name.eq_ignore_ascii_case(host))
    }

    /// Returns the upstreams.
    pub fn upstreams(&self) -> impl Iterator<Item = &Upstream> + Clone {
        std::iter::once(&self.api).chain(&self.login)
    }
}

impl Upstream {
    fn new(server: Destination, base: String, index: usize) -> Self {
        let host = http::HeaderValue::from_str(&server.authority())
            .unwrap_or_else(|_| http::HeaderValue::from_static(""));
        Self { name: server.to_string(), host, base, index, server }
    }
}

/// Tells whether a path ends in `/oauth/token`.
fn is_login(target: &str) -> bool {
    target.split('?').next().is_some_and(|path| path.ends_with("/oauth/token"))
}

/// Cuts a whole-segment prefix off a path; what remains starts with `/`.
fn without<'a>(target: &'a str, prefix: &str) -> Option<&'a str> {
    let prefix = prefix.trim_matches('/');
    let rest = target.strip_prefix('/')?.strip_prefix(prefix)?;
    match rest.as_bytes().first() {
        Some(b'/') => Some(rest),
        None | Some(b'?') if prefix.is_empty() => None,
        None => Some("/"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(routes: &Routes, target: &str) -> String {
        let routed = routes.route("127.0.0.1", target);
        let path = routed.target.map_or_else(|| target.to_owned(), |(target, _)| target);
        format!("{}{path}", routed.upstream.server.host)
    }

    #[test]
    fn a_region_divides_logins_from_calls_and_tidies_gateway_paths() {
        let routes = Routes::for_region("api", "login");
        for (target, expected) in [
            ("/api/v2/users/me?x=//", "api/api/v2/users/me?x=//"),
            ("//api/v2/users/me", "api/api/v2/users/me"),
            ("/api/api/v2/a%2Fb", "api/api/v2/a%2Fb"),
            ("/oauth/token", "login/oauth/token"),
            ("//oauth/token?a=b", "login/oauth/token?a=b"),
            ("/login/oauth/token", "login/oauth/token"),
            ("/any/prefix/oauth/token", "login/any/prefix/oauth/token"),
            ("/api/v2/oauth/tokens", "api/api/v2/oauth/tokens"),
            ("/", "api/"),
            ("*", "api*"),
        ] {
            assert_eq!(routed(&routes, target), expected, "{target}");
        }
    }

    #[test]
    fn an_upstream_url_leaves_the_target_alone_but_for_its_own_path() {
        let routes = Routes::from_urls("http://h:1", None).unwrap();
        assert_eq!(routed(&routes, "//api/v2/x?"), "h//api/v2/x?");
        assert_eq!(routes.route("127.0.0.1", "//api/v2/x?").target, None);
        let routes = Routes::from_urls("http://h:1/base/", Some("http://l:2")).unwrap();
        assert_eq!(routed(&routes, "/a/../b"), "h/base/a/../b");
        assert_eq!(routed(&routes, "/oauth/token"), "l/oauth/token");
    }

    #[test]
    fn what_is_sent_to_the_login_host_by_name_goes_there_whatever_the_path() {
        let direct = Routes::for_region("api.r.test", "login.r.test");
        assert_eq!(direct.route("Login.r.test", "/oauth/authorize").upstream.server.host, "login.r.test");
        assert_eq!(direct.route("api.r.test", "/oauth/authorize").upstream.server.host, "api.r.test");
        let urls = Routes::from_urls("http://a:1", Some("http://l:2")).unwrap();
        let instead = urls.standing_in_for("api.r.test", "login.r.test");
        assert_eq!(instead.route("login.r.test", "/x").upstream.server.host, "l");
        assert_eq!(routed(&instead, "/api/api/v2/x"), "a/api/v2/x");
    }

    #[test]
    fn a_prefix_is_removed_as_whole_segments_only() {
        let mut routes = Routes::from_urls("http://h:1", None).unwrap();
        routes.prefix = Some("/gw".to_owned());
        assert_eq!(routed(&routes, "/gw/api/v2/x"), "h/api/v2/x");
        assert_eq!(routed(&routes, "/gwx/api"), "h/gwx/api");
        assert_eq!(routed(&routes, "/gw"), "h/");
    }
}
