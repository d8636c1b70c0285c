//! Where wraptap listens, as a client needs it: scheme, host and port, and nothing behind them.

use std::fmt;
use std::str::FromStr;

/// The address of a running wraptap, such as `http://127.0.0.1:8080`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Address {
    scheme: String,
    host: String,
    port: u16,
}

/// Why a text is no address of wraptap's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AddressError {
    /// Not a URL at all.
    #[error("`{typed}` is not a URL")]
    Unreadable {
        /// What was typed.
        typed: String,
        /// What is wrong with it.
        source: url::ParseError,
    },
    /// Neither http nor https.
    #[error("`{typed}` is not an http or https URL")]
    Scheme {
        /// What was typed.
        typed: String,
    },
    /// Something follows the port: SDKs put their own paths there.
    #[error("`{typed}` has more than scheme, host and port")]
    More {
        /// What was typed.
        typed: String,
    },
}

impl Address {
    /// Returns `http` or `https`.
    pub(crate) fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns the host name or address; an IPv6 address with its brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port, the scheme's own if none was written.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(typed: &str) -> Result<Self, AddressError> {
        let owned = || typed.to_owned();
        let url =
            url::Url::parse(typed).map_err(|source| AddressError::Unreadable { typed: owned(), source })?;
        let (Some(host), Some(port), "http" | "https") =
            (url.host_str(), url.port_or_known_default(), url.scheme())
        else {
            return Err(AddressError::Scheme { typed: owned() });
        };
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::More { typed: owned() });
        }
        Ok(Self { scheme: url.scheme().to_owned(), host: host.to_owned(), port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_host_and_port_are_read_and_a_trailing_slash_is_forgiven() {
        let address: Address = "http://localhost:8080/".parse().unwrap();
        assert_eq!((address.scheme(), address.host(), address.port()), ("http", "localhost", 8080));
        assert_eq!(address.to_string(), "http://localhost:8080");
        let six: Address = "http://[::1]:9".parse().unwrap();
        assert_eq!(six.host(), "[::1]");
    }

    #[test]
    fn the_port_of_the_scheme_is_written_out() {
        assert_eq!(
            "https://wraptap.test".parse::<Address>().unwrap().to_string(),
            "https://wraptap.test:443"
        );
    }

    #[test]
    fn what_is_no_bare_address_is_refused_with_the_reason() {
        let said = |typed: &str| typed.parse::<Address>().unwrap_err().to_string();
        assert_eq!(said("127.0.0.1:8080"), "`127.0.0.1:8080` is not a URL");
        assert_eq!(said("ftp://127.0.0.1"), "`ftp://127.0.0.1` is not an http or https URL");
        assert_eq!(
            said("http://127.0.0.1:8080/api"),
            "`http://127.0.0.1:8080/api` has more than scheme, host and port"
        );
        assert_eq!(said("http://me@127.0.0.1"), "`http://me@127.0.0.1` has more than scheme, host and port");
    }
}
