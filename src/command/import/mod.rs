//! `wraptap import FILE`: exchanges from a HAR file or from curl commands, into a recording.

mod summary;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::command::CommandOutcome;
use crate::command::args::curl_files::WorkingFolder;
use crate::command::args::read_progress::ReadProgress;
use crate::command::args::{new_recording, recording_arg};
use crate::command::import::summary::ImportSummary;
use crate::command::redact::MaskArgs;
use crate::command::terminal::{self, OutputFormat};
use crate::config::Globals;
use crate::error::CommandError;
use crate::interchange::curl::{self, CurlError, ShellError};
use crate::interchange::har::read::{self, HarError, HarReadOptions, Imported};
use crate::journal::Journal;
use crate::model::exchange::Exchange;
use crate::redact::Rules;

/// Maximum size of a curl text.
const TEXT_LIMIT: u64 = 64 << 20;

/// An item of a HAR above this size is not read: its text and what is made of it are in memory together.
const ITEM_LIMIT: u64 = 256 << 20;

/// The arguments of `wraptap import`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap import browser.har\n  pbpaste | wraptap import - -w wrapup.ndjson",
    after_help = "Nothing in the file is run or sent. Secrets are masked on the way in, as in `wraptap record`.\n\
                  What the file does not hold of the wire is summary here and in each exchange (`wraptap show`)."
)]
pub(crate) struct ImportArgs {
    /// A HAR file, or a text with curl commands; `-` for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The recording to write or continue [default: recordings/TIME.ndjson]
    #[arg(short = 'w', long = "write", value_name = "FILE")]
    write: Option<PathBuf>,
    /// Maximum number of bytes kept of each body
    #[arg(long, value_name = "BYTES", default_value_t = 1024 * 1024)]
    body_limit: usize,
    /// How to print what was done
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
    #[command(flatten)]
    also: MaskArgs,
}

#[derive(Debug, thiserror::Error)]
enum ImportError {
    #[error("cannot open {path}")]
    Open { path: PathBuf, source: std::io::Error },
    #[error("cannot read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is empty")]
    Empty { path: PathBuf },
    #[error("{path} is not a HAR file, and a text with curl commands may have at most {TEXT_LIMIT} bytes")]
    Long { path: PathBuf },
    #[error("{path} is neither a HAR file nor a text with curl commands")]
    Neither { path: PathBuf },
    #[error("cannot import the whole of {path}")]
    Rest { path: PathBuf, source: HarError },
    #[error("cannot import {path}")]
    Har { path: PathBuf, source: HarError },
    #[error("cannot import {path}")]
    Curl { path: PathBuf, source: CurlError },
}

/// Records what the file holds, and says what it does not.
pub(crate) fn run(args: &ImportArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let path = if args.file.as_os_str() == "-" { PathBuf::from("stdin") } else { args.file.clone() };
    let source: Box<dyn Read> = if args.file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let opened = File::open(&path);
        Box::new(opened.map_err(|source| {
            CommandError::input(ImportError::Open { path: path.clone(), source })
                .hint("give a HAR file or a text with curl commands: `wraptap import browser.har`")
        })?)
    };
    let bar = ReadProgress::over(std::slice::from_ref(&args.file), globals);
    let mut source = BufReader::with_capacity(1 << 16, bar.counted(source));
    let failed = |source| CommandError::machine(ImportError::Read { path: path.clone(), source });
    let start = source.fill_buf().map_err(failed)?;
    let mut import = Importer {
        recording: new_recording::path(args.write.as_ref(), globals),
        rules: args.also.rules(),
        journal: None,
        summary: ImportSummary::new(&path, recording_arg::redactor()?),
    };
    let read = match kind(start) {
        SourceKind::Empty => Err(CommandError::input(ImportError::Empty { path })),
        SourceKind::Har => import.har(source, &path, args.body_limit),
        SourceKind::Curl => import.curl(source, &path, args.body_limit),
    };
    bar.done();
    read?;
    let text = match args.format {
        OutputFormat::Text => import.summary.text(&import.recording),
        OutputFormat::Json => import.summary.json(&import.recording),
    };
    terminal::write(&text)?;
    Ok(CommandOutcome::Fine)
}

enum SourceKind {
    Empty,
    Har,
    Curl,
}

/// Returns the kind of a file by its first bytes: a HAR starts with a brace, or is packed in a way that its
/// reader names.
fn kind(start: &[u8]) -> SourceKind {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    match text.first() {
        None => SourceKind::Empty,
        // a group of shell commands
        Some(b'{') if text.get(1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"curl")) => {
            SourceKind::Curl
        }
        Some(b'{' | b'[' | 0x1f | 0xff | 0xfe | 0) => SourceKind::Har,
        Some(_) if text.starts_with(b"PK\x03\x04") || text.get(1) == Some(&0) => SourceKind::Har,
        Some(_) => SourceKind::Curl,
    }
}

struct Importer {
    recording: PathBuf,
    rules: Rules,
    /// Opened by the first exchange, so that a file without any leaves no recording behind.
    journal: Option<Journal>,
    summary: ImportSummary,
}

impl Importer {
    fn record(&mut self, mut exchange: Exchange) -> Result<(), CommandError> {
        let journal = match &self.journal {
            Some(journal) => journal,
            None => {
                let journal = new_recording::open_journal(
                    &self.recording,
                    self.rules.clone(),
                    "wraptap import FILE -w",
                )?;
                self.journal.insert(journal)
            }
        };
        exchange.run = journal.run().to_owned();
        exchange.id = journal.next_id();
        let id = exchange.id;
        // what was put together may hold a secret: summary is what the recording says
        let masked = journal.record(exchange).map_err(CommandError::machine)?;
        self.summary.exchange(id, masked.exchange());
        Ok(())
    }

    fn har(&mut self, source: impl Read, path: &std::path::Path, limit: usize) -> Result<(), CommandError> {
        let options =
            HarReadOptions { body_limit: limit, item_limit: ITEM_LIMIT, now: crate::command::now() };
        let mut failure = None;
        let mut item = 0;
        let read = read::read(source, options, &mut |imported| {
            item += 1;
            match imported {
                Imported::Skipped(reason) => self.summary.skipped(item, &reason.to_string()),
                Imported::Exchange(exchange) => {
                    if let Err(error) = self.record(*exchange) {
                        failure = Some(error);
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        });
        if let Some(error) = failure {
            return Err(error);
        }
        match read {
            Ok(summary) => {
                self.summary.creator(summary.creator);
                Ok(())
            }
            Err(source) => Err(self.refused(path, source)),
        }
    }

    /// What precedes a fault is recorded: the error says where the fault is.
    fn refused(&self, path: &std::path::Path, source: HarError) -> CommandError {
        let foreign = matches!(source, HarError::Foreign { .. });
        let ids = self.summary.ids();
        let owned = path.to_owned();
        let error = CommandError::input(match ids {
            Some(_) => ImportError::Rest { path: owned, source },
            None => ImportError::Har { path: owned, source },
        });
        match ids {
            Some(ids) => error.hint(format!(
                "the exchanges before the fault are recorded: `wraptap list {}` shows them as {ids}",
                terminal::shell_word(&self.recording)
            )),
            None if foreign && path.extension().is_some_and(|extension| extension == "ndjson") => {
                error.hint(format!("is it a recording? read it with `wraptap list {}`", path.display()))
            }
            None if foreign => error.hint("save one with the browser's network panel: `Save all as HAR`"),
            None => error,
        }
    }

    fn curl(&mut self, source: impl Read, path: &std::path::Path, limit: usize) -> Result<(), CommandError> {
        let failed = |source| CommandError::input(ImportError::Read { path: path.to_owned(), source });
        let mut text = String::new();
        source.take(TEXT_LIMIT + 1).read_to_string(&mut text).map_err(failed)?;
        if text.len() as u64 > TEXT_LIMIT {
            return Err(CommandError::input(ImportError::Long { path: path.to_owned() })
                .hint("save the requests with `Save all as HAR`, or split the text"));
        }
        let commands = curl::parse(&text, &WorkingFolder)
            .map_err(|source| refused_curl(path, self.summary.masked(source)))?;
        for note in &commands.notes {
            self.summary.note(note);
        }
        for request in commands.requests {
            let id = crate::model::exchange::ExchangeId(std::num::NonZeroU64::MIN);
            let mut exchange = request.into_exchange(id, "", crate::command::now());
            let body = &mut exchange.request.body;
            if body.bytes.len() > limit {
                body.bytes.truncate(limit);
                body.cut = true;
            }
            self.record(exchange)?;
        }
        Ok(())
    }
}

/// What to do with a command that goes on behind a backquote.
const POWERSHELL: &str = "a backquote at the end of a line is PowerShell's: copy it as `cURL (bash)` instead";

fn refused_curl(path: &std::path::Path, source: CurlError) -> CommandError {
    let hint = match &source {
        CurlError::NoCommand => {
            let error = ImportError::Neither { path: path.to_owned() };
            return CommandError::input(error)
                .hint("in the browser's network panel: `Copy as cURL (bash)`, or `Save all as HAR`");
        }
        CurlError::Shell(ShellError::Unclosed { what: "`", .. }) => POWERSHELL,
        CurlError::Url { url, .. } if url.starts_with("`\n") || url.starts_with("`\r\n") => POWERSHELL,
        CurlError::Shell(ShellError::Unclosed { .. }) => "copy the whole command, or close the quote",
        CurlError::Input { name, .. } if name.starts_with('~') || name.contains(['$', '`']) => {
            "write the name of the file itself: nothing in the text is run or expanded"
        }
        CurlError::Input { .. } => "run the import in the folder that has the file, as you would run curl",
        CurlError::StandardInput { .. } => "save the content to a file and write `@FILE` instead of `@-`",
        CurlError::NoUrl { .. } => "add the URL: `curl https://api.mypurecloud.de/api/v2/…`",
        _ => "",
    };
    let error = CommandError::input(ImportError::Curl { path: path.to_owned(), source });
    if hint.is_empty() { error } else { error.hint(hint) }
}
