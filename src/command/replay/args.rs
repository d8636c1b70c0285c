//! The arguments of `wraptap replay`.

use std::path::PathBuf;
use std::time::Duration;

use crate::command::args::send_args::SendArgs;
use crate::command::terminal::OutputFormat;
use crate::json::edit::Edit;
use crate::replay::edits;
use crate::replay::rate;

/// What is sent again, where to, and with which changes.
#[derive(Clone, Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap replay last-refused --fixed --to simulator
  wraptap replay 12 --set /codeId=7fb334b0-0e9e-11e4-9191-0800200c9a66 --live",
    after_help = "FIXED: refused then, accepted now. SAME: the same response but for ids and times. CHANGED: another one. \
ERROR: none. Status 0 if all are accepted now.

Credentials come from GENESYSCLOUD_ACCESS_TOKEN, or GENESYSCLOUD_CLIENT_ID and _SECRET, never from the recording.

More options, in docs/replaying.md and the man page: --every, --repeat, --rate, --original-pace, --no-record, \
--ca-file, --upstream-proxy, --timeout"
)]
pub(crate) struct ReplayArgs {
    /// Which: 12, 3-7, last, last-refused, or FILE#… with any of these
    #[arg(value_name = "REF", required_unless_present = "query")]
    pub(super) references: Vec<String>,
    /// Instead of REF: all that match, such as 'status:4xx op:wrapup'
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true, conflicts_with = "references")]
    pub(super) query: Option<String>,
    #[command(flatten)]
    pub(super) sending: SendArgs,
    /// Set a value of the body: /PTR=TEXT, or /PTR:=JSON for any type
    #[arg(long, value_name = "/PTR=TEXT", value_parser = edits::parse_set)]
    pub(super) set: Vec<Edit>,
    /// Remove a member or element of the body
    #[arg(long, value_name = "/PTR", value_parser = edits::parse_unset)]
    pub(super) unset: Vec<Edit>,
    /// Send this file's bytes as the body (`-`: stdin)
    #[arg(long, value_name = "FILE", conflicts_with = "fixed")]
    pub(super) body: Option<PathBuf>,
    /// Send the corrected body that the diagnosis proposes
    #[arg(long)]
    pub(super) fixed: bool,
    /// Send to this path and query instead of the recorded one
    #[arg(long, value_name = "/PATH?QUERY", value_parser = target)]
    pub(super) target: Option<String>,
    /// Number of times that each request is sent
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true)]
    pub(super) repeat: u32,
    /// Requests per second
    #[arg(long, value_name = "N", value_parser = rate, conflicts_with = "original_pace", hide_short_help = true)]
    pub(super) rate: Option<f64>,
    /// Keep the recorded gaps between the requests
    #[arg(long, hide_short_help = true)]
    pub(super) original_pace: bool,
    /// Send the same bytes until they are accepted, for at most this long
    #[arg(long, value_name = "DURATION", value_parser = rate::parse_duration, conflicts_with_all = ["repeat", "rate", "original_pace"])]
    pub(super) until_accepted: Option<Duration>,
    /// With --until-accepted: the time between two requests [default: 250ms on this machine, else 1s]
    #[arg(long, value_name = "DURATION", value_parser = rate::parse_duration, requires = "until_accepted", hide_short_help = true)]
    pub(super) every: Option<Duration>,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// The recording for the new exchanges [default: their own]
    #[arg(short = 'w', long = "write", value_name = "FILE", conflicts_with = "no_record")]
    pub(super) write: Option<PathBuf>,
    /// Record nothing
    #[arg(long, hide_short_help = true)]
    pub(super) no_record: bool,
    /// How to print the result
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(super) format: OutputFormat,
}

fn target(text: &str) -> Result<String, String> {
    let plain = text.starts_with('/') && text.bytes().all(|byte| byte > b' ' && byte != 0x7f);
    if plain { Ok(text.to_owned()) } else { Err("it must start with `/` and have no blanks".to_owned()) }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "give a number of requests per second".to_owned())?;
    if rate.is_finite() && rate >= 0.001 { Ok(rate) } else { Err("the minimum is 0.001".to_owned()) }
}
