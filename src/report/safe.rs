//! Makes recorded text safe to print: control bytes and invisible characters are shown, never interpreted.
//!
//! A body can hold terminal escapes (retitle, clear, hyperlinks), direction overrides that make a line read
//! as something else, and bytes that are not text. Every rendering passes recorded text through one of these
//! functions.

use std::borrow::Cow;

/// Returns the text as one line: every control, invisible or direction character as an escape such as `\x1b`,
/// `\n`, `\u{202e}`. A text without any is returned as it is.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// Returns the text with its line ends and tabs kept and everything else as in [`line`]; a CR before LF is
/// dropped.
pub fn block(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        let unified = text.replace("\r\n", "\n");
        return Cow::Owned(escaped(&unified, |c| matches!(c, '\n' | '\t')).into_owned());
    }
    escaped(text, |c| matches!(c, '\n' | '\t'))
}

/// Returns bytes as one line: text as in [`line`], what is not UTF-8 as `\xff`.
pub fn bytes(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        out.push_str(&line(chunk.valid()));
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

/// Returns how one character is shown, or `None` if it can be shown as it is.
pub fn escape(c: char) -> Option<String> {
    match c {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        c if (c as u32) < 0x20 || c as u32 == 0x7f => Some(format!("\\x{:02x}", c as u32)),
        c if is_hidden(c) => Some(format!("\\u{{{:x}}}", c as u32)),
        _ => None,
    }
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(|c| !keep(c) && escape(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match escape(c) {
            Some(shown) if !keep(c) => out.push_str(&shown),
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// C1 controls, line separators, zero-width characters, and what changes the direction of its surroundings.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_are_shown() {
        assert_eq!(line("a\u{1b}]0;title\u{7}b\u{9b}2J"), "a\\x1b]0;title\\x07b\\u{9b}2J");
        assert_eq!(line("one\r\ntwo\tthree"), "one\\r\\ntwo\\tthree");
    }

    #[test]
    fn text_that_hides_or_turns_its_surroundings_is_shown() {
        assert_eq!(line("a\u{202e}b\u{200b}c\u{feff}"), "a\\u{202e}b\\u{200b}c\\u{feff}");
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(line("Müller — 東京 🙂"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_block_keeps_its_lines_and_nothing_else() {
        assert_eq!(block("{\r\n\t\"a\": 1\n}\u{1b}\r"), "{\n\t\"a\": 1\n}\\x1b\\r");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_in_hex() {
        assert_eq!(bytes(b"a\xff\xfe\xc3\xa9\x00"), "a\\xff\\xfeé\\x00");
    }
}
