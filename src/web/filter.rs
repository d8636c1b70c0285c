//! The query of the list's address, and the rows that it means.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::model::timestamp::Timestamp;
use crate::query::{Query, QueryError, QueryFacts, QueryTime, RowFacts};
use crate::web::index::IndexContents;
use crate::web::row::ExchangeRow;
use crate::web::sort::SortOrder;

/// Rows of the first window, which is part of the page.
pub(super) const FIRST: usize = 100;

/// The query of the list's address: `?r=0&q=wrapup 4xx&show=refused&sdk=python&sort=-size`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    /// Which recording, from 0.
    #[serde(default)]
    pub(super) r: usize,
    /// A text of the query language.
    #[serde(default)]
    pub(super) q: String,
    /// Short for `is:…`.
    #[serde(default)]
    pub(super) show: Show,
    /// Short for `sdk:…`; empty for all.
    #[serde(default)]
    pub(super) sdk: String,
    /// A column; `-` before it reverses the order.
    #[serde(default)]
    pub(super) sort: SortOrder,
    /// The first row of a window, counted from the first of the order.
    #[serde(default)]
    pub(super) from: usize,
    /// How many rows.
    #[serde(default)]
    pub(super) count: usize,
}

/// Which responses.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Show {
    #[default]
    All,
    Refused,
    Accepted,
    /// No response, or an incomplete one.
    Failed,
}

impl Show {
    /// Every choice with its name and the terms that it is short for.
    pub(super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "all", ""),
        (Self::Refused, "refused", "is:refused -origin:probe"),
        (Self::Accepted, "accepted", "is:accepted"),
        (Self::Failed, "failed", "is:failed"),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(show, ..)| *show == self).map_or("all", |(_, name, _)| name)
    }
}

impl ListQuery {
    /// Returns the whole query as a text.
    pub(super) fn text(&self) -> String {
        let terms = Show::ALL.iter().find(|(show, ..)| *show == self.show).map_or("", |(.., terms)| terms);
        // what was typed is first, because errors name a place in it
        let mut text = format!("{} {terms}", self.q);
        if !self.sdk.is_empty() {
            let sdk = self.sdk.replace('\\', "\\\\").replace('"', "\\\"");
            text.push_str(&format!(" sdk:\"{sdk}\""));
        }
        text.trim().to_owned()
    }

    /// Reads the whole query.
    pub(super) fn parse(&self) -> Result<Query, QueryError> {
        Query::parse(&self.text(), &QueryTime { now: jiff::Timestamp::now(), zone: TimeZone::system() })
    }
}

/// A row with what it shares with others, as a query sees it.
pub(super) struct IndexedRow<'c> {
    pub(super) row: &'c ExchangeRow,
    pub(super) contents: &'c IndexContents,
}

impl IndexedRow<'_> {
    /// Returns whether the row is meant; `None` if its exchange has to be read.
    pub(super) fn evaluate(&self, query: &Query) -> Option<bool> {
        query.evaluate(&self.facts())
    }

    /// Returns what is known of the exchange without reading it.
    pub(super) fn facts(&self) -> QueryFacts<'_, Self> {
        let refusal = self.row.judged.as_ref().map(|judged| &judged.summary.facts);
        QueryFacts { row: self, line: None, exchange: None, refusal }
    }
}

impl RowFacts for IndexedRow<'_> {
    fn id(&self) -> u64 {
        self.row.id
    }

    fn started_at(&self) -> Option<Timestamp> {
        self.row.started_at
    }

    fn method(&self) -> &str {
        &self.row.method
    }

    fn target(&self) -> &str {
        &self.row.target
    }

    fn operation(&self) -> Cow<'_, str> {
        match self.contents.operation_of(self.row) {
            Cow::Borrowed(known) => Cow::Borrowed(&known.name),
            Cow::Owned(found) => Cow::Owned(found.name),
        }
    }

    fn client(&self) -> &str {
        self.contents.client_of(self.row)
    }

    fn origin(&self) -> &str {
        &self.row.origin
    }

    fn status(&self) -> Option<u16> {
        self.row.status
    }

    fn failure(&self) -> Option<Cow<'_, str>> {
        self.row.failure.as_deref().map(Cow::Borrowed)
    }

    fn is_retry(&self) -> bool {
        self.row.attempt_of.is_some()
    }

    fn cause(&self) -> Option<Cow<'_, str>> {
        self.row.judged.as_ref().map(|judged| Cow::Borrowed(&*judged.search))
    }

    fn correlation(&self) -> Option<&str> {
        self.row.correlation.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Redactor, Rules};
    use crate::store::recording::RecordedSpan;
    use crate::store::summary::Summary;

    fn contents() -> IndexContents {
        let mut contents = IndexContents::default();
        let redactor = Redactor::new([0; 32], Rules::default());
        for (id, method, target, status, sdk) in [
            (
                1,
                "POST",
                "/api/v2/conversations/calls/x/participants/y/communications/z/wrapup",
                400,
                "python",
            ),
            (2, "PUT", "/api/v2/interactions/400/wrap-up", 204, "curl"),
            (3, "GET", "/oauth/Token", 0, ""),
        ] {
            let response =
                if status > 0 { format!(",\"response\":{{\"status\":{status}}}") } else { String::new() };
            let line = format!(
                "{{\"v\":1,\"id\":{id},\"started_at\":\"2026-11-20T08:30:15Z\",\"sdk\":{{\"name\":\"{sdk}\"}},\
                 \"request\":{{\"method\":\"{method}\",\"target\":\"{target}\"}}{response}}}"
            );
            contents.add(
                &Summary::parse(line.as_bytes()).unwrap(),
                None,
                &redactor,
                RecordedSpan { at: 0, length: line.len() },
            );
        }
        contents
    }

    /// The exchanges of which the row alone says that they are meant, and those that have to be read.
    fn found(q: &str, show: Show, sdk: &str) -> (Vec<u64>, Vec<u64>) {
        let contents = contents();
        let query = ListQuery { q: q.into(), show, sdk: sdk.into(), ..ListQuery::default() }.parse().unwrap();
        let that = |wanted: Option<bool>| {
            let rows = contents.rows.iter().map(|row| IndexedRow { row, contents: &contents });
            rows.filter(|row| row.evaluate(&query) == wanted).map(|row| row.row.id).collect()
        };
        (that(Some(true)), that(None))
    }

    #[test]
    fn words_are_found_in_rows_and_else_the_exchange_is_read() {
        assert_eq!(found("", Show::All, ""), (vec![1, 2, 3], vec![]));
        assert_eq!(found("WRAP", Show::All, ""), (vec![1, 2], vec![3]));
        assert_eq!(
            found("communicationid", Show::All, ""),
            (vec![1], vec![2, 3]),
            "the template's names count"
        );
        assert_eq!(found("4xx", Show::All, "").0, [1]);
        assert_eq!(found("400", Show::All, "").0, [1, 2], "as status and in the path");
    }

    #[test]
    fn the_choices_beside_the_search_are_short_forms() {
        assert_eq!(found("", Show::Refused, "").0, [1]);
        assert_eq!(found("", Show::Accepted, "").0, [2]);
        assert_eq!(found("", Show::Failed, "").0, [3]);
        assert_eq!(found("", Show::All, "python"), (vec![1], vec![]));
        assert_eq!(found("op:wrap", Show::All, "java\""), (vec![], vec![]));
    }
}
