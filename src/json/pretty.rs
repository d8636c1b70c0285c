//! Writes JSON text event by event, two spaces a level.

use crate::json::document::{Document, Kind, NodeId};
use crate::json::write::quoted;

/// Levels that are indented; deeper ones stay in the same column. A body of a hundred thousand open brackets
/// would otherwise take gigabytes.
pub const MAX_INDENT: usize = 64;

/// JSON text under construction: containers are opened and closed, keys come before the values of members.
#[derive(Debug, Default)]
pub struct Pretty {
    text: String,
    /// For each open container: its closing bracket, and whether it holds something.
    open: Vec<(char, bool)>,
    /// A key was written, so that the next value follows it on its line.
    keyed: bool,
}

/// What is still to be written of a value, so that deep ones need no recursion.
enum Step {
    Copy(NodeId),
    Key(String),
    Close,
}

impl Pretty {
    /// Opens `{` or `[`.
    pub fn open(&mut self, bracket: char) {
        self.begin_value();
        self.text.push(bracket);
        self.open.push((if bracket == '{' { '}' } else { ']' }, false));
    }

    /// Closes the innermost container.
    pub fn close(&mut self) {
        if let Some((bracket, filled)) = self.open.pop() {
            if filled {
                self.line();
            }
            self.text.push(bracket);
        }
    }

    /// Writes a member's key.
    pub fn key(&mut self, key: &str) {
        self.begin_value();
        self.text.push_str(&quoted(key));
        self.text.push_str(": ");
        self.keyed = true;
    }

    /// Writes a scalar, or any JSON text that fits on a line.
    pub fn scalar(&mut self, text: &str) {
        self.begin_value();
        self.text.push_str(text);
    }

    /// Writes a value of a document with all it holds.
    pub fn copy(&mut self, document: &Document, id: NodeId) {
        let mut steps = vec![Step::Copy(id)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Copy(id) => self.copy_steps(document, id, &mut steps),
                Step::Key(key) => self.key(&key),
                Step::Close => self.close(),
            }
        }
    }

    fn copy_steps(&mut self, document: &Document, id: NodeId, steps: &mut Vec<Step>) {
        match document.kind(id) {
            Kind::Object => {
                self.open('{');
                steps.push(Step::Close);
                let members: Vec<(&str, NodeId)> = document.members(id).collect();
                for (key, value) in members.into_iter().rev() {
                    steps.push(Step::Copy(value));
                    steps.push(Step::Key(key.to_owned()));
                }
            }
            Kind::Array => {
                self.open('[');
                steps.push(Step::Close);
                steps.extend(document.children(id).iter().rev().map(|child| Step::Copy(child.node)));
            }
            Kind::String => self.scalar(&quoted(document.string(id))),
            Kind::Invalid => self.scalar("null"),
            Kind::Null | Kind::Boolean(_) | Kind::Number => self.scalar(document.lexeme(id)),
        }
    }

    /// Returns the text.
    pub fn finish(self) -> String {
        self.text
    }

    fn begin_value(&mut self) {
        if std::mem::take(&mut self.keyed) {
            return;
        }
        if let Some((_, filled)) = self.open.last_mut() {
            if std::mem::replace(filled, true) {
                self.text.push(',');
            }
            self.line();
        }
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.open.len().min(MAX_INDENT)));
    }
}

#[cfg(test)]
mod tests {
    use super::Pretty;
    use crate::json::document::Document;

    #[test]
    fn a_copy_keeps_values_and_lexemes() {
        let doc = Document::parse(br#"{"a":[1.0,{"b":"x\u000ay"}],"c":{},"d":[]}"#);
        let mut pretty = Pretty::default();
        pretty.copy(&doc, doc.root().unwrap());
        let expected = "{\n  \"a\": [\n    1.0,\n    {\n      \"b\": \"x\\ny\"\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}";
        assert_eq!(pretty.finish(), expected);
    }
}
