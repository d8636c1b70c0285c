//! Where the text is no JSON: the fault is named, and the parser goes on at the most likely place, so that
//! the rest can be compared.

use crate::json::document::NodeId;
use crate::json::fault::{Fault, FaultKind, MOST_FAULTS};
use crate::json::parser::tree::Ending;
use crate::json::parser::{Next, Parser};

impl Parser<'_> {
    /// A bracket that does not close the innermost container: closes the nearest it fits, or is skipped.
    pub(super) fn stray_end(&mut self, b: u8) -> Next {
        let opening = if b == b'}' { b'{' } else { b'[' };
        self.at += 1;
        match self.levels.iter().rposition(|level| *level == opening) {
            Some(depth) => {
                while self.levels.len() > depth {
                    self.close(Ending::Bracket);
                }
                self.after_value()
            }
            None => Next::CommaOrEnd,
        }
    }

    /// The text ends although something has to follow.
    pub(super) fn broken_off(&mut self, next: Next) -> Next {
        let at = self.at;
        let in_object = self.levels.last() == Some(&b'{');
        self.fault(
            at,
            match next {
                Next::Value | Next::FirstElement | Next::Done => "a value",
                Next::FirstKey => "a member name in double quotes or `}`",
                Next::Key => "a member name in double quotes",
                Next::Colon => "`:` and a value",
                Next::CommaOrEnd if in_object => "`,` or `}`",
                Next::CommaOrEnd => "`,` or `]`",
            },
            "the end of the text".to_owned(),
        );
        if in_object && matches!(next, Next::Value | Next::Colon) {
            self.invalid(at, at);
        }
        Next::Done
    }

    pub(super) fn invalid(&mut self, start: usize, end: usize) {
        if self.builds() {
            let node = self.tree.invalid(start, end);
            self.blame(node);
        }
    }

    /// Makes a node the place of the newest fault.
    pub(super) fn blame(&mut self, node: NodeId) {
        if let Some(fault) = self.faults.last_mut() {
            fault.node = Some(node);
        }
    }

    pub(super) fn fault_here(&mut self, expected: &'static str) {
        let length = self.token_length().max(1);
        let token: String = self.text[self.at..].chars().take(length.min(24)).collect();
        let token: String = token.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
        self.fault(self.at, expected, format!("`{token}`"));
    }

    pub(super) fn fault(&mut self, offset: usize, expected: &'static str, found: String) {
        let known = self.faults.iter().any(|fault| fault.offset == offset && fault.kind == FaultKind::Syntax);
        if !known && self.syntax_faults() < MOST_FAULTS {
            let node = self.tree.innermost();
            self.faults.push(Fault { offset, kind: FaultKind::Syntax, expected, found, node });
        }
    }

    /// Notes what the grammar allows but some parsers refuse: the first of its kind.
    pub(super) fn note(&mut self, offset: usize, kind: FaultKind, expected: &'static str, found: &str) {
        if self.faults.iter().all(|fault| fault.kind != kind) {
            let node = self.tree.innermost();
            self.faults.push(Fault { offset, kind, expected, found: found.to_owned(), node });
        }
    }

    pub(super) fn syntax_faults(&self) -> usize {
        self.faults.iter().filter(|fault| fault.kind == FaultKind::Syntax).count()
    }
}
