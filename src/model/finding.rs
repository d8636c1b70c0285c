//! What was found in a request: the one type that comparison, diagnosis, reports and page share.
//!
//! A finding is a difference between two bodies, or a fault of one. Which of the two it is, follows from its
//! authority: a difference becomes a fault only where somebody with authority says that it is wrong.

use crate::json::document::Document;
use crate::json::edit::Edit;
use crate::json::node::{NodeId, Span};
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
pub use crate::model::class::Class;
use crate::model::exchange::ExchangeId;
pub use crate::model::severity::Severity;

/// One difference between a candidate and a known-good payload or request, or one fault of the request
/// itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind of difference.
    pub class: Class,
    /// How much it matters.
    pub severity: Severity,
    /// Who or what says so.
    pub authority: Authority,
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
    /// Another exchange that shows it.
    pub exchange: Option<ExchangeId>,
    /// Where the rule comes from, if it is a fact about the API: the SDK packages, a staff post, a
    /// documentation page.
    pub source: Option<String>,
    /// How the body has to change, in this order; empty if that is not known exactly.
    pub edits: Vec<Edit>,
}

impl Finding {
    /// Returns what was sent, as it is shown, or an empty text.
    pub fn sent_text(&self) -> &str {
        self.sent.as_ref().map_or("", |sent| sent.text.as_str())
    }

    /// Returns what to do, with the place where the help itself names none.
    pub fn advice(&self) -> String {
        match &self.candidate_path {
            Some(at) if !at.as_str().is_empty() && !self.help.contains("`/") => {
                format!("`{at}`: {}", self.help)
            }
            _ => self.help.clone(),
        }
    }

    /// Returns where the rule comes from, or an empty text.
    pub fn source_text(&self) -> &str {
        self.source.as_deref().unwrap_or_default()
    }

    /// Returns a finding with the severity and the help of its class, and nothing else.
    pub fn new(class: Class, authority: Authority) -> Self {
        Self {
            class,
            severity: class.severity(),
            authority,
            good_path: None,
            candidate_path: None,
            sent: None,
            expected: None,
            message: String::new(),
            help: class.help().to_owned(),
            fault: None,
            limit: None,
            exchange: None,
            source: None,
            edits: Vec::new(),
        }
    }

    /// Returns a fault of a value that the description names, with the edit that mends it.
    pub fn described(doc: &Document, class: Class, node: NodeId, message: String, edit: Edit) -> Self {
        Self {
            candidate_path: Some(doc.pointer(node)),
            sent: Some(Shown::node(doc, node)),
            message,
            edits: vec![edit],
            ..Self::new(class, Authority::Description)
        }
    }

    /// Returns the place to show: in the candidate, else in the good body.
    pub fn place(&self) -> Option<&Pointer> {
        self.candidate_path.as_ref().or(self.good_path.as_ref())
    }
}

/// A value or text as it is shown: its type, an excerpt as it is on the wire, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// `null`, `boolean`, `number`, `string`, `array`, `object`, `text`, `header`, `method`, `path`, `query`.
    pub kind: &'static str,
    /// The text, cut to a readable length with `…`.
    pub text: String,
    /// The bytes in the raw body, if it is in one.
    pub span: Option<Span>,
}

impl Shown {
    /// Returns words that are shown as they are, such as an operation or the name of a type.
    pub fn words(text: impl Into<String>) -> Self {
        Self { kind: "text", text: text.into(), span: None }
    }

    /// Returns a value of a body.
    pub fn node(doc: &Document, node: NodeId) -> Self {
        let line = doc.lexeme(node).split_whitespace().collect::<Vec<_>>().join(" ");
        Self { kind: doc.kind(node).name(), text: cut(line), span: Some(doc.span(node)) }
    }
}

/// Returns a text cut to a readable length.
pub fn cut(text: impl Into<String>) -> String {
    let text = text.into();
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Characters of a value that are shown.
const LONGEST_SHOWN: usize = 80;

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
