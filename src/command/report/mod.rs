//! `wraptap report`: the ticket, for a tracker, a colleague, or a program.

mod archive;

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::command::args::exchange_arg;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::args::recording_arg;
use crate::command::terminal::output;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::knowledge::Knowledge;
use crate::knowledge::case::Case;
use crate::model::exchange::Exchange;
use crate::model::finding::Severity;
use crate::model::known_good::KnownGood;
use crate::report::style::TextStyle;
use crate::report::ticket::People;
use crate::report::ticket::format::{FORMATS, TicketFormat, TicketRenderer};

/// The arguments of `wraptap report`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap report\n  wraptap report last-refused -o ticket.md")]
pub(crate) struct ReportArgs {
    /// Which exchanges: 12, 3-7, last, last-refused, or FILE#… with any of these
    #[arg(value_name = "REF", default_value = "last-refused")]
    references: Vec<String>,
    /// Instead of REF: all that match, such as 'cause:payload since:1h'
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true, conflicts_with = "references")]
    query: Option<String>,
    /// Compare with this, and not with the best that is known: a file, a curl command, a REF, the name of a
    /// baseline, or the body itself
    #[arg(long, value_name = "GOOD")]
    good: Option<String>,
    /// Write to this file; its extension (.md, .txt, .html, .json, .zip) says the format unless --format does
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The format [default: that of the file's extension, else markdown]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    format: Option<&'static TicketFormat>,
    /// Show e-mail addresses, phone numbers and names instead of masking them
    #[arg(long)]
    include_personal: bool,
    /// Exit with 1 if there is a finding of severity error
    #[arg(long)]
    check: bool,
    /// With --check: exit with 1 on warnings as well
    #[arg(long, requires = "check")]
    strict: bool,
}

/// Reads the name of a format.
fn format_parser() -> impl TypedValueParser<Value = &'static TicketFormat> {
    let values = FORMATS.iter().map(|format| {
        PossibleValue::new(format.name).aliases(format.extensions.iter().copied()).help(format.about)
    });
    PossibleValuesParser::new(values).map(|name| TicketFormat::find(&name).unwrap_or(&FORMATS[0]))
}

/// Finds the format of a file's extension.
fn format_of_file(path: &Path) -> Result<&'static TicketFormat, CommandError> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let known = FORMATS.iter().find(|format| {
        extension.is_some_and(|own| format.extensions.iter().any(|known| known.eq_ignore_ascii_case(own)))
    });
    known.ok_or_else(|| {
        let names: Vec<String> =
            FORMATS.iter().map(|format| format!("ticket.{}", format.extension())).collect();
        let (last, first) = names
            .split_last()
            .map_or((String::new(), String::new()), |(last, first)| (last.clone(), first.join(", ")));
        CommandError::input(anyhow::anyhow!("the extension of {} names no format", path.display())).hint(
            format!(
                "name it {first} or {last}, or say the format: `wraptap report -o FILE --format markdown`"
            ),
        )
    })
}

/// Prints or writes the ticket of the exchanges that are named.
pub(crate) fn run(args: &ReportArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let format = match (args.format, args.output.as_deref()) {
        (Some(format), _) => format,
        (None, Some(path)) if path != Path::new("-") => format_of_file(path)?,
        (None, _) => &FORMATS[0],
    };
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let is_archive = matches!(format.renderer, TicketRenderer::Archive);
    if is_archive && output.is_none() && std::io::stdout().is_terminal() {
        return Err(CommandError::input(anyhow::anyhow!("an archive cannot be printed on a terminal"))
            .hint("write it to a file: `wraptap report -o ticket.zip`"));
    }
    let good = args.good.as_deref().map(|text| payload_arg::read_good(text, globals)).transpose()?;
    let selected = exchange_arg::select(&args.references, args.query.as_deref(), globals)?;
    let selected = selected.into_iter().map(|(path, masked)| (path, masked.into_exchange())).collect();
    let cases = cases(selected, good.map(PayloadArg::into_known_good).as_ref())?;
    let people = if args.include_personal { People::Shown } else { People::Masked };
    let look = if output.is_some() { TextStyle::plain(terminal::DEFAULT_WIDTH) } else { terminal::style() };
    write(output, format, &archive::render(format, &cases, people, &look)?)?;
    let bad =
        |severity: Severity| severity == Severity::Error || args.strict && severity == Severity::Warning;
    let mut found = cases.iter().flat_map(|case| {
        let context = case.examination.comparison.iter().flat_map(|comparison| &comparison.findings);
        case.examination.diagnosis.faults.iter().chain(context)
    });
    let failing = args.check && found.any(|finding| bad(finding.severity));
    Ok(if failing { CommandOutcome::Findings } else { CommandOutcome::Fine })
}

/// Judges exchanges, in their order. Each recording is read through once, however many of
/// its exchanges are named.
fn cases(subjects: Vec<(PathBuf, Exchange)>, good: Option<&KnownGood>) -> Result<Vec<Case>, CommandError> {
    let redactor = recording_arg::redactor()?;
    let mut of_recording: BTreeMap<PathBuf, Knowledge> = BTreeMap::new();
    for (path, _) in &subjects {
        if !of_recording.contains_key(path) {
            let own = subjects.iter().filter(|(other, _)| other == path);
            let own: Vec<Exchange> = own.map(|(_, exchange)| exchange.clone()).collect();
            let knowledge =
                Knowledge::of_recording(path, &own, &redactor).map_err(recording_arg::read_error)?;
            of_recording.insert(path.clone(), knowledge);
        }
    }
    let judge = |(path, exchange): (PathBuf, Exchange)| {
        let knowledge = of_recording.get_mut(&path)?;
        Some(match good {
            Some(good) => Case::against(good.clone(), exchange, knowledge, &path),
            None => Case::of(exchange, knowledge, &path),
        })
    };
    Ok(subjects.into_iter().filter_map(judge).collect())
}

/// Writes to the file, by way of a new one beside it so that a full disk leaves the old ticket alone, or to
/// stdout.
fn write(path: Option<&Path>, format: &TicketFormat, bytes: &[u8]) -> Result<(), CommandError> {
    let Some(path) = path else {
        let mut out = match format.renderer {
            TicketRenderer::Archive => output::stdout_exact(),
            _ => output::stdout(),
        };
        out.write_all(bytes)?;
        out.flush()?;
        return Ok(());
    };
    let failed = |error: std::io::Error| {
        CommandError::machine(anyhow::Error::new(error).context(format!("cannot write {}", path.display())))
            .hint("print it instead: `wraptap report`")
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    output::stderr().write_all(format!("wrote {}\n", path.display()).as_bytes())?;
    Ok(())
}
