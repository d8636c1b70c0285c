//! The search of the list: words, and which responses.

use std::fmt::Write;

use serde::Deserialize;

use crate::web::index::IndexContents;
use crate::web::row::ExchangeRow;

/// The query of the list's address: `?r=0&q=wrapup 4xx&show=refused&sdk=python`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    /// Which recording, from 0.
    #[serde(default)]
    pub(super) r: usize,
    /// Words that all have to match; `4xx` and `404` match the status, `-word` must not match.
    #[serde(default)]
    pub(super) q: String,
    #[serde(default)]
    pub(super) show: Show,
    /// A client's short name; empty for all.
    #[serde(default)]
    pub(super) sdk: String,
    /// The first row of a window, counted from the newest.
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
    pub(super) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "all", "all"),
        (Self::Refused, "refused", "refused"),
        (Self::Accepted, "accepted", "accepted"),
        (Self::Failed, "failed", "failed"),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(show, ..)| *show == self).map_or("all", |(_, name, _)| name)
    }
}

/// A query prepared for many rows.
pub(super) struct RowFilter {
    show: Show,
    client: Option<Option<u32>>,
    words: Vec<SearchTerm>,
}

struct SearchTerm {
    wanted: bool,
    text: String,
    /// The first digit of `4xx`, or a whole status.
    status: Option<(u16, u16)>,
    /// For each operation, whether its template contains the text.
    operations: Vec<bool>,
}

impl RowFilter {
    pub(super) fn new(query: &ListQuery, contents: &IndexContents) -> Self {
        let number = |name: &str| {
            let at = contents.clients.iter().position(|known| known == name);
            at.and_then(|at| u32::try_from(at).ok())
        };
        let words = query.q.to_lowercase();
        Self {
            show: query.show,
            client: (!query.sdk.is_empty()).then(|| number(&query.sdk)),
            words: words.split_whitespace().map(|word| SearchTerm::parse(word, contents)).collect(),
        }
    }

    /// Returns whether all rows pass.
    pub(super) fn is_open(&self) -> bool {
        self.show == Show::All && self.client.is_none() && self.words.is_empty()
    }

    /// Returns the rows that pass, the newest first, each with its place.
    pub(super) fn found<'c>(
        &'c self,
        contents: &'c IndexContents,
    ) -> impl Iterator<Item = (usize, &'c ExchangeRow)> {
        let mut text = String::new();
        contents.rows.iter().enumerate().rev().filter(move |(_, row)| self.passes(row, contents, &mut text))
    }

    /// `text` is a buffer reused for all rows.
    fn passes(&self, row: &ExchangeRow, contents: &IndexContents, text: &mut String) -> bool {
        let shown = match self.show {
            Show::All => true,
            Show::Refused => row.is_refused(),
            Show::Accepted => row.is_accepted(),
            Show::Failed => row.failure.is_some() || row.status.is_none(),
        };
        if !shown || self.client.is_some_and(|client| client != Some(row.client)) {
            return false;
        }
        if self.words.is_empty() {
            return true;
        }
        text.clear();
        // writing to a String never fails
        let _ = write!(text, "#{} ", row.id);
        let status = row.status.map_or("none", |_| "");
        let client = contents.client_of(row);
        for part in
            [&*row.method, &*row.target, client, &*row.origin, status, row.failure.as_deref().unwrap_or("")]
        {
            text.push_str(part);
            text.push(' ');
        }
        text.make_ascii_lowercase();
        self.words.iter().all(|word| word.matches(row, text) == word.wanted)
    }
}

impl SearchTerm {
    fn parse(word: &str, contents: &IndexContents) -> Self {
        let (wanted, text) = match word.strip_prefix('-') {
            Some(rest) if !rest.is_empty() => (false, rest),
            _ => (true, word),
        };
        let contains = |template: &str| template.to_lowercase().contains(text);
        Self {
            wanted,
            status: status(text),
            operations: contents.operations.iter().map(|known| contains(&known.template)).collect(),
            text: text.to_owned(),
        }
    }

    /// `text` is what a row shows, in lower case.
    fn matches(&self, row: &ExchangeRow, text: &str) -> bool {
        if let Some((low, high)) = self.status
            && row.status.is_some_and(|status| (low..=high).contains(&status))
        {
            return true;
        }
        let verdict = || {
            let judged = row.judged.and_then(|judged| judged.verdict);
            judged.is_some_and(|(cause, _)| cause.name().replace('_', " ").contains(&self.text))
        };
        let operation = row.operation.and_then(|number| self.operations.get(number as usize));
        operation.is_some_and(|matches| *matches)
            || memchr::memmem::find(text.as_bytes(), self.text.as_bytes()).is_some()
            || verdict()
    }
}

/// Reads `4xx` or `404`.
fn status(text: &str) -> Option<(u16, u16)> {
    let bytes = text.as_bytes();
    let class = u16::from(bytes.first()?.checked_sub(b'0').filter(|digit| (1..=5).contains(digit))?) * 100;
    match bytes {
        [_, b'x', b'x'] => Some((class, class + 99)),
        [_, _, _] => text.parse().ok().map(|status: u16| (status, status)),
        _ => None,
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
                &redactor,
                RecordedSpan { at: 0, length: line.len() },
            );
        }
        contents
    }

    fn found(q: &str, show: Show, sdk: &str) -> Vec<u64> {
        let contents = contents();
        let query = ListQuery { q: q.into(), show, sdk: sdk.into(), ..ListQuery::default() };
        let filter = RowFilter::new(&query, &contents);
        let mut ids: Vec<u64> = filter.found(&contents).map(|(_, row)| row.id).collect();
        ids.reverse();
        ids
    }

    #[test]
    fn every_word_has_to_match_in_any_case() {
        assert_eq!(found("", Show::All, ""), [1, 2, 3]);
        assert_eq!(found("WRAP", Show::All, ""), [1, 2]);
        assert_eq!(found("wrap put", Show::All, ""), [2]);
        assert_eq!(found("token", Show::All, ""), [3]);
        assert_eq!(found("-wrap", Show::All, ""), [3]);
        assert_eq!(found("communicationid", Show::All, ""), [1], "the template's names count");
        assert_eq!(found("nothing like it", Show::All, ""), [] as [u64; 0]);
    }

    #[test]
    fn a_status_or_its_class_matches_the_response_too() {
        assert_eq!(found("4xx", Show::All, ""), [1]);
        assert_eq!(found("204", Show::All, ""), [2]);
        assert_eq!(found("400", Show::All, ""), [1, 2], "and at the path");
        assert_eq!(found("", Show::Refused, ""), [1]);
        assert_eq!(found("", Show::Accepted, ""), [2]);
        assert_eq!(found("", Show::Failed, ""), [3]);
    }

    #[test]
    fn a_client_is_one_that_was_seen() {
        assert_eq!(found("", Show::All, "python"), [1]);
        assert_eq!(found("", Show::All, "java"), [] as [u64; 0]);
    }
}
