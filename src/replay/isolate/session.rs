//! The record of an isolation: every request that was sent with its answer, what was found, how it ended.

use crate::model::exchange::Request;
use crate::replay::isolate::differences::{Differences, Set};

/// One answer, as far as it counts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The code of the error, where the answer has one.
    pub code: Option<String>,
    /// The rule by which the simulator decided: `NAME (BASIS)`.
    pub rule: Option<String>,
    /// Why no further request may be sent.
    pub stop: Option<String>,
}

impl Answer {
    /// Returns whether the answer was a 2xx.
    pub fn is_accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns what it says: `400 bad.request`, or `400 by simulator rule NAME (BASIS)`.
    pub fn says(&self) -> String {
        match (&self.rule, &self.code) {
            (Some(rule), _) => format!("{} by simulator rule {rule}", self.status),
            (None, Some(code)) => format!("{} {code}", self.status),
            (None, None) => self.status.to_string(),
        }
    }
}

/// One request that was sent.
#[derive(Clone, Debug)]
pub struct Try {
    /// What it was sent for.
    pub purpose: Purpose,
    /// The differences that it had.
    pub present: Set,
    pub(super) request: Request,
    /// What was answered.
    pub answer: Answer,
}

/// What a request is sent for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// The candidate itself: is it still refused?
    Candidate,
    /// The good request itself: is it accepted?
    Good,
    /// A mixture.
    Variant,
    /// The good request once more: is the state still the same?
    Control,
}

impl Purpose {
    /// Returns the word that is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Good => "good",
            Self::Variant => "variant",
            Self::Control => "control",
        }
    }
}

/// How a session ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum End {
    /// The differences are found.
    Isolated,
    /// The two requests do not differ in anything that can matter.
    NoDifference,
    /// The candidate is accepted now.
    CandidateAccepted,
    /// The good request is refused.
    GoodRefused,
    /// The good request was accepted at first and is refused now.
    StateChanged,
    /// The maximum number of requests was sent.
    Capped,
    /// Something else: what the server asked for, Ctrl-C, a broken connection.
    Stopped(String),
}

impl End {
    /// Returns the stable name for JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Isolated => "isolated",
            Self::NoDifference => "no_difference",
            Self::CandidateAccepted => "candidate_accepted",
            Self::GoodRefused => "good_refused",
            Self::StateChanged => "state_changed",
            Self::Capped => "capped",
            Self::Stopped(_) => "stopped",
        }
    }
}

/// One difference that has to be mended.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusalCause {
    /// Its number.
    pub number: usize,
    /// Whether it is refused in an otherwise good request; `None` if that was not tried.
    pub alone: Option<bool>,
    /// Where it is not refused alone: the others that it takes to be refused.
    pub with: Set,
}

/// The record of an isolation.
#[derive(Debug)]
pub struct Session {
    /// What it is about.
    pub differences: Differences,
    /// Every request that was sent, in order.
    pub tried: Vec<Try>,
    /// What has to be mended, as far as it is known.
    pub causes: Vec<RefusalCause>,
}

impl Session {
    /// Starts one.
    pub fn new(differences: Differences) -> Self {
        Self { differences, tried: Vec::new(), causes: Vec::new() }
    }

    /// Returns whether a set is refused, where that is known or follows.
    pub(super) fn known(&self, present: &Set) -> Option<bool> {
        self.tried.iter().filter(|tried| tried.purpose != Purpose::Control).find_map(|tried| {
            let accepted = tried.answer.is_accepted();
            let follows = if accepted {
                present.is_subset(&tried.present)
            } else {
                present.is_superset(&tried.present)
            };
            follows.then_some(!accepted)
        })
    }

    /// Returns the refusal that a difference makes: that of the smallest refused set with it.
    pub fn refusal_of(&self, number: usize) -> Option<&Answer> {
        let refused = self.tried.iter().filter(|tried| !tried.answer.is_accepted());
        let with = refused.filter(|tried| tried.present.contains(&number));
        with.min_by_key(|tried| tried.present.len()).map(|tried| &tried.answer)
    }
}
