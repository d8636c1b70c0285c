//! `replay`: sends recorded requests again and compares the new answers with the recorded ones.

mod fixed;
mod plan;
mod print;
mod send;
mod until;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use crate::command::CommandOutcome;
use crate::command::args::exchange_arg;
use crate::command::args::send_args::{self, SendArgs};
use crate::command::replay::plan::{Planned, ReplayPlan};
use crate::command::replay::send::Replayer;
use crate::command::terminal::OutputFormat;
use crate::command::terminal::signals::Signals;
use crate::config::Globals;
use crate::error::CommandError;
use crate::json::edit::Edit;
use crate::replay::edits::{self, EditArgError};
use crate::replay::pace;

#[derive(Debug, clap::Args)]
#[command(
    before_help = "Examples:
  wraptap replay last-refused --to http://127.0.0.1:8081 --fixed
  wraptap replay 12 --set /codeId=7fb334b0-0e9e-11e4-9191-0800200c9a66 --live",
    after_help = "FIXED    it was refused and is accepted now
SAME     the same answer, but for ids and times
CHANGED  another answer
ERROR    no whole answer, or it could not be sent

Status 0 if every request is accepted now as it was, or FIXED; else 1.

Requests go to --to, else to where they were recorded. Credentials come from
GENESYSCLOUD_ACCESS_TOKEN, or GENESYSCLOUD_CLIENT_ID and _SECRET, never from the
recording, and go to this machine, the recorded upstream and Genesys Cloud only."
)]
pub(crate) struct ReplayArgs {
    /// Which: 12, 3-7, last, last-refused, or FILE#… with any of these
    #[arg(value_name = "REF", required = true)]
    references: Vec<String>,
    #[command(flatten)]
    sending: SendArgs,
    /// Set a place of the body: /pointer=TEXT for a string, /pointer:=JSON for any value
    #[arg(long, value_name = "/PTR=TEXT", value_parser = set)]
    set: Vec<Edit>,
    /// Take a place of the body away
    #[arg(long, value_name = "/PTR", value_parser = unset)]
    unset: Vec<Edit>,
    /// Send this file's bytes as the body (`-`: stdin)
    #[arg(long, value_name = "FILE", conflicts_with = "fixed")]
    body: Option<PathBuf>,
    /// Send the corrected body that the diagnosis proposes
    #[arg(long)]
    fixed: bool,
    /// Send to this path and query instead of the recorded one
    #[arg(long, value_name = "/PATH?QUERY", value_parser = target)]
    target: Option<String>,
    /// Send each request so many times
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// At most so many requests a second
    #[arg(long, value_name = "N", value_parser = rate, conflicts_with = "original_pace")]
    rate: Option<f64>,
    /// Keep the recorded gaps between the requests
    #[arg(long)]
    original_pace: bool,
    /// Send the same bytes again and again until they are accepted, for so long at most: is it the timing?
    #[arg(long, value_name = "DURATION", value_parser = pace::parse, conflicts_with_all = ["repeat", "rate", "original_pace"])]
    until_accepted: Option<Duration>,
    /// How often then [default: 100ms on this machine, else 1s]
    #[arg(long, value_name = "DURATION", value_parser = pace::parse, requires = "until_accepted")]
    every: Option<Duration>,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// The recording that gets the new exchanges [default: the one they come from]
    #[arg(short = 'w', long = "write", value_name = "FILE", conflicts_with = "no_record")]
    write: Option<PathBuf>,
    /// Record nothing
    #[arg(long)]
    no_record: bool,
    /// How to print the result
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: OutputFormat,
}

#[derive(Debug, thiserror::Error)]
enum ReplayError {
    #[error("`--until-accepted` takes one exchange, and {0} are named")]
    Several(usize),
    #[error("{count} of the requests {would} take effect at {server}, and nothing says that it is meant", would = if *.count == 1 { "would" } else { "would each" })]
    TakesEffect { count: usize, server: String },
    #[error("none of the exchanges can be sent again")]
    Nothing,
}

pub(crate) fn run(args: &ReplayArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let mut selected = Vec::new();
    for reference in &args.references {
        let found = exchange_arg::find(reference, globals)?;
        selected
            .extend(found.exchanges.into_iter().map(|masked| (found.path.clone(), masked.into_exchange())));
    }
    if args.until_accepted.is_some() && selected.len() != 1 {
        return Err(CommandError::input(ReplayError::Several(selected.len()))
            .hint("name one: `wraptap replay last-refused --until-accepted 30s`"));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(replay(args, globals, selected))
}

async fn replay(
    args: &ReplayArgs,
    globals: &Globals,
    selected: Vec<(PathBuf, crate::model::exchange::Exchange)>,
) -> Result<CommandOutcome, CommandError> {
    let plan = ReplayPlan::make(args, selected).await?;
    if !plan.planned.iter().any(|planned| matches!(planned, Planned::Ready { .. })) {
        return Err(nothing(&plan));
    }
    if args.dry_run {
        let mut out = anstream::stdout().lock();
        for planned in &plan.planned {
            out.write_all(planned.shown().as_bytes())?;
        }
        return Ok(CommandOutcome::Fine);
    }
    confirm(args, globals, &plan)?;
    let mut replayer = Replayer::open(args, globals, &plan)?;
    // from here on Ctrl-C ends it with what is known; before, nothing was sent that could be told
    let mut signals = Signals::listen()?;
    match args.until_accepted {
        Some(limit) => until::accepted(args, limit, &plan, &mut replayer, &mut signals).await,
        None => send::all(args, globals, &plan, &mut replayer, &mut signals).await,
    }
}

/// Says of each exchange why it cannot be sent.
fn nothing(plan: &ReplayPlan) -> CommandError {
    /// More of them say the same again.
    const MOST: usize = 5;
    let mut error = CommandError::input(ReplayError::Nothing);
    let reasons = plan.planned.iter().filter_map(|planned| match planned {
        Planned::Held { why, .. } => Some(why),
        Planned::Ready { .. } => None,
    });
    for why in reasons.take(MOST) {
        error = error.hint(why.clone());
    }
    error.hint("name one alone to see what is missing: `wraptap replay 12`")
}

/// Shows what would take effect on another machine; without `--live` that is all.
fn confirm(args: &ReplayArgs, globals: &Globals, plan: &ReplayPlan) -> Result<(), CommandError> {
    let mut held = Vec::new();
    for planned in &plan.planned {
        if let Planned::Ready { outgoing, place, .. } = planned
            && !outgoing.is_safe()
            && !place.server.is_loopback()
        {
            if !globals.quiet {
                anstream::stderr().write_all(send_args::describe(outgoing, place).as_bytes())?;
            }
            if !args.sending.may_send(outgoing, place) {
                held.push(place.server.to_string());
            }
        }
    }
    match held.first() {
        None => Ok(()),
        Some(server) => {
            let error = ReplayError::TakesEffect { count: held.len(), server: server.clone() };
            Err(CommandError::input(error).hint("add `--live` to send it all the same").hint(
                "or try it on this machine first: `wraptap simulate`, then `--to http://127.0.0.1:8081`",
            ))
        }
    }
}

fn set(text: &str) -> Result<Edit, EditArgError> {
    edits::parse_set(text)
}

fn unset(text: &str) -> Result<Edit, EditArgError> {
    edits::parse_unset(text)
}

fn target(text: &str) -> Result<String, String> {
    let plain = text.starts_with('/') && text.bytes().all(|byte| byte > b' ' && byte != 0x7f);
    if plain { Ok(text.to_owned()) } else { Err("it starts with `/` and has no blanks".to_owned()) }
}

fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.parse().map_err(|_| "it is a number of requests a second".to_owned())?;
    if rate.is_finite() && rate >= 0.001 { Ok(rate) } else { Err("it is at least 0.001".to_owned()) }
}
