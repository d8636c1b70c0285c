//! Commands for the Windows command prompt, as browsers copy them (`Copy as cURL (cmd)`): carets first, then
//! the rules by which a Windows program takes its command line apart.

use crate::interchange::curl::ast::ShellWord;
use crate::interchange::curl::ast::{ShellCommand, ShellScript, StdinSource};

/// A letter behind the command prompt's own reading, with its place in the text.
#[derive(Clone, Copy)]
struct Letter {
    letter: char,
    at: usize,
}

/// Splits a text into commands. Nothing can be unclosed: a quote ends at the end of its line.
pub(super) fn split(text: &str) -> ShellScript {
    let mut commands = Vec::new();
    for (line, end) in lines(text) {
        let words = words(&line);
        if !words.is_empty() {
            commands.push(ShellCommand::alone(words, StdinSource::Terminal, end));
        }
    }
    ShellScript { commands, notes: Vec::new() }
}

/// Returns the commands as the program would get them, carets taken away, each with the place of its end.
///
/// Outside quotes a caret protects the next letter; before a line's end it joins the lines, and the letter
/// behind is protected: two line's ends are one that stays.
fn lines(text: &str) -> Vec<(Vec<Letter>, usize)> {
    let (mut done, mut line, mut quoted) = (Vec::new(), Vec::new(), false);
    let mut letters = text.char_indices().filter(|(_, letter)| *letter != '\r').peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '^' if !quoted => {
                let next = letters.next();
                let next = if next.is_some_and(|(_, letter)| letter == '\n') { letters.next() } else { next };
                line.extend(next.map(|(at, letter)| Letter { letter, at }));
            }
            '\n' | '&' | '|' if letter == '\n' || !quoted => {
                quoted = false;
                done.push((std::mem::take(&mut line), at));
            }
            letter => {
                quoted ^= letter == '"';
                line.push(Letter { letter, at });
            }
        }
    }
    done.push((line, text.len()));
    done
}

/// Takes a command line apart: blanks separate outside quotes, `\"` is a quote, and so is `""` inside them.
fn words(line: &[Letter]) -> Vec<ShellWord> {
    let mut words: Vec<ShellWord> = Vec::new();
    let mut word: Option<ShellWord> = None;
    let (mut quoted, mut next) = (false, 0);
    while let Some(Letter { letter, at }) = line.get(next).copied() {
        next += 1;
        if !quoted && letter.is_whitespace() {
            words.extend(word.take());
            continue;
        }
        let current = word.get_or_insert_with(|| ShellWord { bytes: Vec::new(), at, exact: true });
        let is_quote = |at: usize| line.get(at).is_some_and(|letter| letter.letter == '"');
        match letter {
            '\\' => {
                let more = line[next..].iter().take_while(|letter| letter.letter == '\\').count();
                let backslashes = more + 1;
                next += more;
                let before_quote = is_quote(next);
                let kept = if before_quote { backslashes / 2 } else { backslashes };
                current.bytes.extend(std::iter::repeat_n(b'\\', kept));
                if before_quote && backslashes % 2 == 1 {
                    current.bytes.push(b'"');
                    next += 1;
                }
            }
            '"' if quoted && is_quote(next) => {
                current.bytes.push(b'"');
                next += 1;
            }
            '"' => quoted = !quoted,
            letter => current.bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::split;

    fn arguments(text: &str) -> Vec<String> {
        split(text).commands[0].words.iter().map(super::ShellWord::text).collect()
    }

    #[test]
    fn what_a_browser_copies_today_is_read_back() {
        let text = "curl ^\"https://h/x?a=1^&b=%^2520^\" ^\r\n  -H ^\"content-type: application/json^\" ^\r\n  \
                    --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b ^^ c^\\^\"^}^\"";
        assert_eq!(
            arguments(text),
            [
                "curl",
                "https://h/x?a=1&b=%2520",
                "-H",
                "content-type: application/json",
                "--data-raw",
                "{\"a\":\"b ^ c\"}"
            ]
        );
    }

    #[test]
    fn what_browsers_copied_before_is_read_back() {
        let text = "curl \"https://h/x?a=1&b=2\" ^\n  -H \"x: y^z\" ^\n  --data-binary \"{\\\"a\\\": \\\"C:\\\\\\\\b\\\"}\" \
                    --compressed & curl \"\"\"http://h/\"\"\"";
        assert_eq!(
            arguments(text),
            [
                "curl",
                "https://h/x?a=1&b=2",
                "-H",
                "x: y^z",
                "--data-binary",
                "{\"a\": \"C:\\\\\\\\b\"}",
                "--compressed"
            ]
        );
        assert_eq!(split(text).commands[1].words[1].bytes, b"\"http://h/\"");
    }

    #[test]
    fn two_line_ends_behind_a_caret_are_one_that_stays() {
        assert_eq!(arguments("curl ^\"h^\" -d ^\"a^\n\nb^\""), ["curl", "h", "-d", "a\nb"]);
    }
}
