//! Reads a HAR as a stream: one item in memory at a time, however large the file.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::api;
use crate::interchange::har::document::{HarEntry, HarTimings, milliseconds, text, without_lone_surrogates};
use crate::interchange::har::memory_limit::MemoryLimit;
use crate::interchange::har::request::{self, SkipReason};
use crate::interchange::har::{Reconstructions, response};
use crate::model::exchange::{Exchange, ExchangeId, Origin, Timings};
use crate::model::passage::Side;
use crate::model::timestamp::Timestamp;

/// What one item of a HAR gave.
#[derive(Debug)]
pub enum Imported {
    /// An exchange; `run` and `id` are the caller's to set.
    Exchange(Box<Exchange>),
    /// Nothing.
    Skipped(SkipReason),
}

/// What a HAR says of itself.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HarSummary {
    /// The tool and version that wrote it, if it says so.
    pub creator: Option<String>,
    /// How many items it has.
    pub items: usize,
}

/// How a HAR is read.
#[derive(Clone, Copy, Debug)]
pub struct HarReadOptions {
    /// Bytes kept of each body.
    pub body_limit: usize,
    /// Bytes that the text of one item may have: it is held in memory, with what is made of it.
    pub item_limit: u64,
    /// The start of exchanges without a readable one.
    pub now: Timestamp,
}

/// A text that is no HAR, or not all of one. What was read before it counts.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    /// The file could not be read on.
    #[error("cannot read beyond item {items}")]
    Io {
        /// Entries read before.
        items: usize,
        /// What the system said.
        source: io::Error,
    },
    /// One item is too large to be held in memory.
    #[error("item {} has more than {limit} bytes", items + 1)]
    Large {
        /// Entries read before.
        items: usize,
        /// How many it may have.
        limit: u64,
    },
    /// It ends in the middle.
    #[error("line {line}, column {column}: the file is cut off after item {items}")]
    Truncated {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// Entries read before.
        items: usize,
    },
    /// It is not JSON.
    #[error("line {line}, column {column}: not JSON after item {items}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// Entries read before.
        items: usize,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// It is JSON, but not a HAR.
    #[error("this is JSON, but not a HAR: {why}")]
    Foreign {
        /// What is missing or different, and where.
        why: String,
    },
    /// It is compressed or in another encoding than UTF-8.
    #[error("this is not a JSON text but {what}")]
    Encoded {
        /// What it looks like.
        what: &'static str,
    },
}

/// Reads a HAR and gives its items one by one to `take`, which may break off.
///
/// # Errors
/// The text is not all of a HAR. The items in front of the fault have been given to `take`.
pub fn read(
    source: impl Read,
    options: HarReadOptions,
    take: &mut dyn FnMut(Imported) -> ControlFlow<()>,
) -> Result<HarSummary, HarError> {
    let meter = MemoryLimit::new(options.item_limit);
    let mut source = BufReader::with_capacity(1 << 16, meter.over(source));
    let start = source.fill_buf().map_err(|source| HarError::Io { items: 0, source })?;
    let bom = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if let Some(what) = foreign_encoding(start) {
        return Err(HarError::Encoded { what });
    }
    source.consume(bom);
    let mut reading =
        HarReader { options, take, summary: HarSummary::default(), stopped: false, found: false, meter };
    let mut json = serde_json::Deserializer::from_reader(source);
    let outcome = DeserializeSeed::deserialize(TopSeed(&mut reading), &mut json);
    let HarReader { summary, stopped, found, meter, .. } = reading;
    match outcome {
        _ if stopped => Ok(summary),
        _ if meter.is_over() => Err(HarError::Large { items: summary.items, limit: options.item_limit }),
        Ok(()) if found => {
            json.end().map_err(|error| refused(error, summary.items))?;
            Ok(summary)
        }
        Ok(()) => Err(HarError::Foreign { why: "it has no `log` with `entries`".to_owned() }),
        Err(error) => Err(refused(error, summary.items)),
    }
}

fn refused(error: serde_json::Error, items: usize) -> HarError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => HarError::Truncated { line, column, items },
        serde_json::error::Category::Syntax => HarError::Syntax { line, column, items, source: error },
        serde_json::error::Category::Data => HarError::Foreign { why: error.to_string() },
        serde_json::error::Category::Io => HarError::Io { items, source: error.into() },
    }
}

fn foreign_encoding(start: &[u8]) -> Option<&'static str> {
    match start {
        [0x1f, 0x8b, ..] => Some("a gzip file: unpack it first"),
        [b'P', b'K', 3, 4, ..] => Some("a zip file: unpack it first"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, ..] | [0, _, ..] => {
            Some("UTF-16: save it as UTF-8 first")
        }
        _ => None,
    }
}

struct HarReader<'a> {
    options: HarReadOptions,
    take: &'a mut dyn FnMut(Imported) -> ControlFlow<()>,
    summary: HarSummary,
    stopped: bool,
    found: bool,
    /// How much is read of what has to be held.
    meter: MemoryLimit,
}

impl HarReader<'_> {
    fn item(&mut self, raw: &RawValue) -> ControlFlow<()> {
        self.summary.items += 1;
        let item = serde_json::from_str(raw.get())
            .or_else(|_| serde_json::from_str(&without_lone_surrogates(raw.get())));
        let read = match item.map_err(|error| SkipReason::Shape(error.to_string())) {
            Ok(item) => exchange(&item, self.options),
            Err(reason) => Err(reason),
        };
        (self.take)(match read {
            Ok(exchange) => Imported::Exchange(Box::new(exchange)),
            Err(reason) => Imported::Skipped(reason),
        })
    }
}

/// The outermost object.
struct TopSeed<'r, 'a>(&'r mut HarReader<'a>);

/// The `log`.
struct LogSeed<'r, 'a>(&'r mut HarReader<'a>);

/// The `entries`.
struct EntriesSeed<'r, 'a>(&'r mut HarReader<'a>);

macro_rules! seed {
    ($name:ident, $method:ident, $expecting:literal) => {
        impl<'de> DeserializeSeed<'de> for $name<'_, '_> {
            type Value = ();

            fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.$method(self)
            }
        }
    };
}

seed!(TopSeed, deserialize_map, "an object with `log`");
seed!(LogSeed, deserialize_map, "an object with `entries`");
seed!(EntriesSeed, deserialize_seq, "a list");

impl<'de> Visitor<'de> for TopSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a `log`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "log" => map.next_value_seed(LogSeed(self.0))?,
                _ => {
                    self.0.meter.pause();
                    map.next_value::<IgnoredAny>()?;
                }
            }
            self.0.meter.begin();
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for LogSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`log` as an object with `entries`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "entries" => {
                    self.0.found = true;
                    map.next_value_seed(EntriesSeed(self.0))?;
                }
                "creator" => {
                    let creator: serde_json::Value = map.next_value()?;
                    let words = [&creator["name"], &creator["version"]].into_iter().filter_map(text);
                    let words = words.collect::<Vec<_>>().join(" ");
                    self.0.summary.creator = Some(words).filter(|words| !words.is_empty());
                }
                _ => {
                    self.0.meter.pause();
                    map.next_value::<IgnoredAny>()?;
                }
            }
            self.0.meter.begin();
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for EntriesSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`entries` as a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            if self.0.item(&raw).is_break() {
                self.0.stopped = true;
                return Err(A::Error::custom("stopped"));
            }
            self.0.meter.begin();
        }
        Ok(())
    }
}

fn exchange(item: &HarEntry, options: HarReadOptions) -> Result<Exchange, SkipReason> {
    let mut reconstructions = Reconstructions::default();
    let asked = item.request.as_ref().ok_or(SkipReason::NoRequest)?;
    let addressed = request::build(asked, options.body_limit, &mut reconstructions)?;
    let request = addressed.request;
    let method = request.method_text();
    let response = item
        .response
        .as_ref()
        .and_then(|answered| response::build(answered, &method, options.body_limit, &mut reconstructions));
    if let Some(cache) = text(&item.from_cache) {
        reconstructions.add(
            Side::Response,
            "origin",
            Some(cache),
            "the response came from the tool's cache, nothing was sent",
        );
    }
    let started = text(&item.started_date_time).and_then(|started| Timestamp::parse(&started));
    if started.is_none() {
        reconstructions.add(Side::Request, "started_at", None, "the tool gives no readable time");
    }
    let tunnel = response::tunnel(item.web_socket_messages.as_deref().unwrap_or_default());
    if tunnel.is_some() {
        reconstructions.add(Side::Response, "tunnel", None, "web socket messages are counted, not kept");
    }
    Ok(Exchange {
        started_at: started.unwrap_or(options.now),
        timings: timings(item),
        recorder: env!("CARGO_PKG_VERSION").to_owned(),
        sdk: api::assumed().client_of(&request.headers),
        upstream: addressed.upstream,
        error: response.is_none().then(|| response::failure(item)),
        response,
        tunnel,
        changed: reconstructions.into_changes(),
        ..Exchange::of(ExchangeId(std::num::NonZeroU64::MIN), Origin::Import, request)
    })
}

fn timings(item: &HarEntry) -> Timings {
    let micros = |milliseconds: f64| (milliseconds * 1000.0) as u64;
    let total = milliseconds(&item.time).map_or(0, micros);
    let Some(HarTimings { blocked, dns, connect, send, wait }) = &item.timings else {
        return Timings { total, ..Timings::default() };
    };
    let sum = |phases: &[&serde_json::Value]| -> f64 {
        phases.iter().filter_map(|phase| milliseconds(phase)).sum()
    };
    let connected = sum(&[blocked, dns, connect]);
    let sent = connected + milliseconds(send).unwrap_or_default();
    Timings {
        request_read: milliseconds(send).map(|_| micros(sent)),
        upstream_connected: milliseconds(connect).map(|_| micros(connected)),
        response_head: milliseconds(wait).map(|wait| micros(sent + wait)),
        total,
    }
}
