//! Where a request goes, and which target it has there. Targets are cut and prefixed, never decoded or
//! re-encoded.

use crate::api::{self, Api};
use crate::net::destination::{Destination, DestinationError};

/// Why a prefix was cut off.
const PREFIX_REMOVED: &str = "`--prefix` removed";

/// The upstreams of a proxy, and which targets go to which.
#[derive(Clone, Debug)]
pub struct Routes {
    /// Where everything goes that is not a login.
    pub api: Upstream,
    /// Where logins go, if not to `api`.
    pub login: Option<Upstream>,
    /// A prefix that clients put in front of every path; it is removed.
    pub prefix: Option<String>,
    /// What is known about the API behind it.
    pub known: &'static dyn Api,
    /// Paths are normalized as the API's own gateways do.
    pub gateway: bool,
    /// The region's host names, as programs have them hard-coded.
    pub hosts: Vec<RegionHost>,
}

/// A host name of a region.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RegionHost {
    /// The name.
    pub name: String,
    /// What it serves.
    pub service: RegionService,
}

/// The two services of a region.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RegionService {
    /// The API.
    Api,
    /// Logins.
    Login,
}

/// One upstream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upstream {
    /// The server.
    pub server: Destination,
    /// A path in front of every target, without a final slash.
    pub base: String,
    /// `scheme://host:port`, as the recording has it.
    pub name: String,
    /// The value of `Host`.
    pub host: http::HeaderValue,
    /// Its number among the upstreams: 0 for the API, 1 for the login.
    pub index: usize,
}

/// The result of routing a target.
#[derive(Debug, Eq, PartialEq)]
pub struct RoutedTarget<'a> {
    /// Where it goes.
    pub upstream: &'a Upstream,
    /// The new path and query with the reason, if it differs from the old one.
    pub target: Option<(String, &'static str)>,
}

impl Routes {
    /// Returns the routes of a region: logins go to the login host, everything else to the API host.
    pub fn for_region(api_host: &str, login_host: &str) -> Self {
        let host = |name: &str, service| RegionHost { name: name.to_owned(), service };
        Self {
            api: Upstream::new(Destination::https(api_host), String::new(), 0),
            login: Some(Upstream::new(Destination::https(login_host), String::new(), 1)),
            prefix: None,
            known: api::for_upstream(api_host),
            gateway: true,
            hosts: vec![host(api_host, RegionService::Api), host(login_host, RegionService::Login)],
        }
    }

    /// Returns routes to one server; the path of `api` is put in front of the targets, which stay as they
    /// are.
    ///
    /// # Errors
    ///
    /// If one of the texts is not an http or https URL.
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
            known: api::for_upstream(api),
            gateway: false,
            hosts: Vec::new(),
        })
    }

    /// Takes the place of a region: requests to its hosts take these routes.
    #[must_use]
    pub fn standing_in_for(self, api_host: &str, login_host: &str) -> Self {
        let region = Self::for_region(api_host, login_host);
        Self { known: region.known, gateway: region.gateway, hosts: region.hosts, ..self }
    }

    /// Returns where `target` (path and query), sent to `host` (without a port), goes.
    pub fn route(&self, host: &str, target: &str) -> RoutedTarget<'_> {
        let (rest, why) = self.normalize(target);
        let upstream = match &self.login {
            Some(login) if self.known.login(rest).is_some() || self.is_login_host(host) => login,
            _ => &self.api,
        };
        if !upstream.base.is_empty() && rest.starts_with('/') {
            let target = Some((format!("{}{rest}", upstream.base), "routed to the upstream"));
            return RoutedTarget { upstream, target };
        }
        RoutedTarget { upstream, target: (!why.is_empty()).then(|| (rest.to_owned(), why)) }
    }

    /// Removes the prefix and what a gateway ignores; also returns the reason of the last removal, or "".
    fn normalize<'a>(&self, target: &'a str) -> (&'a str, &'static str) {
        let (mut rest, mut why) = (target, "");
        let prefix = self.prefix.as_deref();
        if let Some(cut) = prefix.and_then(|prefix| without_prefix(rest, prefix)) {
            (rest, why) = (cut, PREFIX_REMOVED);
        }
        if !self.gateway {
            return (rest, why);
        }
        if rest.starts_with("//") {
            (rest, why) = (&rest[1..], "one leading `/` too many");
        }
        if why != PREFIX_REMOVED
            && let Some(cut) = prefix.and_then(|prefix| without_prefix(rest, prefix))
        {
            (rest, why) = (cut, PREFIX_REMOVED);
        }
        for (front, behind) in self.known.gateway_prefixes() {
            if let Some(cut) = without_prefix(rest, front)
                && without_prefix(cut, behind).is_some()
            {
                (rest, why) = (cut, "the gateway's own path removed");
            }
        }
        (rest, why)
    }

    fn is_login_host(&self, host: &str) -> bool {
        let is_login = |known: &RegionHost| known.service == RegionService::Login;
        self.hosts.iter().any(|known| is_login(known) && known.name.eq_ignore_ascii_case(host))
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

/// Removes a prefix of whole segments from a path; what remains starts with `/`.
fn without_prefix<'a>(target: &'a str, prefix: &str) -> Option<&'a str> {
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
