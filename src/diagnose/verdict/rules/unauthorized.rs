//! 401: the caller is not known.

use crate::api::client::fact::When;
use crate::diagnose::context::DiagnosisContext;
use crate::model::caller;
use crate::model::indication::{Indication, Rank, known, seen};
use crate::model::timestamp::apart;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let coded = context.api().refusal_code(context.code()).filter(|row| row.cause == Cause::Credentials);
    let login = context.is_login() || context.misplaced_login().is_some();
    if login || (context.status() != Some(401) && coded.is_none()) {
        return Vec::new();
    }
    let subject = context.subject();
    let header = subject.request.headers.text("authorization");
    let mut indication = Indication::new(
        Cause::Credentials,
        Rank::Status,
        Confidence::High,
        match (coded, header) {
            (_, None) => "no token was sent".to_owned(),
            (Some(row), _) => format!("the caller is not known: {}", row.meaning),
            (None, _) => {
                "the caller is not known: the token is wrong, expired, or of another region".to_owned()
            }
        },
    );
    indication.evidence.push(seen(context.answered(), subject.id));
    match header {
        None => indication.evidence.push(seen("there is no Authorization header", subject.id)),
        Some(value) if !value.to_ascii_lowercase().starts_with("bearer ") => {
            indication.evidence.push(seen("the Authorization header is not `Bearer TOKEN`", subject.id));
        }
        Some(_) => {}
    }
    indication
        .evidence
        .extend(coded.map(|row| known(format!("`{}`: {}", row.code, row.meaning), row.source)));
    if let Some(other) =
        context.others().rev().find(|other| other.is_accepted() && caller::same(other, subject))
    {
        indication.evidence.push(seen(
            format!(
                "the same token was accepted {} {}",
                apart(other.started_at, subject.started_at),
                if other.started_at < subject.started_at {
                    "before: it has expired or was revoked"
                } else {
                    "later"
                }
            ),
            other.id,
        ));
    }
    if let Some((login, answer)) = caller::login(context, |path| context.api().is_login(path)) {
        let lifetime =
            answer["expires_in"].as_u64().map(|seconds| format!(", for {seconds} s")).unwrap_or_default();
        let ago = apart(login.started_at, subject.started_at);
        indication.evidence.push(seen(format!("the token was issued {ago} before{lifetime}"), login.id));
    }
    let fact = context.client().and_then(|client| client.fact(|when| when == When::Unauthorized));
    indication.evidence.extend(fact.map(|fact| known(fact.sentence, fact.source)));
    indication.next = vec![
        "log in again and send the new token".to_owned(),
        format!("check that the token was issued for the region of {}", subject.upstream),
    ];
    vec![indication]
}
