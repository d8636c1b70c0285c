//! Is it the right body for this operation, or the body of a neighbour, or the right one with a wrapping too
//! many?

use crate::diagnose::context::DiagnosisContext;
use crate::json::document::Document;
use crate::json::edit::{Edit, Wrapper};
use crate::json::node::{Kind as Json, NodeId};
use crate::json::pointer::Pointer;
use crate::model::description::body_model::{Kind, Model};
use crate::model::description::entry::Entry;
use crate::model::finding::{Class, Finding};
use crate::model::spelling;

/// Members that libraries and programs put around a payload without meaning to send them.
const WRAPPERS: &[&str] = &["body", "data", "payload", "request", "json", "opts"];

/// Where the body that the operation takes really begins.
pub(super) struct Begin<'t> {
    pub(super) at: NodeId,
    pub(super) kind: Kind<'t>,
    pub(super) fault: Option<Finding>,
}

/// Returns where the body begins if that is not the root, or what makes it another operation's body.
pub(super) fn find<'a>(context: &DiagnosisContext<'a>, kind: Kind<'a>, doc: &Document) -> Option<Begin<'a>> {
    let root = doc.root()?;
    if let Some(fault) = context.api().foreign_body(context, doc) {
        return Some(Begin { at: root, kind: Kind::Any, fault: Some(fault) });
    }
    let Kind::Model(name) = kind else { return list_in_object(kind, doc, root) };
    let model = context.catalogue().model(name).filter(|model| !model.opaque)?;
    let strange =
        doc.kind(root) == Json::Object && !doc.children(root).is_empty() && knows(&model, doc, root) == 0;
    if !strange {
        return None;
    }
    wrapped(context, &model, doc, root).or_else(|| bare(context, &model, doc, root))
}

/// How many keys of an object a model has, whatever their spelling.
fn knows(model: &Model<'_>, doc: &Document, node: NodeId) -> usize {
    let has = |key: &str| {
        model.field(key).is_some() || {
            let letters = spelling::letters(key);
            model.fields.iter().any(|field| spelling::letters(field.name) == letters)
        }
    };
    doc.children(node).iter().filter(|child| has(doc.key(child))).count()
}

/// `{"items":[…]}` where the list itself belongs.
fn list_in_object<'a>(kind: Kind<'a>, doc: &Document, root: NodeId) -> Option<Begin<'a>> {
    let Kind::List(_) = kind else { return None };
    let [only] = doc.children(root) else { return None };
    let fits = doc.kind(root) == Json::Object && doc.kind(only.node) == Json::Array;
    fits.then(|| {
        let at = doc.pointer(only.node);
        let message = format!("the list is wrapped in `{at}` instead of being the body itself");
        let edit = Edit::Unwrap(Pointer::root(), at.clone());
        let fault = Finding::described(doc, Class::Moved, only.node, message, edit);
        let fault = Finding { help: format!("send the list in `{at}` as the body"), ..fault };
        Begin { at: only.node, kind, fault: Some(fault) }
    })
}

/// `{"body":{…}}`, and `{"wrapup":{…}}` sent to the operation that takes the inner object itself.
fn wrapped<'a>(
    context: &DiagnosisContext<'a>,
    model: &Model<'a>,
    doc: &Document,
    root: NodeId,
) -> Option<Begin<'a>> {
    let fits = |node: NodeId| doc.kind(node) == Json::Object && knows(model, doc, node) > 0;
    let child = doc.children(root).iter().find(|child| fits(child.node))?;
    let (key, at) = (doc.key(child), doc.pointer(child.node));
    let catalogue = context.catalogue();
    let neighbour = context.entry.filter(|_| !WRAPPERS.contains(&key)).and_then(|entry| {
        catalogue.entries().iter().find(|other| {
            related(entry, other)
                && other
                    .body
                    .and_then(|body| catalogue.model(body.kind.model()?)?.field(key).cloned())
                    .is_some_and(|field| field.kind == Kind::Model(model.name))
        })
    });
    let edit = Edit::Unwrap(Pointer::root(), at.clone());
    let fault = match neighbour {
        Some(other) => {
            let message = format!("`{at}` is wrapped around the body: that is the shape of `{other}`");
            let help = format!("send what is inside `{at}`, or send it all to `{other}`");
            Finding { help, ..Finding::described(doc, Class::WrongOperation, child.node, message, edit) }
        }
        None => {
            let message = format!("the payload is wrapped in `{at}` instead of being the body itself");
            let help = format!("send what is inside `{at}` as the body");
            Finding { help, ..Finding::described(doc, Class::Moved, child.node, message, edit) }
        }
    };
    Some(Begin { at: child.node, kind: Kind::Model(model.name), fault: Some(fault) })
}

/// A bare `{"code":…}` sent to the operation that takes it under `wrapup`.
fn bare<'a>(
    context: &DiagnosisContext<'a>,
    model: &Model<'a>,
    doc: &Document,
    root: NodeId,
) -> Option<Begin<'a>> {
    let catalogue = context.catalogue();
    let mut homes: Vec<(usize, &str, Kind<'a>)> = Vec::new();
    for field in &model.fields {
        let Kind::Model(name) = field.kind else { continue };
        let known = catalogue.model(name).map_or(0, |inner| knows(&inner, doc, root));
        if known > 0 {
            homes.push((known, field.name, field.kind));
        }
    }
    homes.sort_by_key(|(known, ..)| std::cmp::Reverse(*known));
    let (best, field, kind) = *homes.first()?;
    let tied = homes.get(1).is_some_and(|(second, ..)| *second == best);
    if tied || best * 2 < doc.children(root).len() {
        return None;
    }
    let neighbour = context.entry.and_then(|entry| {
        let takes =
            |other: &&Entry<'_>| other.body.is_some_and(|body| body.kind == kind) && related(entry, other);
        catalogue.entries().iter().find(takes)
    });
    let message = match neighbour {
        Some(other) => {
            format!("the members of the body belong under `/{field}`: only `{other}` takes them bare")
        }
        None => format!("the members of the body belong under `/{field}`"),
    };
    let fault = Finding {
        help: format!("send `{{\"{field}\": {{…}}}}`"),
        good_path: Some(Pointer::root().member(field)),
        ..Finding::described(
            doc,
            Class::Moved,
            root,
            message,
            Edit::Wrap(Pointer::root(), Wrapper::Object(field.to_owned())),
        )
    };
    Some(Begin { at: root, kind, fault: Some(fault) })
}

/// Returns whether two operations are of one family: one path leads on from the other, media type included.
fn related(a: &Entry<'_>, b: &Entry<'_>) -> bool {
    let (short, long) = if a.template.len() <= b.template.len() {
        (a.template, b.template)
    } else {
        (b.template, a.template)
    };
    long != short && long.starts_with(short)
}
