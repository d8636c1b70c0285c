//! A login that failed.

use crate::diagnose::context::DiagnosisContext;
use crate::model::caller;
use crate::model::indication::{Indication, Rank, known, seen};
use crate::model::refusal::Shape;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let refused = matches!(context.status(), Some(400 | 401 | 403));
    let oauth = context.refusal.as_ref().is_some_and(|refusal| refusal.shape == Shape::OAuth);
    if !refused || !(context.is_login() || (oauth && context.api().refusal_code(context.code()).is_some())) {
        return Vec::new();
    }
    let subject = context.subject();
    let row = context.api().refusal_code(context.code());
    let what = row.map_or("the login was refused", |row| row.meaning);
    let mut indication = Indication::new(
        Cause::Credentials,
        Rank::Status,
        if row.is_some() { Confidence::High } else { Confidence::Medium },
        format!("the login failed: {what}"),
    );
    indication.evidence.push(seen(context.answered(), subject.id));
    indication.evidence.extend(row.map(|row| known(format!("`{}`: {}", row.code, row.meaning), row.source)));
    if let Some(grant) = caller::grant_type(&subject.request) {
        indication.evidence.push(seen(format!("the grant type is `{grant}`"), subject.id));
    }
    if subject.request.headers.get("authorization").is_none() {
        indication
            .evidence
            .push(seen("there is no Authorization header with client id and secret", subject.id));
    }
    let form = subject.request.headers.text("content-type").unwrap_or_default();
    if !form.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        indication.evidence.push(seen(format!("the body is `{form}` and not a form"), subject.id));
        indication.next.push("send the login as application/x-www-form-urlencoded".to_owned());
    }
    indication.next.push("check client id and secret, and that the client belongs to this region".to_owned());
    vec![indication]
}
