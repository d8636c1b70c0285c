//! `$'…'`: the escapes of ANSI C as bash reads them.

use crate::interchange::curl::ast::ShellError;
use crate::interchange::curl::quoting::WordReader;

impl WordReader<'_> {
    /// Reads `$'…'` with the escapes of ANSI C.
    pub(super) fn ansi(&mut self, into: &mut Vec<u8>) -> Result<(), ShellError> {
        let (open, from) = (self.at, into.len());
        self.at += 2;
        loop {
            match self.peek() {
                None => return Err(self.unclosed(open, "$'")),
                Some(b'\'') => {
                    self.at += 1;
                    // no argument can hold a NUL: bash drops it and what follows up to the quote
                    if let Some(nul) = into[from..].iter().position(|byte| *byte == 0) {
                        into.truncate(from + nul);
                    }
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.ansi_escape(into);
                }
                Some(_) => self.take_character(into),
            }
        }
    }

    fn ansi_escape(&mut self, into: &mut Vec<u8>) {
        let Some(letter) = self.peek() else { return };
        let simple = match letter {
            b'a' => Some(7),
            b'b' => Some(8),
            b'e' | b'E' => Some(27),
            b'f' => Some(12),
            b'n' => Some(10),
            b'r' => Some(13),
            b't' => Some(9),
            b'v' => Some(11),
            b'\\' | b'\'' | b'"' | b'?' => Some(letter),
            _ => None,
        };
        if let Some(byte) = simple {
            into.push(byte);
            self.at += 1;
            return;
        }
        match letter {
            b'0'..=b'7' => {
                let number = self.digits(3, 8);
                into.push((number & 0xff) as u8);
            }
            b'x' | b'u' | b'U' => self.coded(letter, into),
            b'c' => {
                self.at += 1;
                if let Some(control) = self.peek() {
                    into.push(control.to_ascii_uppercase() & 0x1f);
                    self.at += 1;
                }
            }
            _ => {
                into.push(b'\\');
                self.take_character(into);
            }
        }
    }

    /// Reads `xHH`, `uHHHH` or `UHHHHHHHH`; a code that is no character is kept as it is written.
    fn coded(&mut self, letter: u8, into: &mut Vec<u8>) {
        let start = self.at;
        self.at += 1;
        let first = self.at;
        let number = self.digits(if letter == b'x' { 2 } else { if letter == b'u' { 4 } else { 8 } }, 16);
        let character = (letter != b'x').then(|| char::from_u32(number)).flatten();
        match character {
            _ if self.at == first => into.extend_from_slice(&[b'\\', letter]),
            _ if letter == b'x' => into.push((number & 0xff) as u8),
            Some(character) => into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => {
                into.push(b'\\');
                into.extend_from_slice(&self.text.as_bytes()[start..self.at]);
            }
        }
    }

    fn digits(&mut self, most: usize, radix: u32) -> u32 {
        let mut number = 0;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(radix)) else { break };
            number = number * radix + digit;
            self.at += 1;
        }
        number
    }
}
