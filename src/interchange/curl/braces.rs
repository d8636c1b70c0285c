//! `{a,b}` and `{1..3}` outside quotes: the words that bash makes of one word, before it looks at anything
//! else in it.
//!
//! As bash 5 does it, its oddities included: `{a}`, `{}` and `{a,b` stay, `{"a":1,"b":2}` does not.

use crate::interchange::curl::ast::{ShellError, ShellWord};
use crate::interchange::curl::quoting::{self, WordReader};
use crate::interchange::curl::{CurlFact, CurlNote};
use crate::interchange::text_position::TextPosition;

/// The most words that one word may become.
const MOST_WORDS: usize = 1000;

/// The most bytes that they may have together.
const MAX_BYTES: usize = 16 << 20;

/// Braces inside braces.
const MOST_LEVELS: usize = 64;

/// The braces expand to more words than anyone means.
#[derive(Debug)]
struct Boundless;

impl WordReader<'_> {
    /// Returns the words that bash makes of the word that was read last, which is mostly that word itself;
    /// its own notes are those from `met` on.
    pub(super) fn braced(&mut self, word: ShellWord, met: usize) -> Result<Vec<ShellWord>, ShellError> {
        let raw = &self.text[word.at..self.at];
        if !raw.contains('{') {
            return Ok(vec![word]);
        }
        let place = TextPosition::new(self.text, word.at);
        let mut expander = Expander { steps: (1 << 20) + raw.len().saturating_mul(64) };
        let written = expander.words(raw, 0).map_err(|Boundless| ShellError::Braces { place })?;
        if written == [raw] {
            return Ok(vec![word]);
        }
        let mut words = Vec::new();
        for written in &written {
            let mut reader = WordReader::new(written);
            reader.variables = std::mem::take(&mut self.variables);
            let part = reader.element();
            self.variables = std::mem::take(&mut reader.variables);
            // the notes of the word itself are taken already
            for CurlNote { fact, .. } in reader.notes {
                if !self.notes[met..].iter().any(|known| known.fact == fact) {
                    self.notes.push(CurlNote { place, fact });
                }
            }
            let part = part?;
            // bash drops a word of nothing at all, but not an empty pair of quotes
            if !written.is_empty() {
                words.push(ShellWord { at: word.at, ..part });
            }
        }
        let shown: String = raw.chars().take(60).collect();
        let shown = if shown.len() < raw.len() { shown + "…" } else { shown };
        self.notes.push(CurlNote { place, fact: CurlFact::Braces { written: shown, words: words.len() } });
        Ok(words)
    }
}

/// Works on words as they are written, quotes and all.
struct Expander {
    /// How many bytes may still be looked at: what is never closed is looked at again and again.
    steps: usize,
}

impl Expander {
    fn words(&mut self, text: &str, level: usize) -> Result<Vec<String>, Boundless> {
        if level > MOST_LEVELS {
            return Err(Boundless);
        }
        let mut words = vec![String::new()];
        let mut rest = text;
        while let Some((open, close)) = self.pair(rest)? {
            let inner = &rest[open + 1..close];
            let choices = match has_comma(inner) {
                true => self.choices(inner, level)?,
                false => sequence(inner)?.unwrap_or_else(|| vec![rest[open..=close].to_owned()]),
            };
            words = joined(&joined(&words, &[rest[..open].to_owned()])?, &choices)?;
            rest = &rest[close + 1..];
        }
        joined(&words, &[rest.to_owned()])
    }

    /// Returns the first brace that has a partner with a comma or two dots between them, and that partner.
    fn pair(&mut self, text: &str) -> Result<Option<(usize, usize)>, Boundless> {
        let mut from = 0;
        while let Some(open) = self.find(text, from, b'{')? {
            if let Some(close) = self.find(text, open + 1, b'}')? {
                return Ok(Some((open, close)));
            }
            from = open + 1;
        }
        Ok(None)
    }

    fn choices(&mut self, inner: &str, level: usize) -> Result<Vec<String>, Boundless> {
        let (mut words, mut start) = (Vec::new(), 0);
        loop {
            let end = self.find(inner, start, b',')?;
            words.extend(self.words(&inner[start..end.unwrap_or(inner.len())], level + 1)?);
            if words.len() > MOST_WORDS {
                return Err(Boundless);
            }
            match end {
                Some(end) => start = end + 1,
                None => return Ok(words),
            }
        }
    }

    /// Returns the positions of `wanted` outside quotes, substitutions and inner braces.
    fn find(&mut self, text: &str, from: usize, wanted: u8) -> Result<Option<usize>, Boundless> {
        let bytes = text.as_bytes();
        let (mut at, mut level, mut quote) = (from, 0_usize, None);
        let mut parted = wanted != b'}';
        while let Some(byte) = bytes.get(at).copied() {
            self.steps = self.steps.checked_sub(1).ok_or(Boundless)?;
            let next = bytes.get(at + 1).copied();
            match byte {
                b'\\' if quote != Some(b'\'') => at += 1,
                b'$' if next == Some(b'{') && quote != Some(b'\'') => {
                    level += usize::from(quote.is_none());
                    at += 1;
                }
                b'$' if next == Some(b'(') && matches!(quote, None | Some(b'"')) => {
                    at += substitution(text, at);
                }
                b'<' | b'>' if next == Some(b'(') && quote.is_none() => at += substitution(text, at),
                b'$' if next == Some(b'\'') && quote.is_none() => at += ansi(&bytes[at..]),
                _ if quote.is_some() => quote = quote.filter(|quote| *quote != byte),
                b'"' | b'\'' | b'`' => quote = Some(byte),
                _ if byte == wanted && level == 0 && parted => {
                    let alone = at == 0 && matches!(next, None | Some(b'}'));
                    if byte != b'{' || !alone {
                        return Ok(Some(at));
                    }
                }
                b'{' => level += 1,
                b'}' => level = level.saturating_sub(1),
                b',' => parted |= level == 0,
                b'.' => parted |= level == 0 && next == Some(b'.') && bytes.get(at + 2) != Some(&b'}'),
                _ => {}
            }
            at += 1;
        }
        Ok(None)
    }
}

/// Returns the length of `$(…)` without its first byte.
fn substitution(text: &str, at: usize) -> usize {
    quoting::balanced(&text[at..], '(', ')').map_or(text.len() - at, |length| length - 1)
}

/// Returns the length of `$'…'` without its first byte.
fn ansi(bytes: &[u8]) -> usize {
    let mut at = 2;
    while at < bytes.len() && bytes[at] != b'\'' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len() - 1)
}

/// Returns whether there is a comma; bash minds only backslashes here.
fn has_comma(inner: &str) -> bool {
    let mut bytes = inner.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b',' => return true,
            _ => {}
        }
    }
    false
}

/// Returns the expansion of `1..3`, `a..e` and `10..0..5`; `None` if it is not a sequence.
fn sequence(inner: &str) -> Result<Option<Vec<String>>, Boundless> {
    let Some((first, rest)) = inner.split_once("..") else { return Ok(None) };
    let (last, step) = rest.split_once("..").unwrap_or((rest, "1"));
    let letter = |text: &str| match text.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => Some(i64::from(*letter)),
        _ => None,
    };
    let Ok(step) = step.parse::<i64>() else { return Ok(None) };
    let (from, to, letters) = match (letter(first), letter(last)) {
        (Some(from), Some(to)) => (from, to, true),
        _ => match (first.parse::<i64>(), last.parse::<i64>()) {
            (Ok(from), Ok(to)) => (from, to, false),
            _ => return Ok(None),
        },
    };
    let (from, to) = (i128::from(from), i128::from(to));
    let step = i128::from(step).abs().max(1);
    let count = usize::try_from((to - from).abs() / step).map_err(|_| Boundless)?;
    if count >= MOST_WORDS {
        return Err(Boundless);
    }
    let padded =
        |text: &str| text.trim_start_matches('-').starts_with('0') && text.trim_start_matches('-').len() > 1;
    let width = if padded(first) || padded(last) { first.len().max(last.len()) } else { 0 };
    let values = (0..=count as i128).map(|index| from + index * step * (to - from).signum());
    let value = |value: i128| match u8::try_from(value).map(char::from) {
        // between `Z` and `a` there is a backquote, which opens nothing here
        Ok('`') if letters => "\\`".to_owned(),
        Ok(letter) if letters => letter.to_string(),
        _ => format!("{value:0width$}"),
    };
    Ok(Some(values.map(value).collect()))
}

/// Returns each start with each end behind it.
fn joined(starts: &[String], ends: &[String]) -> Result<Vec<String>, Boundless> {
    let length = |words: &[String]| words.iter().map(String::len).sum::<usize>();
    let bytes =
        length(starts).saturating_mul(ends.len()).saturating_add(length(ends).saturating_mul(starts.len()));
    if starts.len().saturating_mul(ends.len()) > MOST_WORDS || bytes > MAX_BYTES {
        return Err(Boundless);
    }
    Ok(starts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}"))).collect())
}

#[cfg(test)]
mod tests {
    use crate::interchange::curl::ast::ShellError;
    use crate::interchange::curl::shell;

    fn words(text: &str) -> Vec<String> {
        shell::split(text).unwrap().commands[0].words.iter().map(super::ShellWord::text).collect()
    }

    #[test]
    fn a_body_without_quotes_falls_apart_as_it_does_in_bash() {
        assert_eq!(words("curl -d {\"a\":1,\"b\":2} h"), ["curl", "-d", "a:1", "b:2", "h"]);
        assert_eq!(words("curl -d {\"a\":1} h"), ["curl", "-d", "{a:1}", "h"]);
        assert_eq!(words("curl -d '{\"a\":1,\"b\":2}' h"), ["curl", "-d", "{\"a\":1,\"b\":2}", "h"]);
        assert_eq!(words("curl -d \"{\\\"a\\\":1,\\\"b\\\":{}}\""), ["curl", "-d", "{\"a\":1,\"b\":{}}"]);
    }

    #[test]
    fn each_expansion_is_noted_once_with_its_place() {
        let script = shell::split("curl h/$X{a,{b,c}} -d '{d,e}'").unwrap();
        let notes: Vec<String> =
            script.notes.iter().map(|note| format!("{}: {}", note.place, note.fact)).collect();
        assert!(
            notes.iter().any(
                |note| note.starts_with("line 1, column 6: the shell expands `h/$X{a,{b,c}}` to 3 words")
            ),
            "{notes:?}"
        );
        assert_eq!(notes.iter().filter(|note| note.contains("expands")).count(), 1, "{notes:?}");
    }

    #[test]
    fn words_without_number_are_refused_in_little_time() {
        for text in [
            "{1..1000000000}".to_owned(),
            "{1..9223372036854775807}".to_owned(),
            "{-9223372036854775808..9223372036854775807}".to_owned(),
            "{a,b}".repeat(40),
            "{a,".repeat(5000) + &"}".repeat(5000),
            format!("{}{}", "x".repeat(1 << 20), "{a,b}".repeat(8)),
            "{".repeat(100_000) + "a,b",
        ] {
            let error = shell::split(&format!("curl h {text}")).unwrap_err();
            assert!(matches!(error, ShellError::Braces { .. }), "{error}");
        }
        assert_eq!(words(&"{1..1}".repeat(5000))[0].len(), 5000);
    }
}
