//! Evaluates a query with what is known of an exchange so far.

use std::borrow::Cow;

use crate::model::class::Class;
use crate::model::coding;
use crate::model::exchange::{Exchange, Headers, Origin, path_of};
use crate::model::timestamp::Timestamp;
use crate::model::verdict::Cause;
use crate::query::Query;
use crate::query::needle::Needle;
use crate::query::term::Test;
use crate::query::value::ExchangeState;

/// Decoded bytes of a body that are searched.
const SEARCHED: usize = 64 << 20;

/// What a row of a list shows; secrets are masked.
pub trait RowFacts {
    /// The number of the exchange.
    fn id(&self) -> u64;
    /// When it began.
    fn started_at(&self) -> Option<Timestamp>;
    /// The request's method.
    fn method(&self) -> &str;
    /// The request-target.
    fn target(&self) -> &str;
    /// Method and template, `POST /api/v2/conversations/calls`.
    fn operation(&self) -> Cow<'_, str>;
    /// The client's short name; empty if it is not known.
    fn client(&self) -> &str;
    /// `live`, `probe`, `replay`, `import`.
    fn origin(&self) -> &str;
    /// The response's status.
    fn status(&self) -> Option<u16>;
    /// Why the exchange is not complete.
    fn failure(&self) -> Option<Cow<'_, str>>;
    /// Whether it is a client's hidden retry.
    fn is_retry(&self) -> bool;
    /// The id that the vendor's support asks for, if the row has it.
    fn correlation(&self) -> Option<&str> {
        None
    }
    /// The cause in words, where a row shows it.
    fn cause(&self) -> Option<Cow<'_, str>> {
        None
    }
}

/// Why an exchange was refused.
#[derive(Clone, Debug, Default)]
pub struct RefusalFacts {
    /// `None` without a verdict.
    pub cause: Option<Cause>,
    /// The classes of its findings.
    pub classes: Vec<Class>,
}

/// What is known of an exchange.
#[derive(Debug)]
pub struct QueryFacts<'a, R> {
    /// What a row shows.
    pub row: &'a R,
    /// Its line in the recording, if that is at hand.
    pub line: Option<&'a [u8]>,
    /// The exchange, masked, if it was read.
    pub exchange: Option<&'a Exchange>,
    /// Why it was refused, if it was judged.
    pub refusal: Option<&'a RefusalFacts>,
}

impl Query {
    /// Returns whether the exchange is meant; `None` if that needs what is not known yet: the exchange, or
    /// behind it the verdict.
    pub fn evaluate<R: RowFacts>(&self, facts: &QueryFacts<'_, R>) -> Option<bool> {
        let mut open = false;
        for term in &self.terms {
            match facts.test(&term.test) {
                Some(result) if result != term.wanted => return Some(false),
                Some(_) => {}
                None => open = true,
            }
        }
        (!open).then_some(true)
    }
}

impl<R: RowFacts> QueryFacts<'_, R> {
    fn test(&self, test: &Test) -> Option<bool> {
        let row = self.row;
        let known = match test {
            Test::Status(sets) => sets.iter().any(|set| set.holds(row.status())),
            Test::State(state) => is_in_state(row, *state),
            Test::Method(methods) => methods.iter().any(|method| method.eq_ignore_ascii_case(row.method())),
            Test::Origin(origins) => {
                origins.iter().map(|origin| Origin::name(*origin)).any(|name| name == row.origin())
            }
            Test::Number(first, last) => (*first..=*last).contains(&row.id()),
            Test::Sdk(names) => names.iter().any(|name| is_client(name, row.client())),
            Test::Path(glob) => glob.matches(path_of(row.target())),
            Test::Since(point) => row.started_at().is_some_and(|started| started >= *point),
            Test::Operation(needle) => needle.is_in(row.operation().as_bytes()),
            Test::Id(needle) => {
                needle.is_in(row.target().as_bytes()) || self.content(needle, |it| in_bodies(it, needle))?
            }
            Test::Word(needle, status) => {
                status.is_some_and(|set| set.holds(row.status()))
                    || in_row(row, needle)
                    || self.content(needle, |it| in_headers(it, needle) || in_bodies(it, needle))?
            }
            Test::Header(name, value) => self
                .content(value.as_ref().unwrap_or(name), |it| has_header(it, name.text(), value.as_ref()))?,
            Test::Correlation(needle) if row.correlation().is_some_and(|id| needle.is_in(id.as_bytes())) => {
                true
            }
            Test::Correlation(needle) => self.content(needle, |it| has_correlation(it, needle))?,
            Test::Body(needle) => self.content(needle, |it| in_bodies(it, needle))?,
            Test::Cause(_) | Test::Finding(_) if row.status().is_none_or(|status| status < 400) => false,
            Test::Cause(causes) => {
                let refusal = self.refusal?;
                refusal.cause.is_some_and(|cause| causes.contains(&cause))
            }
            Test::Finding(classes) => {
                let refusal = self.refusal?;
                classes.iter().any(|class| refusal.classes.contains(class))
            }
        };
        Some(known)
    }

    /// Searches the exchange. One that was not read is passed over where its line cannot hold the text.
    fn content(&self, needle: &Needle, holds: impl FnOnce(&Exchange) -> bool) -> Option<bool> {
        match (self.exchange, self.line) {
            (Some(exchange), _) => Some(holds(exchange)),
            (None, Some(line)) if !needle.may_be_on(line) => Some(false),
            _ => None,
        }
    }
}

fn is_in_state(row: &impl RowFacts, state: ExchangeState) -> bool {
    let status = row.status();
    match state {
        ExchangeState::Refused => status.is_some_and(|status| status >= 400),
        ExchangeState::Accepted => {
            row.failure().is_none() && status.is_some_and(|status| (200..300).contains(&status))
        }
        ExchangeState::Failed => row.failure().is_some() || status.is_none(),
        ExchangeState::Retry => row.is_retry(),
    }
}

fn is_client(name: &str, client: &str) -> bool {
    name.eq_ignore_ascii_case(client) || name == "none" && client.is_empty()
}

fn in_row(row: &impl RowFacts, needle: &Needle) -> bool {
    let holds = |text: &str| needle.is_in(text.as_bytes());
    holds(row.target())
        || holds(row.method())
        || holds(row.client())
        || holds(row.origin())
        || holds(&row.operation())
        || row.correlation().is_some_and(holds)
        || row.cause().is_some_and(|cause| holds(&cause))
        || row.failure().is_some_and(|failure| holds(&failure))
}

/// The header lines of an exchange, trailers included.
fn header_blocks(exchange: &Exchange) -> impl Iterator<Item = &Headers> {
    let response = exchange.response.iter().flat_map(|response| [&response.headers, &response.trailers]);
    [&exchange.request.headers, &exchange.request.trailers].into_iter().chain(response)
}

fn has_header(exchange: &Exchange, name: &str, value: Option<&Needle>) -> bool {
    let mut lines = header_blocks(exchange).flat_map(|block| block.all(name));
    match value {
        Some(needle) => lines.any(|line| needle.is_in(line.as_bytes())),
        None => lines.next().is_some(),
    }
}

fn in_headers(exchange: &Exchange, needle: &Needle) -> bool {
    let mut lines = header_blocks(exchange).flat_map(Headers::iter);
    lines.any(|line| needle.is_in(line.name.as_bytes()) || needle.is_in(line.value.as_bytes()))
}

/// Looks into headers of correlation ids, and into the bodies of refusals, which repeat them.
fn has_correlation(exchange: &Exchange, needle: &Needle) -> bool {
    let named = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        name.contains("correlation") || name.contains("request-id")
    };
    let mut lines = header_blocks(exchange).flat_map(Headers::iter);
    lines.any(|line| named(line.name.as_bytes()) && needle.is_in(line.value.as_bytes()))
        || exchange.is_refused() && in_response(exchange, needle)
}

fn in_bodies(exchange: &Exchange, needle: &Needle) -> bool {
    let request = &exchange.request;
    needle.is_in_body(&coding::undone(&request.headers, &request.body, SEARCHED).bytes)
        || in_response(exchange, needle)
}

fn in_response(exchange: &Exchange, needle: &Needle) -> bool {
    let response = exchange.response.as_ref();
    response.is_some_and(|response| {
        needle.is_in_body(&coding::undone(&response.headers, &response.body, SEARCHED).bytes)
    })
}
