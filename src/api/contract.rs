//! What has to be known about an API, so that requests to it can be judged: the one trait behind which it is
//! kept.

use std::fmt;

use crate::model::exchange::{Headers, Sdk};
use crate::model::operation::Operation;
use crate::model::verdict::Cause;

/// What is known about one API: facts, no judgement.
pub trait Api: fmt::Debug + Sync {
    /// Returns the API's name: `Genesys Cloud`.
    fn name(&self) -> &'static str;

    /// Returns whether an upstream is one of the API's own hosts.
    fn is_own_host(&self, upstream: &str) -> bool;

    /// Returns the region that a host belongs to, as reports name it.
    fn region_of_host(&self, host: &str) -> Option<String>;

    /// Returns whether a path is one of the API's, whatever precedes it.
    fn has_path(&self, path: &str) -> bool;

    /// Cuts off what clients and gateways put in front of the API's own path, and a trailing slash.
    fn own_path<'p>(&self, path: &'p str) -> &'p str;

    /// Returns whether a path is the login's.
    fn is_login(&self, path: &str) -> bool;

    /// Returns the operation that a concrete path addresses, if the API's description has it.
    fn operation_of(&self, method: &str, path: &str) -> Option<Operation>;

    /// Returns the method of the API's own client for an operation, for lists.
    fn client_method(&self, operation: &Operation) -> Option<&'static str>;

    /// Returns the client that the request headers speak of, with the marks that say so.
    fn client_of(&self, headers: &Headers) -> Option<Sdk>;

    /// Returns the name that a person would use for a client: `Python SDK`.
    fn client_name<'n>(&self, client: &'n str) -> &'n str;

    /// Returns what a documented code of refusals means.
    fn refusal_code(&self, code: &str) -> Option<&'static RefusalCode>;

    /// Returns whether requests to this target are explained by further reads when they are refused.
    fn is_probed(&self, target: &str) -> bool;

    /// Returns the targets to GET after a request was refused with this status, the most useful first.
    fn probe_targets(&self, method: &str, target: &str, status: u16) -> Vec<String>;

    /// Returns whether a target asks whose token it is, which has to be asked once only.
    fn asks_for_token_owner(&self, target: &str) -> bool;

    /// Returns whether an accepted read of this path can be evidence for the verdict on another request.
    fn is_evidence(&self, method: &str, path: &str) -> bool;
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
