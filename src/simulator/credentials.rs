//! Clients, their tokens, and what these allow. A token contains everything about itself, so none is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::exchange::Request;
use crate::simulator::ids::{Millis, digest};
use crate::simulator::response::ApiError;
use crate::simulator::rules::common;
use crate::simulator::seeds;

/// How long a token lasts, in seconds.
pub(crate) const LIFETIME_SECONDS: u64 = 86_399;

/// What a client may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ClientKind {
    /// An application without a user.
    App,
    /// An application that acts for a user.
    User,
    /// May read but not wrap up.
    Limited,
    /// Its tokens are expired when issued.
    Expired,
    /// The first two requests of each minute are refused.
    Throttled,
    /// May do nothing.
    Bare,
}

impl ClientKind {
    const SEEDED: [(Self, &'static str, &'static str); 6] = [
        (Self::App, seeds::CLIENT_APP, seeds::TOKEN_APP),
        (Self::User, seeds::CLIENT_USER, seeds::TOKEN_USER),
        (Self::Limited, seeds::CLIENT_LIMITED, seeds::TOKEN_LIMITED),
        (Self::Expired, seeds::CLIENT_EXPIRED, seeds::TOKEN_EXPIRED),
        (Self::Throttled, seeds::CLIENT_THROTTLED, seeds::TOKEN_THROTTLED),
        (Self::Bare, seeds::CLIENT_BARE, seeds::TOKEN_BARE),
    ];

    fn from_client(client: &str) -> Self {
        Self::SEEDED.iter().find(|(_, id, _)| *id == client).map_or(Self::App, |(kind, ..)| *kind)
    }
}

/// A token that was accepted.
#[derive(Clone, Debug)]
pub(crate) struct BearerToken {
    /// The client that it was issued to.
    pub(crate) client: String,
    /// The token's text; requests are counted by it.
    pub(crate) token: String,
    kind: ClientKind,
}

impl BearerToken {
    /// Returns the valid token of a request.
    pub(crate) fn from_request(request: &Request, now: Millis, fresh: bool) -> Result<Self, ApiError> {
        let header = request.headers.text("authorization").unwrap_or_default();
        let token = match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => "",
        };
        if token.is_empty() {
            let message = "No authentication bearer token specified in authorization header.";
            return Err(ApiError::api(&common::TOKEN_REQUIRED, 401, "authentication.required", message));
        }
        let bearer = |kind, client: &str| Self { client: client.to_owned(), token: token.to_owned(), kind };
        let found = ClientKind::SEEDED
            .iter()
            .find(|(.., seeded)| *seeded == token)
            .map(|(kind, client, _)| (bearer(*kind, client), None))
            .or_else(|| {
                read(token)
                    .map(|(client, until)| (bearer(ClientKind::from_client(&client), &client), Some(until)))
            })
            .or_else(|| {
                let accepted = fresh || token.starts_with("redacted-");
                accepted.then(|| (bearer(ClientKind::User, seeds::CLIENT_USER), None))
            });
        let Some((bearer, until)) = found else {
            return Err(ApiError::api(
                &common::TOKEN_KNOWN,
                401,
                "bad.credentials",
                "Invalid login credentials.",
            ));
        };
        if bearer.kind == ClientKind::Expired || until.is_some_and(|until| until <= now) {
            let message = "The supplied credentials are expired and cannot be used.";
            return Err(ApiError::api(&common::TOKEN_UNEXPIRED, 401, "credentials.expired", message));
        }
        Ok(bearer)
    }

    /// Returns whether the token acts for a user.
    pub(crate) fn is_user(&self) -> bool {
        self.kind == ClientKind::User
    }

    /// Returns whether the first requests of each minute are refused.
    pub(crate) fn is_throttled(&self) -> bool {
        self.kind == ClientKind::Throttled
    }

    /// Returns the scopes of both vocabularies.
    pub(crate) fn scopes(&self) -> &'static [&'static str] {
        match self.kind {
            ClientKind::Bare => &[],
            ClientKind::Limited => &["conversations:readonly", "routing:readonly", "interaction:view"],
            _ => &["conversations", "routing", "interaction:view", "interaction:write"],
        }
    }

    /// Returns whether the token has a permission; no token has `conversation:call:record`.
    pub(crate) fn has_permission(&self, permission: &str) -> bool {
        match permission {
            "conversation:communication:view" | "routing:wrapupCode:view" => self.kind != ClientKind::Bare,
            "conversation:participant:wrapup" | "conversation:communication:disconnect" => {
                !matches!(self.kind, ClientKind::Limited | ClientKind::Bare)
            }
            _ => false,
        }
    }
}

/// Returns a token for this client.
pub(crate) fn issue(client: &str, now: Millis) -> String {
    let until = now + LIFETIME_SECONDS * 1000;
    let client = URL_SAFE_NO_PAD.encode(client);
    format!("simulator.{client}.{until}.{:016x}", check(&client, until))
}

/// Returns the client of an issued token and when it expires.
fn read(token: &str) -> Option<(String, Millis)> {
    let mut parts = token.strip_prefix("simulator.")?.split('.');
    let (client, until, sum) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    let whole = parts.next().is_none() && sum == format!("{:016x}", check(client, until));
    let client = String::from_utf8(URL_SAFE_NO_PAD.decode(client).ok()?).ok()?;
    whole.then_some((client, until))
}

/// A check sum that detects a token that was cut short. It does not prevent forged tokens, and need not.
fn check(client: &str, until: Millis) -> u64 {
    digest(&[client.as_bytes(), &until.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use super::{issue, read};

    #[test]
    fn a_token_contains_its_client_and_a_cut_one_is_invalid() {
        let token = issue("client ü", 1_000);
        assert_eq!(read(&token), Some(("client ü".to_owned(), 86_400_000)));
        assert_eq!(read(&token[..token.len() - 1]), None);
        assert_eq!(read("simulator.a.b.c"), None);
    }
}
