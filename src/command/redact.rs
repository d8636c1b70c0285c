//! `wraptap redact RECORDING`: a copy of an old or foreign recording without secrets.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::command::args::recording_arg;
use crate::command::terminal::output;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal;
use crate::json::pointer::Pointer;
use crate::redact::{People, Redactor, Rules};
use crate::report::layout::counted;
use crate::store::line;
use crate::store::recording::{ReadError, Recording};
use crate::store::writer;

/// The arguments of `wraptap redact`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap redact old.ndjson -o clean.ndjson\n  wraptap redact old.ndjson --redact-key email -o clean.ndjson",
    after_help = "The recording itself is never changed: delete it yourself when the copy is good."
)]
pub(crate) struct RedactArgs {
    /// The recording to clean [default: --recording, else the newest in ./recordings]
    #[arg(value_name = "RECORDING")]
    source: Option<PathBuf>,
    /// The file for the clean copy; must not exist yet [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    also: MaskArgs,
}

/// What is masked beyond secrets.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct MaskArgs {
    /// Also mask the value at this JSON Pointer of bodies, * for any one step (repeatable)
    #[arg(long = "redact", value_name = "/POINTER", value_parser = Pointer::parse)]
    pointers: Vec<Pointer>,
    /// Also mask all members, form fields, parameters and headers of this name (repeatable)
    #[arg(long = "redact-key", value_name = "NAME")]
    keys: Vec<String>,
    /// Also mask e-mail addresses, phone numbers and names of people; equal ones still look equal
    #[arg(long)]
    mask_personal: bool,
}

/// Returns what `--mask-personal` says.
pub(crate) fn people(is_masked: bool) -> People {
    if is_masked { People::Masked } else { People::Recorded }
}

impl MaskArgs {
    /// Returns the rules for a redactor.
    pub(crate) fn rules(&self) -> Rules {
        Rules { pointers: self.pointers.clone(), keys: self.keys.clone(), people: people(self.mask_personal) }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("cannot create {path}")]
struct OutputError {
    path: PathBuf,
    source: std::io::Error,
}

/// What was done.
#[derive(Debug, Default)]
struct Tally {
    exchanges: u64,
    touched: u64,
    masks: usize,
    skipped: u64,
}

/// Writes the clean copy and says what was masked.
pub(crate) fn run(args: &RedactArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let source = match &args.source {
        Some(path) => path.clone(),
        None => recording_arg::resolve(globals)?,
    };
    let redactor = journal::redactor(args.also.rules()).map_err(CommandError::machine)?;
    // A secret may occur before the line that shows that it is one: find all of them first.
    if source != Path::new("-") {
        for exchange in Recording::open(&source).map_err(recording_arg::read_error)?.flatten() {
            redactor.mask(exchange);
        }
    }
    let tally = match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        None => clean(&source, &redactor, &mut output::stdout_exact(), globals.quiet)?,
        Some(path) => {
            let file = writer::create_private(path).map_err(|error| output_error(path, error))?;
            clean(&source, &redactor, &mut BufWriter::new(file), globals.quiet)?
        }
    };
    if !globals.quiet {
        let Tally { exchanges, touched, masks, skipped } = tally;
        let left = match skipped {
            0 => String::new(),
            lines => format!(", {} left out", counted(lines, "line")),
        };
        let masked = match masks {
            0 => "nothing left to mask".to_owned(),
            masks => format!("{} masked in {touched} of them", counted(masks as u64, "place")),
        };
        let text = format!("{}, {masked}{left}\n", counted(exchanges, "exchange"));
        let _ = output::stderr().write_all(text.as_bytes());
    }
    Ok(CommandOutcome::Fine)
}

fn clean(
    source: &Path,
    redactor: &Redactor,
    out: &mut impl Write,
    quiet: bool,
) -> Result<Tally, CommandError> {
    let mut tally = Tally::default();
    for exchange in Recording::open(source).map_err(recording_arg::read_error)? {
        match exchange {
            Ok(exchange) => {
                let before = exchange.redactions.len();
                let masked = redactor.mask(exchange);
                let new = masked.exchange().redactions.len() - before;
                tally.exchanges += 1;
                tally.masks += new;
                tally.touched += u64::from(new > 0);
                out.write_all(&line::encode(&masked))?;
            }
            // A line that cannot be read cannot be cleaned, so it is left out of the copy.
            Err(error @ ReadError::Line { .. }) => {
                tally.skipped += 1;
                if !quiet {
                    terminal::warn(&format!("{error} (left out)"));
                }
            }
            Err(error) => return Err(recording_arg::read_error(error)),
        }
    }
    out.flush()?;
    Ok(tally)
}

fn output_error(path: &Path, source: std::io::Error) -> CommandError {
    let exists = source.kind() == std::io::ErrorKind::AlreadyExists;
    let error = OutputError { path: path.to_owned(), source };
    if exists {
        return CommandError::input(error).hint("name a file that does not exist yet with `-o FILE`");
    }
    CommandError::machine(error)
}
