//! A refusal that the API did not write: a page of a proxy, firewall or CDN.

use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::indication::quote;
use crate::model::indication::{Indication, Rank, at, seen};
use crate::model::refusal::Shape;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let subject = context.subject();
    let (Some(response), Some(refusal)) = (&subject.response, &context.refusal) else { return Vec::new() };
    let header = context.api().answer_header();
    let page = matches!(refusal.shape, Shape::Html | Shape::Text)
        && header.is_none_or(|header| response.headers.get(header).is_none());
    if !(400..500).contains(&response.status) || !page || !(context.is_public_api() || context.is_login()) {
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
