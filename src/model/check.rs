//! What a request shows by itself, without a known-good one: against the catalogue, its model, and other exchanges.

use crate::json::pointer::Pointer;
use crate::model::exchange::ExchangeId;
use crate::model::finding::Severity;
use crate::model::verdict::Cause;

/// One fault of a request that the public API's own description shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What was found.
    pub kind: CheckKind,
    /// How much it matters.
    pub severity: Severity,
    /// The place in the sent body; `None` if it is about the request line or a header.
    pub pointer: Option<Pointer>,
    /// What was sent, as it stands, cut to a readable length.
    pub sent: Option<String>,
    /// What is expected there, in words: `string`, `connected, disconnected`; the operation itself (`POST /api/v2/…`)
    /// where another one is meant.
    pub expected: Option<String>,
    /// One sentence, lower case, without a final full stop.
    pub message: String,
    /// One imperative line: what to change.
    pub help: String,
    /// Another exchange that shows it.
    pub exchange: Option<ExchangeId>,
    /// Where the rule comes from: the SDK packages, a staff post, a documentation page.
    pub source: String,
    /// How the body has to change, in this order; empty if that cannot be said exactly.
    pub edits: Vec<Edit>,
}

/// What a check found. The name is stable; `cause()` says what it speaks for.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum CheckKind {
    /// No public operation has this method and path.
    UnknownOperation,
    /// The path is public, the method is not.
    UnknownMethod,
    /// The body belongs to another operation, whose path is named.
    WrongOperation,
    /// Two ids stand in each other's place, or one stands for another kind of thing.
    SwappedIds,
    /// The path still holds a placeholder, `undefined`, `null` or nothing where an id belongs.
    MissingId,
    /// A required query parameter is missing.
    MissingParameter,
    /// The body has one object too many around it or one too few.
    WrongNesting,
    /// No body although the operation needs one, or `null`.
    MissingBody,
    /// The body is not JSON.
    InvalidJson,
    /// JSON text inside a JSON string.
    DoubleEncoded,
    /// A member that the model does not have.
    UnknownField,
    /// A required member is missing.
    MissingField,
    /// Another JSON type than the model's.
    WrongType,
    /// A word that is not among the enumerated ones.
    UnknownWord,
    /// A placeholder that an SDK put in for a word it did not know.
    SwallowedEnum,
    /// A date that is not as documented.
    WrongFormat,
    /// An explicit `null`.
    ExplicitNull,
    /// A member that takes an action of its own.
    ActionField,
    /// Members that contradict each other.
    Contradiction,
    /// The media type of the request.
    ContentType,
}

impl CheckKind {
    /// Returns the stable name that stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownOperation => "unknown_operation",
            Self::UnknownMethod => "unknown_method",
            Self::WrongOperation => "wrong_operation",
            Self::SwappedIds => "swapped_ids",
            Self::MissingId => "missing_id",
            Self::MissingParameter => "missing_parameter",
            Self::WrongNesting => "wrong_nesting",
            Self::MissingBody => "missing_body",
            Self::InvalidJson => "invalid_json",
            Self::DoubleEncoded => "double_encoded",
            Self::UnknownField => "unknown_field",
            Self::MissingField => "missing_field",
            Self::WrongType => "wrong_type",
            Self::UnknownWord => "unknown_word",
            Self::SwallowedEnum => "swallowed_enum",
            Self::WrongFormat => "wrong_format",
            Self::ExplicitNull => "explicit_null",
            Self::ActionField => "action_field",
            Self::Contradiction => "contradiction",
            Self::ContentType => "content_type",
        }
    }

    /// Returns what a fault of this kind makes a refusal come from.
    pub fn cause(self) -> Cause {
        match self {
            Self::UnknownOperation
            | Self::UnknownMethod
            | Self::WrongOperation
            | Self::SwappedIds
            | Self::MissingId => Cause::Endpoint,
            _ => Cause::Payload,
        }
    }
}

/// One exact change of a body. Places are those of the body as it was sent, whatever else is changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Take the member or element away.
    Remove(Pointer),
    /// Put this JSON text at the place, replacing what is there.
    Set(Pointer, String),
    /// Give the member another key.
    Rename(Pointer, String),
    /// Take the value away and put it at the second place, with the objects that lead there.
    Move(Pointer, Pointer),
    /// The whole body becomes the member of this key.
    Wrap(String),
    /// The whole body becomes what stands at the place.
    Unwrap(Pointer),
}
