//! Where an exchange is judged: it and what can matter for it are read from the file, found by the rows in memory.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnose::Relevance;
use crate::diagnose::examine::Examination;
use crate::knowledge::case::Case;
use crate::knowledge::{self, Knowledge};
use crate::model::exchange::Exchange;
use crate::model::known_good::KnownGood;
use crate::store::reader::{Places, ReadError};
use crate::sync;
use crate::web::index::{Contents, Index};
use crate::web::page::{Trouble, told};
use crate::web::row::{Judged, Row};
use crate::web::server::Shared;

/// A refusal is judged again when something came behind it, as long as it is among so many newest exchanges.
const SETTLED: u64 = 64;

/// For the verdicts of a list, evidence is looked for among so many exchanges before and behind; the page of an
/// exchange looks at all.
const NEAR: usize = 1000;

/// One recording and what is needed to judge its exchanges. Everything here reads files: not for the event loop.
pub(super) struct Desk<'s> {
    shared: &'s Shared,
    pub(super) index: &'s Index,
}

/// An exchange with its case and what else it could be compared with.
pub(super) struct Judgement {
    pub(super) case: Case,
    pub(super) choices: Vec<KnownGood>,
    /// Which of the choices it was compared with.
    pub(super) chosen: Option<usize>,
}

impl<'s> Desk<'s> {
    /// Returns the desk of a recording, counted from 0.
    pub(super) fn of(shared: &'s Shared, recording: usize) -> Result<Self, Trouble> {
        let missing = || Trouble::Missing("There is no such recording.".to_owned());
        let index: &Arc<Index> = shared.indexes.get(recording).ok_or_else(missing)?;
        Ok(Self { shared, index })
    }

    /// Reads one exchange, secrets of foreign recordings masked.
    pub(super) fn exchange(&self, id: u64) -> Result<Exchange, Trouble> {
        let place = {
            let contents = self.index.read();
            contents.place(id).map(|at| (contents.rows[at].at, contents.rows[at].length as usize))
        };
        let (at, length) = place.ok_or_else(|| {
            let name = self.index.name();
            Trouble::Missing(format!(
                "There is no exchange #{id} in {name}, or it is too old to be listed here."
            ))
        })?;
        let exchange = Places::open(&self.index.path).and_then(|mut places| places.at(at, length));
        Ok(self.shared.redactor.mask(exchange.map_err(unreadable)?).into_exchange())
    }

    /// Takes in what can matter for these exchanges, of more the newest. `around`: how far from them it is looked for.
    fn knowledge(&self, subjects: &[Exchange], around: usize) -> Result<Knowledge, Trouble> {
        let mut knowledge = Knowledge::of_baselines(&self.shared.baselines);
        let relevant = Relevance::of(subjects);
        let mut places: Vec<(u64, usize)> = {
            let contents = self.index.read();
            let same: BTreeSet<u32> =
                relevant.operations.iter().filter_map(|operation| contents.number_of(operation)).collect();
            let matters = |row: &&Row| {
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
            newest.map(|row| (row.at, row.length as usize)).collect()
        };
        places.reverse();
        let mut file = Places::open(&self.index.path).map_err(unreadable)?;
        for (at, length) in places {
            match file.at(at, length) {
                Ok(exchange) => knowledge.learn(self.shared.redactor.mask(exchange).exchange()),
                Err(error) if error.is_one_line() => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "skipped a line");
                }
                Err(error) => return Err(unreadable(error)),
            }
        }
        Ok(knowledge)
    }

    /// Judges one exchange, compared with the best known-good payload or with a chosen one.
    pub(super) fn judgement(&self, id: u64, good: Option<usize>) -> Result<Judgement, Trouble> {
        let exchange = self.exchange(id)?;
        let mut knowledge = self.knowledge(std::slice::from_ref(&exchange), usize::MAX)?;
        let choices = knowledge.choices(&exchange);
        let mut case = Case::of(exchange, &mut knowledge, &self.index.path);
        let chosen = good.filter(|at| *at > 0 && *at < choices.len());
        if let Some(at) = chosen {
            case.examination = knowledge.examine_against(&case.exchange, choices[at].clone());
        }
        let chosen = chosen.or((!choices.is_empty()).then_some(0));
        Ok(Judgement { case, choices, chosen })
    }

    /// Judges those of these exchanges that were refused and are not judged yet, and keeps the verdicts in their rows.
    pub(super) fn judge(&self, ids: &[u64]) -> Result<(), Trouble> {
        // one at a time: whoever comes second finds most of it done
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
            let Examination { diagnosis, .. } = knowledge.examine(subject);
            let verdict = diagnosis.verdict.map(|verdict| (verdict.cause, verdict.confidence));
            let mut contents = self.index.write();
            if let Some(at) = contents.place(subject.id.get()) {
                contents.rows[at].judged = Some(Judged { verdict, known: total });
            }
        }
        Ok(())
    }
}

impl Contents {
    /// Tells whether the exchange at a place was refused and is to be judged, or judged again.
    pub(super) fn is_open(&self, at: usize) -> bool {
        let row = &self.rows[at];
        row.is_refused()
            && row.judged.is_none_or(|judged| {
                let behind = judged.known.saturating_sub(self.gone + at as u64);
                behind < SETTLED && judged.known < self.total()
            })
    }
}

fn unreadable(error: ReadError) -> Trouble {
    Trouble::Unreadable(told(&error))
}
