//! Names that are values themselves: `{"name":"password","value":"…"}`, the operations of JSON Patch, the
//! variables of a collection. The value is in another member of the same object, before or behind.

use crate::redact::kind::SecretKind;
use crate::redact::notation::PlainText;
use crate::redact::steps;
use crate::redact::value::{self, ValueReader, ValueSpan, is_bare_key, is_quote, is_value_name};

/// Members looked at in either direction.
const MOST_MEMBERS: usize = 12;

/// Bytes of a pointer in front of the name: `/users/0/password`.
const LONGEST_POINTER: usize = 128;

/// Bytes of a value that is passed over.
const LONGEST_OTHER: usize = 2048;

/// Returns the values of the object in which the text at `start..end` names something.
pub(crate) fn read(reader: &ValueReader<'_>, start: usize, end: usize, kind: SecretKind) -> Vec<ValueSpan> {
    let text = reader.text();
    let mut values = Vec::new();
    if let Some(member) = naming_member(text, start, end) {
        let _ = before(text, member, &mut values);
        let _ = behind(reader, text, end + 1, kind, &mut values);
    }
    values
}

/// Returns where the member begins whose value is the text at `start..end`.
fn naming_member(text: &PlainText<'_>, start: usize, end: usize) -> Option<usize> {
    let bytes = text.bytes();
    let is_pointer = |byte: &&u8| byte.is_ascii_alphanumeric() || b"/_-.~[]$*@:".contains(byte);
    let first = start.saturating_sub(LONGEST_POINTER);
    let length = bytes[first..start].iter().rev().take_while(is_pointer).count();
    let opening = (start - length).checked_sub(1)?;
    if !is_quote(bytes.get(opening)) || !is_quote(bytes.get(end)) || !text.closes(opening, end) {
        return None;
    }
    let colon = trim_end(bytes, opening);
    let (member, name) = read_key_back(text, colon.checked_sub(1).filter(|at| bytes[*at] == b':')?)?;
    // `"grant_type":"password"` says how, not what.
    (!bytes[name.0..name.1].ends_with(b"_type")).then_some(member)
}

/// Adds the values of the members behind the one that ends at `at`.
fn behind(
    reader: &ValueReader<'_>,
    text: &PlainText<'_>,
    mut at: usize,
    kind: SecretKind,
    values: &mut Vec<ValueSpan>,
) -> Option<()> {
    let bytes = text.bytes();
    for _ in 0..MOST_MEMBERS {
        at = value::skip_space(bytes, at);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        let (name, value) = reader.read_key(value::skip_space(bytes, at + 1))?;
        if is_value_name(&bytes[name.0..name.1]) {
            values.extend(reader.value_at(value, kind));
        }
        at = skip_value(reader, bytes, value)?;
    }
    None
}

/// Adds the values of the members before the one that begins at `at`, as far as they are strings or bare.
fn before(text: &PlainText<'_>, mut at: usize, values: &mut Vec<ValueSpan>) -> Option<()> {
    let bytes = text.bytes();
    for _ in 0..MOST_MEMBERS {
        let comma = trim_end(bytes, at).checked_sub(1).filter(|at| bytes[*at] == b',')?;
        let end = trim_end(bytes, comma);
        let last = end.checked_sub(1)?;
        let (start, content) = if is_quote(bytes.get(last)) {
            let opening = opening_of(text, last)?;
            (opening, (opening + 1, last))
        } else {
            let bare = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-+".contains(byte);
            let length = bytes[..end].iter().rev().take(32).take_while(bare).count();
            (end - length, (end, end))
        };
        let colon = trim_end(bytes, start).checked_sub(1).filter(|at| bytes[*at] == b':')?;
        let (key, name) = read_key_back(text, colon)?;
        if is_value_name(&bytes[name.0..name.1]) {
            values.extend(ValueSpan::of_text(content.0, content.1));
        }
        at = key;
    }
    None
}

/// Returns where the member begins whose name ends before the colon, and the range of the name.
fn read_key_back(text: &PlainText<'_>, colon: usize) -> Option<(usize, (usize, usize))> {
    let bytes = text.bytes();
    let end = trim_end(bytes, colon);
    let last = end.checked_sub(1)?;
    if is_quote(bytes.get(last)) {
        let opening = opening_of(text, last)?;
        return Some((opening, (opening + 1, last)));
    }
    let length = bytes[..end].iter().rev().take(64).take_while(|byte| is_bare_key(**byte)).count();
    (length > 0).then_some((end - length, (end - length, end)))
}

/// Returns where the string begins that the mark at `closing` ends: at the mark before it in the same
/// notation.
fn opening_of(text: &PlainText<'_>, closing: usize) -> Option<usize> {
    let bytes = text.bytes();
    let first = closing.saturating_sub(LONGEST_OTHER);
    let opening = memchr::memrchr_iter(bytes[closing], &bytes[first..closing])
        .map(|offset| first + offset)
        .find(|at| text.notation(*at) == text.notation(closing));
    steps::add(closing - opening.unwrap_or(first));
    opening
}

fn trim_end(bytes: &[u8], end: usize) -> usize {
    bytes[..end].trim_ascii_end().len()
}

/// Returns where the value that begins at `at` ends, if it is not too long to be passed over.
fn skip_value(reader: &ValueReader<'_>, bytes: &[u8], at: usize) -> Option<usize> {
    let limit = bytes.len().min(at + LONGEST_OTHER);
    let (mut at, mut open) = (at, 0_usize);
    while at < limit {
        steps::add(1);
        match bytes[at] {
            b'"' | b'\'' => at = reader.string_end_within(at, LONGEST_OTHER)?,
            b'{' | b'[' => open += 1,
            b'}' | b']' if open == 0 => return Some(at),
            b'}' | b']' => open -= 1,
            b',' if open == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}
