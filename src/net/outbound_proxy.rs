//! Connects through a company's HTTP proxy: CONNECT for https, absolute targets for http.

use std::fmt;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::net::destination::{Destination, DestinationError, is_loopback_name};
use crate::net::head::Head;

/// The largest response to a CONNECT.
const HEAD_LIMIT: usize = 64 * 1024;

/// A proxy between wraptap and the upstreams.
#[derive(Clone)]
pub struct OutboundProxy {
    /// Where it is.
    pub server: Destination,
    /// `Basic …`, from the user and password in its URL.
    credentials: Option<String>,
}

/// Why a proxy did not connect.
#[derive(Debug, thiserror::Error)]
pub enum TunnelError {
    /// The proxy itself cannot be reached.
    #[error("it cannot be reached: {0}")]
    Unreachable(#[source] io::Error),
    /// Its status is not 2xx.
    #[error("it answered {status} {reason}")]
    Refused {
        /// The status.
        status: u16,
        /// Its reason phrase.
        reason: String,
    },
    /// Its response is not HTTP, or too large.
    #[error("its response is not HTTP")]
    NotHttp,
    /// The connection broke.
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl fmt::Debug for OutboundProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutboundProxy({self})")
    }
}

impl fmt::Display for OutboundProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.server, if self.credentials.is_some() { " (with a password)" } else { "" })
    }
}

impl OutboundProxy {
    /// Parses `http://[user:password@]host:port`; `host:port` alone means http.
    ///
    /// # Errors
    ///
    /// If it is not an http URL.
    pub fn parse(text: &str) -> Result<Self, DestinationError> {
        let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let mut url = url::Url::parse(&text)
            .map_err(|source| DestinationError::NotUrl { text: "the proxy".to_owned(), source })?;
        let decoded =
            |part: &str| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned();
        let credentials = (!url.username().is_empty()).then(|| {
            let pair = format!("{}:{}", decoded(url.username()), decoded(url.password().unwrap_or_default()));
            format!("Basic {}", STANDARD.encode(pair))
        });
        // fails only for a URL without a host, which the next step refuses
        let _ = (url.set_username(""), url.set_password(None));
        let (server, _) = Destination::parse(url.as_str())?;
        if server.secure {
            return Err(DestinationError::Scheme { text: server.to_string() });
        }
        Ok(Self { server, credentials })
    }

    /// Returns the value of `Proxy-Authorization`, if the proxy's URL has a user.
    pub fn credentials(&self) -> Option<&str> {
        self.credentials.as_deref()
    }

    /// Asks the proxy to connect to `server`.
    ///
    /// # Errors
    ///
    /// If it refuses, or its response is not HTTP.
    pub async fn connect(
        &self,
        server: &Destination,
        mut stream: TcpStream,
    ) -> Result<TcpStream, TunnelError> {
        let target = server.host_and_port();
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if let Some(credentials) = &self.credentials {
            request.push_str(&format!("Proxy-Authorization: {credentials}\r\n"));
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes()).await?;
        // byte by byte, because the bytes after the head belong to TLS
        let mut bytes = BytesMut::with_capacity(512);
        while !bytes.ends_with(b"\r\n\r\n") {
            if bytes.len() >= HEAD_LIMIT {
                return Err(TunnelError::NotHttp);
            }
            match stream.read_u8().await {
                Ok(byte) => bytes.extend_from_slice(&[byte]),
                Err(error) => return Err(error.into()),
            }
        }
        let head = Head::parse(bytes.freeze());
        let line = head.status_line();
        match line.status {
            200..300 => Ok(stream),
            0 => Err(TunnelError::NotHttp),
            status => Err(TunnelError::Refused {
                status,
                reason: String::from_utf8_lossy(line.reason).into_owned(),
            }),
        }
    }
}

/// Returns whether `NO_PROXY` (a list of names, suffixes, addresses, `*`) excepts a host; loopback is always
/// excepted.
pub fn is_excepted(no_proxy: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    is_loopback_name(&host)
        || no_proxy
            .split(',')
            .map(|item| item.trim().to_ascii_lowercase())
            .filter(|item| !item.is_empty())
            .any(|item| {
                let item = item.split(':').next().filter(|_| item.matches(':').count() == 1).unwrap_or(&item);
                let suffix = item.trim_start_matches("*.").trim_start_matches('.');
                item == "*" || host == suffix || host.ends_with(&format!(".{suffix}"))
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_names_suffixes_and_everything() {
        assert!(is_excepted("a.test, .pure.cloud", "api.usw2.pure.cloud"));
        assert!(is_excepted("api.x.test:443", "API.x.test"));
        assert!(is_excepted("*", "h"));
        assert!(is_excepted("", "127.0.0.1"));
        assert!(!is_excepted("cloud", "pure.clouds"));
    }

    #[test]
    fn a_proxy_with_a_password_never_shows_it() {
        let proxy = OutboundProxy::parse("http://me:hunter2@proxy.test:3128").unwrap();
        assert_eq!(proxy.credentials(), Some("Basic bWU6aHVudGVyMg=="));
        assert_eq!(format!("{proxy} {proxy:?}").matches("hunter2").count(), 0);
        assert_eq!(proxy.server.to_string(), "http://proxy.test:3128");
    }
}
