//! 403 and `not.a.user`: the caller is known and may not.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::RefusalCode;
use crate::api::error_body;
use crate::api::genesys::permissions;
use crate::diagnose::context::{DiagnosisContext, quote};
use crate::diagnose::evidence::caller;
use crate::diagnose::verdict::indication::{Indication, Rank, at, known, seen};
use crate::json::pointer::Pointer;
use crate::model::finding::Class;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let coded = context.api().refusal_code(context.code()).filter(|row| row.cause == Cause::Permission);
    if context.status() != Some(403) && coded.is_none() {
        return Vec::new();
    }
    let subject = context.subject();
    let named = Named::read(context);
    let (statement, sure) = statement(context, &named, coded);
    let mut indication = Indication::new(
        Cause::Permission,
        Rank::Status,
        if sure { Confidence::High } else { Confidence::Medium },
        statement,
    );
    indication.evidence.push(seen(context.answered(), subject.id));
    let known_code = coded.filter(|_| named.words.is_empty());
    indication
        .evidence
        .extend(known_code.map(|row| known(format!("`{}`: {}", row.code, row.meaning), row.source)));
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
    }
    let client = who(context, &mut indication);
    advise(context, &named, client, needed, &mut indication);
    actions(context, &mut indication);
    if !indication.next.iter().any(|line| line.contains("tokens/me")) {
        indication.next.push(
            "record GET /api/v2/tokens/me with the same token: it shows the grant type and scopes".to_owned(),
        );
    }
    vec![indication]
}

/// The permissions or scopes that the answer names.
struct Named {
    words: Vec<String>,
    /// `permission` or `scope`.
    kind: &'static str,
}

impl Named {
    fn read(context: &DiagnosisContext<'_>) -> Self {
        let Some(refusal) = context.refusal.as_ref() else {
            return Self { words: Vec::new(), kind: "permission" };
        };
        let params = refusal.params.iter().map(|(_, value)| value.as_str());
        let mut words: Vec<String> = Vec::new();
        for text in refusal.sentences().into_iter().chain(params) {
            let fresh = error_body::permissions(text);
            words.extend(fresh);
        }
        let mut known = BTreeSet::new();
        words.retain(|word| known.insert(word.clone()));
        let texts = refusal.sentences().into_iter().chain(refusal.code.as_deref());
        let scoped = texts.into_iter().any(|text| text.to_lowercase().contains("scope"));
        Self { words, kind: if scoped { "scope" } else { "permission" } }
    }
}

fn statement(context: &DiagnosisContext<'_>, named: &Named, coded: Option<&RefusalCode>) -> (String, bool) {
    let holder = if named.kind == "scope" { "the token" } else { "the caller" };
    match named.words.as_slice() {
        [] => {}
        [only] => return (format!("{holder} lacks the {} `{only}`", named.kind), true),
        words => return (format!("{holder} has none of the {}s `{}`", named.kind, words.join("`, `")), true),
    }
    let participant = acts_as_participant(context);
    match (coded, context.message()) {
        (Some(row), _) if row.code == "not.a.user" => (format!("the caller may not: {}", row.meaning), true),
        (coded, _) if participant => {
            let sentence = "the operation acts as a participant of the conversation, so the token has to be one of a user who takes part in it";
            (sentence.to_owned(), coded.is_some())
        }
        (Some(row), _) => (row.meaning.to_owned(), true),
        (None, Some(message)) => (format!("the API says: {message}"), false),
        (None, None) => ("the caller may not".to_owned(), false),
    }
}

fn acts_as_participant(context: &DiagnosisContext<'_>) -> bool {
    context.entry.is_some_and(|entry| permissions::acts_as_participant(entry.method, entry.template))
}

/// What to do: a user's token where the operation acts as a participant, the permission for the caller's role
/// elsewhere.
fn advise(
    context: &DiagnosisContext<'_>,
    named: &Named,
    client: bool,
    needed: Option<&str>,
    indication: &mut Indication,
) {
    let as_user = "log in as a user who takes part in the conversation (authorization code or PKCE grant), not as a client";
    if acts_as_participant(context) {
        indication.next.insert(0, as_user.to_owned());
    } else if context.code() == "not.a.user" {
        indication.next.insert(0, "log in as a user (authorization code grant), not as a client".to_owned());
    }
    if named.kind == "scope" && !named.words.is_empty() {
        indication.next.push(format!("ask for the scope `{}` at login", named.words.join("` or `")));
    } else if let Some(first) = named.words.first() {
        indication.next.push(format!("add `{first}` to a role of the caller, and log in again"));
    } else if let Some(needed) = needed.filter(|_| !(client && acts_as_participant(context))) {
        let first = needed.split(' ').nth(1).unwrap_or(needed);
        indication
            .next
            .push(format!("check that a role of the user has `{first}` in the division of the conversation"));
    }
}

/// What tokens/me and the login say of the caller; returns whether it is a client without a user.
fn who(context: &DiagnosisContext<'_>, indication: &mut Indication) -> bool {
    let Some(info) = caller::token_info(context) else {
        let login = caller::login(context).map(|(login, _)| login);
        let login =
            login.filter(|login| caller::grant_type(&login.request).as_deref() == Some("client_credentials"));
        let statement = "the token came from a client-credentials login and has no user";
        indication.evidence.extend(login.map(|login| seen(statement, login.id)));
        return login.is_some();
    };
    let grant = Pointer::root().member("OAuthClient").member("authorizedGrantType");
    let mut client = false;
    if let Some(Value::String(kind)) = info.document.pointer(grant.as_str()) {
        client = kind.eq_ignore_ascii_case("CLIENT-CREDENTIALS");
        let statement =
            if client { "the token is a client's and has no user" } else { "the token is a user's" };
        indication.evidence.push(at(statement, info.exchange.id, grant, kind.clone()));
    }
    if let Some(scopes) = info.document["authorizedScope"].as_array().filter(|scopes| !scopes.is_empty()) {
        let area = context.api().own_path(&context.path).split('/').nth(3).unwrap_or_default().to_owned();
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
    client
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
