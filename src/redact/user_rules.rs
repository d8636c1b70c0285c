//! JsonKind the user asked to be masked: `--redact /pointer` and `--redact-key NAME`.

use crate::redact::Rules;
use crate::redact::json_members::{self, JsonKind};
use crate::redact::kind::SecretKind;
use crate::redact::scan::Hit;
use crate::redact::tag;
use crate::redact::value;

/// Adds the whole value of a header that a rule names.
pub(crate) fn scan_header(rules: &Rules, name: &[u8], value: &[u8], hits: &mut Vec<Hit>) {
    if rules.keys.iter().any(|key| key.as_bytes().eq_ignore_ascii_case(name)) {
        add(value, 0, value.len(), (0, 0), false, hits);
    }
}

/// Adds the values of all parameters and form fields that a rule names.
pub(crate) fn scan_query(rules: &Rules, text: &[u8], hits: &mut Vec<Hit>) {
    for key in &rules.keys {
        for start in memchr::memmem::find_iter(text, key) {
            let end = start + key.len();
            let first =
                text[..start].last().is_none_or(|byte| matches!(byte, b'?' | b'&' | b';' | b'"' | b'['));
            if first && let Some(value) = value::read_after(text, start, end, SecretKind::Personal) {
                add(text, value.start, value.end, (start, end), value.quoted, hits);
            }
        }
    }
}

/// Adds the values of a body, whole objects and arrays too. A body that is no JSON is taken for a form.
pub(crate) fn scan_body(rules: &Rules, text: &[u8], hits: &mut Vec<Hit>) {
    if !text.trim_ascii_start().starts_with(b"{") && !text.trim_ascii_start().starts_with(b"[") {
        return scan_query(rules, text, hits);
    }
    json_members::walk(text, &mut |place| {
        let named = place.name.as_ref().is_some_and(|name| rules.keys.contains(name));
        if named || rules.pointers.iter().any(|pattern| place.pointer.matches(pattern)) {
            let bare = place.kind != JsonKind::String;
            if !(bare && &text[place.start..place.end] == b"null") {
                add(text, place.start, place.end, (place.start, place.start), bare, hits);
            }
        }
    });
}

fn add(text: &[u8], start: usize, end: usize, name: (usize, usize), quoted: bool, hits: &mut Vec<Hit>) {
    if start < end && !tag::is_mask(&text[start..end]) {
        hits.push(Hit { start, end, kind: SecretKind::Personal, name, quoted });
    }
}
