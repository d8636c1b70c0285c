//! The HTTP proxy that commands go out through: the one given, else the environment's.

use crate::error::CommandError;
use crate::net::destination::Destination;
use crate::net::outbound_proxy::{OutboundProxy, is_excepted};

/// Returns the proxy to go out through: the one given, else the environment's unless `NO_PROXY` excepts every
/// one of these servers. Of the variable for plain HTTP only the small letters count, as with curl:
/// `HTTP_PROXY` can be set by a request where a web server runs the program.
pub(crate) fn proxy<'a>(
    given: Option<&str>,
    mut servers: impl Iterator<Item = &'a Destination> + Clone,
) -> Result<Option<OutboundProxy>, CommandError> {
    let parse = |text: &str| {
        OutboundProxy::parse(text).map(Some).map_err(|error| {
            CommandError::input(error)
                .hint("a proxy looks like `--upstream-proxy http://proxy.example.com:3128`")
        })
    };
    if let Some(text) = given {
        return parse(text);
    }
    let secure = servers.clone().any(|server| server.secure);
    let names: &[&str] = if secure { &["HTTPS_PROXY", "https_proxy"] } else { &["http_proxy"] };
    let exceptions = variable(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
    match variable(names) {
        Some(text) if !servers.all(|server| is_excepted(&exceptions, &server.host)) => parse(&text),
        _ => Ok(None),
    }
}

/// Returns the proxy for https servers of any name, and the hosts that are reached without it.
pub(crate) fn for_any(given: Option<&str>) -> Result<(Option<OutboundProxy>, String), CommandError> {
    let proxy = proxy(given, std::iter::once(&Destination::https("any.invalid")))?;
    let exceptions = variable(&["NO_PROXY", "no_proxy"]).filter(|_| given.is_none());
    Ok((proxy, exceptions.unwrap_or_default()))
}

fn variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()))
}
