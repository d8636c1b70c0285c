//! A request that reached its endpoint with a valid token.

use crate::model::exchange::Request;
use crate::simulator::codes::Codes;
use crate::simulator::credentials::BearerToken;
use crate::simulator::ids::Millis;
use crate::simulator::route::{Endpoint, PathIds};

/// A request with its endpoint, its token and the time: what an operation needs besides the state.
pub(crate) struct AuthorizedRequest<'a> {
    pub(crate) now: Millis,
    pub(crate) endpoint: Endpoint,
    pub(crate) ids: PathIds<'a>,
    pub(crate) request: &'a Request,
    pub(crate) token: &'a BearerToken,
    pub(crate) codes: Codes,
}

impl AuthorizedRequest<'_> {
    /// Returns the bytes of the body.
    pub(crate) fn body(&self) -> &[u8] {
        &self.request.body.bytes
    }
}
