//! The ticket as a JSON document, version 2: `{"schema_version":2,"exchanges":[…]}`. Members are added, never
//! changed.
//!
//! Version 1 had the faults that show without a known-good payload in a list `checks` of their own; they are
//! findings now, and each finding names its `authority`.

use serde_json::{Value, json};

use crate::model::known_good::{KnownGoodOrigin, Pairing};
use crate::model::refusal::Refusal;
use crate::model::remedy::Remedy;
use crate::model::verdict::{Evidence, Verdict};
use crate::report::comparison;
use crate::report::comparison::json::ascii_controls;
use crate::report::ticket::{People, Ticket, people, request_text, response_text};

/// Returns the document, ending with a line feed.
pub fn render(tickets: &[Ticket<'_>], people_are: People) -> String {
    let personal = people(tickets, people_are);
    let mut document = json!({
        "schema_version": 2,
        "exchanges": tickets.iter().map(exchange).collect::<Vec<_>>(),
        "masked": personal.list(),
    });
    mask(&mut document, &|text| personal.mask(text));
    ascii_controls(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

/// Masks every string of the document, so that no place can be forgotten.
fn mask(value: &mut Value, with: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = with(text),
        Value::Array(elements) => elements.iter_mut().for_each(|element| mask(element, with)),
        Value::Object(members) => members.values_mut().for_each(|member| mask(member, with)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn exchange(ticket: &Ticket<'_>) -> Value {
    let (exchange, diagnosis) = (ticket.exchange, ticket.diagnosis);
    json!({
        "id": exchange.id.get(),
        "recording": ticket.recording,
        "started_at": exchange.started_at.to_string(),
        "method": exchange.request.method.lossy(),
        "target": exchange.request.target.lossy(),
        "operation": diagnosis.operation.to_string(),
        "public_operation": diagnosis.public,
        "nearest": diagnosis.nearest,
        "upstream": exchange.upstream,
        "region": ticket.region,
        "status": exchange.status(),
        "total_us": exchange.timings.total,
        "error": exchange.error.as_ref().map(|failure| json!({"source": failure.source.name(), "message": failure.message})),
        "sdk": exchange.sdk.as_ref().map(|sdk| json!({"name": sdk.name, "version": sdk.version, "marks": sdk.marks})),
        "attempts": ticket.attempts.iter().map(|id| id.get()).collect::<Vec<_>>(),
        "known_good": known_good(ticket.pairing),
        "pairing": {"reason": ticket.pairing.reason, "close": ticket.pairing.close},
        "verdict": diagnosis.verdict.as_ref().map(verdict),
        "result": ticket.comparison.map(|comparison| comparison.outcome.name()),
        "findings": findings(ticket),
        "hidden": ticket.comparison.map_or(0, |comparison| comparison.hidden),
        "server_said": diagnosis.refusal.as_ref().map(refusal),
        "fix": remedy(&diagnosis.remedy),
        "request": request_text(&exchange.request),
        "response": exchange.response.as_ref().map(response_text),
        "reproduce": ticket.reproduce,
        "wraptap": exchange.recorder,
    })
}

fn known_good(pairing: &Pairing) -> Option<Value> {
    pairing.chosen.as_ref().map(|good| {
        let (origin, id) = match good.origin {
            KnownGoodOrigin::Named => ("named", None),
            KnownGoodOrigin::Folder => ("folder", None),
            KnownGoodOrigin::Exchange(id) => ("exchange", Some(id.get())),
            KnownGoodOrigin::Embedded => ("embedded", None),
        };
        json!({
            "label": good.label,
            "because": good.because,
            "origin": origin,
            "exchange": id,
            "content_type": good.content_type,
            "body": good.body.lossy(),
        })
    })
}

/// Returns the faults and the differences as one list, faults first.
fn findings(ticket: &Ticket<'_>) -> Value {
    let good = ticket.pairing.chosen.as_ref().map_or(&[][..], |good| good.body.as_bytes());
    let differences = ticket.comparison.map_or(&[][..], |comparison| &comparison.findings);
    let all = ticket.diagnosis.faults.iter().chain(differences);
    comparison::json::findings(all, &ticket.exchange.request.body.bytes, good)
}

fn verdict(verdict: &Verdict) -> Value {
    json!({
        "cause": verdict.cause.name(),
        "confidence": verdict.confidence.name(),
        "statement": verdict.statement,
        "evidence": verdict.evidence.iter().map(evidence).collect::<Vec<_>>(),
        "contrary": verdict.contrary.iter().map(evidence).collect::<Vec<_>>(),
        "other_causes": verdict.other_causes.iter()
            .map(|other| json!({"cause": other.cause.name(), "statement": other.statement})).collect::<Vec<_>>(),
        "next": verdict.next,
    })
}

fn evidence(evidence: &Evidence) -> Value {
    json!({
        "statement": evidence.statement,
        "exchange": evidence.exchange.map(|id| id.get()),
        "pointer": evidence.pointer.as_ref().map(|pointer| pointer.as_str()),
        "quote": evidence.quote,
        "source": evidence.source,
    })
}

fn refusal(said: &Refusal) -> Value {
    json!({
        "shape": said.shape.name(),
        "message": said.message,
        "code": said.code,
        "params": said.params.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
        "entity": said.entity,
        "details": said.all_details().iter().map(|detail| json!({
            "code": detail.code, "field": detail.field, "message": detail.message, "allowed": detail.allowed, "entity": detail.entity, "place": detail.place.as_str(),
            "sent": detail.sent.as_ref().map(|sent| sent.as_str()),
        })).collect::<Vec<_>>(),
        "errors": said.nested.iter().map(refusal).collect::<Vec<_>>(),
        "limit": said.limit,
        "correlation_id": said.correlation,
        "context_id": said.context,
        "excerpt": said.excerpt,
    })
}

fn remedy(remedy: &Remedy) -> Value {
    json!({
        "operation": remedy.operation,
        "body": remedy.body,
        "changes": remedy.changes,
        "open": remedy.open,
        "offers": remedy.offers.iter().map(|offer| json!({"pointer": offer.place.as_str(), "value": offer.value})).collect::<Vec<_>>(),
        "client": remedy.client.iter().map(|line| json!({
            "sdk": line.sdk, "habit": line.habit, "before": line.before, "after": line.after, "source": line.source,
        })).collect::<Vec<_>>(),
    })
}
