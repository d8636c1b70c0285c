//! Data of people, where the user wants it masked: e-mail addresses and phone numbers anywhere, and the
//! values of members and fields whose name says that they name a person.

use std::sync::Arc;

use crate::model::personal;
use crate::redact::hit::{FieldHit, Hit};
use crate::redact::json_members::{self, JsonKind};
use crate::redact::kind::SecretKind;
use crate::redact::notation::PlainText;
use crate::redact::tag;
use crate::redact::value::{self, ValueReader, is_quote};

/// Members whose objects are people or say who did something: the `name` in them is a person's.
const PEOPLE: &[&str] = &[
    "participants",
    "user",
    "users",
    "agent",
    "agents",
    "customer",
    "createdBy",
    "modifiedBy",
    "manager",
    "contact",
    "caller",
    "assignee",
    "evaluator",
    "supervisor",
    "sender",
    "from",
    "to",
    "cc",
];

/// Adds the data of people in a text, with what makes equal ones equal.
pub(crate) fn scan(number: usize, text: &[u8], found: &mut Vec<FieldHit>) {
    let plain = PlainText::new(text);
    let read = String::from_utf8_lossy(plain.bytes());
    // Elsewhere than in UTF-8 the places would not be those of the bytes.
    if read.len() != plain.bytes().len() {
        return;
    }
    let mut push = |start: usize, value: &str, equal: String| {
        if !value.is_empty() && !tag::is_mask(value.as_bytes()) {
            let (start, end) = plain.written(start, start + value.len());
            let hit = Hit::unnamed(start, end, SecretKind::Personal);
            found.push(FieldHit { field: number, hit, secret: Some(Arc::from(equal.into_bytes())) });
        }
    };
    let place = |part: &str| part.as_ptr().addr() - read.as_ptr().addr();
    for word in personal::words(&read).filter(|word| personal::is_email(word)) {
        push(place(word), word, word.to_lowercase());
    }
    for phone in personal::international_phones(&read) {
        push(place(phone), phone, digits(phone));
    }
    each_member(&plain, &mut |key, start, end| {
        let (Some(key), Some(value)) = (read.get(key.0..key.1), read.get(start..end)) else { return };
        if personal::is_name_key(key) && value.chars().any(char::is_alphabetic) {
            push(start, value, value.to_owned());
        } else if personal::is_phone_key(key) {
            let number = value.trim_start_matches("tel:");
            if personal::is_phone(number) {
                push(end - number.len(), number, digits(number));
            }
        }
    });
    if text.trim_ascii_start().starts_with(b"{") || text.trim_ascii_start().starts_with(b"[") {
        json_members::walk(text, &mut |value| {
            let is_name = value.kind == JsonKind::String && value.name().as_deref() == Some("name");
            let name = &text[value.start..value.end];
            if is_name && value.owner().is_some_and(|owner| PEOPLE.contains(&&*owner)) && !tag::is_mask(name)
            {
                found.push(FieldHit::new(number, Hit::unnamed(value.start, value.end, SecretKind::Personal)));
            }
        });
    }
}

/// Returns the digits of a number, which are the same however it is set.
fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Calls `see` with the name and the place of each value of JSON at any depth, forms and queries.
fn each_member(plain: &PlainText<'_>, see: &mut dyn FnMut((usize, usize), usize, usize)) {
    let bytes = plain.bytes();
    let reader = ValueReader::new(plain);
    for separator in memchr::memchr2_iter(b':', b'=', bytes) {
        let end = bytes[..separator].trim_ascii_end().len();
        let end = end - usize::from(end > 0 && is_quote(bytes.get(end - 1)));
        let length = bytes[..end].iter().rev().take(64).take_while(|byte| value::is_bare_key(**byte)).count();
        let key = (end - length, end);
        let mut at = value::skip_space(bytes, separator + 1);
        if bytes.get(at) == Some(&b'[') {
            at = value::skip_space(bytes, at + 1);
        }
        if length == 0 {
            continue;
        }
        while is_quote(bytes.get(at)) {
            let Some(close) = reader.string_end_within(at, 256) else { break };
            see(key, at + 1, close);
            at = value::skip_space(bytes, close + 1);
            if bytes.get(at) != Some(&b',') {
                break;
            }
            at = value::skip_space(bytes, at + 1);
            // The next string may be the name of the next member.
            let next = if is_quote(bytes.get(at)) { reader.string_end_within(at, 256) } else { None };
            if next.is_some_and(|next| bytes.get(value::skip_space(bytes, next + 1)) == Some(&b':')) {
                break;
            }
        }
        if bytes[separator] == b'=' && !is_quote(bytes.get(at)) {
            let depth = plain.percent_depth(separator);
            let ends = |at: &usize| {
                matches!(bytes[*at], b'&' | b'#' | b'\r' | b'\n' | b'"') && plain.percent_depth(*at) <= depth
            };
            let limit = bytes.len().min(at + 256);
            see(key, at, (at..limit).find(ends).unwrap_or(limit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        scan(0, text.as_bytes(), &mut found);
        found.sort_by_key(|found| found.hit.start);
        let mut all: Vec<String> =
            found.iter().map(|found| text[found.hit.start..found.hit.end].to_owned()).collect();
        all.dedup();
        all
    }

    #[test]
    fn people_are_found_in_every_notation() {
        for (text, people) in [
            (
                r#"{"firstName":"Ann","email":"ann.b@example.org","ani":"tel:+4930123456"}"#,
                &["Ann", "ann.b@example.org", "+4930123456"][..],
            ),
            ("/x?email=ann%40example.org&userName=Ann%20B&page=2", &["ann%40example.org", "Ann%20B"]),
            (r#"{"d":"{\"displayName\":\"Ann \\\"B\\\"\",\"name\":\"Default\"}"}"#, &[r#"Ann \\\"B\\\""#]),
            (r#"{"participants":[{"name":"Ann B","purpose":"agent"}],"queue":{"name":"Sales"}}"#, &["Ann B"]),
            (r#"{"callbackNumbers":["030123456","0301234567"],"name":"x"}"#, &["030123456", "0301234567"]),
            (r#"{"name":"Sales","code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","durationSeconds":120}"#, &[]),
            ("see https://api.x/api/v2/users?pageSize=25, or 1234567", &[]),
        ] {
            assert_eq!(masked(text), people, "{text}");
        }
    }

    #[test]
    fn a_number_is_the_same_however_it_is_set() {
        let mut found = Vec::new();
        scan(0, b"+49 30 123456 or +4930123456", &mut found);
        assert_eq!(found[0].secret, found[1].secret);
    }
}
