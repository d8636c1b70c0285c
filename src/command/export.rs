//! `wraptap export REF…`: recorded requests for other tools.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::command::CommandOutcome;
use crate::command::args::exchange_arg;
use crate::command::args::message_arg::MessageArg;
use crate::command::terminal::output;
use crate::config::Globals;
use crate::error::CommandError;
use crate::interchange::curl::write::{self, WriteError};
use crate::interchange::{har, masks, message};
use crate::model::exchange::Exchange;
use crate::redact::Masked;
use crate::report::safe;

/// The arguments of `wraptap export`.
#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:\n  wraptap export last-refused\n  wraptap export 1-20 --format har -o wrapup.har",
    after_help = "Secrets are not in a recording: a curl command has variables such as $GENESYSCLOUD_ACCESS_TOKEN instead, \
                  a HAR and raw HTTP have the masks. A body that is binary or above 100 KiB is piped into curl \
                  through `base64 --decode`."
)]
pub(crate) struct ExportArgs {
    /// Which: 12, 3-7, last, last-refused, or FILE#… with any of these
    #[arg(value_name = "REF", default_value = "last")]
    references: Vec<String>,
    /// Instead of REF: all that match, such as 'status:4xx op:wrapup'
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true, conflicts_with = "references")]
    query: Option<String>,
    /// The format [default: by the extension of -o, else curl]
    #[arg(long, value_name = "FORMAT")]
    format: Option<ExportFormat>,
    /// With --format http: the message to write
    #[arg(long, default_value = "request", value_name = "MESSAGE")]
    only: MessageArg,
    /// Where to write it [default: stdout]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum ExportFormat {
    /// Commands for bash, zsh or ksh that send the requests again.
    Curl,
    /// HAR 1.2, requests and answers.
    Har,
    /// The bytes of HTTP/1.1.
    Http,
}

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error("{path} exists already")]
    Exists { path: PathBuf },
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("exchange {0} has no response")]
    NoAnswer(crate::model::exchange::ExchangeId),
}

/// Writes the exchanges.
pub(crate) fn run(args: &ExportArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let selected = exchange_arg::select(&args.references, args.query.as_deref(), globals)?;
    let all: Vec<Masked> = selected.into_iter().map(|(_, masked)| masked).collect();
    let format = args.format.unwrap_or_else(|| by_ending(args.output.as_deref()));
    let bytes = match format {
        ExportFormat::Curl => curl(&all)?,
        ExportFormat::Har => har(&all)?,
        ExportFormat::Http => http(&all, args.only)?,
    };
    if format != ExportFormat::Curl && !globals.quiet && !masks::find(&bytes).is_empty() {
        let said =
            "secrets are written as masks (`redacted-KIND-TAG`), because the recording does not hold them\n";
        output::stderr().write_all(said.as_bytes())?;
    }
    match &args.output {
        Some(path) => write_file(path, &bytes, args.force)?,
        None => print(&bytes)?,
    }
    Ok(CommandOutcome::Fine)
}

fn by_ending(output: Option<&Path>) -> ExportFormat {
    match output.and_then(Path::extension).and_then(|ending| ending.to_str()) {
        Some("har") => ExportFormat::Har,
        Some("http") => ExportFormat::Http,
        _ => ExportFormat::Curl,
    }
}

fn incomplete(error: WriteError, exchange: &Exchange) -> CommandError {
    let error = CommandError::input(error);
    let id = exchange.id.get();
    error.hint(format!("see the recorded part with `wraptap show {id}`"))
}

fn curl(all: &[Masked]) -> Result<Vec<u8>, CommandError> {
    let mut text = String::new();
    for masked in all {
        let exchange = masked.exchange();
        let command = write::command(exchange).map_err(|error| incomplete(error, exchange))?;
        if all.len() > 1 {
            let status = exchange.status().map(|status| format!("  -> {status}")).unwrap_or_default();
            let (method, path) = (exchange.request.method_text(), exchange.request.path());
            text.push_str(&format!(
                "# {}  {}{status}\n",
                exchange.id,
                safe::line(&format!("{method} {path}"))
            ));
        }
        text.push_str(&command);
    }
    Ok(text.into_bytes())
}

fn har(all: &[Masked]) -> Result<Vec<u8>, CommandError> {
    let mut writer = har::write::HarWriter::new(Vec::new())?;
    for masked in all {
        writer.write(masked.exchange())?;
    }
    Ok(writer.finish()?)
}

fn http(all: &[Masked], only: MessageArg) -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    for masked in all {
        let exchange = masked.exchange();
        match only {
            MessageArg::Request => {
                write::whole(exchange).map_err(|error| incomplete(error, exchange))?;
                bytes.extend(message::request(&exchange.request));
            }
            MessageArg::Response => {
                let answer = exchange.response.as_ref();
                let answer = answer.ok_or_else(|| CommandError::input(ExportError::NoAnswer(exchange.id)))?;
                bytes.extend(message::response(answer));
            }
        }
    }
    Ok(bytes)
}

fn write_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), CommandError> {
    if path.exists() && !force {
        let error = ExportError::Exists { path: path.to_owned() };
        return Err(CommandError::input(error).hint("overwrite it with `--force`, or name another file"));
    }
    std::fs::write(path, bytes)
        .map_err(|source| CommandError::machine(ExportError::Write { path: path.to_owned(), source }))
}

fn print(bytes: &[u8]) -> Result<(), CommandError> {
    let mut out = output::stdout_exact();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}
