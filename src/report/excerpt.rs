//! Lines of a raw body with line numbers and carets under a span.
//!
//! The shown text differs from the body: controls become escapes, tabs become blanks, long lines are cut to a
//! window around the span. Carets are therefore counted in cells of the shown text, never in bytes.

use crate::json::node::Span;
use crate::report::layout;
use crate::report::line_index::LineIndex;
use crate::report::safe;
use crate::report::style::{TextRole, TextStyle};

/// What to mark in a body, and how.
#[derive(Clone, Copy, Debug)]
pub struct ExcerptMark<'a> {
    /// The bytes; an empty span gets one caret at its place.
    pub span: Span,
    /// `^` for what is wrong, `-` for what it is compared with.
    pub pen: char,
    /// Words behind the carets, such as the JSON type.
    pub label: &'a str,
    /// The colour of carets and label.
    pub role: TextRole,
}

/// What a tab is shown as.
const TAB: &str = "    ";

/// The line number's column is at least this wide, so that excerpts of small bodies are aligned.
const GUTTER: usize = 2;

/// A longer line is only looked at around the span: far more than any terminal shows.
const LONG_LINE: usize = 1 << 10;

/// Renders the line in which the span begins, with the span underlined; a span over several lines is
/// underlined to the end of its first one and the number of further lines is given.
///
/// The first line of the result is an empty gutter, as compilers have it. Every line ends with a line feed.
pub fn render(text: &LineIndex<'_>, mark: ExcerptMark<'_>, style: &TextStyle) -> String {
    let body = text.body;
    let span = Span { start: mark.span.start.min(body.len()), end: mark.span.end.min(body.len()) };
    let at = text.line_of(span.start);
    let start = text.start_of(at);
    let end = text.ends.get(at).copied().unwrap_or(body.len());
    let line = at + 1;
    let further = text.line_of(span.end.max(span.start)) - at;
    let (from, to) = around(body, start, end, span.start);
    let content = &body[from..to];
    let content = content.strip_suffix(b"\r").unwrap_or(content);

    let number = line.to_string();
    let gutter = number.len().max(GUTTER);
    let room = style.width.saturating_sub(gutter + 3);
    let last = span.end.min(from + content.len()).saturating_sub(from);
    let mut shown = ExcerptLine::new(content, span.start - from, last);
    (shown.more_before, shown.more_behind) = (from > start, to < end);
    let (window, from, to) = shown.window(room, layout::width(mark.label));

    let bar = style.paint(TextRole::Frame, "|");
    let blank = format!("{:gutter$} {bar}", "");
    let carets: String = std::iter::repeat_n(mark.pen, (to - from).max(1)).collect();
    let mut words = mark.label.to_owned();
    if further > 0 {
        let plural = if further == 1 { "line" } else { "lines" };
        words = format!("{words}{}… {further} more {plural}", if words.is_empty() { "" } else { " " });
    }
    let under = if words.is_empty() { carets } else { format!("{carets} {words}") };
    format!(
        "{blank}\n{} {bar} {window}\n{blank} {}{}\n",
        style.paint(TextRole::Frame, &format!("{number:>gutter$}")),
        " ".repeat(from),
        style.paint(mark.role, &under),
    )
}

/// Returns the part of the line `start..end` to look at: all of it, or what surrounds the span.
fn around(body: &[u8], start: usize, end: usize, span: usize) -> (usize, usize) {
    if end - start <= LONG_LINE {
        return (start, end);
    }
    let whole = |mut at: usize| {
        while at > start && at < end && body[at] & 0xc0 == 0x80 {
            at -= 1;
        }
        at
    };
    (whole(span.saturating_sub(LONG_LINE / 4).max(start)), whole((span + LONG_LINE / 2).min(end)))
}

/// A line in its shown form, cell by cell, and where the span lies in it.
struct ExcerptLine {
    /// All that is shown.
    text: String,
    /// Where in the text each character's part ends, and how many cells it takes; an escape is one part.
    pieces: Vec<(usize, usize)>,
    /// The first cell of the span.
    from: usize,
    /// The cell behind the span.
    to: usize,
    /// The line has more before its first piece.
    more_before: bool,
    /// The line has more behind its last piece.
    more_behind: bool,
}

impl ExcerptLine {
    fn new(text: &[u8], start: usize, end: usize) -> Self {
        let mut shown = Self {
            text: String::new(),
            pieces: Vec::new(),
            from: usize::MAX,
            to: 0,
            more_before: false,
            more_behind: false,
        };
        let (mut at, mut cells) = (0, 0);
        let mut push = |piece: &str, bytes: usize| {
            let wide = layout::width(piece);
            if at <= start && start < at + bytes {
                shown.from = cells;
            }
            if at < end {
                shown.to = cells + wide;
            }
            at += bytes;
            cells += wide;
            shown.text.push_str(piece);
            shown.pieces.push((shown.text.len(), wide));
        };
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\t' => push(TAB, 1),
                    c => match safe::escape(c) {
                        Some(escape) => push(&escape, c.len_utf8()),
                        None => push(c.encode_utf8(&mut [0; 4]), c.len_utf8()),
                    },
                }
            }
            for byte in chunk.invalid() {
                push(&format!("\\x{byte:02x}"), 1);
            }
        }
        shown.from = shown.from.min(cells);
        shown.to = shown.to.max(shown.from);
        shown
    }

    /// Returns the part of the line that fits into `room` cells around the span, and the span's cells in it.
    /// Keeps `label` cells free behind the carets where it can.
    fn window(&self, room: usize, label: usize) -> (String, usize, usize) {
        let total: usize = self.pieces.iter().map(|(_, wide)| wide).sum();
        let needed = self.to + if label > 0 { label + 1 } else { 0 };
        let whole = !self.more_before && !self.more_behind;
        if whole && total <= room && needed <= room.max(total) {
            return (self.text(0, total), self.from, self.to);
        }
        // A third of the room before the span shows what it belongs to; a span longer than the room is cut.
        let inner = room.saturating_sub(2).max(1);
        let reserve = if label > 0 { label + 1 } else { 0 };
        let mut first = self.from.saturating_sub(inner / 3);
        if self.to + reserve > first + inner {
            first = (self.to + reserve - inner).min(self.from.saturating_sub(inner / 8));
        }
        if total <= first + inner {
            first = total.saturating_sub(inner).min(self.from);
        }
        let last = (first + inner).min(total);
        let (first, last) = self.whole_pieces(first, last);
        let lead = if first > 0 || self.more_before { "…" } else { "" };
        let tail = if last < total || self.more_behind { "…" } else { "" };
        let shift = layout::width(lead);
        let from = self.from.clamp(first, last) - first + shift;
        let to = self.to.clamp(first, last) - first + shift;
        (format!("{lead}{}{tail}", self.text(first, last)), from, to)
    }

    /// Returns the widest range inside `first..last` that splits no piece.
    fn whole_pieces(&self, first: usize, last: usize) -> (usize, usize) {
        let (mut begin, mut end, mut cell) = (None, first, 0);
        for (_, wide) in &self.pieces {
            if cell >= first && begin.is_none() {
                begin = Some(cell);
            }
            cell += wide;
            if cell <= last {
                end = cell;
            }
        }
        let begin = begin.unwrap_or(first);
        (begin, end.max(begin))
    }

    fn text(&self, first: usize, last: usize) -> String {
        let (mut cell, mut start) = (0, 0);
        let mut out = String::new();
        for (end, wide) in &self.pieces {
            if cell >= first && cell + wide <= last {
                out.push_str(&self.text[start..*end]);
            }
            cell += wide;
            start = *end;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Severity;
    use crate::report::line_index::LineColumn;

    fn marked(body: &str, part: &str, width: usize) -> String {
        let start = body.find(part).unwrap();
        let mark = ExcerptMark {
            span: Span { start, end: start + part.len() },
            pen: '^',
            label: "here",
            role: TextRole::Severity(Severity::Error),
        };
        render(&LineIndex::new(body.as_bytes()), mark, &TextStyle::plain(width))
    }

    /// Returns the text above the carets.
    fn pointed_at(rendered: &str) -> String {
        let lines: Vec<&str> = rendered.lines().collect();
        let carets = lines[2];
        let cells = |text: &str| {
            text.chars().flat_map(|c| std::iter::repeat_n(c, layout::char_width(c))).collect::<Vec<_>>()
        };
        let above = cells(lines[1]);
        let mut out = String::new();
        for (n, c) in cells(carets).into_iter().enumerate() {
            if c == '^' {
                out.push(above[n]);
            }
        }
        out
    }

    #[test]
    fn carets_stand_under_the_span() {
        let text = marked("{\n  \"a\": null\n}", "null", 80);
        insta::assert_snapshot!(text, @r#"
           |
         2 |   "a": null
           |        ^^^^ here
        "#);
    }

    #[test]
    fn tabs_wide_letters_and_escapes_do_not_shift_the_carets() {
        for body in [
            "\t\t{\"a\":null}",
            "{\"東京\":null}",
            "{\"\u{1b}[2J\":null}",
            "{\"e\u{301}\":null}",
            "{\"\u{202e}\":null}",
        ] {
            assert_eq!(pointed_at(&marked(body, "null", 80)), "null", "{body:?}");
        }
    }

    #[test]
    fn a_long_line_is_shown_around_the_span() {
        let body =
            format!("{{\"before\":\"{}\",\"a\":null,\"after\":\"{}\"}}", "x".repeat(500), "y".repeat(500));
        for width in [40, 60, 80, 120] {
            let text = marked(&body, "null", width);
            assert!(text.lines().all(|line| layout::width(line) <= width), "{width}:\n{text}");
            assert_eq!(pointed_at(&text), "null", "{width}:\n{text}");
            assert_eq!(text.matches('…').count(), 2, "{text}");
        }
    }

    #[test]
    fn a_span_longer_than_the_line_is_cut_and_further_lines_are_counted() {
        let body = format!("{{\"a\":\"{}\"}}", "x".repeat(300));
        let text = marked(&body, &body[5..body.len() - 1], 60);
        assert!(text.lines().all(|line| layout::width(line) <= 66), "{text}");
        let text = marked("{\"a\": {\n  \"b\": 1\n}}", "{\n  \"b\": 1\n}", 60);
        assert!(text.ends_with("^ here … 2 more lines\n"), "{text}");
    }

    #[test]
    fn the_end_of_a_text_and_bytes_that_are_none_can_be_marked() {
        let mark =
            |start, end| ExcerptMark { span: Span { start, end }, pen: '^', label: "", role: TextRole::Sent };
        assert!(
            render(&LineIndex::new(b"{\"a\":"), mark(5, 5), &TextStyle::plain(60)).ends_with("   |      ^\n")
        );
        assert!(render(&LineIndex::new(b""), mark(0, 0), &TextStyle::plain(60)).ends_with(" ^\n"));
        assert!(
            render(&LineIndex::new(b"{\"\xff\":1}"), mark(2, 3), &TextStyle::plain(60))
                .ends_with("   |   ^^^^\n")
        );
        assert!(render(&LineIndex::new(b"{}"), mark(9, 99), &TextStyle::plain(60)).ends_with("   |   ^\n"));
    }

    #[test]
    fn a_line_of_a_mebibyte_is_shown_like_a_short_one() {
        let long = format!(
            "{{\"before\":\"{}\",\"ä\":null,\"after\":\"{}\"}}",
            "é".repeat(9_000),
            "y".repeat(9_000)
        );
        let text = marked(&long, "null", 80);
        assert_eq!(pointed_at(&text), "null", "{text}");
        assert_eq!(text.matches('…').count(), 2, "{text}");
        let at = long.find("null").unwrap();
        let column = long[..at].chars().count() + 1;
        assert_eq!(LineIndex::new(long.as_bytes()).place(at), LineColumn { line: 1, column });
    }
}
