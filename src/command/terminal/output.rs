//! The one way to stdout and stderr. What was recorded, imported or given by others may reach a terminal or a
//! CI log only as text: whatever a command forgot to escape is escaped here.
//!
//! `clippy.toml` keeps commands from writing past it.
#![allow(clippy::disallowed_methods, reason = "this is the one place that owns the streams")]

use std::io::{self, IsTerminal, Write};

use crate::command::terminal::background;
use crate::report::safe;

/// The parameters of the colour sequences that wraptap writes itself (SGR of ECMA-48).
const OWN_STYLES: [u8; 22] =
    [0, 1, 2, 3, 4, 22, 30, 31, 32, 33, 34, 35, 36, 37, 39, 90, 91, 92, 93, 94, 95, 96];

/// Bytes of one sequence that may come in two writes.
const MAX_HELD: usize = 32;

/// Returns stdout for text.
pub(crate) fn stdout() -> Output {
    let stream = io::stdout();
    let filter = TextFilter::new(stream.is_terminal());
    Output { sink: Sink::Styled(anstream::AutoStream::auto(stream)), filter: Some(filter) }
}

/// Returns stdout for data whose bytes count: another program gets them as they are, a terminal as text.
pub(crate) fn stdout_exact() -> Output {
    let stream = io::stdout();
    let filter = stream.is_terminal().then(|| TextFilter::new(true));
    Output { sink: Sink::Plain(stream), filter }
}

/// Returns stderr. While a server runs, writing to it never waits for a reader.
pub(crate) fn stderr() -> Output {
    Output { sink: Sink::Stderr, filter: Some(TextFilter::new(io::stderr().is_terminal())) }
}

/// A stream of the process.
pub(crate) struct Output {
    sink: Sink,
    filter: Option<TextFilter>,
}

enum Sink {
    Styled(anstream::AutoStream<io::Stdout>),
    Plain(io::Stdout),
    Stderr,
}

impl Sink {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Styled(stream) => stream.write_all(bytes),
            Self::Plain(stream) => stream.write_all(bytes),
            Self::Stderr if background::take(bytes) => Ok(()),
            Self::Stderr => anstream::stderr().write_all(bytes),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.filter {
            None => self.sink.write_all(bytes)?,
            Some(filter) if filter.is_plain(bytes) => self.sink.write_all(bytes)?,
            Some(filter) => self.sink.write_all(&filter.pass(bytes))?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Styled(stream) => stream.flush(),
            Sink::Plain(stream) => stream.flush(),
            Sink::Stderr => Ok(()),
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        let held = self.filter.as_mut().map(TextFilter::finish).unwrap_or_default();
        if !held.is_empty() {
            // the reader may be gone
            let _ = self.sink.write_all(&held);
        }
    }
}

/// Escapes what a terminal or a CI log would take for a command.
///
/// Line ends, tabs and wraptap's own colours pass. Control characters never do; invisible characters and
/// those that turn the direction of a line pass only where no person looks at them.
struct TextFilter {
    terminal: bool,
    /// Inside GitHub Actions a line that begins with `::`, and `##[` anywhere, is a command to the runner.
    runner: bool,
    at_line_start: bool,
    /// The beginning of a character or sequence whose rest comes with the next write.
    held: Vec<u8>,
}

impl TextFilter {
    fn new(terminal: bool) -> Self {
        let runner = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        Self { terminal, runner, at_line_start: true, held: Vec::new() }
    }

    /// Returns whether bytes pass as they are, which is so for nearly all.
    fn is_plain(&self, bytes: &[u8]) -> bool {
        let harmless = |byte: &u8| matches!(byte, b'\n' | b'\t' | b' '..=b'~');
        let text = |byte: &u8| harmless(byte) || *byte >= 0x80;
        !self.runner
            && self.held.is_empty()
            && if self.terminal { bytes.iter().all(harmless) } else { bytes.iter().all(text) }
    }

    fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        let mut out = Vec::with_capacity(all.len() + 16);
        let mut rest = &all[..];
        while let Some(first) = rest.first() {
            let used = match first {
                0x1b => self.pass_escape(rest, &mut out),
                b'\r' if rest.len() == 1 => None,
                b'\r' if rest[1] == b'\n' => Some(1),
                0x80.. => self.pass_character(rest, &mut out),
                _ => Some(self.pass_ascii(rest, &mut out)),
            };
            let Some(used) = used.or_else(|| (rest.len() > MAX_HELD).then(|| escape_byte(*first, &mut out)))
            else {
                self.held = rest.to_vec();
                break;
            };
            rest = &rest[used..];
        }
        out
    }

    /// Returns what is still held, escaped.
    fn finish(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        for byte in std::mem::take(&mut self.held) {
            escape_byte(byte, &mut out);
        }
        out
    }

    /// Passes one ASCII byte; returns how many bytes were used.
    fn pass_ascii(&mut self, rest: &[u8], out: &mut Vec<u8>) -> usize {
        let byte = rest[0];
        let command = self.at_line_start && rest.starts_with(b"::") || rest.starts_with(b"##[");
        if self.runner && command {
            escape_byte(byte, out);
            out.push(rest[1]);
            self.at_line_start = false;
            return 2;
        }
        match byte {
            b'\n' | b'\t' | b' '..=b'~' => out.push(byte),
            _ => {
                escape_byte(byte, out);
            }
        }
        self.at_line_start = byte == b'\n' || self.at_line_start && byte.is_ascii_whitespace();
        1
    }

    /// Passes a sequence that begins with ESC; `None` if its end is still to come.
    fn pass_escape(&mut self, rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        let parameters = rest.iter().skip(2).take_while(|byte| matches!(byte, b'0'..=b'9' | b';')).count();
        let whole = match rest.get(1) {
            None => return None,
            Some(b'[') => &rest[..rest.len().min(parameters + 3)],
            Some(_) => return Some(escape_byte(0x1b, out)),
        };
        if whole.len() < parameters + 3 {
            return None;
        }
        if whole.ends_with(b"m") && is_own_style(&whole[2..whole.len() - 1]) {
            out.extend_from_slice(whole);
            return Some(whole.len());
        }
        Some(escape_byte(0x1b, out))
    }

    /// Passes one character that is not ASCII; `None` if it is incomplete.
    fn pass_character(&mut self, rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        self.at_line_start = false;
        let length = match rest[0] {
            0xf0.. => 4,
            0xe0.. => 3,
            _ => 2,
        };
        let bytes = &rest[..rest.len().min(length)];
        let c = match std::str::from_utf8(bytes) {
            Ok(text) => text.chars().next()?,
            Err(error) if error.error_len().is_none() => return None,
            Err(_) if self.terminal => return Some(escape_byte(rest[0], out)),
            Err(_) => {
                out.push(rest[0]);
                return Some(1);
            }
        };
        match safe::escape(c).filter(|_| self.terminal) {
            Some(shown) => out.extend_from_slice(shown.as_bytes()),
            None => out.extend_from_slice(bytes),
        }
        Some(length)
    }
}

/// Appends a byte as an escape that is shown; returns how many bytes that uses up.
fn escape_byte(byte: u8, out: &mut Vec<u8>) -> usize {
    out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
    1
}

fn is_own_style(parameters: &[u8]) -> bool {
    parameters
        .split(|byte| *byte == b';')
        .all(|digits| digits.is_empty() || parse(digits).is_some_and(|number| OWN_STYLES.contains(&number)))
}

fn parse(digits: &[u8]) -> Option<u8> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(filter: &mut TextFilter, pieces: &[&[u8]]) -> String {
        let mut out: Vec<u8> = pieces.iter().flat_map(|piece| filter.pass(piece)).collect();
        out.extend(filter.finish());
        String::from_utf8(out).unwrap()
    }

    fn filter(terminal: bool, runner: bool) -> TextFilter {
        TextFilter { terminal, runner, at_line_start: true, held: Vec::new() }
    }

    #[test]
    fn own_colours_pass_and_no_other_sequence() {
        let text = "\x1b[1;31merror\x1b[0m: \x1b]0;title\x07 \x1b[2J \x1b[8mhidden \x1b(0 a\rb\r\n\u{9b}1A";
        let shown =
            "\x1b[1;31merror\x1b[0m: \\x1b]0;title\\x07 \\x1b[2J \\x1b[8mhidden \\x1b(0 a\\x0db\n\\u{9b}1A";
        for step in 1..text.len() {
            let pieces: Vec<&[u8]> = text.as_bytes().chunks(step).collect();
            assert_eq!(passed(&mut filter(true, false), &pieces), shown, "step {step}");
        }
    }

    #[test]
    fn what_turns_or_hides_text_is_shown_on_a_terminal_and_kept_for_programs() {
        let text = "Müller 東京 \u{202e}b\u{200b}".as_bytes();
        assert_eq!(passed(&mut filter(true, false), &[text]), "Müller 東京 \\u{202e}b\\u{200b}");
        assert_eq!(passed(&mut filter(false, false), &[text]).as_bytes(), text);
        assert_eq!(passed(&mut filter(true, false), &[b"a\xffb\xe2\x82"]), "a\\xffb\\xe2\\x82");
    }

    #[test]
    fn a_sequence_that_never_ends_is_shown() {
        let text = [b"\x1b[".as_slice(), &[b'1'; 100]].concat();
        assert!(passed(&mut filter(true, false), &[&text]).starts_with("\\x1b[111"));
    }

    #[test]
    fn a_runner_gets_no_commands() {
        let text = b"  ::error::x\na :: b\n::add-mask::y\nx##[group]z\n";
        let shown = "  \\x3a:error::x\na :: b\n\\x3a:add-mask::y\nx\\x23#[group]z\n";
        assert_eq!(passed(&mut filter(false, true), &[text]), shown);
        assert_eq!(passed(&mut filter(false, false), &[text]).as_bytes(), text);
    }
}
