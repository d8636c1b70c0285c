//! Lines of a raw body with line numbers and carets under a span.
//!
//! What is shown is not always what is there: controls become escapes, tabs blanks, long lines a window around the
//! span. Carets are therefore counted in cells of the shown text, never in octets.

use crate::model::finding::Span;
use crate::report::layout;
use crate::report::look::{Look, Role};
use crate::report::safe;

/// What to mark in a body, and how.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The octets; an empty span gets one caret at its place.
    pub span: Span,
    /// `^` for what is wrong, `-` for what it is compared with.
    pub pen: char,
    /// Words behind the carets, such as the JSON type.
    pub label: &'a str,
    /// The colour of carets and label.
    pub role: Role,
}

/// A place in a text as people count: from 1, columns in characters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// How many blanks a tab is shown as.
const TAB: usize = 4;

/// The line number's column is at least this wide, so that excerpts of small bodies stand under one another.
const GUTTER: usize = 2;

/// Returns line and column of an octet; behind the end it is the place behind the last character.
pub fn place(body: &[u8], offset: usize) -> Place {
    let before = &body[..offset.min(body.len())];
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    Place { line, column: String::from_utf8_lossy(&before[start..]).chars().count() + 1 }
}

/// Renders the line in which the span begins, with the span underlined; a span over several lines is underlined to the
/// end of its first one and the number of further lines is said.
///
/// The first line of the result is an empty gutter, as compilers have it. Every line ends with a line feed.
pub fn render(body: &[u8], mark: Mark<'_>, look: &Look) -> String {
    let span = Span { start: mark.span.start.min(body.len()), end: mark.span.end.min(body.len()) };
    let start = memchr::memrchr(b'\n', &body[..span.start]).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', &body[span.start..]).map_or(body.len(), |at| span.start + at);
    let text = body[start..end].strip_suffix(b"\r").unwrap_or(&body[start..end]);
    let line = memchr::memchr_iter(b'\n', &body[..start]).count() + 1;
    let further = memchr::memchr_iter(b'\n', &body[span.start..span.end.max(span.start)]).count();

    let number = line.to_string();
    let gutter = number.len().max(GUTTER);
    let room = look.width.saturating_sub(gutter + 3);
    let shown = Shown::of(text, span.start - start, span.end.min(start + text.len()).saturating_sub(start));
    let (window, from, to) = shown.window(room, layout::width(mark.label));

    let bar = look.paint(Role::Frame, "|");
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
        look.paint(Role::Frame, &format!("{number:>gutter$}")),
        " ".repeat(from),
        look.paint(mark.role, &under),
    )
}

/// A line in its shown form, cell by cell, and where the span lies in it.
struct Shown {
    /// What is shown for each character, with its width; escapes are one piece.
    pieces: Vec<(String, usize)>,
    /// The first cell of the span.
    from: usize,
    /// The cell behind the span.
    to: usize,
}

impl Shown {
    fn of(text: &[u8], start: usize, end: usize) -> Self {
        let mut shown = Self { pieces: Vec::new(), from: usize::MAX, to: 0 };
        let (mut at, mut cells) = (0, 0);
        let mut push = |piece: String, octets: usize| {
            let wide = layout::width(&piece);
            if at <= start && start < at + octets {
                shown.from = cells;
            }
            if at < end {
                shown.to = cells + wide;
            }
            at += octets;
            cells += wide;
            shown.pieces.push((piece, wide));
        };
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                let piece = match c {
                    '\t' => " ".repeat(TAB),
                    c => safe::escape(c).unwrap_or_else(|| c.to_string()),
                };
                push(piece, c.len_utf8());
            }
            for octet in chunk.invalid() {
                push(format!("\\x{octet:02x}"), 1);
            }
        }
        shown.from = shown.from.min(cells);
        shown.to = shown.to.max(shown.from);
        shown
    }

    /// Returns the part of the line that fits into `room` cells around the span, and the span's cells in it. Keeps
    /// `label` cells free behind the carets where it can.
    fn window(&self, room: usize, label: usize) -> (String, usize, usize) {
        let total: usize = self.pieces.iter().map(|(_, wide)| wide).sum();
        let needed = self.to + if label > 0 { label + 1 } else { 0 };
        if total <= room && needed <= room.max(total) {
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
        let lead = if first > 0 { "…" } else { "" };
        let tail = if last < total { "…" } else { "" };
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
        let mut cell = 0;
        let mut out = String::new();
        for (piece, wide) in &self.pieces {
            if cell >= first && cell + wide <= last {
                out.push_str(piece);
            }
            cell += wide;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Severity;

    fn marked(body: &str, part: &str, width: usize) -> String {
        let start = body.find(part).unwrap();
        let mark = Mark {
            span: Span { start, end: start + part.len() },
            pen: '^',
            label: "here",
            role: Role::Severity(Severity::Error),
        };
        render(body.as_bytes(), mark, &Look::plain(width))
    }

    /// Returns what stands above the carets.
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
    fn the_end_of_a_text_and_octets_that_are_none_can_be_marked() {
        let mark = |start, end| Mark { span: Span { start, end }, pen: '^', label: "", role: Role::Sent };
        assert!(render(b"{\"a\":", mark(5, 5), &Look::plain(60)).ends_with("   |      ^\n"));
        assert!(render(b"", mark(0, 0), &Look::plain(60)).ends_with(" ^\n"));
        assert!(render(b"{\"\xff\":1}", mark(2, 3), &Look::plain(60)).ends_with("   |   ^^^^\n"));
        assert!(render(b"{}", mark(9, 99), &Look::plain(60)).ends_with("   |   ^\n"));
    }

    #[test]
    fn places_are_counted_in_characters_from_one() {
        assert_eq!(place("é\nüx".as_bytes(), 5), Place { line: 2, column: 2 });
        assert_eq!(place(b"", 7), Place { line: 1, column: 1 });
    }
}
