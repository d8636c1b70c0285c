//! 403 and `not.a.user`: the caller is known and may not.

use serde_json::Value;

use crate::api::genesys::{permissions, refusal_codes};
use crate::diagnose::context::{DiagnosisContext, quote};
use crate::diagnose::evidence::caller;
use crate::diagnose::verdict::indication::{Indication, Rank, at, known, seen};
use crate::json::pointer::Pointer;
use crate::model::finding::Class;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let coded = refusal_codes::of(context.code()).filter(|row| row.cause == Cause::Permission);
    if context.status() != Some(403) && coded.is_none() {
        return Vec::new();
    }
    let subject = context.subject();
    let mut indication = Indication::new(
        Cause::Permission,
        Rank::Status,
        if coded.is_some() { Confidence::High } else { Confidence::Medium },
        match coded {
            Some(row) => format!("the caller may not: {}", row.meaning),
            None => "the caller may not".to_owned(),
        },
    );
    indication.evidence.push(seen(context.answered(), subject.id));
    indication
        .evidence
        .extend(coded.map(|row| known(format!("`{}`: {}", row.code, row.meaning), row.source)));
    let refusal = context.refusal.as_ref();
    for (name, value) in refusal.map(|refusal| refusal.params.as_slice()).unwrap_or_default() {
        let place = Pointer::root().member("messageParams").member(name);
        indication.evidence.push(at(format!("the answer names `{name}`"), subject.id, place, value.clone()));
    }
    let needed = context
        .entry
        .and_then(|entry| entry.permissions.or_else(|| permissions::needed(entry.method, entry.template)));
    if let Some(needed) = needed {
        indication.evidence.push(known(
            format!("the operation needs {}", needed.replacen("ANY ", "any of ", 1).replacen("ALL ", "", 1)),
            "the vendor's definitions of the operation",
        ));
        indication
            .next
            .push(format!("give the caller's role {}", needed.split(' ').nth(1).unwrap_or(needed)));
    }
    who(context, &mut indication);
    if context.code() == "not.a.user" {
        indication.next.insert(0, "log in as a user (authorization code grant), not as a client".to_owned());
    }
    actions(context, &mut indication);
    if !indication.next.iter().any(|line| line.contains("tokens/me")) {
        indication.next.push(
            "record GET /api/v2/tokens/me with the same token: it shows the grant type and scopes".to_owned(),
        );
    }
    vec![indication]
}

/// What tokens/me and the login say of the caller.
fn who(context: &DiagnosisContext<'_>, indication: &mut Indication) {
    if let Some(info) = caller::token_info(context) {
        let grant = Pointer::root().member("OAuthClient").member("authorizedGrantType");
        if let Some(Value::String(kind)) = info.document.pointer(grant.as_str()) {
            let user = !kind.eq_ignore_ascii_case("CLIENT-CREDENTIALS");
            let statement =
                if user { "the token is a user's" } else { "the token is a client's and has no user" };
            indication.evidence.push(at(statement, info.exchange.id, grant, kind.clone()));
            if !user {
                indication.next.push(
                    "give the client a role with the permission, in the conversation's division".to_owned(),
                );
            }
        }
        if let Some(scopes) = info.document["authorizedScope"].as_array().filter(|scopes| !scopes.is_empty())
        {
            let area = crate::api::genesys::catalogue::public_path(&context.path)
                .split('/')
                .nth(3)
                .unwrap_or_default()
                .to_owned();
            let held = |scope: &Value| {
                scope.as_str().is_some_and(|scope| scope.split(':').next() == Some(area.as_str()))
            };
            if !scopes.iter().any(held) {
                indication.evidence.push(at(
                    format!("none of the token's scopes is for `{area}`"),
                    info.exchange.id,
                    Pointer::root().member("authorizedScope"),
                    quote(&scopes.clone().into()),
                ));
                indication.next.push(format!("ask for a scope of `{area}` at login"));
            }
        }
    } else if let Some((login, _)) = caller::login(context)
        && caller::grant_type(&login.request).as_deref() == Some("client_credentials")
    {
        indication
            .evidence
            .push(seen("the token came from a client-credentials login and has no user", login.id));
        indication
            .next
            .push("give the client a role with the permission, in the conversation's division".to_owned());
    }
}

/// A PATCH with members too many asks for more than was meant, and each needs a permission of its own.
fn actions(context: &DiagnosisContext<'_>, indication: &mut Indication) {
    for check in
        context.faults.iter().filter(|check| matches!(check.class, Class::ActionField | Class::Contradiction))
    {
        let pointer = check.candidate_path.clone().unwrap_or_default();
        let mut evidence = at(check.message.clone(), context.subject().id, pointer, check.sent_text());
        evidence.source = check.source.clone();
        indication.evidence.push(evidence);
        indication.next.insert(
            0,
            "send only the member that is to be changed: every other one asks for an action of its own"
                .to_owned(),
        );
    }
}
