//! What is held in memory of one exchange: what a row of the list shows, and where its line is in the file.

use crate::knowledge::refusals::RefusalSummary;
use crate::model::exchange::path_of;
use crate::model::timestamp::Timestamp;
use crate::redact::Redactor;
use crate::store::recording::RecordedSpan;
use crate::store::summary::Summary;

/// One exchange of a recording, some three hundred bytes.
#[derive(Clone, Debug)]
pub(super) struct ExchangeRow {
    pub(super) id: u64,
    /// Where its line is in the file.
    pub(super) span: RecordedSpan,
    /// The number of its operation in the index, if there was room for it.
    pub(super) operation: Option<u32>,
    /// The number of its client in the index.
    pub(super) client: u32,
    pub(super) status: Option<u16>,
    pub(super) microseconds: u64,
    pub(super) started_at: Option<Timestamp>,
    /// `08:30:15`
    pub(super) time: Box<str>,
    /// `live`, `probe`, `replay`, `import`.
    pub(super) origin: Box<str>,
    pub(super) attempt_of: Option<u64>,
    /// Bytes of the request's body.
    pub(super) request_bytes: u64,
    /// Bytes of the response's body.
    pub(super) response_bytes: Option<u64>,
    /// The id that the vendor's support asks for.
    pub(super) correlation: Option<Box<str>>,
    pub(super) method: Box<str>,
    pub(super) target: Box<str>,
    /// Why it is not complete.
    pub(super) failure: Option<Box<str>>,
    pub(super) judged: Option<Box<RowVerdict>>,
}

/// The verdict that a row shows.
#[derive(Clone, Debug)]
pub(super) struct RowVerdict {
    pub(super) summary: RefusalSummary,
    /// What a word is searched for in.
    pub(super) search: Box<str>,
    /// How many exchanges there were then: those that come soon after a refusal can explain it better.
    pub(super) known: u64,
}

impl RowVerdict {
    /// Makes a verdict; `known` is how many exchanges there are.
    pub(super) fn new(summary: RefusalSummary, known: u64) -> Self {
        let cause = summary.facts.cause.map(|cause| cause.name().replace('_', " ")).unwrap_or_default();
        let search = format!("{cause} {}", summary.words.as_deref().unwrap_or_default());
        Self { summary, search: search.into(), known }
    }
}

impl ExchangeRow {
    /// Makes a row from a line's summary; secrets of foreign recordings are masked.
    pub(super) fn from_summary(summary: &Summary<'_>, redactor: &Redactor, span: RecordedSpan) -> Self {
        let masked = |text: &str| redactor.mask_text(text).into_boxed_str();
        let target = masked(&summary.target);
        let failure = summary.error.as_ref().map(|(source, message)| masked(&format!("{source}: {message}")));
        Self {
            id: summary.id,
            span,
            operation: None,
            client: 0,
            status: summary.status,
            microseconds: summary.total,
            started_at: Timestamp::parse(&summary.started_at),
            time: summary.started_at.get(11..19).unwrap_or_default().into(),
            origin: (*summary.origin).into(),
            attempt_of: summary.attempt_of,
            request_bytes: summary.request_bytes,
            response_bytes: summary.response_bytes,
            correlation: None,
            method: (*summary.method).into(),
            target,
            failure,
            judged: None,
        }
    }

    /// Returns whether a client's request was refused.
    pub(super) fn is_refused(&self) -> bool {
        self.status.is_some_and(|status| status >= 400) && &*self.origin != "probe"
    }

    /// Returns whether the response was a complete 2xx.
    pub(super) fn is_accepted(&self) -> bool {
        self.failure.is_none() && self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Returns the target's path.
    pub(super) fn path(&self) -> &str {
        path_of(&self.target)
    }
}
