//! Reads recordings as they grow, whether this process or another one writes them.
//!
//! The file is checked ten times a second. Nothing is requested of the recorder, so that an open page costs
//! the proxy's threads nothing, and no page can miss anything: it is in the file.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::watch;

use crate::redact::Redactor;
use crate::store::recording::follow::{Followed, Follower};
use crate::store::summary;
use crate::web::index::{IndexContents, RecordingIndex};

/// How often a file is checked.
const CHECK_INTERVAL: Duration = Duration::from_millis(100);
/// Lines taken in before readers get their turn.
const BATCH: usize = 1024;

/// A command to the thread that tails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TailCommand {
    /// A page is open; until then nothing is read or held.
    Begin,
    /// The page is closed.
    End,
}

/// Tails all recordings from the first `Begin` until `End`.
pub(super) fn tail_recordings(
    indexes: &[Arc<RecordingIndex>],
    redactor: &Redactor,
    changed: &watch::Sender<u64>,
    commands: &Receiver<TailCommand>,
) {
    if commands.recv() != Ok(TailCommand::Begin) {
        return;
    }
    let mut followers: Vec<IndexFollower<'_>> =
        indexes.iter().map(|index| IndexFollower { index, recording: Follower::new(&index.path) }).collect();
    loop {
        let mut more = false;
        for follower in &mut followers {
            let step = follower.step(redactor);
            if step != TailStep::Nothing {
                changed.send_modify(|count| *count += 1);
            }
            more |= step == TailStep::More;
        }
        let wait = if more { Duration::ZERO } else { CHECK_INTERVAL };
        match commands.recv_timeout(wait) {
            Ok(TailCommand::Begin) | Err(RecvTimeoutError::Timeout) => {}
            Ok(TailCommand::End) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// The result of one check of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum TailStep {
    Nothing,
    Something,
    /// A batch was full.
    More,
}

struct IndexFollower<'i> {
    index: &'i RecordingIndex,
    recording: Follower,
}

impl IndexFollower<'_> {
    fn step(&mut self, redactor: &Redactor) -> TailStep {
        match self.read_on(redactor) {
            Ok(step) => step,
            Err(error) => {
                let fault = Some(error.to_string());
                let mut contents = self.index.write();
                if contents.fault == fault {
                    return TailStep::Nothing;
                }
                contents.fault = fault;
                TailStep::Something
            }
        }
    }

    fn read_on(&mut self, redactor: &Redactor) -> std::io::Result<TailStep> {
        let mut step = TailStep::Nothing;
        let mut contents = None;
        for _ in 0..BATCH {
            let line = match self.recording.advance()? {
                Followed::Line(line) => line,
                Followed::Opened => {
                    **contents.get_or_insert_with(|| self.index.write()) = IndexContents::default();
                    step = TailStep::Something;
                    continue;
                }
                Followed::End => {
                    drop(contents);
                    if step == TailStep::Something || !self.index.read().loaded {
                        self.index.write().loaded = true;
                        step = TailStep::Something;
                    }
                    return Ok(step);
                }
            };
            step = TailStep::Something;
            let contents = contents.get_or_insert_with(|| self.index.write());
            match line.summary() {
                Ok(summary) => {
                    let correlation = summary::correlation_id(line.bytes);
                    contents.add(&summary, correlation, redactor, line.span());
                }
                Err(_) => contents.bad += 1,
            }
        }
        Ok(TailStep::More)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write;

    use super::*;
    use crate::redact::Rules;

    #[test]
    fn a_recording_is_followed_line_by_line_and_begun_again_when_it_is_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.ndjson");
        let index = RecordingIndex::new(path.clone());
        let redactor = Redactor::new([0; 32], Rules::default());
        let mut follower = IndexFollower { index: &index, recording: Follower::new(&path) };
        assert_eq!(follower.step(&redactor), TailStep::Something);
        assert!(index.read().fault.as_ref().is_some_and(|fault| fault.contains("o such file")));
        assert_eq!(follower.step(&redactor), TailStep::Nothing);

        let line = |id: u64| {
            format!(
                "{{\"v\":1,\"id\":{id},\"started_at\":\"2026-11-20T08:30:15Z\",\"request\":{{\"method\":\"GET\",\"target\":\"/a/{id}?q\"}}}}\n"
            )
        };
        let mut file = File::create(&path).unwrap();
        write!(file, "{}junk\n{}", line(1), &line(2)[..20]).unwrap();
        assert_eq!(follower.step(&redactor), TailStep::Something);
        assert_eq!((index.read().total(), index.read().bad, index.read().loaded), (1, 1, true));
        write!(file, "{}", &line(2)[20..]).unwrap();
        assert_eq!(follower.step(&redactor), TailStep::Something);
        let at = index.read().rows[1].span.at;
        assert_eq!(at, (line(1).len() + 5) as u64);
        let rows = [0, 1].map(|at| index.read().rows[at].operation);
        assert_eq!(rows[0], rows[1], "/a/1 and /a/2 are one operation");
        assert_eq!((index.read().place(2), index.read().place(3)), (Some(1), None));

        std::fs::write(&path, line(9).trim_end()).unwrap();
        assert_eq!(follower.step(&redactor), TailStep::Something);
        assert_eq!(index.read().rows[0].id, 9, "a last line may lack its newline");
        std::fs::write(&path, line(9) + &line(10)).unwrap();
        assert_eq!(follower.step(&redactor), TailStep::Something);
        assert_eq!(index.read().rows.iter().map(|row| row.id).collect::<Vec<_>>(), [9, 10]);
    }
}
