//! The sentences of a ticket, in which text between backticks is code; the formats only lay them out.

use crate::api;
use crate::model::authority::Authority;
use crate::model::finding::{Finding, Shown};
use crate::model::refusal::{Refusal, Shape};
use crate::model::remedy::{ClientLine, Remedy};
use crate::model::verdict::{Evidence, OtherCause, Verdict};
use crate::report::headline;
use crate::report::ticket::Ticket;

/// Quotes recorded text as code. A backtick in it would end the code, and is shown as an apostrophe.
pub fn code(text: &str) -> String {
    if text.is_empty() { "(empty)".to_owned() } else { format!("`{}`", text.replace('`', "'")) }
}

/// Returns names with their values: time, request, upstream, client.
pub fn facts(ticket: &Ticket<'_>) -> Vec<(&'static str, String)> {
    let (exchange, diagnosis) = (ticket.exchange, ticket.diagnosis);
    let request = format!("{} {}", exchange.request.method.lossy(), exchange.request.target.lossy());
    let operation = code(&diagnosis.operation.to_string());
    let operation = match diagnosis.public {
        Some(true) => format!("{operation}, public API"),
        Some(false) => format!("{operation}, NOT an operation of the public API"),
        None => operation,
    };
    let mut rows = vec![
        ("when", format!("{} UTC", exchange.started_at)),
        ("request", code(&request)),
        ("operation", operation),
    ];
    if !diagnosis.nearest.is_empty() {
        let nearest: Vec<String> = diagnosis.nearest.iter().take(3).map(|near| code(near)).collect();
        rows.push(("nearest public ones", nearest.join(", ")));
    }
    if !exchange.upstream.is_empty() {
        let region = ticket.region.map(|region| format!(" ({region})")).unwrap_or_default();
        rows.push(("sent to", code(&exchange.upstream) + &region));
    }
    if let Some(response) = &exchange.response {
        let status_line = format!("{} {}", response.status, response.reason.lossy());
        let took = milliseconds(exchange.timings.total);
        rows.push(("response", format!("{} after {took:.1} ms", code(status_line.trim_end()))));
    }
    if let Some(failure) = &exchange.error {
        rows.push(("incomplete", format!("{}: {}", failure.source.name(), failure.message)));
    }
    if let Some(refusal) = &diagnosis.refusal {
        rows.extend(refusal.correlation.iter().map(|id| ("correlation id", code(id))));
        rows.extend(refusal.context.iter().map(|id| ("context id", code(id))));
    }
    rows.extend(exchange.sdk.as_ref().map(|sdk| {
        let marks = sdk.marks.iter().map(|mark| code(mark)).collect::<Vec<_>>().join(", ");
        let marks = if marks.is_empty() { marks } else { format!(" ({marks})") };
        ("client", headline::client(sdk) + &marks)
    }));
    if !ticket.attempts.is_empty() {
        let ids = ticket.attempts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let times = ticket.attempts.len();
        rows.push(("hidden retries", format!("{times} by the client ({ids})")));
    }
    let recorded =
        format!("exchange {} in {} by wraptap {}", exchange.id, code(ticket.recording), exchange.recorder);
    rows.push(("recorded", recorded));
    rows
}

/// Returns the facts that the reader of a ticket needs; its title, request and response show the others.
pub fn environment(ticket: &Ticket<'_>) -> Vec<(&'static str, String)> {
    let mut facts = facts(ticket);
    let is_public = ticket.diagnosis.public == Some(true);
    facts.retain(|(name, _)| match *name {
        "request" | "response" | "incomplete" => false,
        "operation" => !is_public,
        _ => true,
    });
    facts
}

/// Returns cause and confidence.
pub fn cause(verdict: &Verdict) -> String {
    format!("{}, confidence {}", verdict.cause.name().replace('_', " "), verdict.confidence.name())
}

/// Returns a piece of evidence with where it was seen.
pub fn evidence(evidence: &Evidence) -> String {
    let place: Vec<String> = evidence
        .exchange
        .iter()
        .map(ToString::to_string)
        .chain(evidence.pointer.iter().map(|pointer| code(pointer.as_str())))
        .chain(evidence.quote.iter().map(|quote| code(quote)))
        .collect();
    let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(" ")) };
    let source = evidence.source.as_ref().map(|source| format!("; source: {source}")).unwrap_or_default();
    format!("{}{place}{source}", evidence.statement)
}

/// Returns another possible cause.
pub fn other(other: &OtherCause) -> String {
    format!("{}: {}", other.cause.name().replace('_', " "), other.statement)
}

/// Returns a fault of the request with the authority that says so.
pub fn fault(fault: &Finding) -> String {
    let place = fault.candidate_path.as_ref().filter(|pointer| !pointer.as_str().is_empty());
    let place = place.map(|pointer| format!(" at {}", code(pointer.as_str()))).unwrap_or_default();
    let source = fault.source.as_ref().map(|source| format!("; source: {source}")).unwrap_or_default();
    format!("{}{place}: {}; {}{source}", fault.severity.name(), fault.message, fault.help)
}

/// Returns what the request was compared with, or why it was not compared.
pub fn pairing(ticket: &Ticket<'_>) -> String {
    let pairing = ticket.pairing;
    match &pairing.chosen {
        Some(good) => format!("Known-good: {}, {}. Chosen: {}.", good.label, good.because, pairing.reason),
        None => format!("Not compared: {}", pairing.reason),
    }
}

/// Returns on whose word something is a finding.
pub fn authority(finding: &Finding) -> String {
    let by = match finding.authority {
        Authority::Answer => "the answer",
        Authority::Bytes => "the bytes",
        Authority::Proof => "the recording",
        Authority::Description => "the API's description",
        Authority::Accepted => "the known-good payload",
        Authority::Example => "an example",
    };
    finding.exchange.map_or_else(|| by.to_owned(), |id| format!("{by}, {id}"))
}

/// Returns the place of a finding.
pub fn place(finding: &Finding) -> String {
    let pointer = finding.candidate_path.as_ref().or(finding.good_path.as_ref());
    match pointer.map(|pointer| pointer.as_str()) {
        None => "request".to_owned(),
        Some("") => "whole body".to_owned(),
        Some(pointer) => code(pointer),
    }
}

/// Returns a value with its type.
pub fn describe_value(shown: Option<&Shown>) -> String {
    match shown {
        None => "absent".to_owned(),
        Some(Shown { kind, text, .. }) if *kind == text || *kind == "text" => code(text),
        Some(shown) => format!("{} {}", shown.kind, code(&shown.text)),
    }
}

/// Returns what to change, one line each, without the body and the client's lines.
pub fn changes(remedy: &Remedy) -> Vec<String> {
    let operation = remedy.operation.iter().map(|operation| format!("send it to {}", code(operation)));
    let open = remedy.open.iter().map(|open| format!("by hand: {open}"));
    operation.chain(remedy.changes.iter().cloned()).chain(open).collect()
}

/// Returns the habit of a client that causes the fault.
pub fn habit(line: &ClientLine) -> String {
    format!("In {}: {}. Instead of", api::assumed().client_name(line.sdk), line.habit)
}

/// Returns what the response says, one line each.
pub fn server_said(refusal: &Refusal) -> Vec<String> {
    let mut lines = Vec::new();
    match refusal.shape {
        Shape::Empty => lines.push("nothing: the response has no body".to_owned()),
        Shape::Html => {
            lines.push(
                "a web page, which this kind of API never returns: it comes from something in between"
                    .to_owned(),
            );
        }
        Shape::Unreadable => lines.push("bytes that are not text".to_owned()),
        Shape::ErrorBody | Shape::OAuth | Shape::OtherJson | Shape::Text => {}
    }
    let known = [
        ("message", &refusal.message),
        ("code", &refusal.code),
        ("entity", &refusal.entity),
        ("limit", &refusal.limit),
    ];
    lines.extend(
        known
            .iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}: {}", code(value)))),
    );
    lines.extend(refusal.params.iter().map(|(name, value)| format!("{name}: {}", code(value))));
    let details = refusal.all_details();
    for detail in &details {
        let field = detail.field.as_deref().map(|field| format!("field {}", code(field)));
        let sent =
            detail.sent.as_ref().map(|sent| format!("that is {} of the sent body", code(sent.as_str())));
        let message = detail.message.as_deref().map(code);
        let phrases =
            [detail.code.as_deref().map(code), field, detail.entity.as_deref().map(code), sent, message];
        lines.push(format!("detail: {}", phrases.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    }
    let nested = refusal.nested.iter().filter_map(|nested| nested.message.as_deref());
    lines.extend(nested.map(|message| format!("and: {}", code(message))));
    if details.is_empty() && refusal.shape == Shape::ErrorBody {
        lines.push("it names no field".to_owned());
    }
    if let (true, Some(excerpt)) = (refusal.message.is_none(), &refusal.excerpt) {
        lines.push(format!("it begins: {}", code(excerpt)));
    }
    lines
}

#[allow(clippy::cast_precision_loss, reason = "microseconds of one exchange fit 52 bits")]
fn milliseconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1000.0
}
