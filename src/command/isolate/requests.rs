//! Builds the two complete requests from the arguments.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::baselines::embedded;
use crate::command::args::operation_arg;
use crate::command::args::payload_arg::PayloadArg;
use crate::command::isolate::args::IsolateArgs;
use crate::error::CommandError;
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

/// Returns the operation of the embedded baseline that shares most members with a body.
fn nearest(body: &[u8]) -> Option<String> {
    let own = places(&serde_json::from_slice(body).ok()?);
    let likeness = |body: &str| {
        let other = places(&serde_json::from_str(body).unwrap_or_default());
        let shared = own.intersection(&other).count();
        // in thousandths, so that it can be ordered
        (shared > 0).then(|| shared * 1000 / own.union(&other).count())
    };
    let mut best: Option<(usize, String)> = None;
    for baseline in embedded::all() {
        // of equally similar ones the first of the list
        if let Some(like) = likeness(&baseline.body)
            && best.as_ref().is_none_or(|(known, _)| like > *known)
        {
            best = Some((like, baseline.operation.to_string()));
        }
    }
    best.map(|(_, operation)| operation)
}

fn places(value: &Value) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        if let Value::Object(members) = value {
            for (key, value) in members {
                let place = format!("{at}/{key}");
                places.insert(place.clone());
                open.push((place, value));
            }
        }
    }
    places
}

fn empty(request: Request) -> Exchange {
    Exchange::of(ExchangeId(std::num::NonZeroU64::MIN), Origin::Replay, request)
}
