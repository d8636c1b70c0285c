//! Why the refused exchanges of a recording were refused, while it is read line by line.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::baselines::folder;
use crate::diagnose::Relevance;
use crate::diagnose::examine::Examination;
use crate::diagnose::pairing;
use crate::knowledge::Knowledge;
use crate::model::exchange::{Body, Exchange, path_of};
use crate::model::verdict::Confidence;
use crate::query::RefusalFacts;
use crate::redact::Redactor;
use crate::report::headline;
use crate::store::recording::{ReadError, RecordedLine, RecordingFile};
use crate::store::summary::Summary;

/// Lines of a block. The refusals of a block are judged together, with the blocks before and behind it as
/// evidence.
const BLOCK: u64 = 250;

/// Why one exchange was refused, for a line of a list.
#[derive(Clone, Debug, Default)]
pub struct RefusalSummary {
    /// The cause and the classes of the findings.
    pub facts: RefusalFacts,
    /// How sure the cause is; `None` without a verdict.
    pub confidence: Option<Confidence>,
    /// The cause in words.
    pub words: Option<String>,
    /// The id that the vendor's support asks for.
    pub correlation: Option<String>,
}

impl RefusalSummary {
    /// Takes from an examination what a list shows.
    pub fn from_examination(examination: &Examination) -> Self {
        let diagnosis = &examination.diagnosis;
        let differences = examination.comparison.iter().flat_map(|comparison| &comparison.findings);
        let mut classes: Vec<_> = diagnosis.faults.iter().chain(differences).map(|it| it.class).collect();
        classes.sort_unstable();
        classes.dedup();
        let verdict = diagnosis.verdict.as_ref();
        Self {
            facts: RefusalFacts { cause: verdict.map(|it| it.cause), classes },
            confidence: verdict.map(|it| it.confidence),
            words: headline::cause(diagnosis),
            correlation: diagnosis.refusal.as_ref().and_then(|refusal| refusal.correlation.clone()),
        }
    }
}

/// Judges refused exchanges of a recording that is being read from its first line on.
#[derive(Debug)]
pub struct RefusalJudge {
    path: PathBuf,
    knowledge: Knowledge,
    /// Where the newest blocks begin: their numbers and places.
    begins: VecDeque<(u64, u64)>,
    /// The verdicts of one block, by the places of the lines.
    judged: BTreeMap<u64, RefusalSummary>,
    /// The verdicts of one block, by what was sent and refused: a client that repeats itself is judged once.
    same: BTreeMap<u64, RefusalSummary>,
}

impl RefusalJudge {
    /// Starts with a recording; `-` is stdin, whose exchanges are judged each by itself.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            knowledge: Knowledge::of_baselines(Path::new(folder::DEFAULT)),
            begins: VecDeque::new(),
            judged: BTreeMap::new(),
            same: BTreeMap::new(),
        }
    }

    /// Takes notice of a line. To be called for each one, in the order of the file.
    pub fn pass(&mut self, line: &RecordedLine<'_>) {
        let block = (line.number - 1) / BLOCK;
        if self.begins.back().is_none_or(|(last, _)| *last < block) {
            self.begins.push_back((block, line.at));
            if self.begins.len() > 2 {
                self.begins.pop_front();
            }
        }
    }

    /// Judges the refused exchange of the line that was passed last.
    ///
    /// # Errors
    /// The recording cannot be read again.
    pub fn judge(
        &mut self,
        line: &RecordedLine<'_>,
        redactor: &Redactor,
    ) -> Result<&RefusalSummary, ReadError> {
        if !self.judged.contains_key(&line.at) {
            self.judged.clear();
            self.same.clear();
            if self.path != Path::new("-") {
                self.judge_block(redactor)?;
            }
            if !self.judged.contains_key(&line.at)
                && let Ok(exchange) = line.exchange()
            {
                self.examine(line.at, exchange, redactor);
            }
        }
        Ok(self.judged.entry(line.at).or_default())
    }

    fn judge_block(&mut self, redactor: &Redactor) -> Result<(), ReadError> {
        let (Some((first, from)), Some((block, begin))) = (self.begins.front(), self.begins.back()) else {
            return Ok(());
        };
        let (from, before, begin) = (*from, (block - first) * BLOCK, *begin);
        let file = RecordingFile::open(&self.path)?;
        let mut subjects = Vec::new();
        each_line(&file, begin, BLOCK, |_, line, summary| {
            if summary.is_refused()
                && let Ok(exchange) = line.exchange()
            {
                subjects.push(without_bodies(exchange));
            }
        })?;
        self.knowledge.forget();
        let relevant = Relevance::of(&subjects);
        each_line(&file, from, before + 2 * BLOCK, |_, line, summary| {
            if covers(&relevant, summary)
                && let Ok(exchange) = line.exchange()
            {
                self.knowledge.learn(redactor.mask(exchange).exchange());
            }
        })?;
        each_line(&file, begin, BLOCK, |at, line, summary| {
            if summary.is_refused()
                && let Ok(exchange) = line.exchange()
            {
                self.examine(at, exchange, redactor);
            }
        })
    }

    fn examine(&mut self, at: u64, exchange: Exchange, redactor: &Redactor) {
        let sent = hash(&exchange);
        let summary = match self.same.get(&sent) {
            Some(known) => RefusalSummary { correlation: None, ..known.clone() },
            None => {
                let examination = self.knowledge.examine(redactor.mask(exchange).exchange());
                let summary = RefusalSummary::from_examination(&examination);
                self.same.insert(sent, summary.clone());
                summary
            }
        };
        self.judged.insert(at, summary);
    }
}

/// Returns a hash of the request and the status.
fn hash(exchange: &Exchange) -> u64 {
    let mut hasher = DefaultHasher::new();
    let request = &exchange.request;
    for part in [request.method.as_bytes(), request.target.as_bytes(), &request.body.bytes] {
        part.hash(&mut hasher);
    }
    exchange.status().hash(&mut hasher);
    hasher.finish()
}

/// Returns whether an exchange can matter for the verdicts.
fn covers(relevant: &Relevance, summary: &Summary<'_>) -> bool {
    let path = path_of(&summary.target);
    let accepted = summary.error.is_none() && summary.status.is_some_and(|it| (200..300).contains(&it));
    let same = || relevant.operations.contains(&pairing::operation_at(&summary.method, path));
    summary.status.is_some_and(|status| (300..400).contains(&status))
        || relevant.covers(&summary.method, path, accepted, same)
}

/// What is relevant for an exchange depends on its head only.
fn without_bodies(mut exchange: Exchange) -> Exchange {
    exchange.request.body = Body::default();
    exchange.response = None;
    exchange
}

/// Reads `count` lines from a place on, those that are no exchanges left out.
fn each_line(
    file: &RecordingFile,
    from: u64,
    count: u64,
    mut take: impl FnMut(u64, &RecordedLine<'_>, &Summary<'_>),
) -> Result<(), ReadError> {
    let mut lines = file.recording_from(from)?;
    while let Some(line) = lines.next_line() {
        let line = line?;
        if line.number > count {
            break;
        }
        if let Ok(summary) = line.summary() {
            take(from + line.at, &line, &summary);
        }
    }
    Ok(())
}
