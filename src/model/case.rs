//! One exchange, read for judgement, beside the others of its recording: what a rule looks at.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::coding;
use crate::model::description::entry::Entry;
use crate::model::exchange::{Exchange, Origin, Request, Response};
use crate::model::finding::{Class, Finding, Severity};
use crate::model::operation::{Operation, is_id};
use crate::model::refusal::Refusal;
use crate::model::verdict::Cause;

/// The exchange in question, read once, and everything else that was recorded.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The exchange to be explained.
    pub subject: &'a Exchange,
    /// Other exchanges of the recording, in the order in which they began; the subject may be among them.
    pub history: &'a [Exchange],
    /// In upper case.
    pub method: String,
    /// As it was sent, without the query.
    pub path: String,
    /// The API's own path in it, whatever precedes it.
    pub own_path: String,
    /// What the request addresses.
    pub operation: Operation,
    /// The operation of the API's description, if there is one; of one that left the API, another of the same
    /// shape.
    pub entry: Option<&'a Entry<'a>>,
    /// What was sent.
    pub body: Sent,
    /// What the answer says, if it is a refusal.
    pub refusal: Option<Refusal>,
    /// How the request differs from the known-good one; empty if there is none or no difference.
    pub findings: &'a [Finding],
    /// What is wrong with the request; filled in by the checks.
    pub faults: Vec<Finding>,
}

/// One document that was read in the recording: an accepted GET with a JSON answer.
#[derive(Debug)]
pub struct Read<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The answer.
    pub document: Value,
}

/// A request body, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// No bytes, or white space only.
    Empty,
    /// A text, whatever it is.
    Text {
        /// With U+FFFD for what is not UTF-8.
        text: String,
        /// Its value, if it is JSON.
        value: Option<Value>,
    },
    /// Only its beginning was recorded, or its coding cannot be undone: nothing can be said.
    Unknown,
}

impl Sent {
    /// Reads the body of a request.
    pub fn of(request: &Request) -> Self {
        let Some(bytes) = coding::decoded(&request.headers, &request.body) else { return Self::Unknown };
        if request.body.cut {
            return Self::Unknown;
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Self::Empty;
        }
        let value = serde_json::from_slice(&bytes).ok();
        Self::Text { text: String::from_utf8_lossy(&bytes).into_owned(), value }
    }

    /// Returns the value, if the body is JSON.
    pub fn json(&self) -> Option<&Value> {
        match self {
            Self::Text { value, .. } => value.as_ref(),
            Self::Empty | Self::Unknown => None,
        }
    }
}

/// Returns whether the request was read to its end: what was not read whole is not what the client sent.
pub fn is_whole(exchange: &Exchange) -> bool {
    let broken = exchange.origin == Origin::Live && exchange.error.is_some();
    let torn = broken && exchange.timings.request_read.is_none();
    !exchange.request.body.cut && !torn
}

impl<'a> Case<'a> {
    /// Returns the exchange to be explained.
    pub fn subject(&self) -> &'a Exchange {
        self.subject
    }

    /// Returns the other exchanges, in the order in which they began.
    pub fn others(&self) -> impl DoubleEndedIterator<Item = &'a Exchange> + use<'a> {
        let subject = self.subject;
        self.history.iter().filter(move |other| other.id != subject.id || other.run != subject.run)
    }

    /// Returns the ids in the path, each with its name in the operation's template.
    pub fn ids(&self) -> Vec<(&'a str, &str)> {
        self.entry.map(|entry| entry.ids(&self.own_path)).unwrap_or_default()
    }

    /// Returns the id in the path under this name of the operation's template.
    pub fn id(&self, name: &str) -> Option<&str> {
        self.ids().into_iter().find(|(own, _)| *own == name).map(|(_, id)| id)
    }

    /// Returns the documents read under paths that fit, in the order in which they were asked for.
    pub fn reads(&self, fits: impl Fn(&str) -> bool) -> Vec<Read<'a>> {
        let accepted =
            self.others().filter(|other| other.is_accepted() && other.request.method.eq_ignore_case("GET"));
        let read = |exchange: &'a Exchange| {
            fits(&exchange.request.path()).then_some(())?;
            Some(Read { exchange, document: document(exchange.response.as_ref()?)? })
        };
        accepted.filter_map(read).collect()
    }

    /// Returns the last read before the subject began, and the first one after.
    pub fn around<'r>(&self, reads: &'r [Read<'a>]) -> (Option<&'r Read<'a>>, Option<&'r Read<'a>>) {
        let began = self.subject.started_at;
        let before = reads.iter().rev().find(|read| read.exchange.started_at <= began);
        let after = reads.iter().find(|read| read.exchange.started_at > began);
        (before, after)
    }

    /// Returns whether the server says that there is nothing under this path, or not any more.
    pub fn says_gone(&self) -> bool {
        matches!(self.status(), Some(404 | 410))
    }

    /// Returns whether the answer says of itself that the simulator gave it.
    pub fn is_simulated(&self) -> bool {
        self.simulator_rule().is_some()
    }

    /// Returns the status of the answer.
    pub fn status(&self) -> Option<u16> {
        self.subject().status()
    }

    /// Returns the answer's own code, or an empty text.
    pub fn code(&self) -> &str {
        self.refusal.as_ref().and_then(|refusal| refusal.code.as_deref()).unwrap_or_default()
    }

    /// Returns what was answered in a line: status, code, and the answer's own sentence without its full
    /// stop.
    pub fn answered(&self) -> String {
        let status = self.status().map(|status| format!("answered {status}")).unwrap_or_default();
        let refusal = self.refusal.as_ref();
        let parts =
            [Some(status.as_str()), refusal.and_then(|refusal| refusal.code.as_deref()), self.message()];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Returns the answer's own sentence, without its final full stop.
    pub fn message(&self) -> Option<&str> {
        let message = self.refusal.as_ref()?.message.as_deref()?;
        Some(message.trim().trim_end_matches('.')).filter(|message| !message.is_empty())
    }

    /// Returns whether the path names one thing by its id, which can be in a state.
    pub fn path_names_a_thing(&self) -> bool {
        self.path.split('/').any(is_id)
    }

    /// Returns what is wrong with a word that the API cannot know, whatever state anything is in.
    pub fn unknown_word(&self) -> Option<&str> {
        let words = |fault: &&Finding| match fault.class {
            Class::UnknownWord | Class::SwallowedEnum => true,
            // the right word in other letters; a date has no list of words
            Class::FormatMismatch => {
                let sent = fault.sent_text().trim_matches('"').to_lowercase();
                fault.expected.as_ref().is_some_and(|words| words.text.to_lowercase().contains(&sent))
            }
            _ => false,
        };
        self.faults.iter().find(words).map(|fault| fault.message.as_str())
    }

    /// Returns the first fault of the body that is an error, whatever the state of what was addressed.
    pub fn payload_fault(&self) -> Option<&str> {
        let errors =
            |fault: &&Finding| fault.severity == Severity::Error && fault.class.cause() == Cause::Payload;
        self.faults.iter().find(errors).map(|fault| fault.message.as_str())
    }

    /// Returns the simulator's rule that the answer rests on, where the simulator gave it.
    pub fn simulator_rule(&self) -> Option<&str> {
        self.subject().response.as_ref()?.headers.text("x-wraptap-simulator")
    }

    /// Returns the top-level keys of the body.
    pub fn keys(&self) -> Vec<&str> {
        let members = self.body.json().and_then(Value::as_object);
        members.map(|members| members.keys().map(String::as_str).collect()).unwrap_or_default()
    }
}

/// Returns the JSON document of an answer, if it is one.
pub fn document(response: &Response) -> Option<Value> {
    serde_json::from_slice(&coding::decoded(&response.headers, &response.body)?).ok()
}

/// Returns a body's bytes with content codings undone.
pub fn bytes(request: &Request) -> Option<Cow<'_, [u8]>> {
    coding::decoded(&request.headers, &request.body).filter(|_| !request.body.cut)
}
