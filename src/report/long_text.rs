//! Cuts long strings in HTML: the beginning is shown, the rest behind "show all".

use std::borrow::Cow;

use crate::report::html::list as html_list;
use crate::report::layout;
use crate::report::markup::html;

/// Characters of a string that are shown.
const SHOWN: usize = 200;

/// What becomes of the rest of a long string.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LongRest {
    /// It is in the page, folded.
    Folded,
    /// It is not in the page; its length is said.
    LeftOut,
}

/// Returns a sentence with its beginning only, where recorded text makes it longer than a person reads.
pub fn shorten(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 400;
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let start: String = text.chars().take(SHOWN).collect();
    // a quote that is cut ends there
    let tick = if start.matches('`').count() % 2 == 1 { "`" } else { "" };
    Cow::Owned(format!("{start}{tick}… ({} characters)", layout::grouped(text.chars().count() as u64)))
}

/// Returns a list of sentences as HTML: each shortened, and at most thirty.
pub fn list(items: &[String]) -> String {
    const LISTED: usize = 30;
    let mut shown: Vec<String> = items.iter().take(LISTED).map(|item| shorten(item).into_owned()).collect();
    if let Some(more) = items.len().checked_sub(LISTED).filter(|more| *more > 0) {
        shown.push(format!("… and {} more", layout::grouped(more as u64)));
    }
    html_list(&shown)
}

/// Returns a text as HTML in which each string of more than 200 characters is cut. A string is what is
/// between two quotes, or on a line without any.
pub fn cut(text: &str, rest: LongRest) -> String {
    let mut out = String::with_capacity(text.len().min(1 << 16) + text.len() / 8);
    let mut from = 0;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        let ends = byte == b'\n' || byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        if ends {
            run(&mut out, &text[from..at], rest);
            out.push_str(if byte == b'\n' { "\n" } else { "&quot;" });
            from = at + 1;
        }
    }
    run(&mut out, &text[from..], rest);
    out
}

fn run(out: &mut String, text: &str, rest: LongRest) {
    let end = if text.len() > SHOWN { text.char_indices().nth(SHOWN) } else { None };
    let Some((end, _)) = end else {
        out.push_str(&html(text));
        return;
    };
    let (shown, hidden) = text.split_at(end);
    let count = layout::grouped(text.chars().count() as u64);
    out.push_str(&html(shown));
    match rest {
        LongRest::Folded => out.push_str(&format!(
            "<details class=\"long\"><summary>show all {count}</summary>{}</details>",
            html(hidden)
        )),
        LongRest::LeftOut => out.push_str(&format!("<span class=\"long\">… {count} characters</span>")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_more_than_two_hundred_characters_are_cut_and_others_stay() {
        let long = "ä".repeat(1000);
        let cut_text = cut(&format!("{{\"a\":\"{long}\",\"b\":\"<x\\\"y\"}}"), LongRest::Folded);
        assert!(
            cut_text.contains("ä<details class=\"long\"><summary>show all 1,000</summary>ä"),
            "{cut_text}"
        );
        assert!(cut_text.ends_with("&quot;b&quot;:&quot;&lt;x\\&quot;y&quot;}"), "{cut_text}");
        assert_eq!(cut_text.matches('ä').count(), 1000);
        let short = cut(&long, LongRest::LeftOut);
        assert!(short.ends_with("ä<span class=\"long\">… 1,000 characters</span>"), "{short}");
        assert_eq!(cut(&"x".repeat(200), LongRest::Folded), "x".repeat(200));
    }
}
