//! `wraptap show REF`: exchanges in full.

use std::io::Write;

use crate::command::CommandOutcome;
use crate::command::args::exchange_arg;
use crate::command::args::message_arg::MessageArg;
use crate::command::terminal::output;
use crate::command::terminal::{self, OutputFormat};
use crate::config::Globals;
use crate::error::CommandError;
use crate::redact::Masked;
use crate::report::exchange;
use crate::store::line;

/// The arguments of `wraptap show`.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:\n  wraptap show last-refused\n  wraptap show 12 --raw")]
pub(crate) struct ShowArgs {
    /// Which: 12, 3-7, last, last-refused, or FILE#… with any of these
    #[arg(value_name = "REF", default_value = "last")]
    references: Vec<String>,
    /// Print the bytes as on the wire, secrets masked, bodies after transfer decoding
    #[arg(long, conflicts_with = "format")]
    raw: bool,
    /// With --raw: print only this message
    #[arg(long, requires = "raw", value_name = "MESSAGE")]
    only: Option<MessageArg>,
    /// How to print it: text, or the line of the recording as JSON
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

/// Prints the exchanges one after the other.
pub(crate) fn run(args: &ShowArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let all = exchange_arg::find_all(&args.references, globals)?;
    if args.raw {
        return print_raw(&all, args.only);
    }
    let look = terminal::style();
    let mut out = output::stdout();
    for (index, masked) in all.iter().enumerate() {
        match args.format {
            OutputFormat::Text => {
                let gap = if index > 0 { "\n" } else { "" };
                write!(out, "{gap}{}", exchange::text(masked.exchange(), &look))?;
            }
            OutputFormat::Json => {
                out.write_all(b"{\"schema_version\":1,")?;
                out.write_all(&line::encode(masked)[1..])?;
            }
        }
    }
    out.flush()?;
    Ok(CommandOutcome::Fine)
}

fn print_raw(all: &[Masked], only: Option<MessageArg>) -> Result<CommandOutcome, CommandError> {
    let mut out = output::stdout_exact();
    for masked in all {
        let request = exchange::raw_request(masked.exchange());
        let response = exchange::raw_response(masked.exchange());
        let parts = match only {
            None => vec![request, response],
            Some(MessageArg::Request) => vec![request],
            Some(MessageArg::Response) => vec![response],
        };
        for (index, part) in parts.iter().enumerate() {
            out.write_all(part)?;
            if index + 1 < parts.len() && !part.ends_with(b"\n") {
                out.write_all(b"\r\n")?;
            }
        }
    }
    out.flush()?;
    Ok(CommandOutcome::Fine)
}
