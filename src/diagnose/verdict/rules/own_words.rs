//! What the answer itself says: a documented code, or a field by name.

use crate::api::genesys::{error_body, refusal_codes};
use crate::diagnose::context::{DiagnosisContext, quote};
use crate::diagnose::verdict::indication::{Indication, Rank, at, known, seen};
use crate::json::pointer::Pointer;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    code(context).into_iter().chain(field(context)).collect()
}

fn code(context: &DiagnosisContext<'_>) -> Option<Indication> {
    let row = refusal_codes::of(context.code()).filter(|row| row.certain)?;
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
        indication.next.push("read GET /api/v2/conversations/{conversationId} first: `participants[].calls[].state` and `afterCallWork.state` tell whether a wrap-up is due".to_owned());
    }
    Some(indication)
}

fn field(context: &DiagnosisContext<'_>) -> Option<Indication> {
    let refusal = context.refusal.as_ref()?;
    if !matches!(context.status(), Some(400 | 409 | 415 | 422)) {
        return None;
    }
    let details = error_body::all_details(refusal);
    let named: Vec<_> = details.iter().filter_map(|detail| Some((detail, detail.field.as_ref()?))).collect();
    let (first, _) = named.first()?;
    let place = first
        .sent
        .as_ref()
        .map_or_else(|| format!("`{}`", first.field.as_deref().unwrap_or_default()), |at| format!("`{at}`"));
    let mut indication = Indication::new(
        Cause::Payload,
        Rank::Said,
        if first.sent.is_some() { Confidence::High } else { Confidence::Medium },
        format!("the API names the field: {place}"),
    );
    for (detail, field) in &named {
        let code = detail.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
        indication.evidence.push(at(
            format!("the answer names `{field}`{code}"),
            context.subject().id,
            detail.place.clone(),
            field.as_str(),
        ));
        if let (Some(place), Some(body)) = (&detail.sent, context.body.json()) {
            let value = body.pointer(place.as_str()).map(quote).unwrap_or_default();
            indication.evidence.push(at(
                format!("what was sent at `{place}`"),
                context.subject().id,
                place.clone(),
                value,
            ));
        }
    }
    if let Some(message) = context.message() {
        indication.evidence.push(seen(format!("the answer says: {message}"), context.subject().id));
    }
    indication.next = vec![format!("change {place}")];
    Some(indication)
}
