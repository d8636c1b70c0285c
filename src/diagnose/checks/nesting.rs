//! Is it the right body for this operation, or the body of a neighbour, or the right one with a wrapping too many?

use serde_json::Value;

use crate::api::genesys::catalogue::body_model::{Kind, Model};
use crate::api::genesys::catalogue::entry::Entry;
use crate::diagnose::context::DiagnosisContext;
use crate::json::pointer::Pointer;
use crate::model::authority::Authority;
use crate::model::body_change::BodyChange;
use crate::model::finding::{Class, Finding, Shown};

/// Members that libraries and programs put around a payload without meaning to send them.
const WRAPPERS: &[&str] = &["body", "data", "payload", "request", "json", "opts"];

pub(crate) fn check(context: &DiagnosisContext<'_>) -> Vec<Finding> {
    let found = special(context).or_else(|| reading(context).and_then(|reading| reading.check));
    found.into_iter().collect()
}

/// Where the body that the operation takes really stands in what was sent.
#[derive(Debug)]
pub(crate) struct Reading<'t> {
    /// The place of the body inside the sent document.
    pub(crate) at: Pointer,
    /// What is to be found there: the operation's own type, or the member's that the body belongs into.
    pub(crate) kind: Kind<'t>,
    check: Option<Finding>,
}

/// Returns how the body has to be read, or `None` if there is no object, or no model to read it by.
pub(crate) fn reading<'a>(context: &DiagnosisContext<'a>) -> Option<Reading<'a>> {
    let entry = context.entry?;
    let kind = entry.body?.kind;
    let plain = || Reading { at: Pointer::root(), kind, check: None };
    let members = context.body.json()?.as_object()?;
    let Kind::Model(name) = kind else { return Some(plain()) };
    let Some(model) = context.question.catalogue.model(name).filter(|model| !model.opaque) else {
        return Some(plain());
    };
    if members.is_empty() || members.keys().any(|key| model.field(key).is_some()) {
        return Some(plain());
    }
    wrapped(context, entry, &model).or_else(|| bare(context, entry, &model)).or_else(|| Some(plain()))
}

/// `{"body":{…}}`, and `{"wrapup":{…}}` sent to the operation that takes the inner object itself.
fn wrapped<'a>(
    context: &DiagnosisContext<'a>,
    entry: &'a Entry<'a>,
    model: &Model<'a>,
) -> Option<Reading<'a>> {
    let members = context.body.json()?.as_object()?;
    let fits = |value: &Value| {
        value
            .as_object()
            .is_some_and(|inner| !inner.is_empty() && inner.keys().any(|key| model.field(key).is_some()))
    };
    let (key, _) = members.iter().find(|(_, value)| fits(value))?;
    let at = Pointer::root().member(key);
    let neighbour = context.question.catalogue.entries().iter().find(|other| {
        let field = other
            .body
            .and_then(|body| context.question.catalogue.model(body.kind.model()?)?.field(key).cloned());
        field.is_some_and(|field| field.kind == Kind::Model(model.name)) && related(entry, other)
    });
    let (kind, message, help) = match neighbour {
        Some(other) if !WRAPPERS.contains(&key.as_str()) => (
            Class::WrongOperation,
            format!("the body is that of `{other}`: it has `{key}` around what this operation takes"),
            format!("take `{key}` away, or send it to `{other}`"),
        ),
        _ => (
            Class::Moved,
            format!("the payload stands under `{key}` instead of being the body itself"),
            format!("send what stands under `{key}` as the body"),
        ),
    };
    let check = fault(context, kind, Some(at.clone()), message, help, BodyChange::Unwrap(at.clone()));
    Some(Reading { at, kind: Kind::Model(model.name), check: Some(check) })
}

/// A bare `{"code":…}` sent to the operation that takes it under `wrapup`.
fn bare<'a>(context: &DiagnosisContext<'a>, entry: &'a Entry<'a>, model: &Model<'a>) -> Option<Reading<'a>> {
    let keys = context.keys();
    let catalogue = context.question.catalogue;
    let (field, kind) = model.fields.iter().find_map(|field| {
        let inner = catalogue.model(match field.kind {
            Kind::Model(name) => name,
            _ => return None,
        })?;
        keys.iter().any(|key| inner.field(key).is_some()).then_some((field.name, field.kind))
    })?;
    let neighbour = catalogue
        .entries()
        .iter()
        .find(|other| other.body.is_some_and(|body| body.kind == kind) && related(entry, other));
    let message = match neighbour {
        Some(other) => format!("the body is that of `{other}`: here it belongs under `{field}`"),
        None => format!("the members belong under `{field}`"),
    };
    let help = format!("send `{{\"{field}\":{{…}}}}`");
    let kind_of_check = if neighbour.is_some() { Class::WrongOperation } else { Class::Moved };
    let check = fault(
        context,
        kind_of_check,
        Some(Pointer::root()),
        message,
        help,
        BodyChange::Wrap(field.to_owned()),
    );
    Some(Reading { at: Pointer::root(), kind, check: Some(check) })
}

/// Tells whether two operations stand in one family: one path leads on from the other, media type included.
fn related(a: &Entry<'_>, b: &Entry<'_>) -> bool {
    let (short, long) = if a.template.len() <= b.template.len() {
        (a.template, b.template)
    } else {
        (b.template, a.template)
    };
    long != short && long.starts_with(short)
}

/// Operations that are taken for ways to apply a wrap-up, and are none.
fn special(context: &DiagnosisContext<'_>) -> Option<Finding> {
    let entry = context.entry?;
    let body = context.body.json()?;
    let apply = |family: &str| {
        let media = entry.steps().nth(4).filter(|media| !media.starts_with('{')).unwrap_or("calls");
        format!("{family} /api/v2/conversations/{media}/{{conversationId}}/participants/{{participantId}}")
    };
    let named = |value: &Value| {
        value.as_object().is_some_and(|members| {
            members.keys().any(|key| crate::api::genesys::near::distance(key, "wrapup") == 0)
        })
    };
    if entry.template.ends_with("/attributes") && (named(&body["attributes"]) || named(body)) {
        let to = apply("PATCH");
        return Some(Finding { expected: Some(Shown::words(to.clone())), source: Some("https://community.genesys.com/discussion/write-wrapup-code-with-participantid-and-conversationid".to_owned()), ..fault(
                context,
                Class::WrongOperation,
                Some(Pointer::root().member("attributes")),
                "attributes are a map of texts; a wrap-up is none of them".to_owned(),
                format!("send `{{\"wrapup\":{{\"code\":…}}}}` to `{to}`"),
                BodyChange::Unwrap(Pointer::root().member("attributes")),
            ) });
    }
    if entry.method == "PATCH" && entry.template.ends_with("/communications/{communicationId}") && named(body)
    {
        let to = format!("{}/communications/{{communicationId}}/wrapup", apply("POST"));
        return Some(Finding {
            expected: Some(Shown::words(to.clone())),
            source: Some("error code communication.state.required, Swagger of 2018".to_owned()),
            ..fault(
                context,
                Class::WrongOperation,
                Some(Pointer::root().member("wrapup")),
                "this operation only sets a communication's state to disconnected; it applies no wrap-up"
                    .to_owned(),
                format!("send what stands under `wrapup` to `{to}`"),
                BodyChange::Unwrap(Pointer::root().member("wrapup")),
            )
        });
    }
    None
}

fn fault(
    context: &DiagnosisContext<'_>,
    kind: Class,
    pointer: Option<Pointer>,
    message: String,
    help: String,
    edit: BodyChange,
) -> Finding {
    Finding {
        candidate_path: pointer,
        sent: context.body.json().map(crate::diagnose::context::quote).map(Shown::words),
        expected: context
            .entry
            .and_then(|entry| entry.body)
            .map(|body| body.kind.to_string())
            .map(Shown::words),
        message,
        help,
        source: Some(context.question.catalogue.source.to_owned()),
        edits: vec![edit],
        ..Finding::new(kind, Authority::Description)
    }
}
