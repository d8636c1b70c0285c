//! The record of an isolation: what to send next, what was sent, when to stop, and what the result is.

use std::collections::BTreeMap;

use crate::model::exchange::Request;
use crate::replay::isolate::edit_script::EditScript;
use crate::replay::isolate::search::{self, KnownAnswers, Progress, Set};

/// The rules of a session.
#[derive(Clone, Copy, Debug)]
pub struct SessionRules {
    /// How many requests may be sent.
    pub cap: usize,
    /// The target has no state, so equal requests get equal answers and no control is needed.
    pub stateless: bool,
}

/// One answer, as far as it counts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The code of the error, where the answer has one.
    pub code: Option<String>,
    /// The rule by which the simulator decided: `NAME (BASIS)`.
    pub rule: Option<String>,
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

/// What to do next.
#[derive(Clone, Debug)]
pub enum NextStep {
    /// Send this.
    Send(Purpose, Set, Box<Request>),
    /// Stop.
    End(End),
}

/// An isolation under way.
#[derive(Debug)]
pub struct Session {
    /// What it is about.
    pub script: EditScript,
    /// Every request that was sent, in order.
    pub tried: Vec<Try>,
    rules: SessionRules,
    known: KnownAnswers,
    order: Vec<usize>,
    probabilities: Vec<f64>,
    /// Answers by the bytes of the request.
    cache: BTreeMap<Vec<u8>, Answer>,
    /// Refusals seen since the state was last known to be right.
    doubts: Vec<Answer>,
    control: bool,
}

impl Session {
    /// Starts one.
    pub fn new(script: EditScript, rules: SessionRules) -> Self {
        let (order, probabilities) = (script.order(), script.probabilities());
        Self {
            script,
            tried: Vec::new(),
            rules,
            known: KnownAnswers::default(),
            order,
            probabilities,
            cache: BTreeMap::new(),
            doubts: Vec::new(),
            control: false,
        }
    }

    /// Returns how far the search is.
    pub fn progress(&self) -> Progress {
        search::advance(&self.order, &self.probabilities, &self.known).0
    }

    /// Returns what to do next. The session ends by itself; its state does not change here but for answers
    /// from the cache.
    pub fn step(&mut self) -> NextStep {
        loop {
            let (purpose, set) = match self.wanted() {
                Ok(wanted) => wanted,
                Err(end) => return NextStep::End(end),
            };
            let request = self.script.request(&set);
            let cached = (purpose == Purpose::Variant).then(|| self.cache.get(&bytes(&request)).cloned());
            match cached.flatten() {
                Some(answer) => self.known.note(set, !answer.is_accepted()),
                None if self.tried.len() >= self.rules.cap => {
                    let complete = self.progress().complete && purpose == Purpose::Variant;
                    return NextStep::End(if complete { End::Isolated } else { End::Capped });
                }
                None => return NextStep::Send(purpose, set, Box::new(request)),
            }
        }
    }

    fn wanted(&self) -> Result<(Purpose, Set), End> {
        let all = self.script.all();
        if all.is_empty() {
            return Err(End::NoDifference);
        }
        match &self.tried[..] {
            [] => return Ok((Purpose::Candidate, all)),
            [candidate] if candidate.answer.is_accepted() => return Err(End::CandidateAccepted),
            [_] => return Ok((Purpose::Good, Set::new())),
            [_, good] if !good.answer.is_accepted() => return Err(End::GoodRefused),
            _ => {}
        }
        if let Some(last) = self.tried.last()
            && last.purpose == Purpose::Control
            && !last.answer.is_accepted()
        {
            return Err(End::StateChanged);
        }
        if self.control {
            return Ok((Purpose::Control, Set::new()));
        }
        match search::advance(&self.order, &self.probabilities, &self.known).1 {
            Some(set) => Ok((Purpose::Variant, set)),
            // the last word has to be an acceptance: else everything may have been refused for another reason
            None if !self.rules.stateless && !self.doubts.is_empty() => Ok((Purpose::Control, Set::new())),
            None => Err(End::Isolated),
        }
    }

    /// Takes the answer to what `step` wanted to be sent.
    pub fn answered(&mut self, purpose: Purpose, present: Set, answer: Answer) {
        if purpose != Purpose::Control {
            self.known.note(present.clone(), !answer.is_accepted());
            self.cache.insert(bytes(&self.script.request(&present)), answer.clone());
        }
        self.control = false;
        if answer.is_accepted() {
            self.doubts.clear();
        } else if purpose == Purpose::Variant {
            // another refusal than those seen: it may be the state's and not the request's
            let seen = self.tried.iter().any(|tried| {
                (tried.answer.status, &tried.answer.code) == (answer.status, &answer.code)
                    && tried.purpose != Purpose::Control
            });
            self.control = !self.rules.stateless && !seen;
            self.doubts.push(answer.clone());
        }
        self.tried.push(Try { purpose, present, answer });
    }

    /// Returns the refusal that a difference makes: its own where it was sent alone, else that of the set in
    /// which it was found.
    pub fn refusal_of(&self, atom: usize, found_in: &Set) -> Option<&Answer> {
        let of = |set: &Set| {
            self.tried
                .iter()
                .find(|tried| tried.present == *set && !tried.answer.is_accepted())
                .map(|tried| &tried.answer)
        };
        of(&Set::from([atom])).or_else(|| of(found_in))
    }
}

/// What two requests have to have in common to be the same one.
fn bytes(request: &Request) -> Vec<u8> {
    let mut bytes = [request.method.as_bytes(), b" ", request.target.as_bytes(), b"\n"].concat();
    for header in request.headers.iter() {
        bytes.extend_from_slice(&[header.name.as_bytes(), b":", header.value.as_bytes(), b"\n"].concat());
    }
    bytes.extend_from_slice(b"\n");
    bytes.extend_from_slice(&request.body.bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::exchange;

    fn session(good: &str, candidate: &str, rules: SessionRules) -> Session {
        let request = |body| exchange(1, "PUT", "/api/v2/interactions/12/wrap-up", body, 200).request;
        Session::new(EditScript::new(&request(good), &request(candidate)), rules)
    }

    fn run(session: &mut Session, mut answer: impl FnMut(&str, usize) -> (u16, &'static str)) -> End {
        loop {
            match session.step() {
                NextStep::End(end) => return end,
                NextStep::Send(purpose, set, request) => {
                    let body = String::from_utf8(request.body.bytes.to_vec()).unwrap();
                    let (status, code) = answer(&body, session.tried.len());
                    let answer = Answer { status, code: Some(code.to_owned()), rule: None };
                    session.answered(purpose, set, answer);
                }
            }
        }
    }

    const GOOD: &str = r#"{"a":1,"b":2,"c":3,"d":4}"#;
    const BAD: &str = r#"{"a":null,"b":null,"c":null,"d":null}"#;
    const FRESH: SessionRules = SessionRules { cap: 25, stateless: true };
    const LIVE: SessionRules = SessionRules { cap: 25, stateless: false };

    #[test]
    fn the_differences_that_matter_are_found() {
        let mut session = session(GOOD, BAD, FRESH);
        let end =
            run(&mut session, |body, _| if body.contains("\"c\":null") { (400, "x") } else { (204, "") });
        assert_eq!(end, End::Isolated);
        let fixes: Vec<usize> = session.progress().fixes.iter().map(|fix| fix.atom).collect();
        assert_eq!(fixes, [2]);
        assert!(session.tried.len() <= 7, "{}", session.tried.len());
    }

    #[test]
    fn it_is_calibrated_first() {
        assert_eq!(run(&mut session(GOOD, BAD, FRESH), |_, _| (204, "")), End::CandidateAccepted);
        assert_eq!(run(&mut session(GOOD, BAD, FRESH), |_, _| (400, "x")), End::GoodRefused);
        assert_eq!(run(&mut session(GOOD, GOOD, FRESH), |_, _| (400, "x")), End::NoDifference);
    }

    #[test]
    fn a_state_that_changed_is_noticed_by_a_control() {
        // the good one is accepted once, and then everything is refused as done
        let mut used = false;
        let mut session = session(GOOD, BAD, LIVE);
        let end = run(&mut session, |body, _| match body.contains("\"c\":null") {
            _ if used => (409, "done"),
            true => (400, "x"),
            false => {
                used = true;
                (204, "")
            }
        });
        assert_eq!(end, End::StateChanged);
        assert_eq!(session.tried.last().unwrap().purpose, Purpose::Control);
    }

    #[test]
    fn even_if_all_refusals_look_alike() {
        let mut used = false;
        let mut session = session(GOOD, BAD, LIVE);
        let end = run(&mut session, |body, _| {
            let refused = used || body.contains("\"c\":null");
            used |= !refused;
            if refused { (400, "bad.request") } else { (204, "") }
        });
        assert_eq!(end, End::StateChanged);
    }

    #[test]
    fn the_cap_holds_and_what_is_known_stays() {
        let mut session = session(GOOD, BAD, SessionRules { cap: 4, stateless: true });
        let end = run(&mut session, |body, _| if body.contains("null") { (400, "x") } else { (204, "") });
        assert_eq!((end, session.tried.len()), (End::Capped, 4));
        assert!(!session.progress().fixes.is_empty());
    }
}
