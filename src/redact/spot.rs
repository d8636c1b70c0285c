//! Every text of an exchange, one after the other: no field that is stored can be forgotten by one of the passes.

use std::borrow::Cow;

use bytes::Bytes;

use crate::model::exchange::{Body, Exchange, Headers};
use crate::model::octets::Octets;
use crate::model::passage::Side;

/// Where a text stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'a> {
    /// In which message; `None` for what belongs to neither.
    pub(crate) side: Option<Side>,
    /// In which part of it.
    pub(crate) part: Part<'a>,
}

/// The part of a message or exchange that a text is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    /// The request-target.
    Target,
    /// The value of a header, trailer or interim header with this name; the word says which of the three.
    Header(&'static str, &'a [u8]),
    /// The octets of a head.
    Head,
    /// The body.
    Body,
    /// One end of a change to the header (or `target`) of this name.
    Changed(&'a [u8]),
    /// Anything else, by the name of its field.
    Other(&'static str),
}

impl Spot<'_> {
    /// Returns the text that stands in `redactions`; `member` is a pointer or name inside the part, or empty.
    pub(crate) fn place(&self, member: &str) -> String {
        let mut place = String::with_capacity(48);
        if let Some(side) = self.side {
            place.push_str(side.name());
            place.push('.');
        }
        let (part, dot, name) = match self.part {
            Part::Target => ("target", "", Cow::Borrowed(member)),
            Part::Header(list, name) => (list, ".", String::from_utf8_lossy(name)),
            Part::Head => ("head", "", Cow::Borrowed("")),
            Part::Body => ("body", "", Cow::Borrowed(member)),
            Part::Changed(name) => ("changed", ".", String::from_utf8_lossy(name)),
            Part::Other(field) => (field, "", Cow::Borrowed("")),
        };
        [part, dot, &name].into_iter().for_each(|text| place.push_str(text));
        place
    }
}

/// A text that can be read and, rarely, replaced.
pub(crate) trait Text {
    /// Returns the octets.
    fn octets(&self) -> &[u8];
    /// Puts other octets in their place.
    fn put(&mut self, octets: Vec<u8>);
}

impl Text for Octets {
    fn octets(&self) -> &[u8] {
        self.as_bytes()
    }

    fn put(&mut self, octets: Vec<u8>) {
        *self = octets.into();
    }
}

impl Text for Body {
    fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// `total` stays what it was on the wire.
    fn put(&mut self, octets: Vec<u8>) {
        self.octets = Bytes::from(octets);
    }
}

impl Text for String {
    fn octets(&self) -> &[u8] {
        self.as_bytes()
    }

    fn put(&mut self, octets: Vec<u8>) {
        *self = Self::from_utf8_lossy(&octets).into_owned();
    }
}

/// Calls `see` for every text, always in the same order: secrets of the request come first, so that they are
/// known when the answer is looked at.
pub(crate) fn each(exchange: &mut Exchange, see: &mut dyn FnMut(Spot<'_>, &mut dyn Text)) {
    let request = &mut exchange.request;
    let at = |part| Spot { side: Some(Side::Request), part };
    headers(Side::Request, "headers", &mut request.headers, see);
    see(at(Part::Target), &mut request.target);
    see(at(Part::Other("method")), &mut request.method);
    see(at(Part::Other("version")), &mut request.version);
    see(at(Part::Body), &mut request.body);
    headers(Side::Request, "trailers", &mut request.trailers, see);
    if let Some(head) = &mut request.head {
        see(at(Part::Head), head);
    }
    for interim in &mut exchange.interim {
        see(Spot { side: None, part: Part::Other("interim.reason") }, &mut interim.reason);
        headers(Side::Response, "interim", &mut interim.headers, see);
    }
    if let Some(response) = &mut exchange.response {
        let at = |part| Spot { side: Some(Side::Response), part };
        headers(Side::Response, "headers", &mut response.headers, see);
        see(at(Part::Other("reason")), &mut response.reason);
        see(at(Part::Other("version")), &mut response.version);
        see(at(Part::Body), &mut response.body);
        headers(Side::Response, "trailers", &mut response.trailers, see);
        if let Some(head) = &mut response.head {
            see(at(Part::Head), head);
        }
    }
    let at = |field| Spot { side: None, part: Part::Other(field) };
    if let Some(error) = &mut exchange.error {
        see(at("error.message"), &mut error.message);
    }
    if let Some(sdk) = &mut exchange.sdk {
        see(at("sdk.name"), &mut sdk.name);
        if let Some(version) = &mut sdk.version {
            see(at("sdk.version"), version);
        }
        for mark in &mut sdk.marks {
            see(at("sdk.marks"), mark);
        }
    }
    see(at("upstream"), &mut exchange.upstream);
    for change in &mut exchange.changed {
        let what = change.what.as_bytes();
        for end in [&mut change.from, &mut change.to].into_iter().flatten() {
            see(Spot { side: None, part: Part::Changed(what) }, end);
        }
        see(at("changed.why"), &mut change.why);
    }
    // Last, because they name the places above: a secret sent as a header's name, or as the name of a change.
    names(Side::Request, &mut exchange.request.headers, see);
    names(Side::Request, &mut exchange.request.trailers, see);
    if let Some(response) = &mut exchange.response {
        names(Side::Response, &mut response.headers, see);
        names(Side::Response, &mut response.trailers, see);
    }
    for interim in &mut exchange.interim {
        names(Side::Response, &mut interim.headers, see);
    }
    for change in &mut exchange.changed {
        see(at("changed.what"), &mut change.what);
    }
}

fn headers(
    side: Side,
    list: &'static str,
    headers: &mut Headers,
    see: &mut dyn FnMut(Spot<'_>, &mut dyn Text),
) {
    for header in &mut headers.0 {
        let part = Part::Header(list, header.name.as_bytes());
        see(Spot { side: Some(side), part }, &mut header.value);
    }
}

fn names(side: Side, headers: &mut Headers, see: &mut dyn FnMut(Spot<'_>, &mut dyn Text)) {
    for header in &mut headers.0 {
        see(Spot { side: Some(side), part: Part::Other("header name") }, &mut header.name);
    }
}
