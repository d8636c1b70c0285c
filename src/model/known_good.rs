//! The known-good payload that a candidate is compared with, and why just this one.

use crate::json::pointer::Pointer;
use crate::model::baseline::Baseline;
use crate::model::exchange::{Exchange, ExchangeId};
use crate::model::wire_bytes::WireBytes;

/// A payload to compare with, whatever it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KnownGood {
    /// How it is named to the user: ``exchange #12``, ``baseline `post-call-wrapup` ``, ``good.json``.
    pub label: String,
    /// Why it counts as good: `accepted with 202 at …`, `documented: …`.
    pub because: String,
    /// Where it came from.
    pub origin: KnownGoodOrigin,
    /// The media type it was sent with, if known.
    pub content_type: Option<String>,
    /// The raw text.
    pub body: WireBytes,
    /// Places whose differences are hidden (and counted).
    pub ignore: Vec<Pointer>,
    /// The user said that members it does not have are errors.
    pub exact: bool,
}

/// Where a known-good payload came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum KnownGoodOrigin {
    /// The user named it.
    Named,
    /// `./recordings/baselines/`.
    Folder,
    /// An accepted exchange of the same recording.
    Exchange(ExchangeId),
    /// Part of the program.
    Embedded,
}

impl KnownGood {
    /// Returns the known-good payload that a baseline holds.
    pub fn of_baseline(baseline: &Baseline, origin: KnownGoodOrigin) -> Self {
        let kind = if origin == KnownGoodOrigin::Embedded { "embedded baseline" } else { "baseline" };
        Self {
            label: format!("{kind} `{}`", baseline.name),
            because: format!(
                "{}: {} ({})",
                baseline.provenance.name().replace('_', " "),
                baseline.source,
                baseline.date
            ),
            origin,
            content_type: baseline.content_type.clone(),
            body: baseline.body.as_str().into(),
            ignore: baseline.ignore.clone(),
            exact: baseline.exact,
        }
    }

    /// Returns the known-good payload that an accepted exchange sent.
    pub fn of_exchange(exchange: &Exchange) -> Self {
        let status = exchange.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        Self {
            label: format!("exchange {}", exchange.id),
            because: format!("answered with {status} at {}", exchange.started_at),
            origin: KnownGoodOrigin::Exchange(exchange.id),
            content_type: exchange.request.headers.text("content-type").map(str::to_owned),
            body: exchange.request.body.bytes.clone().into(),
            ignore: Vec::new(),
            exact: false,
        }
    }
}

/// The outcome of looking for a known-good payload. `chosen` may be `None`: that is an answer, too.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Pairing {
    /// The one to compare with.
    pub chosen: Option<KnownGood>,
    /// Why this one, or why none; one sentence without the final full stop.
    pub reason: String,
    /// Labels of others that came close, best first.
    pub close: Vec<String>,
}
