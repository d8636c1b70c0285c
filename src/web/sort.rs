//! The order of the list.

use std::cmp::Ordering;

use serde::Deserialize;

use crate::web::index::IndexContents;
use crate::web::row::ExchangeRow;

/// A column of the list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum SortColumn {
    #[default]
    Id,
    Status,
    Method,
    Operation,
    Cause,
    Client,
    Size,
    Duration,
}

impl SortColumn {
    /// Every column with its name in the address and its heading, in the order of the list.
    pub(super) const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Id, "id", "id"),
        (Self::Status, "status", "status"),
        (Self::Method, "method", "method"),
        (Self::Operation, "operation", "operation"),
        (Self::Cause, "verdict", "cause"),
        (Self::Client, "client", "client"),
        (Self::Size, "size", "size"),
        (Self::Duration, "ms", "took"),
    ];
}

/// A column and a direction: `status`, `-status`. Without a column the newest is first.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "String")]
pub(super) struct SortOrder {
    pub(super) column: SortColumn,
    pub(super) ascending: bool,
}

impl From<String> for SortOrder {
    fn from(text: String) -> Self {
        let name = text.strip_prefix('-').unwrap_or(&text);
        match SortColumn::ALL.iter().find(|(_, known, _)| *known == name) {
            Some((column, ..)) => Self { column: *column, ascending: !text.starts_with('-') },
            None => Self::default(),
        }
    }
}

impl SortOrder {
    /// Returns what the address says; empty for the usual order.
    pub(super) fn name(self) -> String {
        if self == Self::default() {
            return String::new();
        }
        let name = SortColumn::ALL.iter().find(|(column, ..)| *column == self.column);
        format!("{}{}", if self.ascending { "" } else { "-" }, name.map_or("id", |(_, name, _)| name))
    }

    /// Puts rows, given newest first, into this order; equal rows stay newest first.
    pub(super) fn sort(self, places: &mut [usize], contents: &IndexContents) {
        if self == Self::default() {
            return;
        }
        let row = |at: &usize| &contents.rows[*at];
        places.sort_by(|a, b| {
            let order = self.compare(row(a), row(b), contents);
            if self.ascending { order } else { order.reverse() }
        });
    }

    fn compare(self, a: &ExchangeRow, b: &ExchangeRow, contents: &IndexContents) -> Ordering {
        match self.column {
            SortColumn::Id => a.id.cmp(&b.id),
            SortColumn::Status => a.status.cmp(&b.status),
            SortColumn::Method => a.method.cmp(&b.method),
            SortColumn::Operation => contents.operation_of(a).short.cmp(&contents.operation_of(b).short),
            SortColumn::Cause => cause(a).cmp(&cause(b)),
            SortColumn::Client => contents.client_of(a).cmp(contents.client_of(b)),
            SortColumn::Size => a.request_bytes.cmp(&b.request_bytes),
            SortColumn::Duration => a.microseconds.cmp(&b.microseconds),
        }
    }
}

/// Rows without a cause come last in either sense of "first": they hold nothing to compare.
fn cause(row: &ExchangeRow) -> (bool, &str) {
    let words = row.judged.as_ref().and_then(|judged| judged.summary.words.as_deref());
    let text = words.or(row.failure.as_deref());
    (text.is_none(), text.unwrap_or_default())
}
