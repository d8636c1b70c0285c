//! A request read from a curl command, and the parts of it that the text does not determine.

use crate::interchange::text_position::TextPosition;
use crate::model::exchange::Request;

/// One request that a curl command would send.
#[derive(Clone, Debug, PartialEq)]
pub struct CurlRequest {
    /// Scheme, host and port as an [`crate::model::exchange::Exchange`] names its upstream:
    /// `https://api.mypurecloud.de`.
    pub upstream: String,
    /// The request as curl would write it.
    pub request: Request,
    /// The parts that the text does not determine, because curl's version, its build or chance decide them.
    pub reconstructed: Vec<Reconstructed>,
    /// Where the command begins in the text.
    pub place: TextPosition,
}

/// A part of a request that curl itself makes up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reconstructed {
    /// `body`, or the name of a header.
    pub what: String,
    /// The value that is used for it.
    pub value: String,
    /// Who decides it really.
    pub why: &'static str,
}
