//! `replay`: sends recorded requests again and compares the new answers with the recorded ones.

pub(crate) mod args;
mod fixed;
mod plan;
mod print;
mod replayed;
mod send;
mod timing_result;
mod until;

use std::io::Write;
use std::path::PathBuf;

use crate::command::CommandOutcome;
use crate::command::args::exchange_arg;
use crate::command::args::send_args;
use crate::command::replay::args::ReplayArgs;
use crate::command::replay::plan::{Planned, ReplayPlan};
use crate::command::replay::send::Replayer;
use crate::command::terminal::output;
use crate::command::terminal::signals::Signals;
use crate::config::Globals;
use crate::error::CommandError;
use crate::simulator::{self, Settings, SimulatorOptions};

#[derive(Debug, thiserror::Error)]
enum ReplayError {
    #[error("`--until-accepted` takes one exchange, but {0} are named")]
    Several(usize),
    #[error("{count} of the requests {would} take effect at {server}, and `--live` is not given", would = if *.count == 1 { "would" } else { "would each" })]
    TakesEffect { count: usize, server: String },
    #[error("none of the exchanges can be sent again")]
    Nothing,
}

pub(crate) fn run(args: &ReplayArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let selected = exchange_arg::select(&args.references, args.query.as_deref(), globals)?;
    let selected: Vec<_> =
        selected.into_iter().map(|(path, masked)| (path, masked.into_exchange())).collect();
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
    let mut args = args.clone();
    // it ends with this function
    let simulator = match args.sending.to.as_deref() {
        Some(send_args::SIMULATOR) => {
            let settings = Settings { fresh: true, ..Settings::default() };
            let options = SimulatorOptions { settings, ..SimulatorOptions::default() };
            Some(simulator::serve(options).await.map_err(CommandError::machine)?)
        }
        _ => None,
    };
    if let Some(simulator) = &simulator {
        args.sending.to = Some(simulator.url());
    }
    let args = &args;
    let plan = ReplayPlan::make(args, selected).await?;
    if !plan.planned.iter().any(|planned| matches!(planned, Planned::Ready { .. })) {
        return Err(nothing(&plan));
    }
    if args.dry_run {
        let mut out = output::stdout();
        for planned in &plan.planned {
            out.write_all(planned.shown().as_bytes())?;
        }
        return Ok(CommandOutcome::Fine);
    }
    confirm(args, globals, &plan)?;
    let mut replayer = Replayer::open(args, globals, &plan)?;
    // from here on Ctrl-C ends it with a report; before, nothing was sent
    let mut signals = Signals::listen()?;
    match args.until_accepted {
        Some(limit) => until::accepted(args, limit, &plan, &mut replayer, &mut signals).await,
        None => send::all(args, globals, &plan, &mut replayer, &mut signals).await,
    }
}

/// Says of each exchange why it cannot be sent.
fn nothing(plan: &ReplayPlan) -> CommandError {
    /// Maximum number of reasons that are listed.
    const MOST: usize = 5;
    let mut error = CommandError::input(ReplayError::Nothing);
    let reasons = plan.planned.iter().filter_map(|planned| match planned {
        Planned::Held { why, .. } => Some(why),
        Planned::Ready { .. } => None,
    });
    for why in reasons.take(MOST) {
        error = error.hint(why.clone());
    }
    error.hint("name a single exchange to see what is missing: `wraptap replay 12`")
}

/// Shows what would take effect on another machine; without `--live` it is an error.
fn confirm(args: &ReplayArgs, globals: &Globals, plan: &ReplayPlan) -> Result<(), CommandError> {
    let mut held = Vec::new();
    for planned in &plan.planned {
        if let Planned::Ready { outgoing, place, .. } = planned
            && !outgoing.is_safe()
            && !place.server.is_loopback()
        {
            if !globals.quiet {
                output::stderr().write_all(send_args::describe(outgoing, place).as_bytes())?;
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
            Err(CommandError::input(error)
                .hint("add `--live` to send it anyway")
                .hint("or try it on this machine first: `--to simulator`"))
        }
    }
}
