//! Reads the value that belongs to a name in a text of unknown syntax.

use crate::redact::kind::SecretKind;
use crate::redact::lookahead::{NextMatch, RunEnd};
use crate::redact::notation::PlainText;
use crate::redact::value::{self, ValueReader, ValueSpan, is_letter_of_string, is_quote, skip_space};
use crate::redact::{markup, siblings, steps};

/// What separates a name from its value.
const SEPARATORS: &[&[u8]] = &[b"=>", b":=", b"::", b":", b"="];

/// Bytes of brackets and quotation marks between a name and what separates it from its value:
/// `user[token][0]=`, `x["token"] =`.
const LONGEST_CLOSING: usize = 40;

/// Bytes of the name of a part of a form, its brackets included.
const LONGEST_PART_NAME: usize = 128;

/// Reads values of one text. What was found ahead is remembered, so that many names before one value cost no
/// more than one.
pub(crate) struct NamedValueReader<'t> {
    text: &'t PlainText<'t>,
    bytes: &'t [u8],
    values: ValueReader<'t>,
    word: RunEnd,
    digit: NextMatch,
    blank_line: NextMatch,
    /// Further values of the name that was read last.
    pub(crate) others: Vec<ValueSpan>,
}

impl<'t> NamedValueReader<'t> {
    /// Returns a reader of this text.
    pub(crate) fn new(text: &'t PlainText<'t>) -> Self {
        let (digit, blank_line) = (NextMatch::default(), NextMatch::default());
        Self {
            text,
            bytes: text.bytes(),
            values: ValueReader::new(text),
            word: RunEnd::default(),
            digit,
            blank_line,
            others: Vec::new(),
        }
    }

    /// Returns the value behind the name at `start..end`, `None` if the name is a mere word of a sentence.
    pub(crate) fn read_after(&mut self, start: usize, end: usize, kind: SecretKind) -> Option<ValueSpan> {
        if self.is_part_name(start, end) {
            return self.multipart(end);
        }
        markup::read(self.text, start, end)
            .or_else(|| self.argument(start, end))
            .or_else(|| self.assigned(start, end, kind))
            .or_else(|| {
                self.others = siblings::read(&self.values, start, end, kind);
                self.others.pop()
            })
    }

    /// Reads a value behind a name and a separator.
    fn assigned(&mut self, start: usize, end: usize, kind: SecretKind) -> Option<ValueSpan> {
        let bytes = self.bytes;
        let mut at = end + closing_length(&bytes[end..bytes.len().min(end + LONGEST_CLOSING)]);
        let name_is_quoted = is_quote(bytes[end..at].last());
        let gap_from = at;
        at = skip_space(bytes, at);
        let is_spaced = at > gap_from;
        let Some(separator) = SEPARATORS.iter().find(|separator| bytes[at..].starts_with(separator)) else {
            return self.option(start, end);
        };
        let separator_at = at;
        at += separator.len();
        let gap_from = at;
        at = skip_space(bytes, at);
        // a form writes a space as `+`
        if self.text.percent_depth(separator_at) > 0 {
            at += bytes[at..].iter().take_while(|byte| **byte == b'+').count();
        }
        let gap = at > gap_from;
        if matches!(bytes.get(at)?, b'"' | b'\'' | b'`' | b'[' | b'{')
            || (is_letter_of_string(bytes.get(at)) && is_quote(bytes.get(at + 1)))
        {
            return self.values.value_at(at, kind);
        }
        if separator.contains(&b'=') && !is_spaced && !gap {
            return self.bare(start, separator_at, at, kind);
        }
        if name_is_quoted {
            return value::number(bytes, at, kind);
        }
        // `X-Api-Key: value` in a dump of headers: up to the end of its line.
        let before = start.checked_sub(1);
        let begins_line = before.is_none_or(|at| matches!(bytes[at], b'\n' | b'\r' | b'>' | b'"' | b'\''));
        if begins_line && gap {
            return self.line(before, at);
        }
        // In running text: only what cannot be a word.
        let word_end = self.word.after(bytes, at, |byte| !ends_word(byte));
        let digit = self
            .digit
            .after(at, || bytes[at..].iter().position(u8::is_ascii_digit).map(|offset| at + offset));
        let is_word = word_end - at < 8 || digit.is_none_or(|digit| digit >= word_end);
        (!is_word).then_some(ValueSpan { start: at, end: word_end, quoted: false })
    }

    /// `--client-secret VALUE` on a command line.
    fn option(&self, start: usize, end: usize) -> Option<ValueSpan> {
        let bytes = self.bytes;
        if !bytes[start..].starts_with(b"--") || bytes.get(end) != Some(&b' ') {
            return None;
        }
        let at = skip_space(bytes, end);
        if is_quote(bytes.get(at)) {
            return self.values.quoted(at);
        }
        let length = bytes[at..].iter().take(4096).take_while(|byte| !ends_word(**byte)).count();
        let is_word = length < 12 && !bytes[at..at + length].iter().any(u8::is_ascii_digit);
        if is_word { None } else { ValueSpan::of_text(at, at + length) }
    }

    /// Returns whether this is the name of a part of a form: `name="…"` or `name=…` at the end of its line or
    /// before a `;`.
    fn is_part_name(&self, start: usize, end: usize) -> bool {
        let bytes = self.bytes;
        let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.[]".contains(byte);
        let first = start.saturating_sub(LONGEST_PART_NAME);
        let length = bytes[first..start].iter().rev().take_while(|byte| is_inner(byte)).count();
        let before = &bytes[..start - length];
        let before = before.strip_suffix(b"\"").unwrap_or(before);
        let Some(before) = before.strip_suffix(b"ame=") else { return false };
        let is_name = matches!(before, [.., b' ' | b'\t' | b';' | b'\n', b'n' | b'N']);
        let behind =
            bytes[end..].iter().take(LONGEST_PART_NAME).find(|byte| !matches!(byte, b']' | b'"' | b'['));
        is_name && matches!(behind, Some(b'\r' | b'\n' | b';'))
    }

    /// Returns the part of a multipart body in whose head `at` is: behind the empty line, up to the next
    /// boundary.
    fn multipart(&mut self, at: usize) -> Option<ValueSpan> {
        let bytes = self.bytes;
        let blank = self.blank_line.after(at, || {
            let is_blank =
                |end: &usize| bytes[*end + 1..].starts_with(b"\n") || bytes[*end + 1..].starts_with(b"\r\n");
            memchr::memchr_iter(b'\n', &bytes[at..]).map(|offset| at + offset).find(is_blank)
        })?;
        let start = blank + 1 + 1 + usize::from(bytes[blank + 1] == b'\r');
        let end = memchr::memmem::find(&bytes[start..], b"\n--").map_or(bytes.len(), |length| start + length);
        steps::add(end - start);
        let end = end - usize::from(end > start && end < bytes.len() && bytes[end - 1] == b'\r');
        ValueSpan::of_text(start, end)
    }

    /// `["Authorization","…"]`, `("Authorization", "…")`: a pair in brackets.
    fn argument(&self, start: usize, end: usize) -> Option<ValueSpan> {
        let bytes = self.bytes;
        let opening = start.checked_sub(1)?;
        if !is_quote(bytes.get(opening)) || bytes.get(end) != bytes.get(opening) {
            return None;
        }
        let mut before = &bytes[..opening];
        if is_letter_of_string(before.last()) {
            before = &before[..before.len() - 1];
        }
        let at = skip_space(bytes, end + 1);
        if bytes.get(at) != Some(&b',') || !matches!(before.trim_ascii_end(), [.., b'[' | b'(' | b'{']) {
            return None;
        }
        let at = skip_space(bytes, at + 1);
        let at = at + usize::from(is_letter_of_string(bytes.get(at)));
        if bytes.get(at) != bytes.get(opening) { None } else { self.values.quoted(at) }
    }

    /// Returns a run without spaces and punctuation that is no literal of JSON. What is encoded more deeply
    /// than the separator belongs to the value.
    fn bare(&self, name: usize, separator: usize, start: usize, kind: SecretKind) -> Option<ValueSpan> {
        let bytes = self.bytes;
        let before = name.checked_sub(1).map_or(b'&', |at| bytes[at]);
        let depth = self.text.percent_depth(separator);
        let run = |from: usize, ends: &dyn Fn(u8) -> bool| {
            let end = (from..bytes.len())
                .find(|at| ends(bytes[*at]) && self.text.percent_depth(*at) <= depth)
                .unwrap_or(bytes.len());
            steps::add(end - from);
            end
        };
        let end = if matches!(before, b'&' | b'?') {
            // Encoders of forms leave `'()*!` alone, and people who write one by hand all the rest.
            let end = run(start, &|byte| matches!(byte, 0..=b' ' | b'&' | b'"' | b'<' | b'>'));
            self.end_of_parameter(start, end)
        } else {
            run(start, &|byte| ends_word(byte) || (byte == b'?' && before == b';'))
        };
        let literals = [&b"null"[..], b"true", b"false", b"none", b"None", b"undefined"];
        if literals.contains(&&bytes[start..end]) {
            return None;
        }
        // `Authorization=Bearer …`: the word is the scheme.
        let is_scheme = kind == SecretKind::Credentials
            && end - start < 24
            && bytes[start..end].iter().all(u8::is_ascii_alphabetic)
            && bytes.get(end) == Some(&b' ');
        let end = if is_scheme { run(end + 1, &ends_word) } else { end };
        ValueSpan::of_text(start, end)
    }

    /// Takes from the end of a parameter what belongs to the text around the URL that it is in.
    fn end_of_parameter(&self, start: usize, end: usize) -> usize {
        let bytes = self.bytes;
        let name_follows = |at: usize| {
            let name = bytes[at + 1..end].iter().take(64).take_while(|byte| is_key_byte(**byte)).count();
            name > 0 && bytes.get(at + 1 + name) == Some(&b'=')
        };
        let ends = |at: usize| match bytes[at] {
            b';' | b',' => name_follows(at),
            b'\'' => matches!(bytes.get(at + 1), Some(b',' | b')' | b']' | b'}' | b':')),
            _ => false,
        };
        let end = (start..end).find(|at| ends(*at)).unwrap_or(end);
        if matches!(bytes.get(end), None | Some(b'&')) {
            return end;
        }
        let is_punctuation = |byte: &&u8| b",;)]}'".contains(byte);
        end - bytes[start..end].iter().rev().take_while(is_punctuation).count()
    }

    /// The rest of a line. In a dump inside of a JSON string the string's end ends it, too.
    fn line(&self, before: Option<usize>, start: usize) -> Option<ValueSpan> {
        let bytes = self.bytes;
        let in_string = before.is_some_and(|at| is_quote(bytes.get(at)) || self.text.notation(at).len() > 1);
        let ends = |at: &usize| match bytes[*at] {
            b'\r' | b'\n' | b'<' => true,
            b'"' => in_string && self.text.notation(*at).len() == 1,
            b'\'' => before.is_some_and(|before| bytes[before] == b'\''),
            _ => false,
        };
        let end = (start..bytes.len()).find(ends).unwrap_or(bytes.len());
        steps::add(end - start);
        ValueSpan::of_text(start, end)
    }
}

/// Returns whether a byte ends a value in running text.
fn ends_word(byte: u8) -> bool {
    matches!(byte, 0..=b' ') || b"&\"'<>;,#)]}".contains(&byte)
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Returns how many brackets, indexes and quotation marks follow a name.
fn closing_length(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += match text.get(at) {
            Some(b']' | b')' | b'"' | b'\'' | b'`') => 1,
            // `"token ":`
            Some(b' ' | b'\t') => {
                let behind = skip_space(text, at);
                if matches!(text.get(behind), Some(b'"' | b']')) { behind - at } else { return at }
            }
            Some(b'[') => {
                let index = text[at + 1..].iter().take_while(|byte| is_key_byte(**byte)).count();
                if text.get(at + 1 + index) == Some(&b']') { index + 2 } else { return at }
            }
            _ => return at,
        };
    }
}
