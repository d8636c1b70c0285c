//! Escapes text for Markdown and HTML.

use std::borrow::Cow;

use crate::report::safe;

/// Returns a Markdown code span on one line, with as many backticks around it as necessary.
pub fn code(text: &str) -> String {
    let text = safe::line(text);
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Returns Markdown text on one line: text between backticks as code, everything else escaped, so that it
/// contains no markup, link, mention or HTML.
pub fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (n, piece) in pieces.iter().enumerate() {
        // The piece behind an odd last backtick is not closed.
        if n % 2 == 1 && n + 1 < pieces.len() && !piece.is_empty() {
            out.push_str(&code(piece));
        } else {
            if n % 2 == 1 {
                out.push_str("\\`");
            }
            escaped(&mut out, &safe::line(piece));
        }
    }
    out
}

/// Returns a fenced block in a language, with the lines of the text kept.
pub fn fenced(language: &str, text: &str) -> String {
    let text = safe::block(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

/// Returns text for HTML elements and quoted attributes; invisible and control characters are shown as
/// escapes.
pub fn html(text: &str) -> String {
    let text: Cow<'_, str> = safe::block(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // An entity, so that a recorded text notifies no one.
            '@' => out.push_str("&#64;"),
            '\\' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_outgrows_the_backticks_in_it() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(code("a\nb"), "`a\\nb`");
    }

    #[test]
    fn recorded_text_does_not_become_markup() {
        assert_eq!(
            prose("`/a` is <b>null</b> [x](y) @all"),
            "`/a` is &lt;b&gt;null&lt;/b&gt; \\[x\\](y) &#64;all"
        );
        assert_eq!(prose("`/a` <img src=x> `b` end"), "`/a` &lt;img src=x&gt; `b` end");
        assert_eq!(prose("odd ` <i>"), "odd \\` &lt;i&gt;");
        assert_eq!(prose("a``b"), "a\\`b");
    }

    #[test]
    fn a_block_cannot_be_closed_from_inside() {
        assert_eq!(fenced("json", "```\n<x>"), "````json\n```\n<x>\n````\n");
    }

    #[test]
    fn html_is_escaped_in_text_and_attributes() {
        assert_eq!(html("<a href='\"&\u{1b}'>"), "&lt;a href=&#39;&quot;&amp;\\x1b&#39;&gt;");
    }
}
