//! What a parsed value is, its number, and its bytes.

/// A range of bytes in a raw text: `start..end`.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

/// The number of a node inside its document; a value's number is below those of everything inside it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The number as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number; its lexeme is the text of its span.
    Number,
    /// A string; see [`Document::string`].
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
    /// Text that is no JSON value, such as `NaN`; a fault names it.
    Invalid,
}

impl Kind {
    /// The name of the type, as findings show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Invalid => "text",
        }
    }

    /// Returns whether two values have the same JSON type, as `true` and `false` have.
    pub fn is_same_type(self, other: Self) -> bool {
        matches!((self, other), (Self::Boolean(_), Self::Boolean(_))) || self == other
    }

    /// Returns whether the value is a container, which may hold others.
    pub fn is_container(self) -> bool {
        matches!(self, Self::Array | Self::Object)
    }
}
