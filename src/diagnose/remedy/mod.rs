//! What to change: the corrected body, and the line in the client's language.
//!
//! The corrected body is the smallest edit of the text that was sent: it is made of the edits of the faults,
//! and of nothing else. A value that was not sent is never put into it.

pub(crate) mod conversion;

use crate::api::catalogue::nearest::NearRank;
use crate::api::client::fault::Fault;
use crate::api::client::lines::lines;
use crate::diagnose::context::DiagnosisContext;
use crate::diagnose::description::restored::Reading;
use crate::json::document::Document;
use crate::json::edit::{self, Edit, Wrapper};
use crate::json::pointer::Pointer;
use crate::model::case::document;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::remedy::{Offer, Remedy};

/// More edits than this are made together or not at all.
const MOST_SINGLE: usize = 64;

/// Returns what to change, as far as the faults show it.
pub(crate) fn propose(context: &DiagnosisContext<'_>) -> Remedy {
    let mut remedy = Remedy::default();
    let unknown = context.faults.iter().any(|fault| fault.class == Class::UnknownOperation);
    // a server that accepts the operation, and the simulator, want its own body mended and not another one's
    let elsewhere = unknown && !context.is_simulated() && context.accepted().next().is_none();
    if elsewhere {
        let clear = context.nearest.first().filter(|near| near.likeness == NearRank::Clear);
        remedy.operation = clear.map(|near| near.entry.to_string());
        if let Some(to) = context.body.json().and_then(|body| context.api().translate(body)) {
            remedy.body = Some(format!("{:#}", to.body));
            remedy.changes = to.changes;
            remedy.open = to.open;
        }
    } else if let Some(reading) = &context.reading {
        mend(context, reading, &mut remedy);
    }
    // what was encoded or written wrongly as a whole comes from one line of the program
    let whole = |fault: &&Finding| {
        let is_root = fault.candidate_path.as_ref().is_some_and(|at| at.as_str().is_empty());
        fault.class == Class::InvalidJson || fault.class == Class::DoubleEncoded && is_root
    };
    let is_whole = context.faults.iter().any(|fault| whole(&fault));
    let faults: Vec<Fault<'_>> = context
        .faults
        .iter()
        .filter(|fault| fault.severity != Severity::Info && (!is_whole || whole(fault)))
        .take(MOST_SINGLE)
        .filter(|fault| !is_slip(fault, context))
        .map(|fault| Fault { class: fault.class, at: fault.candidate_path.as_ref(), says: &fault.message })
        .collect();
    let sdk = context.subject().sdk.as_ref().map(|sdk| sdk.name.as_str());
    remedy.client = lines(context.api(), sdk, context.entry, context.body.json(), &faults);
    remedy
}

/// Returns whether a fault is a slip of the pen in a text, which no client makes by itself.
fn is_slip(fault: &Finding, context: &DiagnosisContext<'_>) -> bool {
    let is_restored = context.reading.as_ref().is_some_and(|reading| reading.is_restored);
    fault.class == Class::InvalidJson && is_restored && fault.message.ends_with(": a trailing comma")
}

fn mend(context: &DiagnosisContext<'_>, reading: &Reading<'_>, remedy: &mut Remedy) {
    let faults: Vec<&Finding> =
        context.faults.iter().filter(|fault| fault.severity != Severity::Info).collect();
    let other = faults.iter().filter(|fault| fault.class == Class::WrongOperation);
    let other =
        other.filter_map(|fault| fault.expected.as_ref()).map(|expected| expected.text.clone()).next();
    remedy.operation = other.filter(|other| other.contains(" /"));
    for fault in &faults {
        if fault.class == Class::MissingField {
            let place = fault.good_path.clone().unwrap_or_default();
            remedy.offers.push(Offer { value: seen_value(context, &place), place });
            remedy.open.push(format!("{}; {}", fault.message, fault.help));
        } else if needs_rewriting(fault, reading) {
            remedy.open.push(format!("{}; {}", fault.message, fault.help));
        }
    }
    let edits: Vec<Edit> = faults.iter().flat_map(|fault| fault.edits.iter().cloned()).collect();
    let Some((text, made)) = apply(&reading.doc, edits) else { return };
    // a text that an accepted request had as well need not be restored
    let of_text = |fault: &&Finding| {
        matches!(fault.class, Class::InvalidJson | Class::DoubleEncoded | Class::DuplicateKey)
    };
    let is_restored = reading.is_restored && faults.iter().any(of_text);
    if made.is_empty() && !is_restored {
        return;
    }
    if is_emptied(&reading.doc, &text) {
        remedy.open.push("nothing of the body would be left: set what is to be sent".to_owned());
        return;
    }
    if is_restored {
        remedy.changes.push("the text made JSON, encoded once and with each member once".to_owned());
    }
    remedy.changes.extend(made.iter().map(describe));
    if remedy.open.is_empty() {
        remedy.body = Some(text);
    } else {
        remedy.draft = Some(text);
    }
}

/// Returns whether the user has to write the body anew: neither an edit nor a missing value mends this fault.
pub(crate) fn needs_rewriting(fault: &Finding, reading: &Reading<'_>) -> bool {
    fault.class != Class::MissingField && fault.edits.is_empty() && blocks(fault, reading)
}

/// Returns whether a fault that no edit mends leaves the body unfit to be sent.
fn blocks(fault: &Finding, reading: &Reading<'_>) -> bool {
    let of_text = matches!(fault.class, Class::InvalidJson | Class::DoubleEncoded | Class::DuplicateKey)
        && reading.is_restored;
    let of_body = fault.candidate_path.is_some() || fault.good_path.is_some();
    of_body && fault.severity == Severity::Error && !of_text
}

/// Makes the edits; those that cannot be made beside the others are left out.
fn apply(doc: &Document, edits: Vec<Edit>) -> Option<(String, Vec<Edit>)> {
    if edits.is_empty() {
        return doc.is_json().then(|| (doc.text().to_owned(), edits));
    }
    if let Ok(text) = edit::apply_to(doc, &edits) {
        return Some((text, edits));
    }
    if edits.len() > MOST_SINGLE {
        return None;
    }
    let mut made: Vec<Edit> = Vec::new();
    for one in edits {
        made.push(one);
        if edit::apply_to(doc, &made).is_err() {
            made.pop();
        }
    }
    let text = edit::apply_to(doc, &made).ok()?;
    Some((text, made))
}

/// Returns whether a body that held something holds nothing any more.
fn is_emptied(before: &Document, after: &str) -> bool {
    let is_hollow = |document: &Document| {
        document.root().is_none_or(|root| {
            document.kind(root) == crate::json::node::Kind::Null
                || document.kind(root).is_container() && document.children(root).is_empty()
        })
    };
    is_hollow(&Document::parse(after.as_bytes())) && !is_hollow(before)
}

/// Returns the value that the last read of the same thing had at a place.
fn seen_value(context: &DiagnosisContext<'_>, place: &Pointer) -> Option<String> {
    let same = |path: &str| path == context.path;
    context
        .others()
        .rev()
        .filter(|other| other.is_accepted() && other.request.method.eq_ignore_case("GET"))
        .filter(|other| same(&other.request.path()))
        .find_map(|other| Some(document(other.response.as_ref()?)?.pointer(place.as_str())?.to_string()))
}

/// Returns what an edit changes, in a line.
fn describe(edit: &Edit) -> String {
    match edit {
        Edit::Set(at, value) => format!("`{at}` set to {value}"),
        Edit::Insert(at, value) => format!("{value} put at `{at}`"),
        Edit::Remove(at) => format!("`{at}` left out"),
        Edit::Rename(at, name) => format!("`{at}` renamed to `{name}`"),
        Edit::Move(from, to) => format!("`{from}` moved to `{to}`"),
        Edit::Wrap(at, Wrapper::Object(key)) if at.as_str().is_empty() => {
            format!("the whole put under `{key}`")
        }
        Edit::Wrap(at, Wrapper::Object(key)) => format!("`{at}` put under `{key}`"),
        Edit::Wrap(at, Wrapper::Array) => format!("{} made a list of one", shown(at)),
        Edit::Unwrap(at, inner) => format!("{} made what `{inner}` holds", shown(at)),
        Edit::KeepLast(at) => format!("`{at}` kept once"),
    }
}

fn shown(at: &Pointer) -> String {
    if at.as_str().is_empty() { "the body".to_owned() } else { format!("`{at}`") }
}
