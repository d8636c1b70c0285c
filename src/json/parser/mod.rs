//! The parser: one loop over the bytes with its own stack of open containers.
//!
//! What RFC 8259 accepts gives no fault, anything else at least one, behind which it goes on (`recovery`).
//! Every turn of the loop consumes a byte or closes a container.

mod recovery;
mod scalars;
#[cfg(test)]
mod tests;
mod tree;

use crate::json::document::{Document, Limit, MAX_BYTES, MOST_LEVELS};
use crate::json::fault::{Fault, FaultKind, MOST_FAULTS};
use crate::json::parser::tree::Ending;
use crate::json::text;

/// What may come next.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Next {
    Value,
    FirstElement,
    FirstKey,
    Key,
    Colon,
    CommaOrEnd,
    Done,
}

pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The opening bracket of each open container, of those beyond the limit too.
    levels: Vec<u8>,
    faults: Vec<Fault>,
    beyond: Option<Limit>,
    tree: tree::Tree,
}

impl Document {
    /// Parses a text, whatever it is: [`Document::faults`] lists where it is not JSON.
    ///
    /// A text beyond a limit is checked to its end but has no nodes.
    pub fn parse(bytes: &[u8]) -> Self {
        let utf16 = bytes.starts_with(&[0xFF, 0xFE])
            || bytes.starts_with(&[0xFE, 0xFF])
            || bytes.iter().take(2).any(|b| *b == 0);
        let (text, wrong) = text::patched(bytes, MOST_FAULTS);
        let mut parser = Parser {
            text: &text,
            at: 0,
            levels: Vec::new(),
            faults: Vec::new(),
            beyond: (bytes.len() > MAX_BYTES).then_some(Limit::WireBytes),
            tree: tree::Tree::default(),
        };
        if utf16 {
            parser.fault(0, "text in UTF-8", "bytes of another encoding, such as UTF-16".to_owned());
        } else {
            for offset in wrong {
                let byte = bytes[offset];
                parser.fault(offset, "text in UTF-8", format!("the byte 0x{byte:02X}"));
            }
            parser.run();
        }
        let Parser { mut faults, beyond, tree, .. } = parser;
        faults.sort_by_key(|fault| fault.offset);
        let mut document = tree.into_document(text, beyond);
        for fault in &mut faults {
            if fault.expected == "text in UTF-8" {
                fault.node = document.innermost(fault.offset);
            }
            fault.node = fault.node.filter(|node| node.index() < document.len());
        }
        document.faults = faults;
        document
    }
}

impl Parser<'_> {
    fn run(&mut self) {
        if self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
            self.note(0, FaultKind::ByteOrderMark, "JSON without a byte order mark", "a byte order mark");
        }
        let mut next = Next::Value;
        while next != Next::Done && self.syntax_faults() < MOST_FAULTS {
            self.skip_space();
            next = match (next, self.peek()) {
                (_, None) => self.broken_off(next),
                (Next::Value, Some(b)) => self.value(b, Next::Value),
                (Next::FirstElement, Some(b)) => self.value(b, Next::FirstElement),
                (Next::FirstKey, Some(b)) => self.key(b, Next::FirstKey),
                (Next::Key, Some(b)) => self.key(b, Next::Key),
                (Next::Colon, Some(b)) => self.colon(b),
                (Next::CommaOrEnd, Some(b)) => self.comma_or_end(b),
                (Next::Done, Some(_)) => Next::Done,
            };
        }
        while !self.levels.is_empty() {
            self.close(Ending::Cut);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn builds(&self) -> bool {
        self.beyond.is_none()
    }

    /// Skips white space; comments too, with a fault.
    fn skip_space(&mut self) {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
            let rest = &self.text[self.at..];
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else {
                return;
            };
            self.fault(self.at, "no comment", "a comment".to_owned());
            self.at += length;
        }
    }

    fn value(&mut self, b: u8, expected: Next) -> Next {
        let in_object = self.levels.last() == Some(&b'{');
        match b {
            b'{' | b'[' => {
                self.open(b);
                if b == b'{' { Next::FirstKey } else { Next::FirstElement }
            }
            b']' if expected == Next::FirstElement => {
                self.at += 1;
                self.close(Ending::Bracket);
                self.after_value()
            }
            b']' if self.levels.last() == Some(&b'[') => {
                self.fault_here("a value behind `,`");
                self.at += 1;
                self.close(Ending::Bracket);
                self.after_value()
            }
            b',' | b'}' | b']' if !self.levels.is_empty() => {
                let at = self.at;
                self.fault_here("a value");
                // a hole keeps the places of what follows
                if in_object || b == b',' {
                    self.invalid(at, at);
                }
                Next::CommaOrEnd
            }
            b',' | b':' | b'}' | b']' => {
                self.fault_here("a value");
                self.at += 1;
                if self.levels.is_empty() { Next::Value } else { Next::CommaOrEnd }
            }
            b'"' | b'\'' => {
                self.string_value(b);
                self.after_value()
            }
            _ => {
                self.literal();
                self.after_value()
            }
        }
    }

    fn key(&mut self, b: u8, expected: Next) -> Next {
        match b {
            b'}' => {
                if expected == Next::Key {
                    self.fault_here("a member name in double quotes behind `,`");
                }
                self.at += 1;
                self.close(Ending::Bracket);
                self.after_value()
            }
            b'"' | b'\'' => {
                if self.key_string(b) {
                    Next::Colon
                } else {
                    Next::CommaOrEnd
                }
            }
            b',' | b':' | b'{' | b'[' | b']' => {
                self.fault_here("a member name in double quotes");
                match b {
                    b']' => self.stray_end(b),
                    b'{' | b'[' => {
                        // a value without its name: read it under an empty one
                        self.tree.name(self.at, self.at, Some(String::new()));
                        Next::Value
                    }
                    _ => {
                        self.at += 1;
                        Next::Key
                    }
                }
            }
            _ => {
                self.fault_here("a member name in double quotes");
                let start = self.at;
                self.at += self.token_length();
                let name = self.text[start..self.at].to_owned();
                self.tree.name(start, self.at, Some(name));
                Next::Colon
            }
        }
    }

    fn colon(&mut self, b: u8) -> Next {
        match b {
            b':' => {
                self.at += 1;
                Next::Value
            }
            b',' | b'}' | b']' => {
                let at = self.at;
                self.fault_here("`:` and a value");
                self.invalid(at, at);
                Next::CommaOrEnd
            }
            _ => {
                self.fault_here("`:`");
                Next::Value
            }
        }
    }

    fn comma_or_end(&mut self, b: u8) -> Next {
        let in_object = self.levels.last() == Some(&b'{');
        match (b, in_object) {
            (b',', _) => {
                self.at += 1;
                if in_object { Next::Key } else { Next::Value }
            }
            (b'}', true) | (b']', false) => {
                self.at += 1;
                self.close(Ending::Bracket);
                self.after_value()
            }
            (b'}' | b']', _) => {
                self.fault_here(if in_object { "`,` or `}`" } else { "`,` or `]`" });
                self.stray_end(b)
            }
            (_, true) => {
                self.fault_here("`,` or `}`");
                if b == b':' {
                    self.at += 1;
                    return Next::CommaOrEnd;
                }
                Next::Key
            }
            (_, false) => {
                self.fault_here("`,` or `]`");
                Next::Value
            }
        }
    }

    fn after_value(&mut self) -> Next {
        if !self.levels.is_empty() {
            return Next::CommaOrEnd;
        }
        self.skip_space();
        if self.peek().is_some() {
            self.fault_here("the end of the text");
        }
        Next::Done
    }

    fn open(&mut self, b: u8) {
        self.levels.push(b);
        if self.levels.len() > MOST_LEVELS && self.builds() {
            self.beyond = Some(Limit::Levels);
        }
        if self.builds() {
            self.tree.open(b, self.at);
        }
        self.at += 1;
    }

    fn close(&mut self, ending: Ending) {
        self.levels.pop();
        if self.builds() {
            self.tree.close(self.at, ending, self.text);
        }
    }
}
