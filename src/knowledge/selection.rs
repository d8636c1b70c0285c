//! The exchanges of a recording that a query means.

use std::borrow::Cow;
use std::cell::RefCell;

use crate::knowledge::operations::{NamedOperation, OperationCache};
use crate::knowledge::refusals::RefusalJudge;
use crate::model::exchange::path_of;
use crate::model::timestamp::Timestamp;
use crate::query::{Query, QueryFacts, RowFacts};
use crate::redact::Redactor;
use crate::store::recording::{ReadError, RecordedLine};
use crate::store::summary::Summary;

/// Selects exchanges while one recording is read line by line.
pub struct Selection<'q> {
    query: &'q Query,
    redactor: &'q Redactor,
    operations: RefCell<OperationCache>,
}

impl<'q> Selection<'q> {
    /// Starts with the first line of a recording. `redactor` masks what a foreign recording holds in plain.
    pub fn new(query: &'q Query, redactor: &'q Redactor) -> Self {
        Self { query, redactor, operations: RefCell::default() }
    }

    /// Returns whether the exchange of this line is meant. Reads no more of it than the query needs.
    ///
    /// # Errors
    /// The recording cannot be read again for the verdict on a refusal.
    pub fn selects(
        &self,
        line: &RecordedLine<'_>,
        summary: &Summary<'_>,
        judge: &mut RefusalJudge,
    ) -> Result<bool, ReadError> {
        if self.query.is_empty() {
            return Ok(true);
        }
        let row = SummaryRow { summary, operations: &self.operations };
        let facts = QueryFacts { row: &row, line: Some(line.bytes), exchange: None, refusal: None };
        if let Some(meant) = self.query.evaluate(&facts) {
            return Ok(meant);
        }
        let Ok(exchange) = line.exchange() else { return Ok(false) };
        let exchange = self.redactor.mask(exchange).into_exchange();
        let facts = QueryFacts { exchange: Some(&exchange), ..facts };
        if let Some(meant) = self.query.evaluate(&facts) {
            return Ok(meant);
        }
        let refusal = judge.judge(line, self.redactor)?;
        let facts = QueryFacts { refusal: Some(&refusal.facts), ..facts };
        Ok(self.query.evaluate(&facts).unwrap_or(false))
    }
}

/// A line of a list, as a query sees it.
struct SummaryRow<'a> {
    summary: &'a Summary<'a>,
    operations: &'a RefCell<OperationCache>,
}

impl RowFacts for SummaryRow<'_> {
    fn id(&self) -> u64 {
        self.summary.id
    }

    fn started_at(&self) -> Option<Timestamp> {
        Timestamp::parse(&self.summary.started_at)
    }

    fn method(&self) -> &str {
        &self.summary.method
    }

    fn target(&self) -> &str {
        &self.summary.target
    }

    fn operation(&self) -> Cow<'_, str> {
        let (method, path) = (&self.summary.method, path_of(&self.summary.target));
        let mut operations = self.operations.borrow_mut();
        let known = operations.number(method, path).and_then(|number| operations.get(number));
        Cow::Owned(known.map_or_else(|| NamedOperation::find(method, path).name, |known| known.name.clone()))
    }

    fn client(&self) -> &str {
        self.summary.sdk.as_deref().unwrap_or_default()
    }

    fn origin(&self) -> &str {
        &self.summary.origin
    }

    fn status(&self) -> Option<u16> {
        self.summary.status
    }

    fn failure(&self) -> Option<Cow<'_, str>> {
        let failure = self.summary.error.as_ref();
        failure.map(|(source, message)| Cow::Owned(format!("{source}: {message}")))
    }

    fn is_retry(&self) -> bool {
        self.summary.attempt_of.is_some()
    }
}
