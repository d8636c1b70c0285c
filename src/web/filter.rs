//! What a person looks for in the list: words, and which answers.

use std::fmt::Write;

use serde::Deserialize;

use crate::web::index::Contents;
use crate::web::row::Row;

/// What stands in the list's address: `?r=0&q=wrapup 4xx&show=refused&sdk=python`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Query {
    /// Which recording, from 0.
    #[serde(default)]
    pub(super) r: usize,
    /// Words that all have to be there; `4xx` and `404` look at the status, `-word` must not be there.
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

/// Which answers.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Show {
    #[default]
    All,
    Refused,
    Accepted,
    /// No answer, or not a whole one.
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

/// A query ready to be asked of many rows.
pub(super) struct Filter {
    show: Show,
    client: Option<Option<u32>>,
    words: Vec<Word>,
}

struct Word {
    wanted: bool,
    text: String,
    /// The first digit of `4xx`, or a whole status.
    status: Option<(u16, u16)>,
    /// The operations in whose template it stands.
    operations: Vec<bool>,
}

impl Filter {
    pub(super) fn of(query: &Query, contents: &Contents) -> Self {
        let number = |name: &str| {
            let at = contents.clients.iter().position(|known| known == name);
            at.and_then(|at| u32::try_from(at).ok())
        };
        let words = query.q.to_lowercase();
        Self {
            show: query.show,
            client: (!query.sdk.is_empty()).then(|| number(&query.sdk)),
            words: words.split_whitespace().map(|word| Word::of(word, contents)).collect(),
        }
    }

    /// Tells whether all rows pass.
    pub(super) fn is_open(&self) -> bool {
        self.show == Show::All && self.client.is_none() && self.words.is_empty()
    }

    /// Returns the rows that pass, the newest first, each with its place.
    pub(super) fn found<'c>(&'c self, contents: &'c Contents) -> impl Iterator<Item = (usize, &'c Row)> {
        let mut text = String::new();
        contents.rows.iter().enumerate().rev().filter(move |(_, row)| self.passes(row, contents, &mut text))
    }

    /// `text` is memory to work in, so that a search of many rows asks for none.
    fn passes(&self, row: &Row, contents: &Contents, text: &mut String) -> bool {
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
        // a String takes whatever is written into it
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
        self.words.iter().all(|word| word.stands_in(row, text) == word.wanted)
    }
}

impl Word {
    fn of(word: &str, contents: &Contents) -> Self {
        let (wanted, text) = match word.strip_prefix('-') {
            Some(rest) if !rest.is_empty() => (false, rest),
            _ => (true, word),
        };
        let stands_in = |template: &str| template.to_lowercase().contains(text);
        Self {
            wanted,
            status: status(text),
            operations: contents.operations.iter().map(|known| stands_in(&known.template)).collect(),
            text: text.to_owned(),
        }
    }

    /// `text` is what a row shows, in lower case.
    fn stands_in(&self, row: &Row, text: &str) -> bool {
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
        operation.is_some_and(|stands| *stands)
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
    use crate::store::summary::Summary;

    fn contents() -> Contents {
        let mut contents = Contents::default();
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
            contents.add(&Summary::parse(line.as_bytes()).unwrap(), &redactor, 0, line.len());
        }
        contents
    }

    fn found(q: &str, show: Show, sdk: &str) -> Vec<u64> {
        let contents = contents();
        let query = Query { q: q.into(), show, sdk: sdk.into(), ..Query::default() };
        let filter = Filter::of(&query, &contents);
        let mut ids: Vec<u64> = filter.found(&contents).map(|(_, row)| row.id).collect();
        ids.reverse();
        ids
    }

    #[test]
    fn every_word_has_to_stand_somewhere_in_any_case() {
        assert_eq!(found("", Show::All, ""), [1, 2, 3]);
        assert_eq!(found("WRAP", Show::All, ""), [1, 2]);
        assert_eq!(found("wrap put", Show::All, ""), [2]);
        assert_eq!(found("token", Show::All, ""), [3]);
        assert_eq!(found("-wrap", Show::All, ""), [3]);
        assert_eq!(found("communicationid", Show::All, ""), [1], "the template's names count");
        assert_eq!(found("nothing like it", Show::All, ""), [] as [u64; 0]);
    }

    #[test]
    fn a_status_or_its_class_looks_at_the_answer_too() {
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
