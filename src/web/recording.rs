//! An open recording: reads exchanges from the file by the rows in memory, and judges them with the relevant
//! others.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnose::Relevance;
use crate::knowledge::case::Case;
use crate::knowledge::refusals::RefusalSummary;
use crate::knowledge::{self, Knowledge};
use crate::model::exchange::Exchange;
use crate::model::known_good::KnownGood;
use crate::store::recording::{RecordedSpan, RecordingFile};
use crate::sync;
use crate::web::index::{IndexContents, RecordingIndex};
use crate::web::page::PageFailure;
use crate::web::row::{ExchangeRow, RowVerdict};
use crate::web::state::PageState;

/// A refusal is judged again after later exchanges, as long as it is among this number of newest exchanges.
const REJUDGED: u64 = 64;

/// Verdicts of a list search for evidence among this number of exchanges before and after; the page of an
/// exchange searches all.
const NEAR: usize = 1000;

/// One recording and what is needed to judge its exchanges. Everything here reads files: do not call it on
/// the event loop.
pub(super) struct OpenRecording<'s> {
    shared: &'s PageState,
    pub(super) index: &'s RecordingIndex,
}

/// A judged exchange, and the payloads that it can be compared with.
pub(super) struct ExchangeJudgement {
    pub(super) case: Case,
    pub(super) choices: Vec<KnownGood>,
    /// Which of the choices it was compared with.
    pub(super) chosen: Option<usize>,
}

impl<'s> OpenRecording<'s> {
    /// Finds a recording by its number, from 0.
    pub(super) fn find(shared: &'s PageState, recording: usize) -> Result<Self, PageFailure> {
        let missing = || PageFailure::Missing("There is no such recording.".to_owned());
        let index: &Arc<RecordingIndex> = shared.indexes.get(recording).ok_or_else(missing)?;
        Ok(Self { shared, index })
    }

    /// Reads one exchange, secrets of foreign recordings masked.
    pub(super) fn exchange(&self, id: u64) -> Result<Exchange, PageFailure> {
        let place = {
            let contents = self.index.read();
            contents.place(id).map(|at| contents.rows[at].span)
        };
        let span = place.ok_or_else(|| {
            let name = self.index.name();
            PageFailure::Missing(format!(
                "There is no exchange #{id} in {name}, or it is too old to be listed here."
            ))
        })?;
        let exchange = RecordingFile::open(&self.index.path).and_then(|file| file.read(span));
        Ok(self.shared.redactor.mask(exchange.map_err(PageFailure::unreadable)?).into_exchange())
    }

    /// Masks the secrets of an exchange that was read from this recording.
    pub(super) fn masked(&self, exchange: Exchange) -> Exchange {
        self.shared.redactor.mask(exchange).into_exchange()
    }

    /// Collects what is relevant for these exchanges; the newest if there is too much. `around`: how far to
    /// search before and after them.
    fn knowledge(&self, subjects: &[Exchange], around: usize) -> Result<Knowledge, PageFailure> {
        let mut knowledge = Knowledge::of_baselines(&self.shared.baselines);
        let relevant = Relevance::of(subjects);
        let mut places: Vec<RecordedSpan> = {
            let contents = self.index.read();
            let same: BTreeSet<u32> = relevant
                .operations
                .iter()
                .filter_map(|operation| contents.operations.number_of(operation))
                .collect();
            let matters = |row: &&ExchangeRow| {
                relevant.covers(&row.method, row.path(), row.is_accepted(), || {
                    row.operation.is_some_and(|number| same.contains(&number))
                }) || row.status.is_some_and(|status| (300..400).contains(&status))
            };
            let places = subjects.iter().filter_map(|subject| contents.place(subject.id.get()));
            let (first, last) =
                places.fold((usize::MAX, 0), |(first, last), at| (first.min(at), last.max(at)));
            let first = first.saturating_sub(around).min(contents.rows.len());
            let last = last.saturating_add(around).saturating_add(1).clamp(first, contents.rows.len());
            let most = knowledge::OF_A_RECORDING.min(around);
            let newest = contents.rows.range(first..last).rev().filter(matters).take(most);
            newest.map(|row| row.span).collect()
        };
        places.reverse();
        let file = RecordingFile::open(&self.index.path).map_err(PageFailure::unreadable)?;
        for span in places {
            match file.read(span) {
                Ok(exchange) => knowledge.learn(self.shared.redactor.mask(exchange).exchange()),
                Err(error) if error.is_one_line() => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "skipped a line");
                }
                Err(error) => return Err(PageFailure::unreadable(error)),
            }
        }
        Ok(knowledge)
    }

    /// Judges one exchange, compared with the best known-good payload or with a chosen one.
    pub(super) fn judgement(&self, id: u64, good: Option<usize>) -> Result<ExchangeJudgement, PageFailure> {
        let exchange = self.exchange(id)?;
        let mut knowledge = self.knowledge(std::slice::from_ref(&exchange), usize::MAX)?;
        let choices = knowledge.choices(&exchange);
        let mut case = Case::of(exchange, &mut knowledge, &self.index.path);
        let chosen = good.filter(|at| *at > 0 && *at < choices.len());
        if let Some(at) = chosen {
            case.examination = knowledge.examine_against(&case.exchange, choices[at].clone());
        }
        let chosen = chosen.or((!choices.is_empty()).then_some(0));
        Ok(ExchangeJudgement { case, choices, chosen })
    }

    /// Judges the refused exchanges among these that have no final verdict, and stores the verdicts in their
    /// rows.
    pub(super) fn judge(&self, ids: &[u64]) -> Result<(), PageFailure> {
        // one at a time: the second caller finds most of it done
        let _turn = sync::lock(&self.index.judging);
        let (total, open) = {
            let contents = self.index.read();
            let open = |id: &&u64| contents.place(**id).is_some_and(|at| contents.is_open(at));
            (contents.total(), ids.iter().filter(open).copied().collect::<Vec<u64>>())
        };
        if open.is_empty() {
            return Ok(());
        }
        let subjects: Vec<Exchange> = open.iter().map(|id| self.exchange(*id)).collect::<Result<_, _>>()?;
        let mut knowledge = self.knowledge(&subjects, NEAR)?;
        for subject in &subjects {
            let summary = RefusalSummary::from_examination(&knowledge.examine(subject));
            let mut contents = self.index.write();
            if let Some(at) = contents.place(subject.id.get()) {
                contents.rows[at].judged = Some(Box::new(RowVerdict::new(summary, total)));
            }
        }
        Ok(())
    }
}

impl IndexContents {
    /// Returns whether the exchange at a position was refused and has to be judged, or judged again.
    pub(super) fn is_open(&self, at: usize) -> bool {
        let row = &self.rows[at];
        row.is_refused()
            && row.judged.as_ref().is_none_or(|judged| {
                let behind = judged.known.saturating_sub(self.gone + at as u64);
                behind < REJUDGED && judged.known < self.total()
            })
    }
}
