//! `wraptap list [RECORDING…]`: what was recorded, one line each.

mod filter;
mod row;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::command::CommandOutcome;
use crate::command::args::read_progress::ReadProgress;
use crate::command::args::recording_arg;
use crate::command::list::filter::{ListFilter, PathGlob, Since, StatusClass};
use crate::command::list::row::{ListRow, RowLayout};
use crate::command::terminal::output::{self, Output};
use crate::command::terminal::{self, OutputFormat};
use crate::config::Globals;
use crate::error::CommandError;
use crate::redact::Redactor;
use crate::store::recording::ReadError;
use crate::store::recording::follow::{Followed, Follower};
use crate::store::summary::Summary;

/// The arguments of `wraptap list`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap list\n  wraptap list --refused --path '*wrapup*'")]
pub(crate) struct ListArgs {
    /// Recordings to list [default: --recording, else the newest in ./recordings]
    #[arg(value_name = "RECORDING")]
    recordings: Vec<PathBuf>,
    /// Only exchanges with a 4xx or 5xx response
    #[arg(long)]
    refused: bool,
    /// Only these statuses: 404, 4xx, or several with commas
    #[arg(long, value_delimiter = ',', value_name = "STATUS")]
    status: Vec<StatusClass>,
    /// Only these methods, several with commas
    #[arg(long, value_delimiter = ',', value_name = "METHOD")]
    method: Vec<String>,
    /// Only paths that match completely; * matches any text, including slashes
    #[arg(long, value_name = "GLOB")]
    path: Option<PathGlob>,
    /// Only exchanges that started since then: 10m, 2h, 2026-11-20, 2026-11-20T08:30:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<Since>,
    /// Keep printing new exchanges until Ctrl-C
    #[arg(short, long)]
    follow: bool,
    /// How to print it: text, or one JSON object a line
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

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
    let filter = ListFilter {
        refused: args.refused,
        statuses: args.status.clone(),
        methods: args.method.clone(),
        path: args.path.clone(),
        since: args.since.map(|since| since.before(jiff::Timestamp::now())),
    };
    // rows on the same terminal already show the progress
    let behind: &[PathBuf] = if args.follow || std::io::stdout().is_terminal() { &[] } else { &recordings };
    let bar = ReadProgress::over(behind, globals);
    let mut list = ListPrinter::new(args, globals, recording_arg::redactor()?, bar.clone());
    for path in &recordings {
        if args.follow && path != Path::new("-") {
            recording_arg::refuse_har(path)?;
            return Err(list.follow(path, &filter));
        }
        let mut recording = bar.open(path)?;
        if recordings.len() > 1 {
            list.title(path)?;
        }
        while let Some(summary) = recording.next_summary() {
            list.row(summary, &filter)?;
        }
    }
    bar.done();
    list.finish()?;
    Ok(CommandOutcome::Fine)
}

/// The list being printed.
struct ListPrinter {
    format: OutputFormat,
    layout: RowLayout,
    out: Output,
    buffer: Vec<u8>,
    seen: u64,
    shown: u64,
    bad: u64,
    quiet: bool,
    redactor: Redactor,
    bar: ReadProgress,
    /// A member of each JSON object when several recordings are listed.
    recording: Option<String>,
}

impl ListPrinter {
    /// Bad lines that are reported one by one; further ones are only counted.
    const NAMED: u64 = 20;

    fn new(args: &ListArgs, globals: &Globals, redactor: Redactor, bar: ReadProgress) -> Self {
        let stdout = std::io::stdout();
        let colour = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
        // What goes into another program is never cut.
        let width = stdout.is_terminal().then(|| terminal::style().width);
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
    fn follow(&mut self, path: &Path, filter: &ListFilter) -> CommandError {
        let mut follower = Follower::new(path);
        let mut opened = false;
        loop {
            let printed = match follower.advance() {
                Ok(Followed::Line(line)) => {
                    let path = || path.to_owned();
                    let bad = |source| ReadError::Line { path: path(), number: line.number, source };
                    self.row(line.summary().map_err(bad), filter)
                }
                Ok(Followed::Opened) => {
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

    /// Prints the row of one exchange, if it passes the filter.
    fn row(
        &mut self,
        summary: Result<Summary<'_>, ReadError>,
        filter: &ListFilter,
    ) -> Result<(), CommandError> {
        match summary {
            Ok(mut summary) => {
                self.seen += 1;
                if filter.passes(&summary) {
                    self.shown += 1;
                    self.redact(&mut summary);
                    let row = ListRow { summary: &summary, recording: self.recording.as_deref() };
                    match self.format {
                        OutputFormat::Text => row.text(self.layout, &mut self.buffer),
                        OutputFormat::Json => row.json(&mut self.buffer),
                    }
                }
            }
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
