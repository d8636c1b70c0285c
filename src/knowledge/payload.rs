//! From a payload to a baseline: whether it can serve as known-good, and what it is called then.

use std::path::Path;

use crate::diagnose::pairing;
use crate::interchange::masks;
use crate::interchange::text_position::TextPosition;
use crate::json::document::Document;
use crate::json::fault::FaultKind;
use crate::model::baseline::{Baseline, Provenance};
use crate::model::coding;
use crate::model::exchange::Exchange;
use crate::model::operation::Operation;

/// A baseline's name is not longer than this.
const LONGEST_NAME: usize = 100;

/// Why a payload cannot serve as known-good.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// It is not JSON.
    #[error("{title}: {place}: not JSON: {found}, where {expected} is expected")]
    NotJson {
        /// What the payload is called.
        title: String,
        /// Where it stops being JSON.
        place: TextPosition,
        /// What is there.
        found: String,
        /// What could be there.
        expected: &'static str,
    },
    /// There is nothing.
    #[error("{0} has no body")]
    Empty(String),
    /// It is no text.
    #[error("{0} is not UTF-8")]
    NotText(String),
    /// It is more than is ever compared.
    #[error("{title} is beyond {limit}")]
    TooLarge {
        /// What the payload is called.
        title: String,
        /// The limit.
        limit: &'static str,
    },
    /// A secret in it was masked, so it is not what was sent.
    #[error("{title} has a masked value in its body (`{mask}`): it is not what was sent")]
    Masked {
        /// What the payload is called.
        title: String,
        /// The mask.
        mask: String,
    },
    /// Only its beginning is known.
    #[error("{0} was recorded with the beginning of its body only")]
    Cut(String),
    /// The API did not accept it.
    #[error("{title} was not accepted: {answer}")]
    Refused {
        /// What the payload is called.
        title: String,
        /// What came instead.
        answer: String,
    },
}

/// Returns a payload as text, if it is JSON that was really sent: without byte order mark and surrounding
/// white space, because the line's end of a file is no part of its payload.
///
/// # Errors
/// It is empty, no JSON, too large, or has a mask in it.
pub fn sound(title: &str, body: &[u8]) -> Result<String, PayloadError> {
    let title = || title.to_owned();
    let text = std::str::from_utf8(body).map_err(|_| PayloadError::NotText(title()))?;
    let document = Document::parse(body);
    if document.is_blank() {
        return Err(PayloadError::Empty(title()));
    }
    if let Some(fault) = document.faults().iter().find(|fault| fault.kind == FaultKind::Syntax) {
        return Err(PayloadError::NotJson {
            title: title(),
            place: TextPosition::new(text, fault.offset),
            found: fault.found.clone(),
            expected: fault.expected,
        });
    }
    if let Some(limit) = document.beyond() {
        return Err(PayloadError::TooLarge { title: title(), limit: limit.name() });
    }
    if let Some(mask) = masks::find(body).first() {
        return Err(PayloadError::Masked { title: title(), mask: text[mask.start..mask.end].to_owned() });
    }
    Ok(text.trim_start_matches('\u{feff}').trim().to_owned())
}

/// Returns why an exchange's payload is not known to be good, if it was not accepted.
pub fn refusal(title: &str, exchange: &Exchange) -> Option<PayloadError> {
    if exchange.is_accepted() {
        return None;
    }
    let answer = exchange
        .status()
        .map_or("there is no answer".to_owned(), |status| format!("the answer was {status}"));
    Some(PayloadError::Refused { title: title.to_owned(), answer })
}

/// Returns the baseline that an accepted exchange of a recording makes; `day` is YYYY-MM-DD.
///
/// # Errors
/// The exchange was not accepted, or its body cannot serve.
pub fn of_exchange(recording: &Path, exchange: &Exchange, day: String) -> Result<Baseline, PayloadError> {
    let title = format!("exchange {}", exchange.id);
    if let Some(refused) = refusal(&title, exchange) {
        return Err(refused);
    }
    let request = &exchange.request;
    if request.body.cut {
        return Err(PayloadError::Cut(title));
    }
    let body = coding::decoded(&request.headers, &request.body)
        .ok_or_else(|| PayloadError::NotText(title.clone()))?;
    let operation = pairing::operation_of(request);
    Ok(Baseline {
        name: name_of(&operation),
        operation,
        provenance: Provenance::Accepted,
        source: source_of(recording, exchange),
        date: day,
        content_type: request.headers.text("content-type").map(str::to_owned),
        body: sound(&title, &body)?,
        ignore: Vec::new(),
        exact: false,
    })
}

/// Returns the place of an exchange and how it was answered.
pub fn source_of(recording: &Path, exchange: &Exchange) -> String {
    let status =
        exchange.status().map_or("not answered".to_owned(), |status| format!("answered with {status}"));
    format!("{}{}, {status}", recording.display(), exchange.id)
}

/// Returns a name made of the method and the words of the path: `post-calls-wrapup`.
pub fn name_of(operation: &Operation) -> String {
    let words = operation
        .template
        .split('/')
        .filter(|step| !step.is_empty() && !step.starts_with('{') && !matches!(*step, "api" | "v2"));
    let mut name = operation.method.to_ascii_lowercase();
    for word in words {
        name.push('-');
        name.extend(word.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
    }
    name.truncate(LONGEST_NAME);
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::exchange;

    #[test]
    fn a_name_is_made_of_the_method_and_the_words_of_the_path() {
        let operation = Operation {
            method: "POST".into(),
            template: "/api/v2/conversations/calls/{conversationId}/wrap up/wrapup".into(),
        };
        assert_eq!(name_of(&operation), "post-conversations-calls-wrapup-wrapup");
    }

    #[test]
    fn an_accepted_exchange_makes_a_baseline_and_a_refused_one_does_not() {
        let made = |status, body| {
            let exchange = exchange(7, "PUT", "/api/v2/interactions/1/wrap-up", body, status);
            of_exchange(Path::new("r.ndjson"), &exchange, "2026-11-20".into())
        };
        let baseline = made(204, "{\"codeId\":\"x\"}").unwrap();
        assert_eq!(baseline.name, "put-interactions-wrap-up");
        assert_eq!(
            (baseline.body.as_str(), baseline.source.as_str()),
            ("{\"codeId\":\"x\"}", "r.ndjson#7, answered with 204")
        );
        assert!(matches!(made(400, "{}"), Err(PayloadError::Refused { .. })));
        assert!(matches!(made(204, ""), Err(PayloadError::Empty(_))));
        assert!(matches!(made(204, "{"), Err(PayloadError::NotJson { .. })));
    }
}
