//! Every text of an exchange, one after the other: no stored field can be forgotten by one of the passes.

use std::borrow::Cow;
use std::ops::ControlFlow;

use bytes::Bytes;

use crate::model::exchange::{Body, Exchange};
use crate::model::passage::Side;
use crate::model::wire_bytes::WireBytes;

/// Where a text is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExchangeField<'a> {
    /// In which message; `None` for what belongs to neither.
    pub(crate) side: Option<Side>,
    /// In which part of it.
    pub(crate) part: FieldPart<'a>,
    /// Both of them, but for the name.
    pub(crate) key: FieldKey,
}

/// Side and part of a text in one word, so that they are compared at once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct FieldKey(u8);

/// The part of a message or exchange that a text is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FieldPart<'a> {
    /// The request-target.
    Target,
    /// The value of a header, trailer or interim header with this name; the word says which of the three.
    Header(&'static str, &'a [u8]),
    /// The bytes of a head.
    Head,
    /// The body.
    Body,
    /// One end of a change to the header (or `target`) of this name.
    Changed(&'a [u8]),
    /// The name of a header; in a head that could not be read it may be a whole line.
    Name,
    /// Anything else, by the name of its field.
    Other(&'static str),
}

impl<'a> ExchangeField<'a> {
    /// Returns the field of a text of this side and part.
    #[inline]
    pub(crate) const fn new(side: Option<Side>, part: FieldPart<'a>) -> Self {
        let which = match part {
            FieldPart::Target => 0,
            FieldPart::Header(..) => 1,
            FieldPart::Head => 2,
            FieldPart::Body => 3,
            FieldPart::Changed(_) => 4,
            FieldPart::Other(_) => 5,
            FieldPart::Name => 6,
        };
        let key = match side {
            None => which,
            Some(Side::Request) => 0x10 | which,
            Some(Side::Response) => 0x20 | which,
        };
        Self { side, part, key: FieldKey(key) }
    }

    /// Returns the name on which it depends what the text holds, empty if there is none.
    #[inline]
    pub(crate) fn name(&self) -> &'a [u8] {
        match self.part {
            FieldPart::Header(_, name) | FieldPart::Changed(name) => name,
            FieldPart::Target | FieldPart::Head | FieldPart::Body | FieldPart::Name | FieldPart::Other(_) => {
                b""
            }
        }
    }

    /// Returns the text of the place in `redactions`; `member` is a pointer or name inside the part, or
    /// empty.
    pub(crate) fn place(&self, member: &str) -> String {
        let mut place = String::with_capacity(48);
        if let Some(side) = self.side {
            place.push_str(side.name());
            place.push('.');
        }
        let (part, dot, name) = match self.part {
            FieldPart::Target => ("target", "", Cow::Borrowed(member)),
            FieldPart::Header(list, name) => (list, ".", String::from_utf8_lossy(name)),
            FieldPart::Head => ("head", "", Cow::Borrowed("")),
            FieldPart::Body => ("body", "", Cow::Borrowed(member)),
            FieldPart::Changed(name) => ("changed", ".", String::from_utf8_lossy(name)),
            FieldPart::Name => ("header name", "", Cow::Borrowed("")),
            FieldPart::Other(field) => (field, "", Cow::Borrowed("")),
        };
        [part, dot, &name].into_iter().for_each(|text| place.push_str(text));
        place
    }
}

/// Returns whether a text is a line that continues the header before it, in a head that could not be read.
pub(crate) fn is_folded(field: &ExchangeField<'_>, text: &[u8]) -> bool {
    matches!(field.part, FieldPart::Name) && matches!(text.first(), Some(b' ' | b'\t'))
}

/// A text that can be read and, rarely, replaced.
pub(crate) trait FieldText {
    /// Returns the bytes.
    fn bytes(&self) -> &[u8];
    /// Puts other bytes in their place.
    fn put(&mut self, bytes: Vec<u8>);
    /// As `put`, for bytes that stay where they are.
    fn put_copy(&mut self, bytes: &[u8]) {
        self.put(bytes.to_vec());
    }
}

impl FieldText for WireBytes {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn put(&mut self, bytes: Vec<u8>) {
        *self = bytes.into();
    }

    /// Short bytes need no memory of their own.
    fn put_copy(&mut self, bytes: &[u8]) {
        *self = bytes.into();
    }
}

impl FieldText for Body {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `total` stays what it was on the wire.
    fn put(&mut self, bytes: Vec<u8>) {
        self.bytes = Bytes::from(bytes);
    }
}

impl FieldText for String {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn put(&mut self, bytes: Vec<u8>) {
        *self = Self::from_utf8_lossy(&bytes).into_owned();
    }
}

/// Both sides in their order: secrets of the request come first, so that they are known when the answer is
/// searched.
pub(crate) const SIDES: [Side; 2] = [Side::Request, Side::Response];

/// Hands every text of one side to `$see` by `$give`, always in the same order. One walk for reading and for
/// replacing, or the numbers of the texts would part.
macro_rules! walk {
    ($exchange:ident, $side:ident, $give:ident($see:ident), $($mutable:tt)?) => {{
        let (exchange, see) = ($exchange, $see);
        let other = |field| ExchangeField::new(None, FieldPart::Other(field));
        let at = |part| ExchangeField::new(Some($side), part);
        if $side == Side::Request {
            let request = &$($mutable)? exchange.request;
            for header in &$($mutable)? request.headers.0 {
                $give(see, at(FieldPart::Header("headers", header.name.as_bytes())), &$($mutable)? header.value)?;
            }
            $give(see, at(FieldPart::Target), &$($mutable)? request.target)?;
            $give(see, at(FieldPart::Other("method")), &$($mutable)? request.method)?;
            $give(see, at(FieldPart::Other("version")), &$($mutable)? request.version)?;
            $give(see, at(FieldPart::Body), &$($mutable)? request.body)?;
            for header in &$($mutable)? request.trailers.0 {
                $give(see, at(FieldPart::Header("trailers", header.name.as_bytes())), &$($mutable)? header.value)?;
            }
            if let Some(head) = &$($mutable)? request.head {
                $give(see, at(FieldPart::Head), head)?;
            }
            if let Some(sdk) = &$($mutable)? exchange.sdk {
                $give(see, other("sdk.name"), &$($mutable)? sdk.name)?;
                if let Some(version) = &$($mutable)? sdk.version {
                    $give(see, other("sdk.version"), version)?;
                }
                for mark in &$($mutable)? sdk.marks {
                    $give(see, other("sdk.marks"), mark)?;
                }
            }
            $give(see, other("upstream"), &$($mutable)? exchange.upstream)?;
        } else {
            for interim in &$($mutable)? exchange.interim {
                $give(see, other("interim.reason"), &$($mutable)? interim.reason)?;
                for header in &$($mutable)? interim.headers.0 {
                    $give(see, at(FieldPart::Header("interim", header.name.as_bytes())), &$($mutable)? header.value)?;
                }
            }
            if let Some(response) = &$($mutable)? exchange.response {
                for header in &$($mutable)? response.headers.0 {
                    $give(see, at(FieldPart::Header("headers", header.name.as_bytes())), &$($mutable)? header.value)?;
                }
                $give(see, at(FieldPart::Other("reason")), &$($mutable)? response.reason)?;
                $give(see, at(FieldPart::Other("version")), &$($mutable)? response.version)?;
                $give(see, at(FieldPart::Body), &$($mutable)? response.body)?;
                for header in &$($mutable)? response.trailers.0 {
                    $give(see, at(FieldPart::Header("trailers", header.name.as_bytes())), &$($mutable)? header.value)?;
                }
                if let Some(head) = &$($mutable)? response.head {
                    $give(see, at(FieldPart::Head), head)?;
                }
            }
            if let Some(error) = &$($mutable)? exchange.error {
                $give(see, other("error.message"), &$($mutable)? error.message)?;
            }
        }
        for change in &$($mutable)? exchange.changed {
            if change.side != $side {
                continue;
            }
            let what = change.what.as_bytes();
            for end in [&$($mutable)? change.from, &$($mutable)? change.to] {
                if let Some(end) = end {
                    $give(see, ExchangeField::new(None, FieldPart::Changed(what)), end)?;
                }
            }
            $give(see, other("changed.why"), &$($mutable)? change.why)?;
        }
        // Last, because they name the places above: a secret sent as a header's name, or as the name of a
        // change.
        let name = ExchangeField::new(Some($side), FieldPart::Name);
        if $side == Side::Request {
            for list in [&$($mutable)? exchange.request.headers, &$($mutable)? exchange.request.trailers] {
                for header in &$($mutable)? list.0 {
                    $give(see, name, &$($mutable)? header.name)?;
                }
            }
        } else {
            if let Some(response) = &$($mutable)? exchange.response {
                for list in [&$($mutable)? response.headers, &$($mutable)? response.trailers] {
                    for header in &$($mutable)? list.0 {
                        $give(see, name, &$($mutable)? header.name)?;
                    }
                }
            }
            for interim in &$($mutable)? exchange.interim {
                for header in &$($mutable)? interim.headers.0 {
                    $give(see, name, &$($mutable)? header.name)?;
                }
            }
        }
        for change in &$($mutable)? exchange.changed {
            if change.side == $side {
                $give(see, other("changed.what"), &$($mutable)? change.what)?;
            }
        }
        ControlFlow::Continue(())
    }};
}

/// Calls `see` for every text.
pub(crate) fn each_field(
    exchange: &mut Exchange,
    see: &mut dyn FnMut(ExchangeField<'_>, &mut dyn FieldText),
) {
    for side in SIDES {
        let _ = each_field_until(exchange, side, &mut |field, text| {
            see(field, text);
            ControlFlow::Continue(())
        });
    }
}

/// As `each_field` for one side, until `see` has enough: what is replaced is nearly always in the first
/// texts.
pub(super) fn each_field_until(
    exchange: &mut Exchange,
    side: Side,
    see: &mut dyn FnMut(ExchangeField<'_>, &mut dyn FieldText) -> ControlFlow<()>,
) -> ControlFlow<()> {
    fn give(
        see: &mut dyn FnMut(ExchangeField<'_>, &mut dyn FieldText) -> ControlFlow<()>,
        field: ExchangeField<'_>,
        text: &mut dyn FieldText,
    ) -> ControlFlow<()> {
        see(field, text)
    }
    walk!(exchange, side, give(see), mut)
}

/// As `each_field` for one side, for reading, with the number of each text; the texts outlive the walk.
pub(super) fn read_fields<'a>(
    exchange: &'a Exchange,
    side: Side,
    see: &mut impl FnMut(usize, ExchangeField<'a>, &'a [u8]),
) {
    fn give<'a>(
        see: &mut impl FnMut(ExchangeField<'a>, &'a [u8]),
        field: ExchangeField<'a>,
        text: &'a impl FieldText,
    ) -> ControlFlow<()> {
        see(field, text.bytes());
        ControlFlow::Continue(())
    }
    let mut number = 0;
    let numbered = &mut |field: ExchangeField<'a>, text: &'a [u8]| {
        see(number, field, text);
        number += 1;
    };
    let _ = (|| -> ControlFlow<()> { walk!(exchange, side, give(numbered),) })();
}
