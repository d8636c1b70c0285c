//! Slips of syntax with one reading: what a text was meant to be that is nearly JSON.

use crate::json::document::Document;
use crate::json::write::quoted;

/// A text that is JSON now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Repaired {
    pub(crate) text: String,
    /// What was mended, a noun phrase each: `a trailing comma`.
    pub(crate) slips: Vec<&'static str>,
}

/// Returns the text repaired, or `None` if it has no reading, or is JSON already.
///
/// Mended are a trailing comma, single quotes, Python's `None`, `True` and `False`, `NaN`, `undefined`,
/// closing brackets that are missing at the end, and JSON text in quotes of its own.
pub(crate) fn repair(text: &str) -> Option<Repaired> {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if is_json(trimmed) {
        return None;
    }
    let bare = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(bare) = bare.filter(|bare| bare.starts_with(['{', '[']) && is_json(bare)) {
        return Some(Repaired { text: bare.to_owned(), slips: vec!["JSON text quoted once more"] });
    }
    let mut mender = Mender::default();
    mender.run(trimmed)?;
    is_json(&mender.out).then_some(Repaired { text: mender.out, slips: mender.slips })
}

fn is_json(text: &str) -> bool {
    let document = Document::parse(text.as_bytes());
    document.is_json() && document.root().is_some()
}

#[derive(Default)]
struct Mender {
    out: String,
    open: Vec<char>,
    slips: Vec<&'static str>,
}

impl Mender {
    fn run(&mut self, text: &str) -> Option<()> {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let taken = match c {
                '"' => self.double_quoted(rest)?,
                '\'' => self.single_quoted(rest)?,
                'A'..='Z' | 'a'..='z' | '_' | '-' => self.word(rest)?,
                _ => {
                    self.mark(c)?;
                    c.len_utf8()
                }
            };
            rest = &rest[taken..];
        }
        if !self.open.is_empty() {
            self.drop_comma();
            self.slip("a missing closing bracket");
            while let Some(close) = self.open.pop() {
                self.out.push(close);
            }
        }
        Some(())
    }

    fn slip(&mut self, what: &'static str) {
        if !self.slips.contains(&what) {
            self.slips.push(what);
        }
    }

    fn mark(&mut self, c: char) -> Option<()> {
        match c {
            '{' => self.open.push('}'),
            '[' => self.open.push(']'),
            '}' | ']' => {
                self.drop_comma();
                if self.open.pop() != Some(c) {
                    return None;
                }
            }
            _ => {}
        }
        self.out.push(c);
        Some(())
    }

    /// Removes a comma that nothing follows.
    fn drop_comma(&mut self) {
        let end = self.out.trim_end().len();
        if self.out[..end].ends_with(',') {
            self.out.remove(end - 1);
            self.slip("a trailing comma");
        }
    }

    fn double_quoted(&mut self, rest: &str) -> Option<usize> {
        let end = end_of_string(rest, '"')?;
        self.out.push_str(&rest[..end]);
        Some(end)
    }

    fn single_quoted(&mut self, rest: &str) -> Option<usize> {
        let end = end_of_string(rest, '\'')?;
        let inner = rest[1..end - 1].replace("\\'", "'");
        // escapes that both languages know stay what they are
        let json = format!("\"{}\"", inner.replace('"', "\\\""));
        let text = if is_json(&json) { json } else { quoted(&inner) };
        self.out.push_str(&text);
        self.slip("single quotes");
        Some(end)
    }

    fn word(&mut self, rest: &str) -> Option<usize> {
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '.')))
            .unwrap_or(rest.len());
        let (json, slip) = match &rest[..end] {
            "None" | "undefined" => ("null", "a word of another language"),
            "True" => ("true", "a word of another language"),
            "False" => ("false", "a word of another language"),
            "NaN" | "Infinity" | "-Infinity" => ("null", "`NaN`"),
            other => {
                self.out.push_str(other);
                return Some(end);
            }
        };
        self.out.push_str(json);
        self.slip(slip);
        Some(end)
    }
}

/// Returns the byte behind the closing quote of the string that the text begins with.
fn end_of_string(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::repair;

    fn repaired(text: &str) -> Option<String> {
        repair(text).map(|repaired| repaired.text)
    }

    #[test]
    fn slips_with_one_reading_are_mended_and_nothing_else_is_touched() {
        for (text, wanted) in [
            (r#"{"a": 1, "b": [1, 2,],}"#, r#"{"a": 1, "b": [1, 2]}"#),
            (r"{'a': 'it\'s', 'b': None, 'c': True}", r#"{"a": "it's", "b": null, "c": true}"#),
            (r#"{'a': 'say "x"'}"#, r#"{"a": "say \"x\""}"#),
            (r#"{"a": NaN}"#, r#"{"a": null}"#),
            (r#"{"a": {"b": 1}"#, r#"{"a": {"b": 1}}"#),
            (r#""{"a":1}""#, r#"{"a":1}"#),
            (r#"{"a": "x, }", }"#, r#"{"a": "x, }" }"#),
        ] {
            assert_eq!(repaired(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_json_or_has_no_reading_is_left_alone() {
        for text in [r#"{"a":1}"#, "", "7fb334b0", r#"{"a":}"#, r#"{"a" 1}"#, "{]", "<html>", r#"{"a":"b"#] {
            assert_eq!(repaired(text), None, "{text}");
        }
    }
}
