//! Reads recordings on as they grow, whoever writes them: this process or another one.
//!
//! The file is looked at ten times a second. The recorder is asked for nothing, so that a page that is open costs the
//! proxy's threads nothing, and no page can fall behind: what it missed stands in the file.

use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::watch;

use crate::redact::Redactor;
use crate::store::lines::LineReader;
use crate::store::summary::Summary;
use crate::web::index::{Contents, Index};

/// How often a file is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// LineReader taken in before readers get their turn.
const BATCH: usize = 1024;

/// What the one who follows is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    /// Somebody looks; until then nothing is read or held.
    Begin,
    /// Nobody will look any more.
    End,
}

/// Follows all recordings from the first order to begin until it is told to end.
pub(super) fn follow(
    indexes: &[Arc<Index>],
    redactor: &Redactor,
    changed: &watch::Sender<u64>,
    orders: &Receiver<Order>,
) {
    if orders.recv() != Ok(Order::Begin) {
        return;
    }
    let mut followers: Vec<Follower<'_>> =
        indexes.iter().map(|index| Follower { index, lines: None, behind: 0, taken: None }).collect();
    loop {
        let mut more = false;
        for follower in &mut followers {
            let step = follower.step(redactor);
            if step != Step::Nothing {
                changed.send_modify(|count| *count += 1);
            }
            more |= step == Step::More;
        }
        let wait = if more { Duration::ZERO } else { LOOK };
        match orders.recv_timeout(wait) {
            Ok(Order::Begin) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What a look at a file brought.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Step {
    Nothing,
    Something,
    /// A batch was full.
    More,
}

struct Follower<'i> {
    index: &'i Index,
    lines: Option<LineReader<File>>,
    /// The end of the last line that has a newline.
    behind: u64,
    /// Where a line begins that was taken in before its newline came.
    taken: Option<u64>,
}

impl Follower<'_> {
    fn step(&mut self, redactor: &Redactor) -> Step {
        match self.read_on(redactor) {
            Ok(step) => step,
            Err(error) => {
                self.lines = None;
                let fault = Some(error.to_string());
                let mut contents = self.index.write();
                if contents.fault == fault {
                    return Step::Nothing;
                }
                contents.fault = fault;
                Step::Something
            }
        }
    }

    fn read_on(&mut self, redactor: &Redactor) -> std::io::Result<Step> {
        let mut step = Step::Nothing;
        if self.lines.is_none() || std::fs::metadata(&self.index.path)?.len() < self.behind {
            // new, or another file by now: what was known of it stands there no more
            self.lines = Some(LineReader::new(File::open(&self.index.path)?));
            self.behind = 0;
            self.taken = None;
            *self.index.write() = Contents::default();
            step = Step::Something;
        }
        let Some(lines) = &mut self.lines else { return Ok(step) };
        let mut count = 0;
        let mut contents = None;
        while count < BATCH {
            if !lines.advance()? {
                break;
            }
            let line = lines.current();
            let summary = Summary::parse(line.bytes);
            let whole = line.ended || summary.is_ok();
            if whole && self.taken != Some(line.at) {
                count += 1;
                let contents = contents.get_or_insert_with(|| self.index.write());
                match summary {
                    Ok(summary) => contents.add(&summary, redactor, line.at, line.bytes.len()),
                    Err(_) => contents.bad += 1,
                }
            }
            if !line.ended {
                // a foreign recording may lack the last newline; with it the line comes again
                self.taken = whole.then_some(line.at);
                lines.give_back();
                break;
            }
            self.behind = line.at + line.bytes.len() as u64 + 1;
        }
        drop(contents);
        if count == BATCH {
            return Ok(Step::More);
        }
        if count > 0 || !self.index.read().loaded {
            self.index.write().loaded = true;
            step = Step::Something;
        }
        Ok(step)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::redact::Rules;

    #[test]
    fn a_recording_is_followed_line_by_line_and_begun_again_when_it_is_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.ndjson");
        let index = Index::of(path.clone());
        let redactor = Redactor::new([0; 32], Rules::default());
        let mut follower = Follower { index: &index, lines: None, behind: 0, taken: None };
        assert_eq!(follower.step(&redactor), Step::Something);
        assert!(index.read().fault.as_ref().is_some_and(|fault| fault.contains("o such file")));
        assert_eq!(follower.step(&redactor), Step::Nothing);

        let line = |id: u64| {
            format!(
                "{{\"v\":1,\"id\":{id},\"started_at\":\"2026-11-20T08:30:15Z\",\"request\":{{\"method\":\"GET\",\"target\":\"/a/{id}?q\"}}}}\n"
            )
        };
        let mut file = File::create(&path).unwrap();
        write!(file, "{}junk\n{}", line(1), &line(2)[..20]).unwrap();
        assert_eq!(follower.step(&redactor), Step::Something);
        assert_eq!((index.read().total(), index.read().bad, index.read().loaded), (1, 1, true));
        write!(file, "{}", &line(2)[20..]).unwrap();
        assert_eq!(follower.step(&redactor), Step::Something);
        let at = index.read().rows[1].at;
        assert_eq!(at, (line(1).len() + 5) as u64);
        assert_eq!(index.read().operations.len(), 1, "/a/1 and /a/2 are one operation");
        assert_eq!((index.read().place(2), index.read().place(3)), (Some(1), None));

        std::fs::write(&path, line(9).trim_end()).unwrap();
        assert_eq!(follower.step(&redactor), Step::Something);
        assert_eq!(index.read().rows[0].id, 9, "a last line may lack its newline");
        std::fs::write(&path, line(9) + &line(10)).unwrap();
        assert_eq!(follower.step(&redactor), Step::Something);
        assert_eq!(index.read().rows.iter().map(|row| row.id).collect::<Vec<_>>(), [9, 10]);
    }
}
