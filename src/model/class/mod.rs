//! The classes of findings. Each has one home: a row here and its manual page beside this file.
//!
//! To add a class: write `NAME.md` here, add a row to [`classes!`], and let a comparison or a check make it.

use crate::model::severity::Severity;
use crate::model::verdict::Cause;

macro_rules! classes {
    ($($variant:ident $name:literal $severity:ident $sentence:literal $help:literal,)*) => {
        /// The class of a finding; `wraptap rules CLASS` prints its manual page.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Class { $(#[doc = $sentence] $variant,)* }

        impl Class {
            /// Every class, in the order of the manual.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the stable name, as JSON has it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the severity that a finding of this class has unless its place says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Returns what to do about a finding of this class, where the place gives no special advice.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }

            /// Returns the manual page as Markdown.
            pub fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!($name, ".md")),)* }
            }
        }
    };
}

// variant, name, severity, what it is, what to do about it
classes! {
    InvalidJson "invalid_json" Error
        "A text is not JSON (RFC 8259)."
        "build the body with a JSON library instead of putting text together",
    EmptyBody "empty_body" Error
        "No body where good has one."
        "pass the payload to the SDK call as its body argument",
    NotCompared "not_compared" Warning
        "Too deep or too large to compare."
        "compare a smaller part of the bodies",
    NullField "null_field" Error
        "`null` where good has a value or nothing."
        "leave unset properties out of the body",
    MissingField "missing_field" Error
        "A member of good that the candidate has nowhere."
        "set the property before the call",
    ExtraField "extra_field" Warning
        "A member that good has nowhere."
        "remove the property from the body",
    RenamedKey "renamed_key" Error
        "Same parent, same value, other key."
        "send the property under the good body's key",
    Moved "moved" Error
        "A value of good under another parent."
        "put the value where the good body has it",
    WrappedInArray "wrapped_in_array" Error
        "A value became an array of that one value."
        "send the value itself, not an array of it",
    UnwrappedFromArray "unwrapped_from_array" Error
        "An array of one became its element."
        "send an array, even of a single value",
    DoubleEncoded "double_encoded" Error
        "JSON text inside a string."
        "pass the object to the SDK, not its JSON text",
    TypeMismatch "type_mismatch" Error
        "Another JSON type."
        "convert the value to the type of the good body",
    FormatMismatch "format_mismatch" Warning
        "Same meaning, other notation."
        "write the value in the notation of the good body",
    UnitMismatch "unit_mismatch" Error
        "A number off by a thousand, a million or a billion."
        "convert the number to the unit of the good body",
    EmptyValue "empty_value" Error
        "Same type but empty."
        "set the property, or leave it out",
    ArrayLength "array_length" Warning
        "Arrays of different length."
        "check which elements were gained or lost",
    ArrayOrder "array_order" Warning
        "The same elements in another order."
        "send the elements in the order of the good body",
    PrecisionLoss "precision_loss" Warning
        "A number that was rounded on the way."
        "keep the number as an integer, a decimal or a string all the way",
    DuplicateKey "duplicate_key" Error
        "A key more often in one object than in good's."
        "send each key once",
    SwallowedEnum "swallowed_enum" Error
        "A placeholder that an SDK put in for a value it did not know."
        "update the SDK, or set the value anew before sending it",
    ValueChanged "value_changed" Info
        "Same type, same format, another value."
        "check that the value is meant",
    MethodMismatch "method_mismatch" Error
        "Another method."
        "send the request with the method of the good one",
    PathMismatch "path_mismatch" Error
        "Another path template, or a misplaced id."
        "send the request to the path of the good one",
    QueryMismatch "query_mismatch" Warning
        "Another query parameter."
        "send the query parameters of the good request",
    ContentTypeMismatch "content_type_mismatch" Error
        "Another media type or charset."
        "send the content type of the good request",
    HeaderMismatch "header_mismatch" Warning
        "Another header that can matter."
        "send the header of the good request",
    UnknownWord "unknown_word" Error
        "A word that the API's description does not list for this member."
        "use one of the listed words",
    ActionField "action_field" Warning
        "A member of a PATCH that takes an action of its own."
        "send only what is to be changed",
    Contradiction "contradiction" Error
        "Members that contradict each other."
        "send only what is to be changed",
    UnknownOperation "unknown_operation" Error
        "The public API has no operation with this method and path."
        "look the operation up with `wraptap operation --search WORDS`",
    UnknownMethod "unknown_method" Error
        "The path is public, but not under this method."
        "send the request with a method that the path has",
    WrongOperation "wrong_operation" Error
        "The body belongs to another operation."
        "send the body to the operation that takes it",
    SwappedIds "swapped_ids" Error
        "An id is in the place of another kind of id."
        "pass each id in its own place",
    MissingId "missing_id" Error
        "The path has a placeholder or nothing where an id belongs."
        "pass a value for the id",
    MissingParameter "missing_parameter" Error
        "A required query parameter is missing."
        "add the parameter to the query",
}

impl Class {
    /// Returns the class of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.name() == name)
    }

    /// Returns whether comparing two requests can give it; the other classes need the API's description.
    pub fn is_difference(self) -> bool {
        self < Self::UnknownWord
    }

    /// Returns what a fault of this class makes a refusal come from.
    pub fn cause(self) -> Cause {
        match self {
            Self::UnknownOperation
            | Self::UnknownMethod
            | Self::WrongOperation
            | Self::SwappedIds
            | Self::MissingId
            | Self::MethodMismatch
            | Self::PathMismatch => Cause::Endpoint,
            _ => Cause::Payload,
        }
    }
}
