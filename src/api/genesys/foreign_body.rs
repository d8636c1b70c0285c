//! Bodies that were sent to an operation which is taken for a way to apply a wrap-up, and is none.

use crate::json::document::Document;
use crate::json::edit::Edit;
use crate::json::node::{Kind as Json, NodeId};
use crate::json::pointer::Pointer;
use crate::model::case::Case;
use crate::model::finding::{Class, Finding, Shown};
use crate::model::spelling;

const ATTRIBUTES: &str =
    "https://community.genesys.com/discussion/write-wrapup-code-with-participantid-and-conversationid";

/// Returns what makes the body that of another operation.
pub(super) fn find(case: &Case<'_>, doc: &Document) -> Option<Finding> {
    let (entry, root) = (case.entry?, doc.root()?);
    let apply = |method: &str| {
        let media = entry.steps().nth(4).filter(|media| !media.starts_with('{')).unwrap_or("calls");
        format!("{method} /api/v2/conversations/{media}/{{conversationId}}/participants/{{participantId}}")
    };
    let wrapup = |node: Option<NodeId>| {
        let node = node.filter(|node| doc.kind(*node) == Json::Object)?;
        doc.children(node)
            .iter()
            .find(|child| spelling::letters(doc.key(child)) == "wrapup")
            .map(|child| child.node)
    };
    let attributes = doc.at_step(root, "attributes");
    if entry.template.ends_with("/attributes")
        && let Some(node) = wrapup(attributes).or_else(|| wrapup(Some(root)))
    {
        let to = apply("PATCH");
        let edit = attributes.map_or_else(
            || Edit::Unwrap(Pointer::root(), Pointer::root()),
            |node| Edit::Unwrap(Pointer::root(), doc.pointer(node)),
        );
        let message = "attributes are a map of texts; a wrap-up is none of them".to_owned();
        return Some(Finding {
            expected: Some(Shown::words(to.clone())),
            source: Some(ATTRIBUTES.to_owned()),
            help: format!("send `{{\"wrapup\": {{\"code\": …}}}}` to `{to}`"),
            ..Finding::described(doc, Class::WrongOperation, node, message, edit)
        });
    }
    if entry.method == "PATCH"
        && entry.template.ends_with("/communications/{communicationId}")
        && let Some(node) = wrapup(Some(root))
    {
        let to = format!("{}/communications/{{communicationId}}/wrapup", apply("POST"));
        let message =
            "this operation only sets a communication's state to disconnected; it applies no wrap-up"
                .to_owned();
        let at = doc.pointer(node);
        return Some(Finding {
            expected: Some(Shown::words(to.clone())),
            source: Some("error code communication.state.required, Swagger of 2018".to_owned()),
            help: format!("send what is inside `{at}` to `{to}`"),
            ..Finding::described(doc, Class::WrongOperation, node, message, Edit::Unwrap(Pointer::root(), at))
        });
    }
    None
}
