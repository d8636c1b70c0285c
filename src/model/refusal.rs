//! What an answer says about why it refuses, decoded from whichever shape it came in.

use crate::json::pointer::Pointer;

/// A refusing answer, decoded. Nothing here is judged: it is what the server said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// Which shape the body has.
    pub shape: Shape,
    /// The human sentence, if there is one; for the login shape its description.
    pub message: Option<String>,
    /// The machine's word: `bad.request`, `invalid_client`.
    pub code: Option<String>,
    /// `messageParams`, in the order of the body.
    pub params: Vec<(String, String)>,
    /// `entityName` and `entityId`, where given.
    pub entity: Option<String>,
    /// `details[]`, then those of nested errors.
    pub details: Vec<Detail>,
    /// `errors[]`: further refusals, nested.
    pub nested: Vec<Self>,
    /// `limit`, as `namespace/key = value`.
    pub limit: Option<String>,
    /// The id that the vendor's support asks for: `ININ-Correlation-Id`, else `contextId`.
    pub correlation: Option<String>,
    /// The body's `contextId` where it differs from the header's id.
    pub context: Option<String>,
    /// The beginning of the body as text, for shapes that are not understood; at most 300 characters.
    pub excerpt: Option<String>,
}

/// The shape of a refusing answer's body.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Shape {
    /// `{message, code, status, contextId, details, errors, …}`.
    ErrorBody,
    /// The login's `{error, description, error_description}`.
    OAuth,
    /// JSON of another shape.
    OtherJson,
    /// A page: from a proxy, a CDN or a firewall rather than from the API.
    Html,
    /// Text that is neither.
    Text,
    /// No bytes. Some SDKs turn that into `undefined`.
    #[default]
    Empty,
    /// Bytes that cannot be read as text, or not be decompressed.
    Unreadable,
}

impl Shape {
    /// Returns the stable name that JSON uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::ErrorBody => "error_body",
            Self::OAuth => "oauth",
            Self::OtherJson => "other_json",
            Self::Html => "html",
            Self::Text => "text",
            Self::Empty => "empty",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One entry of `details[]`, or a field that the message itself names.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Detail {
    /// `errorCode`.
    pub code: Option<String>,
    /// `fieldName`, as the server spells it.
    pub field: Option<String>,
    /// Whether the server names it as a field.
    pub naming: Naming,
    /// The value that the server quotes as wrong.
    pub value: Option<String>,
    /// `entityName` and `entityId`, where given.
    pub entity: Option<String>,
    /// What is wrong with the field, in the server's words, where they are not the answer's own sentence.
    pub message: Option<String>,
    /// What is wrong with it, as far as the words say.
    pub complaint: Complaint,
    /// The words that the server would take there; empty if it names none.
    pub allowed: Vec<String>,
    /// Where in the answer it is named: `/details/0`, `/messageParams/property`.
    pub place: Pointer,
    /// The place in the sent body that the field means, if that is clear.
    pub sent: Option<Pointer>,
}

/// How a field is named.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Naming {
    /// As a field: beside the sentence, or quoted in it.
    #[default]
    Named,
    /// As a word of the sentence that is a field only if the body or its model has one of this name.
    Word,
}

/// What a server says is wrong with a field.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Complaint {
    /// It is wrong, and the answer does not say how, or only in a sentence.
    #[default]
    Invalid,
    /// It is not there, and has to be.
    Missing,
    /// It is null or empty.
    Empty,
    /// The API does not have it.
    Unknown,
}

impl Refusal {
    /// Returns the sentences of the answer and of the refusals nested in it, outermost first, each without
    /// its full stop.
    pub fn sentences(&self) -> Vec<&str> {
        let own = self.message.as_deref().into_iter();
        let details = self.details.iter().filter_map(|detail| detail.message.as_deref());
        let nested = self.nested.iter().flat_map(Self::sentences);
        let mut all: Vec<&str> = own.chain(details).map(bare).chain(nested).collect();
        all.retain(|sentence| !sentence.is_empty());
        let mut known = Vec::new();
        all.retain(|sentence| {
            let fresh = !known.contains(sentence);
            known.push(sentence);
            fresh
        });
        all
    }

    /// Returns every field that the refusal or a nested one names, outermost first.
    pub fn all_details(&self) -> Vec<&Detail> {
        self.details.iter().chain(self.nested.iter().flat_map(Self::all_details)).collect()
    }
}

fn bare(sentence: &str) -> &str {
    sentence.trim().trim_end_matches('.')
}
