//! What has to be known about an API, so that requests to it can be judged: the one trait behind which it is
//! kept.

use std::fmt;

use serde_json::Value;

use crate::api::catalogue::{Catalogue, path};
use crate::api::client::detect::{VersionHeader, detect};
use crate::api::client::profile::ClientProfile;
use crate::json::document::Document;
use crate::model::case::Case;
use crate::model::description::entry::Entry;
use crate::model::description::member_facts::MemberFacts;
use crate::model::exchange::{Headers, Sdk};
use crate::model::finding::Finding;
use crate::model::operation::Operation;
use crate::model::remedy::Translation;
use crate::model::rule::{Access, Check, OpenQuestion, Recognizer, Rule};
use crate::model::verdict::Cause;

/// What is known about one API: its description, and facts that no description has. An API needs the first
/// four; what is provided says that nothing more is known.
pub trait Api: fmt::Debug + Sync {
    /// Returns the API's name: `Genesys Cloud`.
    fn name(&self) -> &'static str;

    /// Returns what every path of it begins with: `/api/v2`, or nothing.
    fn base(&self) -> &str;

    /// Returns its description: operations, and the models of their bodies.
    fn catalogue(&self) -> &Catalogue<'_>;

    /// Returns whether an upstream is one of the API's own hosts.
    fn is_own_host(&self, upstream: &str) -> bool;

    /// Returns the region that a host belongs to, as reports name it.
    fn region_of_host(&self, _host: &str) -> Option<String> {
        None
    }

    /// Returns the login that a path addresses, if it is one.
    fn login<'p>(&self, _path: &'p str) -> Option<LoginPath<'p>> {
        None
    }

    /// Returns where the logins for an upstream go: host and path, as sentences name them.
    fn login_address(&self, _upstream: &str) -> (String, &'static str) {
        ("the login's host".to_owned(), "/token")
    }

    /// Returns what left the API, if the request is one of those, with an operation of the same shape that is
    /// there.
    fn removed(&self, _method: &str, _path: &str) -> Option<(Removed, Option<&Entry<'_>>)> {
        None
    }

    /// Returns the read that shows the state of what a path addresses, where that is not a GET of the path.
    fn state_read(&self, _path: &str) -> Option<StateRead> {
        None
    }

    /// Returns the header that every answer of the API has, and nothing on the way to it writes.
    fn answer_header(&self) -> Option<&'static str> {
        None
    }

    /// Returns its clients, in the order in which marks are looked for.
    fn clients(&self) -> &'static [ClientProfile] {
        &[]
    }

    /// Returns the header that only its own clients send.
    fn version_header(&self) -> Option<VersionHeader> {
        None
    }

    /// Returns the operation that calls are shown of where none is at hand.
    fn usual_operation(&self) -> Option<&Entry<'_>> {
        None
    }

    /// Returns what is known about members of its models beside the description.
    fn member_facts(&self) -> &'static MemberFacts {
        &MemberFacts::NONE
    }

    /// Returns what a caller has to hold for an operation, `ALL a:b:c` or `ANY a:b:c d:e:f`, where the
    /// description does not say it.
    fn permissions(&self, _entry: &Entry<'_>) -> Option<&'static str> {
        None
    }

    /// Returns whether a request ends the validity of the token in use.
    fn is_logout(&self, _method: &str, _path: &str) -> bool {
        false
    }

    /// Returns what the API's own gateways take in front of a path, each with what has to follow.
    fn gateway_prefixes(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Returns what a documented code of refusals means.
    fn refusal_code(&self, _code: &str) -> Option<&'static RefusalCode> {
        None
    }

    /// Returns whether requests to this target are explained by further reads when they are refused.
    fn is_probed(&self, _target: &str) -> bool {
        false
    }

    /// Returns the targets to GET after a request was refused with this status, the most useful first.
    fn probe_targets(&self, _method: &str, _target: &str, _status: u16) -> Vec<String> {
        Vec::new()
    }

    /// Returns whether a target asks whose token it is, which has to be asked once only.
    fn asks_for_token_owner(&self, _target: &str) -> bool {
        false
    }

    /// Returns whether an accepted read of this path can be evidence for the verdict on another request.
    fn is_evidence(&self, _method: &str, _path: &str) -> bool {
        false
    }

    /// Returns the verdict rules that only this API has.
    fn rules(&self) -> &'static [Rule] {
        &[]
    }

    /// Returns the checks of a request that only this API has.
    fn checks(&self) -> &'static [Check] {
        &[]
    }

    /// Returns the mistakes with names that only this API's users make, the most telling first.
    fn recognizers(&self) -> &'static [Recognizer] {
        &[]
    }

    /// Returns what nothing recorded answers about a refused request.
    fn open_questions(&self, _case: &Case<'_>) -> Vec<OpenQuestion> {
        Vec::new()
    }

    /// Returns the state that the last read before the request showed, where it is the one that the request
    /// wants: ``the interaction read `closed` ``.
    fn ready_state(&self, _case: &Case<'_>) -> Option<String> {
        None
    }

    /// Returns what is known of the caller whom a request was denied to.
    fn access(&self, _case: &Case<'_>) -> Access {
        Access::default()
    }

    /// Returns what makes a body that of another operation, where the description does not show it.
    fn foreign_body(&self, _case: &Case<'_>, _body: &Document) -> Option<Finding> {
        None
    }

    /// Returns what a body in words that the API never had becomes in its own.
    fn translate(&self, _body: &Value) -> Option<Translation> {
        None
    }

    /// Returns whether a path is one of the API's, whatever precedes it.
    fn has_path(&self, path: &str) -> bool {
        path::is_own(self.base(), path)
    }

    /// Cuts off what clients and gateways put in front of the API's own path, and a trailing slash.
    fn own_path<'p>(&self, path: &'p str) -> &'p str {
        path::own(self.base(), path)
    }

    /// Returns whether a path is the login's.
    fn is_login(&self, path: &str) -> bool {
        self.login(path).is_some_and(|login| login.place != LoginPlace::Impossible)
    }

    /// Returns what is known about the client of this name.
    fn client(&self, name: &str) -> Option<&'static ClientProfile> {
        self.clients().iter().find(|client| client.name == name)
    }

    /// Returns the client that the request headers speak of, with the marks that say so.
    fn client_of(&self, headers: &Headers) -> Option<Sdk> {
        detect(self.clients(), self.version_header(), headers)
    }

    /// Returns the name that a person would use for a client: `Python SDK`.
    fn client_name<'n>(&self, name: &'n str) -> &'n str {
        self.client(name).map_or(name, |client| client.spoken)
    }

    /// Returns the method of the API's own client for an operation, for lists.
    fn client_method(&self, operation: &Operation) -> Option<&str> {
        self.catalogue().operation(&operation.method, &operation.template)?.javascript
    }

    /// Returns the operation that a concrete path addresses, if the API's description has it.
    fn operation_of(&self, method: &str, path: &str) -> Option<Operation> {
        self.catalogue().operation_of(method, path).map(Entry::operation)
    }

    /// Returns the operation of a method and a path: from the description, else the path with id-shaped
    /// segments as `{id}`.
    fn operation_at(&self, method: &str, path: &str) -> Operation {
        self.operation_of(method, path).unwrap_or_else(|| Operation::of_path(method, self.own_path(path)))
    }
}

/// A path that ends as the login's does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LoginPath<'p> {
    /// What precedes the login's own path.
    pub prefix: &'p str,
    /// Whether there can be a login.
    pub place: LoginPlace,
}

/// Whether there can be a login under a prefix.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LoginPlace {
    /// Where the API has it.
    Usual,
    /// A gateway may have it there.
    Possible,
    /// Under the API's own path there is none.
    Impossible,
}

/// A read that shows the state of something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StateRead {
    /// `GET /api/v2/…`
    pub request: &'static str,
    /// Which members say what, one sentence without the final full stop.
    pub shows: &'static str,
}

/// Operations that left the API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Removed {
    /// What a sentence calls them.
    pub spoken: &'static str,
    /// Where that was learned.
    pub source: &'static str,
}

/// One documented code of refusals.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RefusalCode {
    /// `code` of an error body, or `error` of a login's answer.
    pub code: &'static str,
    /// What it speaks of.
    pub cause: Cause,
    /// Whether it names the cause beyond doubt; a general `bad.request` does not.
    pub certain: bool,
    /// What it means, one sentence without the final full stop.
    pub meaning: &'static str,
    /// Where that was learned.
    pub source: &'static str,
}
