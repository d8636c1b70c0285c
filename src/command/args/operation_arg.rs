//! `--operation 'METHOD /path'`: the request of an operation, for a body that says nothing of where it was
//! sent.

use crate::command::args::payload_arg::PayloadArg;
use crate::error::CommandError;
use crate::model::exchange::{Body, Headers, Request};
use crate::report::safe;

/// An id for a path whose ids are never checked: the built-in simulator takes any.
const ANY_ID: &str = "15000000-0000-4000-8000-000000000001";
/// A mask that is replaced by a token, if there is one.
const MASK: &str = "Bearer redacted-bearer-000000000000";

/// A request without a body, as the user named its operation.
pub(crate) struct NamedRequest {
    pub(crate) request: Request,
    /// The path had placeholders: only a server that takes any id can be asked.
    pub(crate) has_made_up_ids: bool,
}

impl NamedRequest {
    /// Returns what the user gave as a request of this operation; a whole request keeps its head.
    pub(crate) fn with(self, given: &PayloadArg) -> Request {
        match &given.request {
            Some(own) => Request { method: self.request.method, target: self.request.target, ..own.clone() },
            None => Request { body: Body::whole(given.body.clone()), ..self.request },
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not an operation: give a method and a path, as in 'PUT /api/v2/interactions/{{id}}/wrap-up'"
)]
struct NotAnOperation(String);

/// Returns the request of an operation, with ids in the place of its placeholders.
pub(crate) fn request(text: &str) -> Result<NamedRequest, CommandError> {
    let error = || CommandError::input(NotAnOperation(safe::line(text).into_owned()));
    let (method, path) = text.trim().split_once(' ').ok_or_else(error)?;
    let path = path.trim();
    let plain = path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic());
    if !plain || method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(error());
    }
    let filled: Vec<&str> =
        path.split('/').map(|segment| if segment.starts_with('{') { ANY_ID } else { segment }).collect();
    let filled = filled.join("/");
    let request = Request::of(
        method.to_ascii_uppercase(),
        filled.as_str(),
        Headers::of([
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("Authorization", MASK),
        ]),
        Body::default(),
    );
    Ok(NamedRequest { request, has_made_up_ids: filled != path })
}
