//! `wraptap list [RECORDING…]`: what was recorded, one line each.

mod args;
mod row;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command::CommandOutcome;
use crate::command::args::read_progress::ReadProgress;
use crate::command::args::recording_arg;
pub(crate) use crate::command::list::args::ListArgs;
use crate::command::list::row::{ListRow, RowLayout};
use crate::command::terminal::output::{self, Output};
use crate::command::terminal::{self, OutputFormat};
use crate::config::Globals;
use crate::error::CommandError;
use crate::knowledge::operations::{NamedOperation, OperationCache};
use crate::knowledge::refusals::RefusalJudge;
use crate::knowledge::selection::Selection;
use crate::model::exchange::path_of;
use crate::query::Query;
use crate::redact::Redactor;
use crate::store::recording::follow::{Followed, Follower};
use crate::store::recording::{ReadError, RecordedLine};
use crate::store::summary::{self, Summary};

#[derive(Debug, thiserror::Error)]
#[error("--follow takes one recording, but {0} are named")]
struct OneToFollow(usize);

/// How often a followed file is checked.
const FOLLOWING: Duration = Duration::from_millis(200);

/// Prints the rows of all recordings that pass the filter.
pub(crate) fn run(args: &ListArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let recordings = recording_arg::resolve_all(&args.recordings, globals)?;
    if args.follow && recordings.len() > 1 {
        return Err(CommandError::input(OneToFollow(recordings.len()))
            .hint(format!("wraptap list --follow {}", terminal::shell_word(&recordings[0]))));
    }
    let query = args.query()?;
    let redactor = recording_arg::redactor()?;
    // rows on the same terminal already show the progress
    let behind: &[PathBuf] = if args.follow || std::io::stdout().is_terminal() { &[] } else { &recordings };
    let bar = ReadProgress::over(behind, globals);
    let mut list = ListPrinter::new(args, globals, &query, &redactor, bar.clone());
    for path in &recordings {
        if args.follow && path != Path::new("-") {
            recording_arg::refuse_har(path)?;
            return Err(list.follow(path));
        }
        let mut recording = bar.open(path)?;
        if recordings.len() > 1 {
            list.title(path)?;
        }
        list.judge = RefusalJudge::new(path);
        while let Some(line) = recording.next_line() {
            list.line(path, line)?;
        }
    }
    bar.done();
    list.finish()?;
    Ok(CommandOutcome::Fine)
}

/// The list being printed.
struct ListPrinter<'q> {
    format: OutputFormat,
    layout: RowLayout,
    out: Output,
    buffer: Vec<u8>,
    seen: u64,
    shown: u64,
    bad: u64,
    quiet: bool,
    redactor: &'q Redactor,
    selection: Selection<'q>,
    judge: RefusalJudge,
    operations: OperationCache,
    bar: ReadProgress,
    /// A member of each JSON object when several recordings are listed.
    recording: Option<String>,
}

impl<'q> ListPrinter<'q> {
    /// Bad lines that are reported one by one; further ones are only counted.
    const NAMED: u64 = 20;

    fn new(
        args: &ListArgs,
        globals: &Globals,
        query: &'q Query,
        redactor: &'q Redactor,
        bar: ReadProgress,
    ) -> Self {
        let stdout = std::io::stdout();
        let colour = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
        // What goes into another program is cut only if COLUMNS says so.
        let asked = std::env::var_os("COLUMNS").is_some() || stdout.is_terminal();
        let width = asked.then(|| terminal::style().width);
        Self {
            format: args.format,
            layout: RowLayout { colour, width },
            // Rows are written past anstream, which would look at every byte of a million lines once more.
            out: output::stdout_exact(),
            buffer: Vec::with_capacity(1 << 16),
            seen: 0,
            shown: 0,
            bad: 0,
            quiet: globals.quiet,
            redactor,
            selection: Selection::new(query, redactor),
            judge: RefusalJudge::new(Path::new("-")),
            operations: OperationCache::default(),
            bar,
            recording: None,
        }
    }

    fn title(&mut self, path: &Path) -> std::io::Result<()> {
        let name = path.display().to_string();
        if self.format == OutputFormat::Text {
            let gap = if self.seen > 0 { "\n" } else { "" };
            writeln!(self.buffer, "{gap}{}:", crate::report::safe::line(&name))?;
        }
        self.recording = Some(name);
        Ok(())
    }

    /// Prints the rows of a growing recording until it cannot be read.
    fn follow(&mut self, path: &Path) -> CommandError {
        let mut follower = Follower::new(path);
        let mut opened = false;
        loop {
            let printed = match follower.advance() {
                Ok(Followed::Line(line)) => self.line(path, Ok(line)),
                Ok(Followed::Opened) => {
                    self.judge = RefusalJudge::new(path);
                    if std::mem::replace(&mut opened, true) && !self.quiet {
                        terminal::warn(&format!("{} was replaced: the new one follows", path.display()));
                    }
                    Ok(())
                }
                Ok(Followed::End) => {
                    let flushed = self.flush();
                    std::thread::sleep(FOLLOWING);
                    flushed.map_err(CommandError::from)
                }
                Err(source) if opened => {
                    return recording_arg::read_error(ReadError::Read { path: path.to_owned(), source });
                }
                Err(source) => {
                    return recording_arg::read_error(ReadError::Open { path: path.to_owned(), source });
                }
            };
            if let Err(error) = printed {
                return error;
            }
        }
    }

    /// Prints the row of the exchange on a line, if the query means it.
    fn line(&mut self, path: &Path, line: Result<RecordedLine<'_>, ReadError>) -> Result<(), CommandError> {
        let named = |number, source| ReadError::Line { path: path.to_owned(), number, source };
        let read = line.and_then(|line| {
            let summary = line.summary().map_err(|source| named(line.number, source))?;
            self.judge.pass(&line);
            self.seen += 1;
            if self.selection.selects(&line, &summary, &mut self.judge)? {
                self.shown += 1;
                self.print(&line, summary)?;
            }
            Ok(())
        });
        match read {
            Ok(()) => {}
            Err(error @ ReadError::Line { .. }) => {
                self.bad += 1;
                if !self.quiet && self.bad <= Self::NAMED {
                    self.flush()?;
                    self.bar.suspend(|| terminal::warn(&format!("{error} (skipped)")));
                }
            }
            Err(error) => {
                self.flush()?;
                return Err(recording_arg::read_error(error));
            }
        }
        if self.buffer.len() >= 1 << 16 {
            self.flush()?;
        }
        Ok(())
    }

    fn print(&mut self, line: &RecordedLine<'_>, mut summary: Summary<'_>) -> Result<(), ReadError> {
        self.redact(&mut summary);
        let path = path_of(&summary.target);
        let number = self.operations.number(&summary.method, path);
        let found;
        let operation = match number.and_then(|number| self.operations.get(number)) {
            Some(known) => known,
            None => {
                found = NamedOperation::find(&summary.method, path);
                &found
            }
        };
        let refusal = if summary.is_refused() { Some(self.judge.judge(line, self.redactor)?) } else { None };
        let correlation = match self.format {
            OutputFormat::Text => None,
            OutputFormat::Json => summary::correlation_id(line.bytes),
        };
        let recording = self.recording.as_deref();
        let row = ListRow { summary: &summary, operation, refusal, correlation, recording };
        match self.format {
            OutputFormat::Text => row.text(self.layout, &mut self.buffer),
            OutputFormat::Json => row.json(&mut self.buffer),
        }
        Ok(())
    }

    /// A foreign recording may hold secrets where a list shows them.
    fn redact(&self, summary: &mut Summary<'_>) {
        if let Some(masked) = self.redactor.find_and_mask_text(&summary.target) {
            summary.target = masked.into();
        }
        if let Some((_, message)) = &mut summary.error
            && let Some(masked) = self.redactor.find_and_mask_text(message)
        {
            *message = masked.into();
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        self.out.flush()
    }

    fn finish(&mut self) -> std::io::Result<()> {
        self.flush()?;
        if self.quiet {
            return Ok(());
        }
        if self.bad > Self::NAMED {
            terminal::warn(&format!("{} more lines are not exchanges (skipped)", self.bad - Self::NAMED));
        }
        if self.shown == 0 {
            let text = match self.seen {
                0 => "nothing is recorded yet".to_owned(),
                seen => format!("none of the {seen} exchanges matches the filter"),
            };
            let _ = writeln!(output::stderr(), "{text}");
        }
        Ok(())
    }
}
