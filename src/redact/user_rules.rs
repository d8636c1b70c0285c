//! JsonKind the user asked to be masked: `--redact /pointer` and `--redact-key NAME`.

use crate::redact::hit::Hit;
use crate::redact::json_members::{self, JsonKind};
use crate::redact::kind::SecretKind;
use crate::redact::rules::Rules;
use crate::redact::{scan, tag};

/// Adds the whole value of a header that a rule names.
pub(crate) fn scan_header(rules: &Rules, name: &[u8], value: &[u8], hits: &mut Vec<Hit>) {
    if rules.keys.iter().any(|key| key.as_bytes().eq_ignore_ascii_case(name)) {
        push(value, Hit::unnamed(0, value.len(), SecretKind::Personal), hits);
    }
}

/// Adds the values of all parameters and form fields that a rule names.
pub(crate) fn scan_query(rules: &Rules, text: &[u8], hits: &mut Vec<Hit>) {
    for key in rules.keys.iter().filter(|key| !key.is_empty()) {
        scan::scan_for(text, key, SecretKind::Personal, hits);
    }
}

/// Adds the values of a body, whole objects and arrays too. A body that is no JSON is taken for a form.
pub(crate) fn scan_body(rules: &Rules, text: &[u8], hits: &mut Vec<Hit>) {
    if !text.trim_ascii_start().starts_with(b"{") && !text.trim_ascii_start().starts_with(b"[") {
        return scan_query(rules, text, hits);
    }
    json_members::walk(text, &mut |value| {
        let named = !rules.keys.is_empty() && value.name().is_some_and(|name| rules.keys.contains(&name));
        if named || rules.pointers.iter().any(|pattern| value.is_at(pattern)) {
            let quoted = value.kind != JsonKind::String;
            let (start, end) = (value.start, value.end);
            if !(quoted && &text[start..end] == b"null") {
                push(text, Hit { quoted, ..Hit::unnamed(start, end, SecretKind::Personal) }, hits);
            }
        }
    });
}

fn push(text: &[u8], hit: Hit, hits: &mut Vec<Hit>) {
    if !hit.is_empty() && !tag::is_mask(&text[hit.start..hit.end]) {
        hits.push(hit);
    }
}
