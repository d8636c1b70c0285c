//! 403 and `not.a.user`: the caller is known and may not.

use serde_json::Value;

use crate::diagnose::ground::{Ground, quote};
use crate::diagnose::seen::caller;
use crate::diagnose::verdict::indication::{Indication, Rank, at, known, seen};
use crate::genesys::{permissions, refusal_codes};
use crate::model::check::CheckKind;
use crate::model::pointer::Pointer;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn see(ground: &Ground<'_>) -> Vec<Indication> {
    let coded = refusal_codes::of(ground.code()).filter(|row| row.cause == Cause::Permission);
    if ground.status() != Some(403) && coded.is_none() {
        return Vec::new();
    }
    let subject = ground.subject();
    let mut indication = Indication::new(
        Cause::Permission,
        Rank::Status,
        if coded.is_some() { Confidence::High } else { Confidence::Medium },
        match coded {
            Some(row) => format!("the caller may not: {}", row.meaning),
            None => "the caller may not".to_owned(),
        },
    );
    indication.evidence.push(seen(ground.answered(), subject.id));
    indication
        .evidence
        .extend(coded.map(|row| known(format!("`{}`: {}", row.code, row.meaning), row.source)));
    let refusal = ground.refusal.as_ref();
    for (name, value) in refusal.map(|refusal| refusal.params.as_slice()).unwrap_or_default() {
        let place = Pointer::root().member("messageParams").member(name);
        indication.evidence.push(at(format!("the answer names `{name}`"), subject.id, place, value.clone()));
    }
    let needed = ground
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
    who(ground, &mut indication);
    if ground.code() == "not.a.user" {
        indication.next.insert(0, "log in as a user (authorization code grant), not as a client".to_owned());
    }
    actions(ground, &mut indication);
    if !indication.next.iter().any(|line| line.contains("tokens/me")) {
        indication.next.push(
            "record GET /api/v2/tokens/me with the same token: it shows the grant type and scopes".to_owned(),
        );
    }
    vec![indication]
}

/// What tokens/me and the login say of the caller.
fn who(ground: &Ground<'_>, indication: &mut Indication) {
    if let Some(info) = caller::token_info(ground) {
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
            let area = crate::genesys::catalogue::public_path(&ground.path)
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
    } else if let Some((login, _)) = caller::login(ground)
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
fn actions(ground: &Ground<'_>, indication: &mut Indication) {
    for check in ground
        .checks
        .iter()
        .filter(|check| matches!(check.kind, CheckKind::ActionField | CheckKind::Contradiction))
    {
        let pointer = check.pointer.clone().unwrap_or_default();
        let mut evidence =
            at(check.message.clone(), ground.subject().id, pointer, check.sent.clone().unwrap_or_default());
        evidence.source = Some(check.source.clone());
        indication.evidence.push(evidence);
        indication.next.insert(
            0,
            "send only the member that is to be changed: every other one asks for an action of its own"
                .to_owned(),
        );
    }
}
