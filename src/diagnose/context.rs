//! What a diagnosis rests on: the exchange in question, read once, and everything else that was recorded.

use std::ops::{Deref, DerefMut};

use crate::api::catalogue::Catalogue;
use crate::api::catalogue::nearest::{Near, Typed};
use crate::api::client::profile::ClientProfile;
use crate::api::{Api, LoginPlace, Removed, error_body};
use crate::diagnose::description::restored::Reading;
use crate::model::case::{Case, Sent, is_whole};
use crate::model::description::body_model::Kind;
use crate::model::description::entry::Entry;
use crate::model::exchange::Exchange;
use crate::model::finding::Finding;
use crate::model::known_good::KnownGood;

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
    /// What is known about the API that the request went to.
    pub api: &'a dyn Api,
}

/// The question with the subject read: its operation, body, refusal and what its request shows by itself.
#[derive(Clone, Debug)]
pub struct DiagnosisContext<'a> {
    /// What is asked.
    pub question: Question<'a>,
    /// The subject, read.
    pub case: Case<'a>,
    /// What left the API, where the request speaks of that.
    pub removed: Option<Removed>,
    /// The body as it was meant, where it can be judged.
    pub reading: Option<Reading<'a>>,
    /// The operations nearest to it, best first, where it is none itself.
    pub nearest: Vec<Near<'a>>,
}

impl<'a> Deref for DiagnosisContext<'a> {
    type Target = Case<'a>;

    fn deref(&self) -> &Case<'a> {
        &self.case
    }
}

impl DerefMut for DiagnosisContext<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.case
    }
}

impl<'a> DiagnosisContext<'a> {
    /// Reads the subject.
    pub fn of(question: Question<'a>) -> Self {
        let (api, request) = (question.api, &question.subject.request);
        let catalogue = api.catalogue();
        let (method, path) = (request.method_text().to_ascii_uppercase(), request.path());
        let public = catalogue.operation_of(&method, &path);
        let operation = public.map_or_else(|| api.operation_at(&method, &path), Entry::operation);
        let removed = api.removed(&method, &path);
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
            let model = entry.and_then(|entry| catalogue.model(entry.body?.kind.model()?));
            error_body::point_into(refusal, value, &|field| {
                model.as_ref().is_some_and(|model| model.field(field).is_some())
            });
        }
        let case = Case {
            subject: question.subject,
            history: question.history,
            own_path: api.own_path(&path).to_owned(),
            method,
            path,
            operation,
            entry,
            body,
            refusal,
            findings: question.findings,
            faults: Vec::new(),
        };
        let mut context = Self { question, case, removed, reading: None, nearest: Vec::new() };
        if (entry.is_none() || removed.is_some()) && context.is_public_api() {
            let typed = Typed { method: &context.method, path: &context.path, body: context.body.json() };
            context.nearest = catalogue.nearest(typed, NEAREST);
        }
        context
    }

    /// Returns what is known about the API that the request went to.
    pub fn api(&self) -> &'a dyn Api {
        self.question.api
    }

    /// Returns what is known about the client that sent the request.
    pub fn client(&self) -> Option<&'static ClientProfile> {
        self.api().client(&self.subject().sdk.as_ref()?.name)
    }

    /// Returns the description of the API that the request went to.
    pub fn catalogue(&self) -> &'a Catalogue<'a> {
        self.question.api.catalogue()
    }

    /// Returns the type of the body that the operation takes.
    pub(crate) fn body_kind(&self) -> Option<Kind<'a>> {
        if !self.is_public_api() || matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            return None;
        }
        self.entry.and_then(|entry| entry.body).map(|body| body.kind)
    }

    /// Returns whether another exchange is of the same operation.
    pub fn is_same_operation(&self, other: &Exchange) -> bool {
        let request = &other.request;
        self.api().operation_at(&request.method_text(), &request.path()) == self.operation
    }

    /// Returns the other exchanges of the same operation that were accepted.
    pub fn accepted(&self) -> impl Iterator<Item = &'a Exchange> + '_ {
        self.others()
            .filter(|other| other.is_accepted())
            .filter(|other| other.request.method_text().eq_ignore_ascii_case(&self.method))
            .filter(|other| self.is_same_operation(other))
    }

    /// Returns whether the request went to the API, or to something in its place.
    ///
    /// Other vendors have the same base, too: at a host that is neither the API's own nor this machine, the
    /// first word behind it has to be one that the API has, or that people write for it.
    pub fn is_public_api(&self) -> bool {
        if self.is_login() {
            return false;
        }
        if self.is_at_own_host() {
            return true;
        }
        self.api().has_path(&self.path) && (self.is_substitute() || self.catalogue().knows_area(&self.path))
    }

    /// Returns whether the request went to a host of the API itself.
    pub fn is_at_own_host(&self) -> bool {
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
        self.api().is_login(&self.path) && self.misplaced_login().is_none()
    }

    /// Returns what precedes the login's path where no login can be: under the API's own path, or under a
    /// prefix that the server does not know.
    pub fn misplaced_login(&self) -> Option<&str> {
        let login = self.api().login(&self.path)?;
        let gone = matches!(self.status(), Some(404 | 405 | 410)) && login.place != LoginPlace::Usual;
        (gone || login.place == LoginPlace::Impossible).then_some(login.prefix)
    }

    /// Returns the request that shows the state of what was addressed: GET of its own path, or the one that
    /// the API has for it.
    pub fn read_of_subject(&self) -> String {
        let operation = self.catalogue().operation_of("GET", &self.own_path);
        if let Some(entry) = operation.filter(|entry| entry.template.ends_with('}')) {
            return entry.to_string();
        }
        self.api().state_read(&self.path).map_or("GET of what the path names", |read| read.request).to_owned()
    }
}
