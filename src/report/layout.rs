//! Fits text into cells: width of a text, wrapping at words, cutting with `…`, padding; and counts with
//! plurals.
//!
//! A cell is one column of a terminal: CJK letters and most emoji take two, combining marks none.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `1 request`, `3 requests`.
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Returns a count with commas.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a duration as a person reads it: `0.4 ms`, `12 ms`, `1.2 s`.
pub fn duration(microseconds: u64) -> String {
    match microseconds {
        0..10_000 => format!("{}.{} ms", microseconds / 1000, microseconds % 1000 / 100),
        10_000..1_000_000 => format!("{} ms", microseconds / 1000),
        1_000_000..1_000_000_000 => {
            format!("{}.{} s", microseconds / 1_000_000, microseconds % 1_000_000 / 100_000)
        }
        _ => format!("{} s", microseconds / 1_000_000),
    }
}

/// Returns how many cells a text takes that has been through `report::safe`.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Returns how many cells one character takes.
pub fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Wraps a text at white space into lines of at most `cells`; a longer word keeps a line of its own.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = width(word);
        if used > 0 && used + 1 + wide > cells {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += wide;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Returns the text with `indent` before its first line and as many blanks before the following ones.
pub fn hanging(indent: &str, text: &str, cells: usize) -> String {
    let blank = " ".repeat(width(indent));
    let mut out = String::new();
    for (n, line) in wrap(text, cells.saturating_sub(width(indent)).max(20)).iter().enumerate() {
        out.push_str(if n == 0 { indent } else { &blank });
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Cuts a text to at most `cells`, with `…` as the last one if anything is lost.
pub fn cut(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = char_width(c);
        if used + wide > cells.saturating_sub(1) {
            break;
        }
        out.push(c);
        used += wide;
    }
    out.push('…');
    out
}

/// Cuts a text to at most `cells`, with its length in characters where anything is lost.
pub fn cut_with_length(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let length = format!(" ({} characters)", text.chars().count());
    cut(text, cells.saturating_sub(width(&length)).max(2)) + &length
}

/// Cuts a text to at most `cells` between words, with ` …` behind the last one; inside the first word if that
/// alone is longer.
pub fn cut_words(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let (mut used, mut end) = (0, None);
    for (at, c) in text.char_indices() {
        if used + 2 > cells {
            break;
        }
        if c == ' ' {
            end = Some(at);
        }
        used += char_width(c);
    }
    match end {
        Some(end) => format!("{} …", text[..end].trim_end_matches([',', ';', ':', ' '])),
        None => cut(text, cells),
    }
}

/// Cuts or fills a text to exactly `cells`.
pub fn pad(text: &str, cells: usize) -> String {
    let mut out = cut(text, cells);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', cells.saturating_sub(used)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_whole_and_lines_short() {
        assert_eq!(wrap("one two  three", 8), ["one two", "three"]);
        assert_eq!(wrap("unbreakable x", 4), ["unbreakable", "x"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(cut_words("one two, three", 10), "one two …");
        assert_eq!(cut_words("one two", 7), "one two");
        assert_eq!(cut_words("unbreakable x", 5), "unbr…");
    }

    #[test]
    fn wide_letters_take_two_cells() {
        assert_eq!(cut("東京都庁", 5), "東京…");
        assert_eq!(pad("東", 4), "東  ");
        assert_eq!(width(&pad("東京都庁", 5)), 5);
    }

    #[test]
    fn following_lines_hang_under_the_first() {
        assert_eq!(
            hanging(" = help: ", &"word ".repeat(6), 30),
            " = help: word word word word\n         word word\n"
        );
    }
}
