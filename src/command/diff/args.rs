//! The arguments of `wraptap diff`.

use crate::json::edit::Edit;
use crate::json::pointer::{Pointer, PointerError};
use crate::replay::edits::{self, EditArgError};

/// The arguments of `wraptap diff`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap diff last-refused\n  wraptap diff body.json good.json",
    after_help = "CANDIDATE and GOOD are a REF (12, last, last-refused, FILE#12), a file, - for stdin, a curl command, \
                  or the body itself; GOOD also the name of a baseline.\nExit status: 0 nothing wrong, 1 findings of severity error, 2 bad input."
)]
pub(crate) struct DiffArgs {
    /// The payload or request to explain
    pub(super) candidate: String,
    /// What is known to be good [default: the best that is known for the candidate's operation]
    pub(super) good: Option<String>,
    /// How to print it
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(super) format: DiffFormat,
    /// The operation that a body is sent to, as in 'POST /api/v2/things/{id}'
    #[arg(long, value_name = "METHOD PATH")]
    pub(super) operation: Option<String>,
    /// Print the corrected body instead: the candidate's own values, in GOOD's shape if there is one
    #[arg(long, conflicts_with = "format")]
    pub(super) fix: bool,
    /// With --fix: set a place of the corrected body: /pointer=TEXT for a string, /pointer:=JSON for any
    /// value
    #[arg(long, value_name = "/PTR=TEXT", requires = "fix", value_parser = set)]
    pub(super) set: Vec<Edit>,
    /// With --fix: take what the candidate lacks from GOOD
    #[arg(long, requires_all = ["fix", "good"])]
    pub(super) fill: bool,
    /// Hide differences at this JSON Pointer; `*` matches any one key or index (repeatable)
    #[arg(long, value_name = "POINTER", value_parser = pointer)]
    pub(super) ignore: Vec<Pointer>,
    /// Exit with 1 on warnings as well
    #[arg(long)]
    pub(super) strict: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(super) enum DiffFormat {
    /// Findings with carets into both bodies.
    Text,
    /// Both bodies in two columns.
    SideBySide,
    /// A unified diff of the bodies, formatted alike.
    Unified,
    /// Findings for a ticket.
    Markdown,
    /// A fragment to put into a page.
    Html,
    /// One document, `schema_version` 1.
    Json,
    /// The RFC 6902 patch that turns the candidate into the good body.
    Patch,
}

impl DiffFormat {
    /// Returns whether a person reads it on a terminal, so that the verdict comes first.
    pub(super) fn is_for_people(self) -> bool {
        matches!(self, Self::Text | Self::SideBySide | Self::Unified)
    }
}

fn set(text: &str) -> Result<Edit, EditArgError> {
    edits::parse_set(text)
}

fn pointer(text: &str) -> Result<Pointer, PointerError> {
    Pointer::parse(text)
}
