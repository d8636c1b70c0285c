//! Writes values as JSON text, without recursion.

use crate::json::document::{Document, Kind, NodeId};

/// Returns a text as a JSON string, with its quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns a value as compact JSON: numbers by their lexemes, of equal keys the last, `null` for what is no
/// JSON.
pub fn compact(document: &Document, id: NodeId) -> String {
    enum Step {
        Value(NodeId),
        Text(&'static str),
        Key(String),
    }
    let mut out = String::new();
    let mut steps = vec![Step::Value(id)];
    while let Some(step) = steps.pop() {
        let id = match step {
            Step::Value(id) => id,
            Step::Text(text) => {
                out.push_str(text);
                continue;
            }
            Step::Key(key) => {
                out.push_str(&key);
                continue;
            }
        };
        match document.kind(id) {
            Kind::Object => {
                let members: Vec<(&str, NodeId)> = document.members(id).collect();
                steps.push(Step::Text("}"));
                for (at, (key, value)) in members.iter().enumerate().rev() {
                    steps.push(Step::Value(*value));
                    let comma = if at > 0 { "," } else { "" };
                    steps.push(Step::Key(format!("{comma}{}:", quoted(key))));
                }
                steps.push(Step::Text("{"));
            }
            Kind::Array => {
                steps.push(Step::Text("]"));
                for (at, child) in document.children(id).iter().enumerate().rev() {
                    steps.push(Step::Value(child.node));
                    if at > 0 {
                        steps.push(Step::Text(","));
                    }
                }
                steps.push(Step::Text("["));
            }
            Kind::Invalid => out.push_str("null"),
            Kind::String => out.push_str(&quoted(document.string(id))),
            Kind::Null | Kind::Boolean(_) | Kind::Number => out.push_str(document.lexeme(id)),
        }
    }
    out
}
