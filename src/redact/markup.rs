//! Values in XML and HTML: `<password>…</password>` with whatever attributes and CDATA, `<entry
//! key="password">…`, `<name>password</name><value>…</value>`, fields of a form.

use crate::redact::notation::PlainText;
use crate::redact::steps;
use crate::redact::value::{self, ValueSpan, is_quote};

/// Bytes of a tag that are looked at.
const LONGEST_TAG: usize = 512;

/// Bytes of an element's content that is looked for backwards.
const LONGEST_CONTENT: usize = 2048;

/// Returns the value that belongs to the name at `start..end`, if that is in a tag or between two.
pub(crate) fn read(text: &PlainText<'_>, start: usize, end: usize) -> Option<ValueSpan> {
    let bytes = text.bytes();
    match (start.checked_sub(1).map(|at| bytes[at])?, bytes.get(end)?) {
        (b'<' | b':', b'>' | b' ' | b'\t' | b'\r' | b'\n') => element(text, start, end),
        (b'"' | b'\'', b'"' | b'\'') => attribute(text, start, end),
        (b'>' | b' ' | b'\n', b'<' | b' ' | b'\n') => neighbour(text, start, end),
        _ => None,
    }
}

/// `<ns:password Type="…">…</ns:password>`, `<password value="…"/>`.
fn element(text: &PlainText<'_>, start: usize, end: usize) -> Option<ValueSpan> {
    let bytes = text.bytes();
    let prefix = bytes[..start].iter().rev().take(64).take_while(|byte| is_tag_name(**byte)).count();
    let open = (start - prefix).checked_sub(1).filter(|at| bytes[*at] == b'<')?;
    let close = tag_end(bytes, end)?;
    value_attribute(text, end, close).or_else(|| content(text, open, close + 1))
}

/// `<entry key="password">…</entry>`, `<input value="…" name="password">`.
fn attribute(text: &PlainText<'_>, start: usize, end: usize) -> Option<ValueSpan> {
    let bytes = text.bytes();
    let before = bytes[..start - 1].strip_suffix(b"=")?;
    let first = start.saturating_sub(LONGEST_TAG);
    // What is encoded more than the quotation marks is text.
    let depth = text.notation(start - 1).len();
    let open = memchr::memrchr2_iter(b'<', b'>', &bytes[first..start])
        .map(|offset| first + offset)
        .find(|at| text.notation(*at).len() <= depth)
        .filter(|at| bytes[*at] == b'<')?;
    let limit = bytes.len().min(end + LONGEST_TAG);
    let close = memchr::memchr_iter(b'>', &bytes[end..limit])
        .map(|offset| end + offset)
        .find(|at| text.notation(*at).len() <= depth)?;
    value_attribute(text, open, close).or_else(|| {
        let is_naming = before.ends_with(b"key") || before.ends_with(b"ame");
        is_naming.then(|| content(text, open, close + 1))?
    })
}

/// `<name>password</name><value>…</value>`, in either order.
fn neighbour(text: &PlainText<'_>, start: usize, end: usize) -> Option<ValueSpan> {
    let bytes = text.bytes();
    let closing = value::skip_space(bytes, end);
    let opened = bytes[..start].trim_ascii_end().len();
    if !bytes[closing..].starts_with(b"</") || bytes[..opened].last() != Some(&b'>') {
        return None;
    }
    let next = value::skip_space(bytes, tag_end(bytes, closing)? + 1);
    if let Some(close) = opens_value(bytes, next) {
        return content(text, next, close + 1);
    }
    let first = opened.saturating_sub(LONGEST_TAG);
    let open = first + memchr::memrchr(b'<', &bytes[first..opened])?;
    let before = &bytes[..bytes[..open].trim_ascii_end().len()];
    let first = before.len().saturating_sub(LONGEST_TAG);
    let close = first + memchr::memrchr(b'<', &before[first..])?;
    let name = before[close..].strip_prefix(b"</")?.strip_suffix(b">")?;
    let first = close.saturating_sub(LONGEST_CONTENT);
    let start = first + memchr::memrchr(b'>', &bytes[first..close])? + 1;
    if is_value_element(name) { ValueSpan::of_text(start, close) } else { None }
}

/// Returns the end of the tag at `at`, if that begins an element which holds a value.
fn opens_value(bytes: &[u8], at: usize) -> Option<usize> {
    let name = bytes.get(at..)?.strip_prefix(b"<")?;
    let length = name.iter().take(64).take_while(|byte| is_tag_name(**byte)).count();
    if is_value_element(&name[..length]) { tag_end(bytes, at) } else { None }
}

fn is_value_element(name: &[u8]) -> bool {
    let name = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
    value::is_value_name(name) || [&b"string"[..], b"data"].contains(&name)
}

/// Returns the text of the element whose tag is at `open`: its CDATA, that of an element inside which holds
/// the value, or all up to the next tag.
fn content(text: &PlainText<'_>, open: usize, start: usize) -> Option<ValueSpan> {
    let bytes = text.bytes();
    let mut start = start;
    let first = value::skip_space(bytes, start);
    if let Some(close) = opens_value(bytes, first) {
        start = close + 1;
    }
    let first = value::skip_space(bytes, start);
    if bytes[first..].starts_with(b"<![CDATA[") {
        let start = first + 9;
        let end = memchr::memmem::find(&bytes[start..], b"]]>").map_or(bytes.len(), |length| start + length);
        return ValueSpan::of_text(start, end);
    }
    // A `<` that is encoded more than the tag's belongs to the text.
    let depth = text.notation(open).len();
    if bytes[start - 2] == b'/' {
        return None;
    }
    let end = memchr::memchr_iter(b'<', &bytes[start..])
        .map(|offset| start + offset)
        .find(|at| text.notation(*at).len() <= depth)
        .unwrap_or(bytes.len());
    steps::add(end - start);
    if first >= end { None } else { ValueSpan::of_text(start, end) }
}

/// Returns the value of the attribute that holds one in the tag at `open..close`.
fn value_attribute(text: &PlainText<'_>, open: usize, close: usize) -> Option<ValueSpan> {
    let bytes = text.bytes();
    ["value=", "content=", "Value="].iter().find_map(|name| {
        let tag = &bytes[open..close];
        let at = memchr::memmem::find_iter(tag, name)
            .find(|at| at.checked_sub(1).is_some_and(|before| tag[before].is_ascii_whitespace()))?;
        let opening = open + at + name.len();
        if !is_quote(bytes.get(opening)) {
            let length = bytes[opening..close].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            return ValueSpan::of_text(opening, opening + length);
        }
        let mark = bytes[opening];
        let length = memchr::memchr(mark, &bytes[opening + 1..])?;
        ValueSpan::of_text(opening + 1, opening + 1 + length)
    })
}

fn tag_end(bytes: &[u8], at: usize) -> Option<usize> {
    let limit = bytes.len().min(at + LONGEST_TAG);
    let length = memchr::memchr(b'>', &bytes[at..limit]);
    steps::add(length.unwrap_or(limit - at));
    length.map(|length| at + length)
}

fn is_tag_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
}
