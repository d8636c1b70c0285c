//! `--until-accepted`: the same bytes again and again. If they are accepted in the end, it was the timing.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::args::{recording_arg, send_args};
use crate::command::replay::args::ReplayArgs;
use crate::command::replay::plan::{Planned, ReplayPlan};
use crate::command::replay::print;
use crate::command::replay::send::Replayer;
use crate::command::replay::timing_result::TimingResult;
use crate::command::terminal::signals::Signals;
use crate::command::{CommandOutcome, now};
use crate::error::CommandError;
use crate::model::exchange::{Exchange, Origin, Response};
use crate::replay::compare;
use crate::replay::prepare::{self, Changes, Outgoing, Place};
use crate::replay::rate;
use crate::replay::sender::Sender;
use crate::store::recording::Recording;

/// The message after Ctrl-C.
const ENDED: &str = "ended by the user";

/// A recorded read of what the request addresses, which shows its state.
struct StateWatch {
    exchange: Exchange,
    outgoing: Outgoing,
    before: Option<Value>,
}

/// The request that is sent again, with its pace.
struct TimedRequest<'a> {
    exchange: &'a Exchange,
    place: &'a Place,
    outgoing: &'a Outgoing,
    sender: &'a Sender,
    every: Duration,
    limit: Duration,
}

/// Sends the only exchange of the plan until it is accepted or the time is over, and prints the result.
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
    let every = args.every.unwrap_or(Duration::from_millis(if local { 250 } else { 1000 }));
    let request = TimedRequest { exchange, place, outgoing, sender, every, limit };
    let mut watches = Vec::new();
    for read in reads(exchange, recording)? {
        if let Ok(outgoing) = prepare::prepare(&read, place, bearer, &Changes::default()) {
            watches.push(StateWatch { exchange: read, outgoing, before: None });
        }
    }
    for watch in &mut watches {
        watch.before = state(replayer, watch, sender, place).await;
    }
    let mut result = TimingResult { watched: watches.len(), every, ..TimingResult::default() };
    request.send(replayer, signals, &mut result).await?;
    for watch in watches.iter().filter(|_| result.stopped.is_none()) {
        let now = state(replayer, watch, sender, place).await;
        if let (Some(before), Some(now)) = (&watch.before, &now) {
            let differences = compare::values(before, now);
            if !differences.is_empty() {
                result.changes.push((watch.exchange.request.path(), differences));
            }
        }
    }
    result.print(exchange.id, limit, args.format)?;
    Ok(if result.accepted.is_some() { CommandOutcome::Fine } else { CommandOutcome::Findings })
}

impl TimedRequest<'_> {
    /// Sends until the request is accepted, the time is over, or the user ends it.
    async fn send(
        &self,
        replayer: &mut Replayer,
        signals: &mut Signals,
        result: &mut TimingResult,
    ) -> Result<(), CommandError> {
        let start = Instant::now();
        loop {
            let sent_at = start.elapsed();
            let answered = tokio::select! {
                biased;
                answered = replayer.send(self.exchange, self.sender, self.place, self.outgoing) => answered,
                _ = signals.next() => {
                    result.stopped = Some(ENDED.to_owned());
                    return Ok(());
                }
            };
            let (sent, replayed) = answered.map_err(send_args::send_error)?;
            result.attempts += 1;
            result.status = sent.response.status;
            result.rule = print::simulated(&replayed.exchange);
            if (200..300).contains(&result.status) {
                result.accepted = Some(sent_at);
                return Ok(());
            }
            result.refused = Some(sent_at);
            let Some(wait) = self.wait(&sent.response, start.elapsed(), result) else { return Ok(()) };
            let next = (sent_at + self.every).max(start.elapsed() + wait.saturating_sub(self.every));
            if next > self.limit {
                return Ok(());
            }
            tokio::select! {
                () = tokio::time::sleep_until((start + next).into()) => {}
                _ = signals.next() => {
                    result.stopped = Some(ENDED.to_owned());
                    return Ok(());
                }
            }
        }
    }

    /// Returns the time to the next request; `None` if the server asks for a pause that is longer than the
    /// time left.
    fn wait(&self, response: &Response, elapsed: Duration, result: &mut TimingResult) -> Option<Duration> {
        let Some(asked) = rate::retry_after(response, now()) else { return Some(self.every) };
        if elapsed + asked > self.limit {
            result.stopped = Some(format!(
                "{} asks for a pause of {} s (Retry-After), longer than the time that is left",
                self.place.server,
                asked.as_secs()
            ));
            return None;
        }
        Some(self.every.max(asked))
    }
}

/// Returns the recorded reads of the addressed resource: accepted GETs of a path that its own path starts
/// with.
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
