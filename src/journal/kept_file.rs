//! The file of a recording with what this run wrote into it: when others delete or cut the file, the ids that
//! are not in it any more are known.

use std::path::Path;

use crate::journal::id_runs::IdRuns;
use crate::model::exchange::ExchangeId;
use crate::store::recording::Recording;
use crate::store::writer::{Disturbance, Writer};

/// The writer of a recording, and the ids that this run wrote.
#[derive(Debug)]
pub(super) struct KeptFile {
    writer: Writer,
    written: IdRuns,
}

/// What others did to a recording, and which exchanges that cost.
#[derive(Debug, thiserror::Error)]
#[error("{path} {what} while it was being recorded into{}", lost_text(.lost))]
pub struct DisturbedRecording {
    path: String,
    what: Disturbance,
    lost: IdRuns,
}

fn lost_text(lost: &IdRuns) -> String {
    if lost.is_empty() { String::new() } else { format!(": {lost} are NOT in it any more") }
}

impl DisturbedRecording {
    /// Returns the exchanges that are not in the recording any more.
    pub fn lost(&self) -> &IdRuns {
        &self.lost
    }
}

impl KeptFile {
    pub(super) fn new(writer: Writer) -> Self {
        Self { writer, written: IdRuns::default() }
    }

    /// Appends the lines of exchanges.
    pub(super) fn append(
        &mut self,
        lines: &[u8],
        ids: impl Iterator<Item = ExchangeId>,
    ) -> std::io::Result<()> {
        self.writer.append(lines)?;
        ids.for_each(|id| self.written.add(id));
        Ok(())
    }

    /// Returns what others did to the file since the last call, by what is in it now of the run.
    pub(super) fn take_disturbance(&mut self, path: &Path, run: &str) -> Option<DisturbedRecording> {
        let what = self.writer.take_disturbance()?;
        let present = ids_of_run(path, run);
        let mut lost = IdRuns::default();
        self.written.ids().filter(|id| !present.contains(*id)).for_each(|id| lost.add(id));
        self.written = present;
        Some(DisturbedRecording { path: path.display().to_string(), what, lost })
    }

    /// As `take_disturbance`, for the end of a run, when nothing is appended that would notice.
    pub(super) fn check(&mut self, path: &Path, run: &str) -> Option<DisturbedRecording> {
        // a file that cannot be looked at cannot be said to be wrong
        let _ = self.writer.check();
        self.take_disturbance(path, run)
    }
}

/// Returns the ids that a file has of a run. One that cannot be read has none.
fn ids_of_run(path: &Path, run: &str) -> IdRuns {
    let beginning = format!("{{\"v\":1,\"run\":\"{run}\"");
    let mut present = IdRuns::default();
    let Ok(mut recording) = Recording::open(path) else { return present };
    while let Some(Ok(line)) = recording.next_line() {
        if line.bytes.starts_with(beginning.as_bytes())
            && let Ok(summary) = line.summary()
            && let Some(id) = ExchangeId::new(summary.id)
        {
            present.add(id);
        }
    }
    present
}
