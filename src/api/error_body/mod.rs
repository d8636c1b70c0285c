//! What a refusing answer says, in whichever shape it comes: the answer's own sentence, code and fields.
//!
//! Source: the `ErrorBody`, `Detail` and `Limit` models of PyPI PureCloudPlatformClientV2 269.0.0; RFC 6749
//! and RFC 9457; real bodies quoted on community.genesys.com, developer.genesys.cloud and in public issues.

mod phrases;
mod places;
mod sentence;
mod shapes;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::json::pointer::Pointer;
use crate::model::coding;
use crate::model::exchange::Response;
use crate::model::refusal::{Refusal, Shape};

pub use places::point_into;
pub use sentence::{is_generic, permissions, state};

const EXCERPT: usize = 300;

/// Decodes a refusing answer; every answer gives a result, also an empty one.
pub fn decode(response: &Response) -> Refusal {
    let header = response.headers.text("inin-correlation-id").map(str::to_owned);
    let mut refusal = match coding::decoded(&response.headers, &response.body) {
        None => Refusal { shape: Shape::Unreadable, ..Refusal::default() },
        Some(bytes) => match std::str::from_utf8(&bytes) {
            Err(_) => Refusal { shape: Shape::Unreadable, ..Refusal::default() },
            Ok(text) => read_text(text, response.headers.text("content-type").unwrap_or_default()),
        },
    };
    refusal.status = response.status;
    if header.is_some() && refusal.correlation != header {
        refusal.context = refusal.correlation.take();
        refusal.correlation = header;
    }
    refusal
}

/// Reads the text of an answer. What it is, is decided by the text; the media type only says what looks like
/// neither.
fn read_text(text: &str, media_type: &str) -> Refusal {
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    if trimmed.is_empty() {
        return Refusal::default();
    }
    match serde_json::from_str::<Value>(trimmed) {
        Ok(Value::String(sentence)) => {
            let message = Some(sentence.trim().to_owned()).filter(|sentence| !sentence.is_empty());
            let details =
                message.iter().flat_map(|sentence| sentence::fields(sentence, &Pointer::root())).collect();
            return Refusal {
                shape: Shape::Text,
                message,
                details,
                excerpt: Some(excerpt(trimmed)),
                ..Refusal::default()
            };
        }
        Ok(body) => return shapes::read(&body, &Pointer::root()).unwrap_or_else(|| other_json(trimmed)),
        Err(_) => {}
    }
    let start: String = trimmed.chars().take(64).flat_map(char::to_lowercase).collect();
    if start.starts_with("<!doctype html") || start.starts_with("<html") || media_type.contains("html") {
        return Refusal {
            shape: Shape::Html,
            message: title(trimmed),
            excerpt: Some(excerpt(trimmed)),
            ..Refusal::default()
        };
    }
    let details = sentence::fields(trimmed, &Pointer::root());
    // a short line is a sentence of the server's; a longer text only gives an excerpt
    let message = Some(trimmed.to_owned()).filter(|line| line.len() <= EXCERPT && !line.contains('\n'));
    Refusal { shape: Shape::Text, message, details, excerpt: Some(excerpt(trimmed)), ..Refusal::default() }
}

fn other_json(text: &str) -> Refusal {
    Refusal { shape: Shape::OtherJson, excerpt: Some(excerpt(text)), ..Refusal::default() }
}

fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower[start..].find('<')?;
    Some(page[start..end].split_whitespace().collect::<Vec<_>>().join(" ")).filter(|title| !title.is_empty())
}

fn excerpt(text: &str) -> String {
    let mut cut: String = text.chars().take(EXCERPT).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
