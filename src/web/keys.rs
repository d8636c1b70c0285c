//! What lets a browser in: a token that works once, in the link, and the cookie that it is exchanged for.

use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;

use crate::sync;

/// Bytes of a token or session: nobody guesses 256 bits.
const BYTES: usize = 32;

/// The system gives no random numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("cannot draw random numbers for the link")]
pub struct NoRandom;

/// The secrets of one run of the page. They live in memory only: a restart makes every link and cookie invalid.
pub(super) struct Keys {
    /// Cookies do not know ports, so the name has to: two pages on one machine must not log each other out.
    name: String,
    session: String,
    /// The token of the one link that still works.
    link: Mutex<Option<String>>,
}

impl Keys {
    pub(super) fn new(port: u16) -> Result<Self, NoRandom> {
        Ok(Self { name: format!("wraptap-{port}"), session: random()?, link: Mutex::default() })
    }

    /// Makes a new token; an older one works no more.
    pub(super) fn token(&self) -> Result<String, NoRandom> {
        let token = random()?;
        *sync::lock(&self.link) = Some(token.clone());
        Ok(token)
    }

    /// Takes a token in exchange for the cookie; it works once.
    pub(super) fn redeem(&self, token: &str) -> bool {
        let mut link = sync::lock(&self.link);
        let fits = link.as_deref().is_some_and(|known| equal(known, token));
        if fits {
            *link = None;
        }
        fits
    }

    /// Returns the cookie that lets its browser in: not readable by scripts, never sent by other sites' requests.
    pub(super) fn cookie(&self) -> Option<HeaderValue> {
        let (name, session) = (&self.name, &self.session);
        HeaderValue::from_str(&format!("{name}={session}; HttpOnly; SameSite=Strict; Path=/")).ok()
    }

    /// Tells whether a request carries the cookie.
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

/// Compares in a time that tells nothing of where two texts differ.
fn equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn random() -> Result<String, NoRandom> {
    let mut bytes = [0; BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_works_once_and_a_newer_one_ends_it() {
        let keys = Keys::new(1).unwrap();
        assert!(!keys.redeem(""));
        let (old, new) = (keys.token().unwrap(), keys.token().unwrap());
        assert!(!keys.redeem(&old));
        assert!(!keys.redeem(&new[1..]));
        assert!(keys.redeem(&new));
        assert!(!keys.redeem(&new));
    }

    #[test]
    fn only_the_own_cookie_admits() {
        let (keys, other) = (Keys::new(1).unwrap(), Keys::new(2).unwrap());
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(text).unwrap());
            headers
        };
        let pair =
            |keys: &Keys| keys.cookie().unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
        assert!(keys.admits(&with(&format!("a=b; {}; c", pair(&keys)))));
        assert!(!keys.admits(&with(&pair(&other))));
        assert!(!keys.admits(&with(&pair(&other).replace("wraptap-2", "wraptap-1"))));
        assert!(!keys.admits(&with("wraptap-1=")));
        assert!(!keys.admits(&HeaderMap::new()));
    }
}
