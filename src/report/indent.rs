//! Indents JSON without changing a token: lexemes, duplicate keys and order stay as they were sent.

use serde::de::IgnoredAny;

use crate::json::pretty::MAX_INDENT;

/// Returns the text of a JSON object or array with two blanks of indent a level; `None` for any other text.
pub fn json(text: &str) -> Option<String> {
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[']) || serde_json::from_str::<IgnoredAny>(trimmed).is_err() {
        return None;
    }
    let mut out = String::with_capacity(trimmed.len() * 2);
    let mut level = 0usize;
    let mut characters = trimmed.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => {
                out.push(c);
                while let Some(c) = characters.next() {
                    out.push(c);
                    match c {
                        '\\' => out.extend(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(c);
                while characters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    level += 1;
                    new_line(&mut out, level);
                }
            }
            '}' | ']' => {
                level = level.saturating_sub(1);
                new_line(&mut out, level);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, level);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    Some(out)
}

fn new_line(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level.min(MAX_INDENT)));
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn tokens_stay_as_they_were_sent() {
        let text = r#"{"a":1.0,"a":1e5,"n":12345678901234567890123,"s":"x, {\"y\":1}","e":[ ],"o":{},"l":[1,{"k":null}]}"#;
        let expected = "{\n  \"a\": 1.0,\n  \"a\": 1e5,\n  \"n\": 12345678901234567890123,\n  \"s\": \"x, {\\\"y\\\":1}\",\n  \
                        \"e\": [],\n  \"o\": {},\n  \"l\": [\n    1,\n    {\n      \"k\": null\n    }\n  ]\n}";
        assert_eq!(json(text).unwrap(), expected);
        assert_eq!(json(expected).unwrap(), expected);
    }

    #[test]
    fn what_is_no_json_container_is_left_to_others() {
        for text in ["", "12", "\"x\"", "{", "{\"a\":1,}", "text {}"] {
            assert_eq!(json(text), None, "{text}");
        }
    }
}
