//! What the user asked to be masked: `--redact-key NAME`.

use crate::redact::kind::Kind;
use crate::redact::scan::Hit;
use crate::redact::tag;
use crate::redact::value;

/// Adds the whole value of a header that a rule names.
pub(crate) fn scan_header(keys: &[String], name: &[u8], value: &[u8], hits: &mut Vec<Hit>) {
    let named = keys.iter().any(|key| key.as_bytes().eq_ignore_ascii_case(name));
    if named && !value.is_empty() && !tag::is_mask(value) {
        hits.push(Hit { start: 0, end: value.len(), kind: Kind::Personal, name: (0, 0), quoted: false });
    }
}

/// Adds the values of all members, form fields and parameters that a rule names.
pub(crate) fn scan_text(keys: &[String], text: &[u8], hits: &mut Vec<Hit>) {
    for key in keys {
        for start in memchr::memmem::find_iter(text, key) {
            let end = start + key.len();
            let whole = |octet: Option<&u8>| {
                octet.is_none_or(|octet| !octet.is_ascii_alphanumeric() && *octet != b'_')
            };
            if !whole(text[..start].last()) || !whole(text.get(end)) {
                continue;
            }
            if let Some(value) = value::under(text, start, end, Kind::Password)
                && !tag::is_mask(&text[value.start..value.end])
            {
                hits.push(Hit {
                    start: value.start,
                    end: value.end,
                    kind: Kind::Personal,
                    name: (start, end),
                    quoted: value.quoted,
                });
            }
        }
    }
}
