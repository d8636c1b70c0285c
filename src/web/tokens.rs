//! Access of a browser: the token in the link, which works once, and the cookie that it is exchanged for.

use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;

use crate::sync;

/// Bytes of a token or session: 256 bits cannot be guessed.
const BYTES: usize = 32;

/// The system returns no random numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("cannot draw random numbers for the link")]
pub struct TokenError;

/// The secrets of one run of the page. They live in memory only: a restart makes every link and cookie
/// invalid.
pub(super) struct AccessTokens {
    /// The name contains the port, because cookies do not: two pages on one machine must not log each other
    /// out.
    name: String,
    session: String,
    /// The token of the one link that still works.
    link: Mutex<Option<String>>,
}

impl AccessTokens {
    pub(super) fn new(port: u16) -> Result<Self, TokenError> {
        Ok(Self { name: format!("wraptap-{port}"), session: random()?, link: Mutex::default() })
    }

    /// Makes a new token and invalidates the older one.
    pub(super) fn token(&self) -> Result<String, TokenError> {
        let token = random()?;
        *sync::lock(&self.link) = Some(token.clone());
        Ok(token)
    }

    /// Uses up a token; returns whether it was valid.
    pub(super) fn redeem(&self, token: &str) -> bool {
        let mut link = sync::lock(&self.link);
        let fits = link.as_deref().is_some_and(|known| equal(known, token));
        if fits {
            *link = None;
        }
        fits
    }

    /// Returns the session cookie: not readable by scripts, never sent by requests of other sites.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        let (name, session) = (&self.name, &self.session);
        HeaderValue::from_str(&format!("{name}={session}; HttpOnly; SameSite=Strict; Path=/")).ok()
    }

    /// Returns whether a request carries the cookie.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(name, value)| name == self.name && equal(value, &self.session))
    }
}

/// Compares in constant time.
fn equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn random() -> Result<String, TokenError> {
    let mut bytes = [0; BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| TokenError)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_works_once_and_a_newer_one_invalidates_it() {
        let tokens = AccessTokens::new(1).unwrap();
        assert!(!tokens.redeem(""));
        let (old, new) = (tokens.token().unwrap(), tokens.token().unwrap());
        assert!(!tokens.redeem(&old));
        assert!(!tokens.redeem(&new[1..]));
        assert!(tokens.redeem(&new));
        assert!(!tokens.redeem(&new));
    }

    #[test]
    fn only_the_own_cookie_admits() {
        let (tokens, other) = (AccessTokens::new(1).unwrap(), AccessTokens::new(2).unwrap());
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(text).unwrap());
            headers
        };
        let pair = |tokens: &AccessTokens| {
            tokens.cookie().unwrap().to_str().unwrap().split(';').next().unwrap().to_owned()
        };
        assert!(tokens.admits(&with(&format!("a=b; {}; c", pair(&tokens)))));
        assert!(!tokens.admits(&with(&pair(&other))));
        assert!(!tokens.admits(&with(&pair(&other).replace("wraptap-2", "wraptap-1"))));
        assert!(!tokens.admits(&with("wraptap-1=")));
        assert!(!tokens.admits(&HeaderMap::new()));
    }
}
