//! An exchange in a few words: what it addresses, why it was refused, and who sent it. List, live lines,
//! ticket and page use the same words.

use crate::api;
use crate::model::diagnosis::Diagnosis;
use crate::model::exchange::Sdk;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::operation::is_id;
use crate::model::verdict::{Cause, Verdict};
use crate::report::{layout, safe};

/// Faults that a sentence names.
const MOST_NAMED: usize = 3;

/// Replaces ids, and what is left out of a path.
const ELLIPSIS: &str = "...";

/// Returns a path without the public API's prefix and without ids: `conversations/calls/.../wrapup`.
pub fn short_path(path: &str) -> String {
    let api = api::assumed();
    let path = api.own_path(path.split(['?', '#']).next().unwrap_or_default());
    let path = path.strip_prefix(api.base()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
    let steps: Vec<&str> = path.split('/').collect();
    let is_open = |step: &str| is_id(step) || step.starts_with('{');
    let Some(first) = steps.iter().position(|step| is_open(step)) else { return shown(path) };
    let mut words = steps[..first].to_vec();
    words.push(ELLIPSIS);
    if let Some(last) = steps.iter().rposition(|step| !is_open(step)).filter(|last| *last > first) {
        words.push(steps[last]);
        if last + 1 < steps.len() {
            words.push(ELLIPSIS);
        }
    }
    // of a path without words its own text is left
    shown(&if words == ["", ELLIPSIS] { path.to_owned() } else { words.join("/") })
}

/// Returns the short path in at most `cells`: without its first words where it is too long, cut at last.
pub fn fitting_path(path: &str, cells: usize) -> String {
    let mut short = short_path(path);
    while layout::width(&short) > cells {
        match short.split_once('/') {
            Some((first, rest)) if first != ELLIPSIS && rest.contains('/') => short = rest.to_owned(),
            _ => return layout::cut(&short, cells),
        }
    }
    short
}

fn shown(path: &str) -> String {
    if path.is_empty() { "/".to_owned() } else { safe::line(path).into_owned() }
}

/// Returns why the exchange was refused, in words for one line: `notes is null, and 1 more`. `None` if it was
/// not refused. The words are not cut, and hold no backtick.
pub fn cause(diagnosis: &Diagnosis) -> Option<String> {
    let verdict = diagnosis.verdict.as_ref()?;
    let faults: Vec<&Finding> = blamed(diagnosis, verdict).collect();
    let text = match faults.as_slice() {
        [first, ..] if matches!(first.class, Class::UnknownOperation | Class::UnknownMethod) => fault(first),
        _ if verdict.cause == Cause::Unknown => own_words(diagnosis),
        [first, rest @ ..] if verdict.statement.ends_with(&first.message) => {
            let more = rest.iter().filter(|fault| fault.severity == first.severity).count();
            fault(first) + &if more > 0 { format!(", and {more} more") } else { String::new() }
        }
        _ => first_clause(&verdict.statement),
    };
    Some(safe::line(&text).into_owned())
}

/// Returns the cause in one sentence without a full stop: the verdict's, in which several faults are named in
/// short.
pub fn sentence(diagnosis: &Diagnosis) -> Option<String> {
    let verdict = diagnosis.verdict.as_ref()?;
    let worst = blamed(diagnosis, verdict).map(|fault| fault.severity).min();
    let faults: Vec<&Finding> =
        blamed(diagnosis, verdict).filter(|fault| Some(fault.severity) == worst).collect();
    let text = match faults.as_slice() {
        [first, _, ..] if verdict.cause == Cause::Payload && verdict.statement.ends_with(&first.message) => {
            let named: Vec<String> = faults.iter().take(MOST_NAMED).map(|fault| self::fault(fault)).collect();
            let more = faults.len() - named.len();
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            format!("{} faults in the body: {}{more}", faults.len(), named.join(", "))
        }
        _ => verdict.statement.trim_end_matches('.').to_owned(),
    };
    Some(text)
}

/// Returns the faults that the verdict rests on.
fn blamed<'a>(diagnosis: &'a Diagnosis, verdict: &Verdict) -> impl Iterator<Item = &'a Finding> {
    let cause = verdict.cause;
    let faults = diagnosis.faults.iter().filter(|fault| fault.severity != Severity::Info);
    faults.filter(move |fault| fault.class.cause() == cause)
}

/// Returns what the answer says where nothing shows a cause.
fn own_words(diagnosis: &Diagnosis) -> String {
    let message = diagnosis.refusal.as_ref().and_then(|refusal| refusal.message.as_deref());
    message.map_or_else(
        || "no reason given".to_owned(),
        |message| message.trim_end_matches('.').replace('`', ""),
    )
}

/// Returns a fault in a few words: `notes is null`.
pub fn fault(fault: &Finding) -> String {
    let name = name(fault);
    let sent = fault.sent.as_ref().map(|sent| sent.kind).filter(|kind| *kind != "text");
    let expected = || fault.good_path.as_ref().filter(|good| Some(*good) != fault.candidate_path.as_ref());
    match fault.class {
        Class::InvalidJson => "the body is not JSON".to_owned(),
        Class::EmptyBody => "the body is empty".to_owned(),
        Class::NullField => format!("{name} is null"),
        Class::MissingField => format!("{name} is missing"),
        Class::ExtraField => format!("{name} is not a known member"),
        Class::RenamedKey => match expected().and_then(|good| good.last()) {
            Some(good) => format!("{name} must be called {good}"),
            None => format!("{name} is not a known member"),
        },
        Class::Moved => format!("{name} is in the wrong place"),
        Class::WrappedInArray => format!("{name} is in an array"),
        Class::UnwrappedFromArray => format!("{name} is not in an array"),
        Class::DoubleEncoded => format!("{name} is JSON text"),
        Class::TypeMismatch => match sent {
            Some(kind) => {
                format!("{name} is {} {kind}", if kind.starts_with(['a', 'o']) { "an" } else { "a" })
            }
            None => first_clause(&fault.message),
        },
        Class::UnitMismatch => format!("{name} is in the wrong unit"),
        Class::EmptyValue => format!("{name} is empty"),
        Class::PrecisionLoss => format!("{name} was rounded"),
        Class::DuplicateKey => format!("{name} is there twice"),
        Class::SwallowedEnum => format!("{name} is a placeholder of the SDK"),
        Class::UnknownWord => format!("{name} has an unknown word"),
        Class::ContentTypeMismatch => "another Content-Type".to_owned(),
        Class::UnknownOperation => "no such operation".to_owned(),
        Class::UnknownMethod => "no such method for this path".to_owned(),
        _ => first_clause(&fault.message),
    }
}

/// Returns the member that a fault is about, as a program calls it: `tags[0]`; `the body` for all of it.
fn name(fault: &Finding) -> String {
    let place = fault.place();
    let steps: Vec<String> = place.iter().flat_map(|place| place.steps()).collect();
    let is_index = |step: &&String| step.bytes().all(|byte| byte.is_ascii_digit()) && !step.is_empty();
    let indices = steps.iter().rev().take_while(is_index).count();
    let (names, indices) = steps.split_at(steps.len() - indices);
    let indices: String = indices.iter().map(|index| format!("[{index}]")).collect();
    format!("{}{indices}", names.last().map_or("the body", String::as_str))
}

/// Returns the first clause of a sentence, without backticks.
fn first_clause(sentence: &str) -> String {
    let prefixes = ["the API says so: ", "the API says that ", "the API says: "];
    let sentence = prefixes.iter().find_map(|prefix| sentence.strip_prefix(prefix)).unwrap_or(sentence);
    let ends = ["; ", ". "].iter().filter_map(|mark| sentence.find(mark));
    let ends = ends.chain(sentence.match_indices(": ").map(|(at, _)| at).find(|at| *at >= 24));
    sentence[..ends.min().unwrap_or(sentence.len())].replace('`', "")
}

/// Returns what the client says it is: `Python SDK 269.0.0`; `axios 1.21.1 (JavaScript SDK?)` where the mark
/// is that of a library that an SDK uses.
pub fn client(sdk: &Sdk) -> String {
    let version = sdk.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    let named = match sdk.name.as_str() {
        "javascript" => format!("axios{version} (JavaScript SDK?)"),
        "go" if sdk.marks.iter().any(|mark| mark.contains("Go-http-client")) => {
            format!("Go-http-client{version} (Go SDK?)")
        }
        name => format!("{}{version}", api::assumed().client_name(name)),
    };
    safe::line(&named).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::pointer::Pointer;
    use crate::model::authority::Authority;

    const ID: &str = "c0000000-0000-4000-8000-000000000001";

    #[test]
    fn ids_and_what_is_between_them_are_left_out() {
        let long =
            format!("/api/v2/conversations/calls/{ID}/participants/{ID}/communications/{ID}/wrapup?a=b");
        assert_eq!(short_path(&long), "conversations/calls/.../wrapup");
        assert_eq!(short_path("/api/v2/conversations/{conversationId}"), "conversations/...");
        assert_eq!(
            short_path(&format!("/api/v2/routing/queues/{ID}/members/{ID}")),
            "routing/queues/.../members/..."
        );
        assert_eq!(short_path("/oauth/token"), "/oauth/token");
        assert_eq!((short_path("/"), short_path("/12")), ("/".to_owned(), "/12".to_owned()));
        assert_eq!(short_path("/api/v2/x\u{1b}[2J"), "x\\x1b[2J");
    }

    #[test]
    fn a_path_loses_its_first_words_before_it_is_cut() {
        let path = format!("/api/v2/conversations/calls/{ID}/participants/{ID}/communications/{ID}/wrapup");
        assert_eq!(fitting_path(&path, 30), "conversations/calls/.../wrapup");
        assert_eq!(fitting_path(&path, 29), "calls/.../wrapup");
        assert_eq!(fitting_path(&path, 15), ".../wrapup");
        assert_eq!(fitting_path(&path, 6), ".../w…");
    }

    #[test]
    fn a_fault_is_said_in_the_words_of_a_program() {
        let at = |class, place: &str| Finding {
            candidate_path: Some(Pointer::parse(place).unwrap()),
            ..Finding::new(class, Authority::Description)
        };
        assert_eq!(fault(&at(Class::NullField, "/wrapup/notes")), "notes is null");
        assert_eq!(fault(&at(Class::EmptyValue, "/wrapup/tags/0")), "tags[0] is empty");
        assert_eq!(fault(&at(Class::DoubleEncoded, "")), "the body is JSON text");
    }

    #[test]
    fn the_mark_of_a_library_names_the_library() {
        let sdk = |name: &str, version: &str| Sdk {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            marks: Vec::new(),
        };
        assert_eq!(client(&sdk("javascript", "1.21.1")), "axios 1.21.1 (JavaScript SDK?)");
        assert_eq!(client(&sdk("python", "269.0.0")), "Python SDK 269.0.0");
        assert_eq!(client(&sdk("curl", "8.14.1")), "curl 8.14.1");
    }
}
