//! `--until-accepted`: the same bytes again and again. If they are accepted in the end, it was the timing.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::command::CommandOutcome;
use crate::command::args::{recording_arg, send_args};
use crate::command::replay::args::ReplayArgs;
use crate::command::replay::plan::{Planned, ReplayPlan};
use crate::command::replay::print;
use crate::command::replay::send::Replayer;
use crate::command::terminal::signals::Signals;
use crate::command::terminal::{self, OutputFormat};
use crate::error::CommandError;
use crate::model::exchange::{Exchange, Origin};
use crate::replay::compare::{self, Difference};
use crate::replay::prepare::{self, Changes, Outgoing, Place};
use crate::replay::rate;
use crate::replay::sender::Sender;
use crate::report::safe;
use crate::store::recording::Recording;

/// What is said after Ctrl-C.
const ENDED: &str = "ended by the user";

/// A recorded read of what the request addresses, which shows its state.
struct StateWatch {
    exchange: Exchange,
    outgoing: Outgoing,
    before: Option<Value>,
}

/// What came of it.
struct TimingResult {
    accepted: Option<Duration>,
    /// When it was last refused.
    refused: Option<Duration>,
    attempts: u64,
    status: u16,
    rule: Option<String>,
    stopped: Option<String>,
    changes: Vec<(String, Vec<Difference>)>,
    watched: usize,
}

pub(super) async fn accepted(
    args: &ReplayArgs,
    limit: Duration,
    plan: &ReplayPlan,
    replayer: &mut Replayer,
    signals: &mut Signals,
) -> Result<CommandOutcome, CommandError> {
    let Some(Planned::Ready { exchange, place, outgoing, sender, bearer, recording }) = plan.planned.first()
    else {
        return Ok(CommandOutcome::Findings);
    };
    let local = place.server.is_loopback();
    let every = args.every.unwrap_or(Duration::from_millis(if local { 100 } else { 1000 }));
    let mut watches = Vec::new();
    for read in reads(exchange, recording)? {
        if let Ok(outgoing) = prepare::prepare(&read, place, bearer, &Changes::default()) {
            watches.push(StateWatch { exchange: read, outgoing, before: None });
        }
    }
    for watch in &mut watches {
        watch.before = state(replayer, watch, sender, place).await;
    }
    let mut told = TimingResult {
        accepted: None,
        refused: None,
        attempts: 0,
        status: 0,
        rule: None,
        stopped: None,
        changes: Vec::new(),
        watched: watches.len(),
    };
    let start = Instant::now();
    loop {
        let sent_at = start.elapsed();
        let answered = tokio::select! {
            biased;
            answered = replayer.send(exchange, sender, place, outgoing) => answered,
            _ = signals.next() => {
                told.stopped = Some(ENDED.to_owned());
                break;
            }
        };
        let (sent, replayed) = answered.map_err(send_args::send_error)?;
        told.attempts += 1;
        told.status = sent.response.status;
        told.rule = print::simulated(&replayed.exchange);
        if (200..300).contains(&told.status) {
            told.accepted = Some(sent_at);
            break;
        }
        told.refused = Some(sent_at);
        let mut wait = every;
        if let Some(asked) = rate::retry_after(&sent.response, crate::command::now()) {
            if start.elapsed() + asked > limit {
                told.stopped = Some(format!(
                    "{} asks for a pause of {} s (Retry-After), longer than the time that is left",
                    place.server,
                    asked.as_secs()
                ));
                break;
            }
            wait = wait.max(asked);
        }
        let next = (sent_at + every).max(start.elapsed() + wait.saturating_sub(every));
        if next > limit {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep_until((start + next).into()) => {}
            _ = signals.next() => {
                told.stopped = Some(ENDED.to_owned());
                break;
            }
        }
    }
    for watch in watches.iter().filter(|_| told.stopped.is_none()) {
        let now = state(replayer, watch, sender, place).await;
        if let (Some(before), Some(now)) = (&watch.before, &now) {
            let differences = compare::values(before, now);
            if !differences.is_empty() {
                told.changes.push((watch.exchange.request.path(), differences));
            }
        }
    }
    print(args, limit, exchange, &told)?;
    Ok(if told.accepted.is_some() { CommandOutcome::Fine } else { CommandOutcome::Findings })
}

/// Returns the recorded reads of the addressed resource: accepted GETs of a path that its own path starts with.
fn reads(exchange: &Exchange, recording: &std::path::Path) -> Result<Vec<Exchange>, CommandError> {
    /// Maximum number of resources that are watched.
    const MOST: usize = 4;
    let path = exchange.request.path();
    let mut found: Vec<Exchange> = Vec::new();
    let redactor = recording_arg::redactor()?;
    for read in Recording::open(recording).map_err(recording_arg::read_error)? {
        let read = match read {
            Ok(read) => read,
            Err(error) if error.is_one_line() => continue,
            Err(error) => return Err(recording_arg::read_error(error)),
        };
        let own = read.request.path();
        let above =
            path.strip_prefix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let useful = read.request.method.as_bytes() == b"GET"
            && read.is_accepted()
            && matches!(read.origin, Origin::Live | Origin::Import)
            && above
            && own.split('/').any(crate::model::operation::is_id);
        if useful {
            found.retain(|known| known.request.path() != own);
            found.push(redactor.mask(read).into_exchange());
        }
    }
    found.truncate(MOST);
    Ok(found)
}

async fn state(replayer: &mut Replayer, watch: &StateWatch, sender: &Sender, place: &Place) -> Option<Value> {
    let (sent, _) = replayer.send(&watch.exchange, sender, place, &watch.outgoing).await.ok()?;
    serde_json::from_slice(&sent.response.body.bytes).ok().filter(|_| sent.response.status == 200)
}

fn print(
    args: &ReplayArgs,
    limit: Duration,
    exchange: &Exchange,
    told: &TimingResult,
) -> std::io::Result<()> {
    let seconds = |duration: Duration| format!("{:.1} s", duration.as_secs_f64());
    let changes: Vec<Value> = told
        .changes
        .iter()
        .flat_map(|(path, differences)| {
            differences.iter().map(move |difference| {
                json!({ "path": path, "place": difference.place, "before": difference.recorded, "after": difference.now })
            })
        })
        .collect();
    let mut out = anstream::stdout().lock();
    if args.format == OutputFormat::Json {
        let milliseconds = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let document = terminal::document(json!({
            "id": exchange.id.get(),
            "accepted": told.accepted.is_some(),
            "after_milliseconds": told.accepted.map(milliseconds),
            "last_refused_after_milliseconds": told.refused.map(milliseconds),
            "sent": told.attempts,
            "status": told.status,
            "simulator_rule": told.rule,
            "state_changes": changes,
            "stopped": told.stopped,
        }));
        return out.write_all(document.as_bytes());
    }
    let by = told
        .rule
        .as_ref()
        .map(|rule| format!(", by simulator rule {}", safe::line(rule)))
        .unwrap_or_default();
    match (told.accepted, told.refused) {
        (Some(_), None) => {
            writeln!(out, "accepted at once ({}{by}): the timing is not the cause any more", told.status)?;
        }
        (Some(after), Some(refused)) => writeln!(
            out,
            "accepted after {} ({}, sent {} times, last refused after {}{by}): the same bytes, so it was the timing",
            seconds(after),
            told.status,
            told.attempts,
            seconds(refused)
        )?,
        (None, _) => match &told.stopped {
            Some(why) => writeln!(
                out,
                "stopped: {} (sent {} times, last response {}{by})",
                safe::line(why),
                told.attempts,
                told.status
            )?,
            None => writeln!(
                out,
                "not accepted in {} (sent {} times, last response {}{by}): the timing alone is not the cause",
                seconds(limit),
                told.attempts,
                told.status
            )?,
        },
    }
    for (path, differences) in &told.changes {
        writeln!(out, "meanwhile {} changed:", safe::line(path))?;
        for difference in differences {
            let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
            writeln!(
                out,
                "  {}: {} -> {}",
                difference.place,
                shown(&difference.recorded),
                shown(&difference.now)
            )?;
        }
    }
    if told.watched == 0 {
        writeln!(out, "no GET of the addressed resource was recorded, so its state was not watched")?;
    } else if told.changes.is_empty() && told.stopped.is_none() {
        writeln!(out, "nothing else changed in the recorded state of the resource")?;
    }
    Ok(())
}
