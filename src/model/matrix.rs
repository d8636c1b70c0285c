//! The same operation as several clients sent it, side by side, field by field.

use crate::json::pointer::Pointer;
use crate::model::exchange::ExchangeId;
use crate::model::operation::Operation;

/// One operation, a column a client, a row a place of the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// What was asked for.
    pub operation: Operation,
    /// The clients, in the order in which they first asked.
    pub columns: Vec<Column>,
    /// The places in the order of the bodies, the first client's body before the others.
    pub rows: Vec<Row>,
    /// How many more places there are than rows are kept.
    pub cut: usize,
}

/// One client's newest request of the operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The client, as its own marks say; `unknown client` without any.
    pub client: String,
    /// Its version, if the marks say it.
    pub version: Option<String>,
    /// The recording that it is in.
    pub recording: String,
    /// The exchange.
    pub exchange: ExchangeId,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The media type it was sent with.
    pub content_type: Option<String>,
    /// What is to be known of the body as a whole: empty, not JSON, recorded in part.
    pub note: Option<String>,
}

/// One place of the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where, with the spelling that most clients use; `""` is the body itself.
    pub place: Pointer,
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// How far the clients agree.
    pub agreement: Agreement,
}

/// How far the clients agree on one place.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Agreement {
    /// Presence, type and value are the same.
    Same,
    /// Another value of the same type.
    Value,
    /// Absent in one, null or empty in another, of another type, or under a key spelt otherwise.
    Shape,
}

impl Agreement {
    /// Returns the stable name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Value => "value",
            Self::Shape => "shape",
        }
    }
}

/// What one client sent at one place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cell {
    /// What is there.
    pub state: CellState,
    /// The JSON text as sent on the wire, cut to a readable length; empty where nothing is there.
    pub text: String,
    /// The key, where this client spells it otherwise than the row.
    pub key: Option<String>,
}

/// What is at a place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CellState {
    /// Nothing.
    Absent,
    /// `null`.
    Null,
    /// `[]`.
    EmptyArray,
    /// `{}`.
    EmptyObject,
    /// `""`.
    EmptyString,
    /// A text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list with elements.
    Array,
    /// An object with members.
    Object,
    /// What is no JSON.
    Invalid,
}

impl CellState {
    /// Returns the stable name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Null => "null",
            Self::EmptyArray => "empty_array",
            Self::EmptyObject => "empty_object",
            Self::EmptyString => "empty_string",
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
            Self::Invalid => "invalid",
        }
    }
}
