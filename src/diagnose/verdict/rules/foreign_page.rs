//! A refusal that the API did not write: a page of a proxy, firewall or CDN.

use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::indication::quote;
use crate::model::indication::{Indication, Rank, at, seen};
use crate::model::refusal::{Complaint, Detail, Naming, Refusal, Shape};
use crate::model::verdict::{Cause, Confidence};

/// Returns whether a text speaks of a member that was sent: by its name, or with what is wrong with it.
fn is_clear(detail: &Detail, refusal: &Refusal) -> bool {
    let says = detail.complaint != Complaint::Invalid || !detail.allowed.is_empty();
    let Some(field) = detail.field.as_deref().filter(|_| detail.sent.is_some()) else { return false };
    // `code` is a word of any sentence, `durationSeconds` and a quoted `code` are names
    let text = refusal.excerpt.as_deref().unwrap_or_default();
    let quoted = ["'", "\"", "`"].iter().any(|quote| text.contains(&format!("{quote}{field}{quote}")));
    let compound = field.contains('_') || field.bytes().any(|byte| byte.is_ascii_uppercase());
    detail.naming == Naming::Named || says || quoted || compound
}

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let subject = context.subject();
    let (Some(response), Some(refusal)) = (&subject.response, &context.refusal) else { return Vec::new() };
    let header = context.api().answer_header();
    let page = matches!(refusal.shape, Shape::Html | Shape::Text)
        && header.is_none_or(|header| response.headers.get(header).is_none());
    // what knows a member of the body has read it
    let read =
        refusal.shape == Shape::Text && refusal.all_details().iter().any(|detail| is_clear(detail, refusal));
    if !(400..500).contains(&response.status)
        || !page
        || read
        || !(context.is_public_api() || context.is_login())
    {
        return Vec::new();
    }
    let text = refusal.message.clone().or_else(|| refusal.excerpt.clone()).unwrap_or_default();
    let mut indication = Indication::new(
        Cause::Upstream,
        Rank::Status,
        if refusal.shape == Shape::Html { Confidence::High } else { Confidence::Medium },
        format!("something before the API answered {}: a proxy, a firewall or a CDN", response.status),
    );
    indication.evidence.push(at(
        "the answer is no error body of the API",
        subject.id,
        Pointer::root(),
        quote(&text.into()),
    ));
    let lacks = |header| format!("it has no {header}, which every answer of the API has");
    indication.evidence.extend(header.map(|header| seen(lacks(header), subject.id)));
    for name in ["server", "via", "x-cache", "proxy-authenticate"] {
        if let Some(value) = response.headers.text(name) {
            indication.evidence.push(seen(format!("it has `{name}: {value}`"), subject.id));
        }
    }
    indication.next = vec![
        format!(
            "send the request from another network, and check that {} is the host that was meant",
            subject.upstream
        ),
        "ask who runs the proxy or firewall on the way".to_owned(),
    ];
    vec![indication]
}
