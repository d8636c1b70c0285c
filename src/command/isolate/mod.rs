//! `isolate`: the smallest set of differences that makes a request refused, found by sending variants.

pub(crate) mod args;
mod print;
mod requests;
mod target;

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::api::error_body;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::args::send_args::{self, Unsendable};
use crate::command::args::{known_good, operation_arg};
use crate::command::isolate::args::IsolateArgs;
use crate::command::isolate::requests::RequestPair;
use crate::command::isolate::target::IsolationTarget;
use crate::command::terminal::signals::Signals;
use crate::command::{CommandOutcome, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::model::exchange::Response;
use crate::model::known_good::KnownGoodOrigin;
use crate::replay::isolate::edit_script::EditScript;
use crate::replay::isolate::session::{Answer, End, NextStep, Purpose, Session, SessionRules};
use crate::replay::prepare::{self, Changes};
use crate::replay::rate;
use crate::report::safe;
use crate::simulator::rule::RULE_HEADER;

pub(crate) fn run(args: &IsolateArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let candidate = payload_arg::read(&args.candidate, globals)?;
    let good = known_good_for(&candidate, args, globals)?;
    let pair = RequestPair::of(args, &candidate, &good)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(isolate(args, globals, pair))
}

#[derive(Debug, thiserror::Error)]
enum GoodError {
    #[error("{0} is an example of the shape: its values are invented, and isolate never sends them")]
    Example(String),
    #[error("there is nothing to compare with: {0}")]
    NoneFound(String),
}

/// Returns the request that is accepted: the one the user named, else the most similar one that is known.
fn known_good_for(
    candidate: &PayloadArg,
    args: &IsolateArgs,
    globals: &Globals,
) -> Result<PayloadArg, CommandError> {
    if let Some(text) = &args.good {
        let good = payload_arg::read_good(text, globals)?;
        if good.origin != KnownGoodOrigin::Embedded {
            return Ok(good);
        }
        return Err(CommandError::input(GoodError::Example(good.name))
            .hint(format!("put your own values into it: `wraptap baseline show {}`", safe::line(text))));
    }
    let named = args.operation.as_deref().map(operation_arg::request).transpose()?;
    let request = named.map_or_else(|| candidate.request.clone(), |named| Some(named.with(candidate)));
    let reason = match request {
        None => "which operation the body is sent to is not known".to_owned(),
        Some(request) => {
            let found = known_good::find(candidate, &request, &[], globals)?;
            if let Some(good) = found.good {
                terminal::inform(globals, &format!("compared with {}: {}", good.name, found.pairing.reason))?;
                return Ok(good);
            }
            found.pairing.reason
        }
    };
    Err(CommandError::input(GoodError::NoneFound(reason))
        .hint("name what is accepted: `wraptap isolate CANDIDATE GOOD`")
        .hint("or keep one: `wraptap baseline add REF`"))
}

async fn isolate(
    args: &IsolateArgs,
    globals: &Globals,
    pair: RequestPair,
) -> Result<CommandOutcome, CommandError> {
    let script = EditScript::new(&pair.good, &pair.candidate);
    let target = IsolationTarget::choose(args, globals, &pair, &script).await?;
    // from here on Ctrl-C ends it with what is known
    let mut signals = Signals::listen()?;
    let rules = SessionRules { cap: args.cap.into(), stateless: target.is_built_in() };
    let mut session = Session::new(script, rules);
    let bar = bar(globals, args.cap);
    let mut failed = None;
    let end = loop {
        let (purpose, set, request) = match session.step() {
            NextStep::End(end) => break end,
            NextStep::Send(purpose, set, request) => (purpose, set, request),
        };
        let sent = async {
            let mut exchange = pair.exchange.clone();
            exchange.request = *request;
            if let Some(command) = &args.prepare {
                match target::prepared(command, &exchange.request).await {
                    Ok(fresh) => exchange.request.target = fresh,
                    Err(why) => return Ok(Err(why)),
                }
            }
            let changes = Changes { headers: args.sending.headers.clone(), ..Changes::default() };
            let outgoing =
                prepare::prepare(&exchange, &target.place, &target.bearer, &changes).map_err(|blockers| {
                    CommandError::input(Unsendable { label: pair.name.clone(), blockers }).hint(
                        "isolate also takes bodies: write the complete body into a file and name that file",
                    )
                })?;
            match target.sender.send(&target.place.server, &outgoing).await {
                Ok(sent) => Ok(Ok(sent.response)),
                Err(error) => Err(send_args::send_error(error)),
            }
        };
        let response = tokio::select! {
            biased;
            sent = sent => sent,
            _ = signals.next() => break End::Stopped("ended by the user".to_owned()),
        };
        let response = match response {
            Ok(Ok(response)) => response,
            Ok(Err(why)) => break End::Stopped(why),
            Err(error) => {
                failed = Some(error);
                break End::Stopped("the last request was not answered".to_owned());
            }
        };
        let refused_like = session.tried.first().map(|tried| tried.answer.status);
        let stop = stopping(&response, purpose, refused_like);
        session.answered(purpose, set, answer(&response));
        bar.inc(1);
        if let Some(why) = stop {
            break End::Stopped(why);
        }
    };
    bar.finish_and_clear();
    if session.tried.is_empty()
        && let Some(error) = failed
    {
        return Err(error);
    }
    print::print(args.format, &session, &end, &target, &pair)?;
    match failed {
        Some(error) => Err(error),
        None if end == End::Isolated => Ok(CommandOutcome::Fine),
        None => Ok(CommandOutcome::Findings),
    }
}

/// Returns why the search must stop: the response says nothing about the request, or the server asks for a
/// pause.
fn stopping(response: &Response, purpose: Purpose, refused_like: Option<u16>) -> Option<String> {
    if let Some(wait) = rate::retry_after(response, crate::command::now()) {
        return Some(format!(
            "the server asks for a pause of {} s (Retry-After, {})",
            wait.as_secs(),
            response.status
        ));
    }
    // a server may fail because of the body: then it also failed for the candidate
    let known = purpose == Purpose::Candidate || refused_like == Some(response.status);
    match response.status {
        300..400 => Some(format!("the server redirects ({})", response.status)),
        429 => Some("the server refuses further requests for now (429)".to_owned()),
        500.. if !known => Some(format!("the server failed ({})", response.status)),
        _ => None,
    }
}

fn answer(response: &Response) -> Answer {
    let code = (response.status >= 400).then(|| error_body::decode(response).code).flatten();
    let rule = response.headers.get(RULE_HEADER).map(|value| value.lossy().into_owned());
    Answer { status: response.status, code, rule }
}

fn bar(globals: &Globals, cap: u16) -> ProgressBar {
    let shown = !globals.quiet && std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(cap.into()), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos} of at most {len} sent") {
        bar.set_style(style);
    }
    bar
}
