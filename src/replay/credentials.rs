//! Where credentials may go, and which: from the environment or the command line, never from a recording.

use std::fmt;

use crate::api;
use crate::net::destination::Destination;
use crate::replay::prepare::ChosenBy;

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
    /// This machine, named by the user.
    Loopback,
    /// This machine, named by the recording alone: anyone's program may listen on that port.
    RecordedLoopback,
    /// A host of an API that is known, over TLS.
    ApiHost,
    /// The upstream of the recording, and named by the user as well.
    Recorded,
    /// Any other: credentials go there only if the user writes them into the command (`-H`).
    Elsewhere,
}

impl Reach {
    /// Judges a destination.
    pub fn new(destination: &Destination, recorded_upstream: &str, chosen_by: ChosenBy) -> Self {
        if destination.is_loopback() {
            return match chosen_by {
                ChosenBy::User => Self::Loopback,
                ChosenBy::Recording => Self::RecordedLoopback,
            };
        }
        if destination.secure && destination.port == 443 && api::has_host(&destination.host) {
            return Self::ApiHost;
        }
        match chosen_by {
            ChosenBy::User if destination.to_string() == recorded_upstream => Self::Recorded,
            _ => Self::Elsewhere,
        }
    }

    /// Returns whether credentials from the environment may be sent to it.
    pub fn is_trusted(self) -> bool {
        !matches!(self, Self::Elsewhere | Self::RecordedLoopback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(url: &str, recorded: &str, chosen_by: ChosenBy) -> Reach {
        Reach::new(&Destination::parse(url).unwrap().0, recorded, chosen_by)
    }

    #[test]
    fn this_machine_and_an_apis_own_host_over_tls_are_trusted() {
        assert_eq!(
            reach("http://127.0.0.1:8081", "https://api.mypurecloud.de", ChosenBy::User),
            Reach::Loopback
        );
        assert_eq!(reach("https://api.mypurecloud.de", "", ChosenBy::Recording), Reach::ApiHost);
        assert_eq!(reach("http://api.mypurecloud.de", "", ChosenBy::User), Reach::Elsewhere);
        assert_eq!(reach("https://api.mypurecloud.de:8443", "", ChosenBy::User), Reach::Elsewhere);
        assert_eq!(reach("https://api.mypurecloud.de.evil.example", "", ChosenBy::User), Reach::Elsewhere);
    }

    #[test]
    fn a_recording_alone_makes_no_port_of_this_machine_trustworthy() {
        let recorded = reach("http://127.0.0.1:8081", "http://127.0.0.1:8081", ChosenBy::Recording);
        assert_eq!(recorded, Reach::RecordedLoopback);
        assert!(!recorded.is_trusted());
    }

    #[test]
    fn the_upstream_of_a_recording_is_trusted_once_the_user_names_it() {
        let api = "https://api.example.com";
        assert_eq!(reach(api, api, ChosenBy::User), Reach::Recorded);
        assert_eq!(reach(api, api, ChosenBy::Recording), Reach::Elsewhere);
        assert_eq!(reach("https://other.example.com", api, ChosenBy::User), Reach::Elsewhere);
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Bearer::Token(Secret::new("hunter2"))), "Token((redacted))");
    }
}
