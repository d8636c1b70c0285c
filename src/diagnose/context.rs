//! What a diagnosis rests on: the exchange in question, read once, and everything else that was recorded.

use std::borrow::Cow;

use serde_json::Value;

use crate::api::catalogue::Catalogue;
use crate::api::catalogue::nearest::{Near, Typed};
use crate::api::genesys::catalogue;
use crate::api::genesys::catalogue::removed::RemovedMedia;
use crate::api::{self, Api, error_body};
use crate::diagnose::description::restored::Reading;
use crate::diagnose::pairing;
use crate::model::coding;
use crate::model::description::body_model::Kind;
use crate::model::description::entry::Entry;
use crate::model::exchange::{Exchange, Origin, Request, Response};
use crate::model::finding::{Class, Finding, Severity};
use crate::model::known_good::KnownGood;
use crate::model::operation::{Operation, is_id};
use crate::model::refusal::Refusal;
use crate::model::timestamp::Timestamp;
use crate::model::verdict::Cause;

/// How many near operations are looked for.
const NEAREST: usize = 5;

/// What is asked: why was this one refused, given all that?
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The exchange to be explained.
    pub subject: &'a Exchange,
    /// Other exchanges of the recording, in the order in which they began; the subject may be among them.
    pub history: &'a [Exchange],
    /// How the subject's request differs from the known-good one; empty if there is none or no difference.
    pub findings: &'a [Finding],
    /// What it was compared with.
    pub good: Option<&'a KnownGood>,
    /// The public operations and models.
    pub catalogue: &'a Catalogue<'a>,
}

/// The question with the subject read: its operation, body, refusal and what its request shows by itself.
#[derive(Clone, Debug)]
pub struct DiagnosisContext<'a> {
    /// What is asked.
    pub question: Question<'a>,
    /// In upper case.
    pub method: String,
    /// As it was sent, without the query.
    pub path: String,
    /// What the request addresses.
    pub operation: Operation,
    /// The public operation, if there is one; of a media type that left the API, the one of the others'
    /// shape.
    pub entry: Option<&'a Entry<'a>>,
    /// The media type that left the API and that the path speaks of.
    pub removed: Option<RemovedMedia>,
    /// What was sent.
    pub body: Sent,
    /// The body as it was meant, where it can be judged.
    pub reading: Option<Reading<'a>>,
    /// What the answer says, if it is a refusal.
    pub refusal: Option<Refusal>,
    /// The public operations nearest to it, best first, where it is none itself.
    pub nearest: Vec<Near<'a>>,
    /// What is wrong with the request; filled in by the checks.
    pub faults: Vec<Finding>,
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
pub(crate) fn is_whole(exchange: &Exchange) -> bool {
    let broken = exchange.origin == Origin::Live && exchange.error.is_some();
    let torn = broken && exchange.timings.request_read.is_none();
    !exchange.request.body.cut && !torn
}

impl<'a> DiagnosisContext<'a> {
    /// Reads the subject.
    pub fn of(question: Question<'a>) -> Self {
        let request = &question.subject.request;
        let (method, path) = (request.method_text().to_ascii_uppercase(), request.path());
        let public = question.catalogue.operation_of(&method, &path);
        let operation = public.map_or_else(|| pairing::operation_of(request), Entry::operation);
        let removed = question.catalogue.removed_media(&method, &path);
        let entry = removed.map_or(public, |(_, entry)| entry);
        let removed = removed.map(|(row, _)| row);
        let body = if is_whole(question.subject) { Sent::of(request) } else { Sent::Unknown };
        let mut refusal = question
            .subject
            .response
            .as_ref()
            .filter(|response| response.status >= 400)
            .map(error_body::decode);
        if let (Some(refusal), Some(value)) = (&mut refusal, body.json()) {
            let model = entry.and_then(|entry| question.catalogue.model(entry.body?.kind.model()?));
            error_body::point_into(refusal, value, &|field| {
                model.as_ref().is_some_and(|model| model.field(field).is_some())
            });
        }
        let mut context = Self {
            question,
            method,
            path,
            operation,
            entry,
            removed,
            body,
            reading: None,
            refusal,
            nearest: Vec::new(),
            faults: Vec::new(),
        };
        if (entry.is_none() || removed.is_some()) && context.is_public_api() {
            let typed = Typed { method: &context.method, path: &context.path, body: context.body.json() };
            context.nearest = question.catalogue.nearest(typed, NEAREST);
        }
        context
    }

    /// Returns what is known about the API that the request went to.
    pub fn api(&self) -> &'static dyn Api {
        api::for_upstream(&self.subject().upstream)
    }

    /// Returns the ids in the path, each with its name in the operation's template.
    pub fn ids(&self) -> Vec<(&'a str, &str)> {
        self.entry.map(|entry| entry.ids(self.api().own_path(&self.path))).unwrap_or_default()
    }

    /// Returns the exchange to be explained.
    pub fn subject(&self) -> &'a Exchange {
        self.question.subject
    }

    /// Returns the other exchanges, in the order in which they began.
    pub fn others(&self) -> impl DoubleEndedIterator<Item = &'a Exchange> + use<'a> {
        let subject = self.question.subject;
        self.question.history.iter().filter(move |other| other.id != subject.id || other.run != subject.run)
    }

    /// Returns the type of the body that the operation takes.
    pub(crate) fn body_kind(&self) -> Option<Kind<'a>> {
        if !self.is_public_api() || matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            return None;
        }
        self.entry.and_then(|entry| entry.body).map(|body| body.kind)
    }

    /// Returns the other exchanges of the same operation that were accepted.
    pub fn accepted(&self) -> impl Iterator<Item = &'a Exchange> + '_ {
        self.others()
            .filter(|other| other.is_accepted())
            .filter(|other| other.request.method_text().eq_ignore_ascii_case(&self.method))
            .filter(|other| pairing::operation_of(&other.request) == self.operation)
    }

    /// Returns whether the request went to the Genesys Cloud API, or to something in its place.
    ///
    /// Other vendors have paths under `/api/v2/`, too: at a host that is neither a region's nor this machine,
    /// the first word behind it has to be one that the API (or the forum) knows.
    pub fn is_public_api(&self) -> bool {
        if self.is_login() {
            return false;
        }
        if self.is_at_region() {
            return true;
        }
        catalogue::is_public(&self.path)
            && (self.is_substitute() || self.question.catalogue.knows_area(&self.path))
    }

    /// Returns whether the request went to a host of Genesys Cloud itself.
    pub fn is_at_region(&self) -> bool {
        self.api().is_own_host(&self.subject().upstream)
    }

    /// Returns whether the upstream is this machine, or was never known: a simulator, a gateway, an import.
    fn is_substitute(&self) -> bool {
        let upstream = self.subject().upstream.as_str();
        let host = upstream.split_once("://").map_or(upstream, |(_, rest)| rest);
        let loopback = ["127.", "localhost", "[::1]"];
        host.is_empty() || loopback.iter().any(|name| host.starts_with(name))
    }

    /// Returns whether the request was a login.
    pub fn is_login(&self) -> bool {
        catalogue::is_login(&self.path) && self.misplaced_login().is_none()
    }

    /// Returns what precedes `/oauth/token` where no login can be: under the API's own path, or under a
    /// prefix that the server does not know.
    pub fn misplaced_login(&self) -> Option<&str> {
        let prefix = catalogue::login_prefix(&self.path)?;
        let gone = matches!(self.status(), Some(404 | 405 | 410)) && !matches!(prefix, "" | "/" | "/login");
        (gone || !catalogue::is_login(&self.path)).then_some(prefix)
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

    /// Returns the request that shows the thing that was addressed: GET of its own path, or of the
    /// conversation.
    pub fn read_of_subject(&self) -> String {
        let path = catalogue::public_path(&self.path);
        let operation = self.question.catalogue.operation_of("GET", path);
        if let Some(entry) = operation.filter(|entry| entry.template.ends_with('}')) {
            return entry.to_string();
        }
        match path.contains("/conversations/") {
            true => "GET /api/v2/conversations/{conversationId}".to_owned(),
            false => "GET of what the path names".to_owned(),
        }
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

/// Says how far apart two moments are: `240 ms`, `1.2 s`, `3 min`, `2 h`.
pub fn apart(a: Timestamp, b: Timestamp) -> String {
    let micros = a.0.abs_diff(b.0);
    match micros {
        0..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..120_000_000 => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
        120_000_000..7_200_000_000 => format!("{} min", micros / 60_000_000),
        _ => format!("{} h", micros / 3_600_000_000),
    }
}

/// Returns JSON text cut to a readable length.
pub fn quote(value: &Value) -> String {
    let text = value.to_string();
    let mut cut: String = text.chars().take(80).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_in_time_are_said_in_the_unit_that_fits() {
        let at = Timestamp;
        assert_eq!(apart(at(0), at(240_000)), "240 ms");
        assert_eq!(apart(at(1_250_000), at(0)), "1.2 s");
        assert_eq!(apart(at(0), at(180_000_000)), "3 min");
        assert_eq!(apart(at(0), at(7_200_000_000)), "2 h");
    }
}
