//! Sending: in order, at the pace asked for, recorded as they are answered.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use crate::command::CommandOutcome;
use crate::command::args::{new_recording, recording_arg, send_args};
use crate::command::replay::args::ReplayArgs;
use crate::command::replay::plan::{Planned, ReplayPlan};
use crate::command::replay::print::{ReplayPrinter, ReplayResult};
use crate::command::replay::replayed::Replayed;
use crate::command::terminal::output;
use crate::command::terminal::progress;
use crate::command::terminal::signals::Signals;
use crate::config::Globals;
use crate::error::CommandError;
use crate::journal::{Journal, JournalError, JournalOptions};
use crate::model::exchange::{Body, Exchange, ExchangeId, Origin, Request, Timings};
use crate::model::passage::{Failure, FailureSource};
use crate::model::timestamp::{Timestamp, micros};
use crate::redact::Redactor;
use crate::replay::compare;
use crate::replay::prepare::{Outgoing, Place};
use crate::replay::rate::{self, SendRate};
use crate::replay::sender::{SendError, Sender, Sent};
use crate::store::locate;
use crate::store::writer::WriterError;

/// A server that asks for a longer pause ends the replay.
const LONGEST_WAIT: Duration = Duration::from_secs(180);
/// A progress bar is shown from this number of requests on.
const LONG: u64 = 12;

/// Sends, masks and records.
pub(super) struct Replayer {
    journal: Option<Journal>,
    redactor: Redactor,
    next: u64,
}

impl Replayer {
    /// Opens the recording for the new exchanges.
    pub(super) fn open(
        args: &ReplayArgs,
        globals: &Globals,
        plan: &ReplayPlan,
    ) -> Result<Self, CommandError> {
        let journal = if args.no_record { None } else { Some(journal(args, globals, &plan.recording)?) };
        Ok(Self { journal, redactor: recording_arg::redactor()?, next: 1 })
    }

    /// Returns where the new exchanges are recorded.
    pub(super) fn path(&self) -> Option<&Path> {
        self.journal.as_ref().map(Journal::path)
    }

    /// Sends one request and records what came of it.
    pub(super) async fn send(
        &mut self,
        exchange: &Exchange,
        sender: &Sender,
        place: &Place,
        outgoing: &Outgoing,
    ) -> Result<(Sent, Replayed), SendError> {
        let id = match &self.journal {
            Some(journal) => journal.next_id(),
            None => {
                self.next += 1;
                ExchangeId::new(self.next - 1).unwrap_or(exchange.id)
            }
        };
        let started_at = crate::command::now();
        let clock = Instant::now();
        let sent = sender.send(&place.server, outgoing).await;
        let total = micros(clock.elapsed());
        let run = self.journal.as_ref().map(|journal| journal.run().to_owned()).unwrap_or_default();
        let again = again(exchange, place, outgoing, (id, run, started_at));
        match sent {
            Ok(sent) => {
                let again = Exchange {
                    timings: sent.timings,
                    interim: sent.interim.clone(),
                    response: Some(sent.response.clone()),
                    ..again
                };
                let replayed = self.keep(again);
                Ok((sent, replayed))
            }
            Err(error) => {
                let failure = Failure { source: FailureSource::Upstream, message: error.to_string() };
                let timings = Timings { total, ..Timings::default() };
                self.keep(Exchange { timings, error: Some(failure), ..again });
                Err(error)
            }
        }
    }

    fn keep(&self, exchange: Exchange) -> Replayed {
        match &self.journal {
            Some(journal) => match journal.record(exchange) {
                Ok(masked) => Replayed { exchange: masked.exchange().clone(), recorded: true },
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "not recorded");
                    Replayed { exchange: error.exchange.exchange().clone(), recorded: false }
                }
            },
            None => Replayed { exchange: self.redactor.mask(exchange).into_exchange(), recorded: false },
        }
    }
}

/// Returns the new exchange as far as it is known before it is answered.
fn again(
    exchange: &Exchange,
    place: &Place,
    outgoing: &Outgoing,
    (id, run, started_at): (ExchangeId, String, Timestamp),
) -> Exchange {
    Exchange {
        run,
        started_at,
        recorder: env!("CARGO_PKG_VERSION").to_owned(),
        sdk: exchange.sdk.clone(),
        upstream: place.server.to_string(),
        ..Exchange::of(
            id,
            Origin::Replay,
            Request::of(
                outgoing.method.clone(),
                outgoing.target.clone(),
                outgoing.headers.clone(),
                Body::whole(outgoing.body.clone()),
            ),
        )
    }
}

/// Opens the recording that is continued; if another wraptap writes to it, a new one beside it.
fn journal(args: &ReplayArgs, globals: &Globals, source: &Path) -> Result<Journal, CommandError> {
    let again = "wraptap replay … -w";
    if let Some(path) = &args.write {
        return new_recording::open_journal(path, crate::redact::Rules::default(), again);
    }
    match Journal::open(source, JournalOptions::default()) {
        Err(JournalError::Writer(WriterError::Busy { .. })) => {
            let folder = source.parent().filter(|folder| !folder.as_os_str().is_empty());
            let path: PathBuf = locate::fresh(folder.unwrap_or(Path::new(".")), crate::command::now());
            if !globals.quiet {
                writeln!(
                    output::stderr(),
                    "{} is being recorded into; the new exchanges go to {}",
                    source.display(),
                    path.display()
                )?;
            }
            new_recording::open_journal(&path, crate::redact::Rules::default(), again)
        }
        Err(error) => Err(CommandError::machine(error)
            .hint(format!("use another file: `{again} FILE`"))
            .hint("or record nothing: `--no-record`")),
        Ok(journal) => Ok(journal),
    }
}

/// Sends everything that can be sent.
pub(super) async fn all(
    args: &ReplayArgs,
    globals: &Globals,
    plan: &ReplayPlan,
    replayer: &mut Replayer,
    signals: &mut Signals,
) -> Result<CommandOutcome, CommandError> {
    let pace = pace(args);
    let count = plan.planned.len() as u64 * u64::from(args.repeat);
    let mut round = Round {
        printer: ReplayPrinter::new(args.format, replayer.path()),
        bar: progress::bar(globals, count, LONG, "{bar:32} {pos}/{len}  {per_sec}  {eta} left"),
        left: count,
        rest_until: Instant::now(),
        failed: None,
    };
    let start = Instant::now();
    'all: for planned in &plan.planned {
        let Planned::Ready { exchange, place, outgoing, sender, .. } = planned else {
            if let Planned::Held { label, why, forbidden } = planned {
                round.bar.suspend(|| round.printer.held(label, why, *forbidden))?;
            }
            continue;
        };
        for _ in 0..args.repeat {
            let due = start + pace.due(count - round.left, plan.begins_at(), exchange.started_at);
            let answered = async {
                tokio::time::sleep_until(due.max(round.rest_until).into()).await;
                replayer.send(exchange, sender, place, outgoing).await
            };
            let answered = tokio::select! {
                biased;
                answered = answered => answered,
                _ = signals.next() => {
                    round.printer.note("ended by the user");
                    break 'all;
                }
            };
            round.left -= 1;
            let goes_on = match answered {
                Ok((sent, replayed)) => round.answered(exchange, outgoing, &sent, &replayed)?,
                Err(error) => round.unanswered(exchange, error)?,
            };
            if !goes_on {
                break 'all;
            }
            round.bar.inc(1);
        }
    }
    round.bar.finish_and_clear();
    round.printer.end(replayer.path())?;
    // of several, the others may have been answered
    match round.failed {
        Some(error) if error.is_unsent() || count == 1 => Err(send_args::send_error(error)),
        _ if round.printer.is_fine() => Ok(CommandOutcome::Fine),
        _ => Ok(CommandOutcome::Findings),
    }
}

fn pace(args: &ReplayArgs) -> SendRate {
    match (args.rate, args.original_pace) {
        (Some(rate), _) => SendRate::Rate(rate),
        (None, true) => SendRate::Recorded,
        (None, false) => SendRate::AtOnce,
    }
}

/// How far the sending is.
struct Round {
    printer: ReplayPrinter,
    bar: ProgressBar,
    /// How many requests are still to be sent.
    left: u64,
    /// The server asked for a pause until then.
    rest_until: Instant,
    failed: Option<SendError>,
}

impl Round {
    /// Takes an answer; returns whether the next request may be sent.
    fn answered(
        &mut self,
        exchange: &Exchange,
        outgoing: &Outgoing,
        sent: &Sent,
        replayed: &Replayed,
    ) -> Result<bool, CommandError> {
        let now = replayed.exchange.response.as_ref().unwrap_or(&sent.response);
        let (verdict, differences) = compare::answers(exchange.response.as_ref(), now);
        let result = ReplayResult { exchange, replayed, verdict, differences, notes: &outgoing.notes };
        self.bar.suspend(|| self.printer.answered(&result))?;
        if let Some(wait) = rate::retry_after(&sent.response, crate::command::now()) {
            if wait > LONGEST_WAIT && self.left > 0 {
                let (server, seconds) = (&replayed.exchange.upstream, wait.as_secs());
                self.printer
                    .note(&format!("stopped: {server} asks for a pause of {seconds} s (Retry-After)"));
                return Ok(false);
            }
            self.rest_until = Instant::now() + wait.min(LONGEST_WAIT);
        }
        Ok(true)
    }

    /// Takes an error; returns whether the next request may be sent.
    fn unanswered(&mut self, exchange: &Exchange, error: SendError) -> Result<bool, CommandError> {
        // where nothing was sent, the next one would fail as well
        let goes_on = !error.is_unsent();
        if goes_on {
            self.bar.suspend(|| self.printer.held(&exchange.id.to_string(), &error.to_string(), false))?;
        }
        self.failed = Some(error);
        Ok(goes_on)
    }
}
