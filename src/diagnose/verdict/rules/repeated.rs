//! The same request was accepted at another time: then the payload is not the reason.

use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::evidence::accepted::{self, Alike};
use crate::diagnose::verdict::rules::blame::blames_the_request;
use crate::model::caller;
use crate::model::exchange::Exchange;
use crate::model::indication::{Indication, Rank, seen};
use crate::model::timestamp::apart;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    if !blames_the_request(context) {
        return Vec::new();
    }
    let subject = context.subject();
    let same = accepted::same_request(context);
    let later = same.iter().find(|(other, _)| other.started_at > subject.started_at);
    let earlier = same.iter().rev().find(|(other, _)| other.started_at <= subject.started_at);
    let Some(((other, alike), is_later)) =
        later.map(|found| (found, true)).or(earlier.map(|found| (found, false)))
    else {
        return Vec::new();
    };
    let span = apart(other.started_at, subject.started_at);
    let what = if *alike == Alike::WireBytes { "the same bytes" } else { "the same JSON, spelt otherwise," };
    if let Some(indication) = other_type(context, other) {
        return vec![indication];
    }
    let (statement, when) = if is_later {
        (format!("it came too early: {what} were accepted {span} later"), "later")
    } else {
        (format!("it was done already: {what} had been accepted {span} before"), "before")
    };
    let mut indication = Indication::new(
        Cause::State,
        Rank::Proven,
        if *alike == Alike::WireBytes { Confidence::High } else { Confidence::Medium },
        statement,
    );
    let status = other.status().unwrap_or_default();
    indication.evidence.push(seen(format!("{what} were accepted with {status} {span} {when}"), other.id));
    if let Some(ready) = context.api().ready_state(context) {
        indication.statement =
            format!("it had not settled yet: {ready}, and {what} were accepted {span} {when}");
    }
    let authorized = |exchange: &Exchange| caller::token(&exchange.request);
    if subject.run == other.run && authorized(subject) != authorized(other) {
        indication.contrary.push(seen("the accepted one carried another token", other.id));
    }
    indication.next = if is_later {
        vec![
            "wait until the state allows it before sending: read it first, or send again for some seconds"
                .to_owned(),
            format!(
                "send it until it is accepted: `wraptap replay {} --until-accepted 30s`",
                subject.id.get()
            ),
        ]
    } else {
        vec!["do not send it a second time: read what is assigned first".to_owned()]
    };
    vec![indication]
}

/// The same bytes under another media type: then the type is the reason after all.
fn other_type(context: &DiagnosisContext<'_>, other: &Exchange) -> Option<Indication> {
    let subject = context.subject();
    let kind =
        |exchange: &Exchange| exchange.request.headers.text("content-type").map(str::to_ascii_lowercase);
    let (own, theirs) = (kind(subject), kind(other));
    if own == theirs {
        return None;
    }
    let said = |kind: Option<String>| kind.unwrap_or_else(|| "none".to_owned());
    let (own, theirs) = (said(own), said(theirs));
    let mut indication = Indication::new(
        Cause::Payload,
        Rank::Proven,
        Confidence::High,
        format!(
            "the media type is the reason: the same body was accepted as `{theirs}` and refused as `{own}`"
        ),
    );
    indication
        .evidence
        .push(seen(format!("the same body was accepted with Content-Type `{theirs}`"), other.id));
    indication.next = vec![format!("send `Content-Type: {theirs}`")];
    Some(indication)
}
