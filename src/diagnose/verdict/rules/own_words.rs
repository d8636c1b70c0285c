//! What the answer itself says: a field by name, or a documented code.

use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::indication::quote;
use crate::model::indication::{Indication, Rank, at, known, seen};
use crate::model::refusal::{Complaint, Detail};
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    // a name says more than a code
    field(context).into_iter().chain(code(context)).collect()
}

fn code(context: &DiagnosisContext<'_>) -> Option<Indication> {
    let row = context.api().refusal_code(context.code()).filter(|row| row.certain)?;
    // those have rules of their own
    if matches!(row.cause, Cause::Permission | Cause::Credentials | Cause::RateLimit) {
        return None;
    }
    let mut indication =
        Indication::new(row.cause, Rank::Said, Confidence::High, format!("the API says so: {}", row.meaning));
    indication.evidence.push(at(
        format!("the answer's code is `{}`", row.code),
        context.subject().id,
        Pointer::root().member("code"),
        quote(&row.code.into()),
    ));
    indication.evidence.push(known(format!("`{}`: {}", row.code, row.meaning), row.source));
    if row.cause == Cause::State {
        let read = context.api().state_read(&context.path);
        indication.next.extend(read.map(|read| format!("read {} first: {}", read.request, read.shows)));
    }
    Some(indication)
}

fn field(context: &DiagnosisContext<'_>) -> Option<Indication> {
    let refusal = context.refusal.as_ref()?;
    if !matches!(context.status(), Some(400 | 404 | 409 | 412 | 415 | 422)) {
        return None;
    }
    let details = refusal.all_details();
    let named: Vec<&&Detail> = details.iter().filter(|detail| detail.field.is_some()).collect();
    let first = named.first()?;
    let clear = first.sent.is_some() || first.complaint == Complaint::Missing;
    let mut indication = Indication::new(
        Cause::Payload,
        Rank::Said,
        if clear { Confidence::High } else { Confidence::Medium },
        statement(context, first),
    );
    for detail in &named {
        let code = detail.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
        let said = detail.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
        indication.evidence.push(at(
            format!("the answer names {}{code}{said}", name(detail)),
            context.subject().id,
            detail.place.clone(),
            detail.value.clone().or_else(|| detail.field.clone()).unwrap_or_default(),
        ));
        if let (Some(place), Some(value)) = (&detail.sent, sent_text(context, detail)) {
            indication.evidence.push(at(
                format!("what was sent at `{place}`"),
                context.subject().id,
                place.clone(),
                value,
            ));
        }
        if !indication.next.contains(&advice(detail)) {
            indication.next.push(advice(detail));
        }
    }
    for sentence in refusal.sentences() {
        indication.evidence.push(seen(format!("the answer says: {sentence}"), context.subject().id));
    }
    Some(indication)
}

/// The field as the server spells it, and the place of the body that it means where that reads differently.
fn name(detail: &Detail) -> String {
    let field = detail.field.as_deref().unwrap_or_default();
    match &detail.sent {
        Some(place) if place.as_str().trim_start_matches('/') == field => format!("`{place}`"),
        Some(place) => format!("`{field}`, which is `{place}` of the body"),
        None => format!("`{field}`"),
    }
}

fn statement(context: &DiagnosisContext<'_>, detail: &Detail) -> String {
    let name = name(detail);
    let lead = match (detail.complaint, detail.allowed.as_slice()) {
        (Complaint::Missing, _) => format!("the API says that {name} is missing"),
        (Complaint::Unknown, _) => format!("the API says that it does not know {name}"),
        (Complaint::Empty, _) => format!("the API says that {name} must have a value"),
        (Complaint::Invalid, []) => format!("the API names {name}"),
        (Complaint::Invalid, words) => {
            let sent =
                sent_text(context, detail).map(|sent| format!(", and {sent} was sent")).unwrap_or_default();
            let place = detail.sent.as_ref().map_or(name, |place| format!("`{place}`"));
            format!("the API accepts {} for {place}{sent}", words.join(", "))
        }
    };
    let nested = || detail.message.as_deref().or_else(|| nested_sentence(context, detail));
    match nested().or_else(|| context.message()) {
        Some(sentence) => format!("{lead}: {}", sentence.trim().trim_end_matches('.')),
        None => lead,
    }
}

/// What was sent at the place that the answer means.
fn sent_text(context: &DiagnosisContext<'_>, detail: &Detail) -> Option<String> {
    context.body.json()?.pointer(detail.sent.as_ref()?.as_str()).map(quote)
}

/// The sentence of the nested refusal that names the field.
fn nested_sentence<'c>(context: &'c DiagnosisContext<'_>, detail: &Detail) -> Option<&'c str> {
    let nested = &context.refusal.as_ref()?.nested;
    nested.iter().find(|nested| nested.details.iter().any(|own| own == detail))?.message.as_deref()
}

fn advice(detail: &Detail) -> String {
    let field = detail.field.as_deref().unwrap_or_default();
    let place = detail.sent.as_ref().map_or_else(|| format!("`{field}`"), |place| format!("`{place}`"));
    match (detail.complaint, detail.allowed.as_slice()) {
        (_, words) if !words.is_empty() => {
            format!("send {} at {place}, or leave it out if it is not meant", words.join(" or "))
        }
        (Complaint::Missing, _) => format!("add {place}"),
        (Complaint::Empty, _) => format!("give {place} a value, or leave it out"),
        (Complaint::Unknown, _) => format!("take {place} out of this body"),
        (Complaint::Invalid, _) if detail.sent.is_some() => format!("change {place}"),
        (Complaint::Invalid, _) => format!("look for what {place} means: the body has no such member"),
    }
}
