//! Where a connection goes: scheme, host and port, parsed from a URL once and never concatenated from user
//! data.

use std::fmt;
use std::net::IpAddr;

/// A server to connect to.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Destination {
    /// TLS or not.
    pub secure: bool,
    /// A name or an address; an IPv6 address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// Why a text does not name a server.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DestinationError {
    /// Not a URL at all.
    #[error("`{text}` is not a URL")]
    NotUrl {
        /// What was given.
        text: String,
        /// What is wrong with it.
        #[source]
        source: url::ParseError,
    },
    /// A scheme that wraptap does not speak.
    #[error("`{text}` is neither an http nor an https URL")]
    Scheme {
        /// What was given.
        text: String,
    },
    /// User, password, query or fragment where only scheme, host, port and path belong.
    #[error("a URL of a server has no {part}: `{text}`")]
    Extra {
        /// What was given, without the password.
        text: String,
        /// The unexpected part.
        part: &'static str,
    },
}

impl Destination {
    /// Parses `http://host:port/path`; returns the server and the path without its final slash.
    ///
    /// # Errors
    ///
    /// If it is not an http or https URL, or has a user, query or fragment.
    pub fn parse(text: &str) -> Result<(Self, String), DestinationError> {
        let url = url::Url::parse(text)
            .map_err(|source| DestinationError::NotUrl { text: without_user(text), source })?;
        let secure = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return Err(DestinationError::Scheme { text: without_user(text) }),
        };
        let extra = [
            (!url.username().is_empty() || url.password().is_some(), "user or password"),
            (url.query().is_some(), "query"),
            (url.fragment().is_some(), "fragment"),
        ];
        if let Some((_, part)) = extra.into_iter().find(|(found, _)| *found) {
            return Err(DestinationError::Extra { text: without_user(text), part });
        }
        let host = match url.host() {
            Some(url::Host::Ipv6(address)) => address.to_string(),
            Some(host) => host.to_string(),
            None => return Err(DestinationError::Scheme { text: without_user(text) }),
        };
        let port = url.port_or_known_default().unwrap_or(if secure { 443 } else { 80 });
        Ok((Self { secure, host, port }, url.path().trim_end_matches('/').to_owned()))
    }

    /// Returns the https server of this name.
    pub fn https(host: &str) -> Self {
        Self { secure: true, host: host.to_owned(), port: 443 }
    }

    /// Returns the value of a `Host` field: with a port only if it is not the scheme's default.
    pub fn authority(&self) -> String {
        let host = self.bracketed();
        if self.port == if self.secure { 443 } else { 80 } { host } else { format!("{host}:{}", self.port) }
    }

    /// Returns `host:port`, always with the port.
    pub fn host_and_port(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    /// Returns whether this is the machine itself.
    pub fn is_loopback(&self) -> bool {
        is_loopback_name(&self.host)
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }
}

/// Returns whether `host` (without port and brackets) is the machine itself.
pub fn is_loopback_name(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host.eq_ignore_ascii_case("localhost")
        || host.len() > 10 && host.to_ascii_lowercase().ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority())
    }
}

/// Removes user and password from what may be a URL, for messages.
fn without_user(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &text[..scheme], &text[at..]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_gives_server_and_path() {
        let (server, path) = Destination::parse("https://api.mypurecloud.de/base/").unwrap();
        assert_eq!((server.to_string().as_str(), path.as_str()), ("https://api.mypurecloud.de", "/base"));
        let (server, _) = Destination::parse("http://[::1]:8081").unwrap();
        assert_eq!((server.host.as_str(), server.authority().as_str()), ("::1", "[::1]:8081"));
        assert!(server.is_loopback());
    }

    #[test]
    fn an_invalid_url_is_refused_without_showing_its_password() {
        assert!(matches!(Destination::parse("ftp://h"), Err(DestinationError::Scheme { .. })));
        assert!(matches!(Destination::parse("api.mypurecloud.de"), Err(DestinationError::NotUrl { .. })));
        let error = Destination::parse("http://user:hunter2@h/").unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
