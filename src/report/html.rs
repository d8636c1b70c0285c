//! Building blocks of a self-contained HTML document: one file, no script, nothing fetched, both colour
//! schemes.
//!
//! Blocks return fragments in which everything recorded is escaped; [`document`] puts them together. The
//! content security policy of the document is a second barrier.

use std::borrow::Cow;

use crate::model::coding;
use crate::model::exchange::{Body, Headers};
use crate::report::comparison;
use crate::report::markup;
use crate::report::safe;

/// The style sheet of a document; fragments bring none.
pub const PAGE_STYLE: &str = include_str!("resources/page.css");

/// A body is quoted up to this many characters.
const LONGEST_BODY: usize = 64 << 10;

/// Returns a whole document. `title` is plain text, `sections` are fragments in their order.
pub fn document(title: &str, sections: &[String]) -> String {
    let title = markup::html(title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{title}</title>\n<style>\n{PAGE_STYLE}{}</style>\n\
         </head>\n<body>\n<main>\n<h1>{title}</h1>\n{}</main>\n</body>\n</html>\n",
        comparison::html::STYLE,
        sections.concat(),
    )
}

/// Returns a section with a heading (plain text) that `#id` leads to; `id` has to be letters, digits and `-`.
pub fn section(id: &str, heading: &str, inner: &str) -> String {
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{}</h2>\n{inner}</section>\n",
        markup::html(heading)
    )
}

/// Returns a paragraph of plain text in which text between backticks is code.
pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", inline(text))
}

/// Returns a list of plain texts in which text between backticks is code; empty if there is none.
pub fn list(items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: String = items.iter().map(|item| format!("<li>{}</li>\n", inline(item))).collect();
    format!("<ul>\n{items}</ul>\n")
}

/// Returns names with their values (plain texts), one under another.
pub fn facts(pairs: &[(&str, String)]) -> String {
    let rows: String = pairs
        .iter()
        .map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>\n", markup::html(name), inline(value)))
        .collect();
    format!("<dl class=\"facts\">\n{rows}</dl>\n")
}

/// Returns a message as on the wire: start line, headers, body, behind a line to open it with.
pub fn message(summary: &str, start_line: &str, headers: &Headers, body: &Body) -> String {
    let mut head = format!("{}\n", safe::line(start_line));
    for header in headers.iter() {
        let (name, value) = (safe::bytes(header.name.as_bytes()), safe::bytes(header.value.as_bytes()));
        head.push_str(&format!("{name}: {value}\n"));
    }
    format!(
        "<details class=\"message\"><summary>{}</summary>\n<pre>{}</pre>\n{}</details>\n",
        inline(summary),
        markup::html(&head),
        self::body(&decoded(headers, body)),
    )
}

/// Returns the body with its content codings undone.
fn decoded(headers: &Headers, body: &Body) -> Body {
    match coding::decoded(headers, body) {
        Some(Cow::Owned(plain)) => Body { decoded: true, ..Body::whole(plain) },
        _ => body.clone(),
    }
}

/// Returns a body unchanged, with a count of what is not shown.
pub fn body(body: &Body) -> String {
    if body.is_empty() {
        return "<p class=\"faint\">no body</p>\n".to_owned();
    }
    let Ok(text) = std::str::from_utf8(&body.bytes) else {
        return format!("<p class=\"faint\">{} bytes that are not text</p>\n", body.total);
    };
    let shown: String = text.chars().take(LONGEST_BODY).collect();
    let missing = body.total.saturating_sub(shown.len() as u64);
    let note = if missing > 0 {
        format!("<p class=\"faint\">{missing} more bytes of {} are not shown</p>\n", body.total)
    } else {
        String::new()
    };
    format!("<pre>{}</pre>\n{note}", markup::html(&shown))
}

/// Escapes a text and renders text between backticks as code.
pub fn inline(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (n, piece) in pieces.iter().enumerate() {
        match (n % 2, n + 1 < pieces.len()) {
            (1, true) => out.push_str(&format!("<code>{}</code>", markup::html(piece))),
            (1, false) => out.push_str(&format!("`{}", markup::html(piece))),
            _ => out.push_str(&markup::html(piece)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "<script>alert('1')</script>\"&\u{1b}[2J";

    #[test]
    fn a_document_brings_everything_along_and_runs_nothing() {
        let text = document("A ticket", &[section("s1", "What", &paragraph("`a` is <b>"))]);
        assert!(text.starts_with("<!doctype html>\n"));
        assert!(text.contains("<h2 id=\"s1-h\">What</h2>\n<p><code>a</code> is &lt;b&gt;</p>"));
        for word in
            ["<script", "http://", "https://", "@import", "url(", "onload", "javascript:", "<link", "<img"]
        {
            assert!(!text.contains(word), "{word}");
        }
    }

    #[test]
    fn nothing_recorded_becomes_markup() {
        let hostile_body = Body::whole(HOSTILE.to_owned());
        let blocks = [
            document(HOSTILE, &[]),
            section("a", HOSTILE, ""),
            paragraph(HOSTILE),
            list(&[HOSTILE.to_owned()]),
            facts(&[(HOSTILE, HOSTILE.to_owned())]),
            message(HOSTILE, HOSTILE, &Headers::of([(HOSTILE, HOSTILE)]), &hostile_body),
        ];
        for block in blocks {
            assert!(!block.contains("<script") && !block.contains('\u{1b}'), "{block}");
            assert!(block.contains("&lt;script&gt;"), "{block}");
        }
    }

    #[test]
    fn a_body_says_what_is_not_shown() {
        assert!(body(&Body::default()).contains("no body"));
        assert!(body(&Body::whole(&b"\xff\xfe"[..])).contains("2 bytes that are not text"));
        let cut = Body { bytes: "abc".into(), total: 10, cut: true, ..Body::default() };
        assert!(body(&cut).contains("7 more bytes of 10 are not shown"));
    }
}
