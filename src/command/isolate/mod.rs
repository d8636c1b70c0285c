//! `isolate`: the smallest set of differences that makes a request refused, found by sending variants.

pub(crate) mod args;
mod print;
mod requests;
mod target;

use crate::api::error_body;
use crate::command::args::payload_arg::{self, PayloadArg};
use crate::command::args::{known_good, operation_arg};
use crate::command::isolate::args::IsolateArgs;
use crate::command::isolate::requests::RequestPair;
use crate::command::isolate::target::{IsolationTarget, SendFailure};
use crate::command::terminal::signals::Signals;
use crate::command::terminal::{OutputFormat, progress};
use crate::command::{self, CommandOutcome, terminal};
use crate::config::Globals;
use crate::error::CommandError;
use crate::model::exchange::{Request, Response};
use crate::model::known_good::KnownGoodOrigin;
use crate::replay::isolate::differences::Differences;
use crate::replay::isolate::search::{self, SearchRules};
use crate::replay::isolate::session::{Answer, End, Session};
use crate::replay::rate;
use crate::report::safe;
use crate::simulator::rule::RULE_HEADER;

pub(crate) fn run(args: &IsolateArgs, globals: &Globals) -> Result<CommandOutcome, CommandError> {
    let candidate = payload_arg::read_to_send(&args.candidate, globals)?;
    let good = known_good_for(&candidate, args, globals)?;
    let pair = RequestPair::new(args, &candidate, &good)?;
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
    let differences = Differences::new(&pair.good, &pair.candidate);
    let target = IsolationTarget::choose(args, globals, &pair, &differences).await?;
    // from here on Ctrl-C ends it with what is known
    let mut signals = Signals::listen()?;
    let rules = SearchRules { cap: args.cap.into(), stateless: target.is_built_in() };
    let mut session = Session::new(differences);
    let bar = progress::bar(globals, args.cap.into(), 0, "{bar:32} {pos} of at most {len} sent");
    let mut failed = None;
    let mut candidate_status = None;
    let send = async |request: Request| {
        let sent = tokio::select! {
            biased;
            sent = target.send(request, &pair, args) => sent,
            _ = signals.next() => return Err("ended by the user".to_owned()),
        };
        bar.inc(1);
        match sent {
            Ok(response) => Ok(answer(&response, *candidate_status.get_or_insert(response.status))),
            Err(SendFailure::Prepare(why)) => Err(why),
            Err(SendFailure::Send(error)) => {
                failed = Some(error);
                Err("the last request was not answered".to_owned())
            }
        }
    };
    let end = search::run(&mut session, rules, send).await;
    bar.finish_and_clear();
    if let Some(error) = failed.take_if(|_| session.tried.is_empty()) {
        return Err(error);
    }
    let text = print::render(args.format, &session, &end, &target, &pair);
    terminal::write(&match args.format {
        OutputFormat::Text => command::hints(globals).complete(&text),
        OutputFormat::Json => text,
    })?;
    match failed {
        Some(error) => Err(error),
        None if end == End::Isolated => Ok(CommandOutcome::Fine),
        None => Ok(CommandOutcome::Findings),
    }
}

/// Returns why the search must stop: the response says nothing about the request, or the server asks for a
/// pause. A server may fail because of the body: then it also failed for the candidate.
fn stopping(response: &Response, candidate_status: u16) -> Option<String> {
    if let Some(wait) = rate::retry_after(response, crate::command::now()) {
        let (seconds, status) = (wait.as_secs(), response.status);
        return Some(format!("the server asks for a pause of {seconds} s (Retry-After, {status})"));
    }
    match response.status {
        300..400 => Some(format!("the server redirects ({})", response.status)),
        429 => Some("the server refuses further requests for now (429)".to_owned()),
        500.. if response.status != candidate_status => {
            Some(format!("the server failed ({})", response.status))
        }
        _ => None,
    }
}

fn answer(response: &Response, candidate_status: u16) -> Answer {
    let code = (response.status >= 400).then(|| error_body::decode(response).code).flatten();
    let rule = response.headers.get(RULE_HEADER).map(|value| value.lossy().into_owned());
    Answer { status: response.status, code, rule, stop: stopping(response, candidate_status) }
}
