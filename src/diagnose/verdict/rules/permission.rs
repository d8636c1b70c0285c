//! 403 and `not.a.user`: the caller is known and may not.

use std::collections::BTreeSet;

use crate::api::RefusalCode;
use crate::api::error_body;
use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::finding::Class;
use crate::model::indication::{Indication, Rank, at, known, seen};
use crate::model::rule::Access;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(context: &DiagnosisContext<'_>) -> Vec<Indication> {
    let coded = context.api().refusal_code(context.code()).filter(|row| row.cause == Cause::Permission);
    if context.status() != Some(403) && coded.is_none() {
        return Vec::new();
    }
    let subject = context.subject();
    let named = Named::read(context);
    let mut access = context.api().access(context);
    let (statement, sure) = statement(context, &named, coded, access.statement.take());
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
    if let Some(needed) = &access.needed {
        indication.evidence.push(known(
            format!("the operation needs {}", needed.replacen("ANY ", "any of ", 1).replacen("ALL ", "", 1)),
            "the vendor's definitions of the operation",
        ));
    }
    advise(&named, access, &mut indication);
    actions(context, &mut indication);
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

fn statement(
    context: &DiagnosisContext<'_>,
    named: &Named,
    coded: Option<&RefusalCode>,
    statement: Option<String>,
) -> (String, bool) {
    let holder = if named.kind == "scope" { "the token" } else { "the caller" };
    match named.words.as_slice() {
        [] => {}
        [only] => return (format!("{holder} lacks the {} `{only}`", named.kind), true),
        words => return (format!("{holder} has none of the {}s `{}`", named.kind, words.join("`, `")), true),
    }
    match (coded, statement, context.message()) {
        (coded, Some(statement), _) => (statement, coded.is_some()),
        (Some(row), None, _) => (row.meaning.to_owned(), true),
        (None, None, Some(message)) => (format!("the API says: {message}"), false),
        (None, None, None) => ("the caller may not".to_owned(), false),
    }
}

/// What to do: another login where the operation asks for it, the permission for the caller's role elsewhere.
fn advise(named: &Named, access: Access, indication: &mut Indication) {
    indication.evidence.extend(access.evidence);
    indication.next.extend(access.login.map(str::to_owned));
    indication.next.extend(access.next);
    if named.kind == "scope" && !named.words.is_empty() {
        indication.next.push(format!("ask for the scope `{}` at login", named.words.join("` or `")));
    } else if let Some(first) = named.words.first() {
        indication.next.push(format!("add `{first}` to a role of the caller, and log in again"));
    } else {
        indication.next.extend(access.role);
    }
    indication.next.extend(access.read.map(str::to_owned));
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
