//! Builds the two complete requests from the arguments.

use crate::baselines::embedded;
use crate::command::args::operation_arg;
use crate::command::args::payload_arg::PayloadArg;
use crate::command::isolate::args::IsolateArgs;
use crate::diagnose::likeness::Keys;
use crate::error::CommandError;
use crate::model::baseline::Baseline;
use crate::model::exchange::{Body, Exchange, ExchangeId, Origin, Request};
use crate::replay::prepare::{self, ChosenBy};

/// The two requests, alike in everything that the user did not give.
pub(super) struct RequestPair {
    pub(super) candidate: Request,
    pub(super) good: Request,
    /// How the candidate is named.
    pub(super) name: String,
    /// What the requests are sent as part of: upstream and the like.
    pub(super) exchange: Exchange,
    /// The ids in the path are made up: only the built-in simulator, which accepts any, can be asked.
    pub(super) made_up: bool,
    /// What was assumed, for the user.
    pub(super) assumed: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum RequestError {
    #[error("bodies do not name their operation, and no known operation has a body like the good one")]
    Unknown,
}

impl RequestPair {
    /// Builds both requests: a bare body gets the head of the other side, two bodies get that of the
    /// operation.
    pub(super) fn new(
        args: &IsolateArgs,
        candidate: &PayloadArg,
        good: &PayloadArg,
    ) -> Result<Self, CommandError> {
        let (mut own, mut other) = (request_of(candidate), request_of(good));
        let (mut made_up, mut assumed) = (false, None);
        if let Some(text) = &args.operation {
            let named = operation_arg::request(text)?;
            made_up = named.has_made_up_ids;
            let with = |known: &Option<Request>| Request {
                method: named.request.method.clone(),
                target: named.request.target.clone(),
                ..known.clone().unwrap_or_else(|| named.request.clone())
            };
            (own, other) = (Some(with(&own)), Some(with(&other)));
        }
        let (own, other) = match (own, other) {
            (Some(own), Some(other)) => (own, other),
            (Some(own), None) => (own.clone(), own),
            (None, Some(other)) => (other.clone(), other),
            (None, None) => {
                let operation = nearest(&good.body).ok_or_else(|| {
                    CommandError::input(RequestError::Unknown)
                        .hint("name it: `--operation 'PUT /api/v2/interactions/{id}/wrap-up'`")
                })?;
                assumed = Some(format!(
                    "sent as {operation}, the known operation whose body is most like the good one (`--operation` names another)"
                ));
                let named = operation_arg::request(&operation)?;
                made_up = named.has_made_up_ids;
                (named.request.clone(), named.request)
            }
        };
        let exchange = match candidate.exchange.as_ref().or(good.exchange.as_ref()) {
            Some((_, exchange)) => Exchange { changed: Vec::new(), ..(**exchange).clone() },
            None => empty(own.clone()),
        };
        Ok(Self {
            candidate: with_body(own, candidate),
            good: with_body(other, good),
            name: candidate.name.clone(),
            exchange,
            made_up,
            assumed,
        })
    }
}

fn request_of(subject: &PayloadArg) -> Option<Request> {
    let mut request = subject.request.clone()?;
    if let Some((_, exchange)) = &subject.exchange {
        request.target = prepare::target_of(exchange, ChosenBy::User);
    }
    Some(request)
}

fn with_body(mut request: Request, subject: &PayloadArg) -> Request {
    if subject.request.is_none() {
        request.body = Body::whole(subject.body.clone());
        request.headers.0.retain(|header| !header.name.eq_ignore_case("content-encoding"));
    }
    request
}

/// Returns the operation of the embedded baseline that is most like a body, of equally similar ones the
/// first.
fn nearest(body: &[u8]) -> Option<String> {
    let own = Keys::from_body(body);
    let rank = |baseline: Baseline| {
        let keys = Keys::from_body(baseline.body.as_bytes());
        own.overlap(&keys).then(|| (own.share(&keys), baseline.operation.to_string()))
    };
    let ranked = embedded::all().into_iter().rev().filter_map(rank);
    ranked.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, operation)| operation)
}

fn empty(request: Request) -> Exchange {
    Exchange::of(ExchangeId(std::num::NonZeroU64::MIN), Origin::Replay, request)
}
