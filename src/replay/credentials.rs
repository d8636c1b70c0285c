//! Where credentials may go, and which: from the environment or the command line, never from a recording.

use std::fmt;

use crate::api::genesys::region::Region;
use crate::net::destination::Destination;

/// A secret of the user's, which prints as nothing.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the secret itself, to be sent and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(redacted)")
    }
}

/// What replaces the `Authorization: Bearer …` of a recorded request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Bearer {
    /// This token.
    Token(Secret),
    /// The mask that the recording has: for servers of this machine that take any.
    AsRecorded,
    /// Nothing is to be had: a request that needs one is not sent.
    None,
}

/// What a destination is to the user's credentials.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// This machine.
    Loopback,
    /// A host of Genesys Cloud, over TLS.
    Genesys(Region),
    /// The upstream of the recording, and named by the user as well.
    Recorded,
    /// Any other: credentials go there only if the user writes them into the command (`-H`).
    Elsewhere,
}

impl Reach {
    /// Judges a destination.
    ///
    /// `named` says that the user typed it. A recording alone makes no host trustworthy: it may be someone
    /// else's, and its upstream any host at all.
    pub fn of(destination: &Destination, recorded_upstream: &str, named: bool) -> Self {
        if destination.is_loopback() {
            return Self::Loopback;
        }
        if destination.secure
            && destination.port == 443
            && let Some(region) = Region::of_host(&destination.host)
        {
            return Self::Genesys(region);
        }
        if named && destination.to_string() == recorded_upstream { Self::Recorded } else { Self::Elsewhere }
    }

    /// Returns whether credentials from the environment may be sent to it.
    pub fn is_trusted(self) -> bool {
        self != Self::Elsewhere
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(url: &str, recorded: &str, named: bool) -> Reach {
        Reach::of(&Destination::parse(url).unwrap().0, recorded, named)
    }

    #[test]
    fn this_machine_and_genesys_over_tls_are_trusted() {
        assert_eq!(reach("http://127.0.0.1:8081", "https://api.mypurecloud.de", true), Reach::Loopback);
        assert!(matches!(reach("https://api.mypurecloud.de", "", false), Reach::Genesys(_)));
        assert_eq!(reach("http://api.mypurecloud.de", "", true), Reach::Elsewhere);
        assert_eq!(reach("https://api.mypurecloud.de:8443", "", true), Reach::Elsewhere);
        assert_eq!(reach("https://api.mypurecloud.de.evil.example", "", true), Reach::Elsewhere);
    }

    #[test]
    fn the_upstream_of_a_recording_is_trusted_once_the_user_names_it() {
        let api = "https://api.example.com";
        assert_eq!(reach(api, api, true), Reach::Recorded);
        assert_eq!(reach(api, api, false), Reach::Elsewhere);
        assert_eq!(reach("https://other.example.com", api, true), Reach::Elsewhere);
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Bearer::Token(Secret::new("hunter2"))), "Token((redacted))");
    }
}
