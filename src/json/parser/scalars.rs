//! Strings, numbers, literals and what people write in their place.

use crate::json::document::Kind;
use crate::json::fault::FaultKind;
use crate::json::parser::Parser;
use crate::json::text;

/// A string as it was read.
struct Quoted {
    start: usize,
    end: usize,
    /// Its text, where it differs from the bytes between the quotes.
    text: Option<String>,
    /// The text of the document ended inside it.
    open: bool,
    /// Where half a surrogate pair is.
    lone: Option<usize>,
}

impl Parser<'_> {
    pub(super) fn string_value(&mut self, quote: u8) {
        let faults = self.faults.len();
        let quoted = self.quoted(quote);
        if !self.builds() {
            return;
        }
        let node = if quoted.open {
            self.tree.invalid(quoted.start, quoted.end)
        } else {
            self.tree.string(quoted.start, quoted.end, quoted.text)
        };
        for fault in &mut self.faults[faults..] {
            fault.node = Some(node);
        }
        if let Some(offset) = quoted.lone {
            self.note_lone(offset);
            self.blame_lone(offset, node);
        }
    }

    /// Reads a key; `false` if the text ended inside it.
    pub(super) fn key_string(&mut self, quote: u8) -> bool {
        let quoted = self.quoted(quote);
        if let Some(offset) = quoted.lone {
            self.note_lone(offset);
        }
        if !quoted.open && self.builds() {
            self.tree.name(quoted.start, quoted.end, quoted.text);
        }
        !quoted.open
    }

    fn note_lone(&mut self, offset: usize) {
        self.note(offset, FaultKind::LoneSurrogate, "both halves of a surrogate pair", "one half");
    }

    fn blame_lone(&mut self, offset: usize, node: crate::json::document::NodeId) {
        let fault = self.faults.iter_mut().find(|f| f.kind == FaultKind::LoneSurrogate && f.offset == offset);
        if let Some(fault) = fault {
            fault.node = Some(node);
        }
    }

    fn quoted(&mut self, quote: u8) -> Quoted {
        let start = self.at;
        if quote == b'\'' {
            self.fault_here("a string in double quotes");
        }
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        let mut escaped = false;
        let mut reported = false;
        let open = loop {
            match bytes.get(at) {
                None => {
                    self.fault(
                        bytes.len(),
                        "`\"` at the end of the string",
                        "the end of the text".to_owned(),
                    );
                    break true;
                }
                Some(b) if *b == quote => break false,
                Some(b'\\') => {
                    escaped = true;
                    at += 1 + usize::from(at + 1 < bytes.len());
                }
                Some(b) if *b < 0x20 => {
                    if matches!(b, b'\n' | b'\r') && self.resumes_behind(at) {
                        self.fault(at, "`\"` at the end of the string", "the end of the line".to_owned());
                        break true;
                    }
                    if !reported {
                        reported = true;
                        let found = format!("the control character 0x{b:02X}");
                        self.fault(at, "an escape such as `\\n` in place of a control character", found);
                    }
                    at += 1;
                }
                Some(_) => at += 1,
            }
        };
        self.at = if open { at } else { at + 1 };
        let inside = self.text.get(start + 1..at).unwrap_or_default();
        let mut quoted = Quoted { start, end: self.at, text: None, open, lone: None };
        if escaped {
            let decoded = text::decode(inside);
            if let Some(wrong) = decoded.wrong.filter(|_| !open) {
                let found: String = inside[wrong..].chars().take(2).collect();
                self.fault(start + 1 + wrong, "an escape of RFC 8259", format!("`{found}`"));
            }
            quoted.lone = decoded.lone.map(|lone| start + 1 + lone);
            quoted.text = Some(decoded.text);
        }
        quoted
    }

    /// Returns whether the line after an unterminated string looks like the next member or the end of a
    /// container.
    fn resumes_behind(&self, at: usize) -> bool {
        let rest = self.text.as_bytes()[at..].trim_ascii_start();
        matches!(rest.first(), Some(b'"' | b'}' | b']') | None)
    }

    /// Reads `true`, `false`, `null`, a number, or whatever else is there up to the next delimiter.
    pub(super) fn literal(&mut self) {
        let start = self.at;
        let length = self.token_length().max(self.text[start..].chars().next().map_or(1, char::len_utf8));
        let token = &self.text[start..start + length];
        let kind = match token {
            "null" => Kind::Null,
            "true" => Kind::Boolean(true),
            "false" => Kind::Boolean(false),
            _ if is_number(token) => Kind::Number,
            _ => Kind::Invalid,
        };
        // the text may have broken off inside a word or a number; the missing end is reported anyway
        let at_end = start + length == self.text.len() && !self.levels.is_empty();
        let word = ["null", "true", "false"].iter().any(|word| *word != token && word.starts_with(token));
        let broken_off = at_end && (word || token.starts_with(|c: char| c == '-' || c.is_ascii_digit()));
        if kind == Kind::Invalid && !broken_off {
            self.fault_here(expected_for(token));
        }
        self.at += length;
        let kind = if broken_off { Kind::Invalid } else { kind };
        if self.builds() {
            let node = self.tree.scalar(kind, start, self.at);
            if kind == Kind::Invalid && !broken_off {
                self.blame(node);
            }
        }
    }

    /// Returns how many bytes there are up to the next delimiter.
    pub(super) fn token_length(&self) -> usize {
        let rest = &self.text[self.at..];
        rest.find([' ', '\t', '\n', '\r', ',', ':', '{', '}', '[', ']', '"', '\'', '\u{FEFF}'])
            .unwrap_or(rest.len())
    }
}

fn expected_for(token: &str) -> &'static str {
    let digits = token.trim_start_matches(['-', '+']);
    match token {
        "NaN" | "Infinity" | "-Infinity" => "a number: JSON has no NaN and no Infinity",
        "True" | "False" => "`true` or `false` in lower case",
        "None" | "nil" | "NULL" | "Null" | "undefined" => "`null`",
        _ if token.starts_with('+') => "a number without `+`",
        _ if digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit() => {
            "a number without leading zeros"
        }
        _ if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => "a number as JSON writes it",
        _ => "a value",
    }
}

/// Returns whether a token is a number as RFC 8259 defines it.
fn is_number(token: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
