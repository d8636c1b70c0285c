//! What a comparison found: the one type that diff, diagnosis, reports and page share.

use crate::json::node::Span;
use crate::json::pointer::Pointer;

/// One difference between a candidate and a known-good payload or request, or one fault of the text itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind of difference.
    pub class: Class,
    /// How much it matters.
    pub severity: Severity,
    /// The place in the good body, `None` where good has nothing there.
    pub good_path: Option<Pointer>,
    /// The place in the candidate body, `None` where the candidate has nothing there.
    pub candidate_path: Option<Pointer>,
    /// What was sent, if anything.
    pub sent: Option<Shown>,
    /// What was expected, if anything.
    pub expected: Option<Shown>,
    /// One sentence, lower case, without a final full stop.
    pub message: String,
    /// One imperative line: what to change.
    pub help: String,
    /// Where a text stopped being JSON, for `invalid_json`.
    pub fault: Option<TextFault>,
    /// The limit that was hit, for `not_compared`, such as `1000 levels`.
    pub limit: Option<String>,
}

/// A value or text as it is shown: its type, an excerpt as it stands on the wire, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// `null`, `boolean`, `number`, `string`, `array`, `object`, `text`, `header`, `method`, `path`, `query`.
    pub kind: &'static str,
    /// The text, cut to a readable length with `…`.
    pub text: String,
    /// The bytes in the raw body, if it stands in one.
    pub span: Option<Span>,
}

/// The place where a text stops being JSON.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TextFault {
    /// On which side.
    pub side: BodySide,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// From 0, in bytes.
    pub offset: usize,
    /// What RFC 8259 allows there.
    pub expected: String,
}

/// One of the two bodies of a comparison.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BodySide {
    /// The known-good body.
    Good,
    /// The body to be explained.
    Candidate,
}

/// How much a finding matters; the order is the order of reports.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Likely to be the reason of a refusal.
    Error,
    /// May matter.
    Warning,
    /// Good to know.
    Info,
}

impl Severity {
    /// Returns the word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

/// The result of a comparison as a whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// No finding of severity error.
    Pass,
    /// At least one finding of severity error.
    Fail,
    /// Nothing could be compared.
    Unknown,
}

impl Outcome {
    /// Returns the word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

macro_rules! classes {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// The class of a finding; `wraptap rules CLASS` is its manual page.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Class { $(#[doc = $doc] $variant,)* }

        impl Class {
            /// Every class, in the order of the manual.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the stable name that stands in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

classes! {
    InvalidJson "invalid_json" "A text is not JSON (RFC 8259).",
    EmptyBody "empty_body" "No body where good has one.",
    NotCompared "not_compared" "Too deep or too large to compare.",
    NullField "null_field" "`null` where good has a value or nothing.",
    MissingField "missing_field" "A member of good that the candidate has nowhere.",
    ExtraField "extra_field" "A member that good has nowhere.",
    RenamedKey "renamed_key" "Same parent, same value, other key.",
    Moved "moved" "A value of good under another parent.",
    WrappedInArray "wrapped_in_array" "A value became an array of that one value.",
    UnwrappedFromArray "unwrapped_from_array" "An array of one became its element.",
    DoubleEncoded "double_encoded" "JSON text inside a string.",
    TypeMismatch "type_mismatch" "Another JSON type.",
    FormatMismatch "format_mismatch" "Same meaning, other notation.",
    UnitMismatch "unit_mismatch" "A number off by a thousand, a million or a milliard.",
    EmptyValue "empty_value" "Same type but empty.",
    ArrayLength "array_length" "Arrays of different length.",
    ArrayOrder "array_order" "The same elements in another order.",
    PrecisionLoss "precision_loss" "A number that was rounded on the way.",
    DuplicateKey "duplicate_key" "A key more often in one object than in good's.",
    SwallowedEnum "swallowed_enum" "A placeholder that an SDK put in for a value it did not know.",
    ValueChanged "value_changed" "Same type, same format, another value.",
    MethodMismatch "method_mismatch" "Another method.",
    PathMismatch "path_mismatch" "Another path template, or a misplaced id.",
    QueryMismatch "query_mismatch" "Another query parameter.",
    ContentTypeMismatch "content_type_mismatch" "Another media type or charset.",
    HeaderMismatch "header_mismatch" "Another header that can matter.",
}

impl Class {
    /// Returns the class of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.name() == name)
    }
}
