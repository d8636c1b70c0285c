//! Mistakes with names: what a program did as a whole, rather than each place that is wrong because of it.
//!
//! To add one: a function here and a line in [`ALL`]. The code to write instead is a row of the client's
//! habits.

use serde_json::{Map, Value};

use crate::diagnose::context::{DiagnosisContext, Sent};
use crate::model::finding::{Class, Finding, Severity};

const RUN: &str = "the SDKs, run against a recorder";
const READS: &str = "the models of reads and notifications in the SDK packages";
const THREADS: &str = "forum threads; no published SDK has these names";

/// One recognised mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mistake {
    /// What it is called, in a few words.
    pub(crate) name: &'static str,
    /// One sentence without the final full stop.
    pub(crate) sentence: String,
    /// Where it was seen.
    pub(crate) source: &'static str,
}

type Recognizer = fn(&DiagnosisContext<'_>, &[&Finding]) -> Option<Mistake>;

/// The recognisers, the most telling first.
const ALL: &[Recognizer] =
    &[forgotten_body, encoded_twice, to_dict, event_sent_back, forum_names, echoed_read, wrapped];

/// Returns the mistake that explains the faults, if one has a name.
pub(crate) fn recognize(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    ALL.iter().find_map(|recognizer| recognizer(context, faults))
}

fn has(faults: &[&Finding], class: Class) -> bool {
    faults.iter().any(|fault| fault.class == class)
}

/// JavaScript: the payload in the place of the options object, or no body; Python: no body is sent as `null`.
fn forgotten_body(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let empty = has(faults, Class::EmptyBody);
    let sent_none = matches!(context.body, Sent::Empty);
    let javascript = context.subject().sdk.as_ref().is_some_and(|sdk| sdk.name == "javascript");
    let optional = context.entry.and_then(|entry| entry.body).is_some_and(|body| !body.required);
    empty.then(|| Mistake {
        name: "the body was forgotten",
        sentence: match (sent_none, javascript && optional) {
            (true, true) => {
                "the request has no body: the payload was passed where the SDK takes its options object"
            }
            (true, false) => "the request has no body: the program passed no payload",
            (false, _) => "the body is the four bytes `null`: the program passed no payload",
        }
        .to_owned(),
        source: RUN,
    })
}

fn encoded_twice(_: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let whole = |fault: &&&Finding| {
        fault.class == Class::DoubleEncoded
            && fault.candidate_path.as_ref().is_some_and(|at| at.as_str().is_empty())
    };
    faults.iter().find(whole).map(|_| Mistake {
        name: "JSON text instead of an object",
        sentence: "the body is a JSON string that holds JSON text: it was encoded twice".to_owned(),
        source: RUN,
    })
}

/// Python: `to_dict()` gives snake_case names and a null for each attribute that is not set.
fn to_dict(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let members = wrap_up(context.body.json()?)?;
    let nulls = members.values().filter(|value| value.is_null()).count();
    let snake = members.keys().filter(|key| key.trim_start_matches('_').contains('_')).count();
    let camel = members.keys().filter(|key| key.bytes().any(|byte| byte.is_ascii_uppercase())).count();
    let known =
        faults.iter().filter(|fault| matches!(fault.class, Class::NullField | Class::RenamedKey)).count();
    // an output of to_dict() has every attribute of the model; two unset ones are more than a coincidence
    let output = camel == 0 && known >= 2 && (nulls >= 4 || nulls >= 2 && snake > 0);
    output.then(|| Mistake {
        name: "the output of to_dict()",
        sentence: "the body is the output of `to_dict()`: names in snake_case, and null for what is not set"
            .to_owned(),
        source: RUN,
    })
}

/// The after-call-work event has names of its own for what the request takes.
fn event_sent_back(context: &DiagnosisContext<'_>, _: &[&Finding]) -> Option<Mistake> {
    let members = wrap_up(context.body.json()?)?;
    let names = ["wrapupCode", "wrapupNotes", "wrapupDurationMs"];
    let count = names.iter().filter(|name| members.contains_key(**name)).count();
    (count >= 2).then(|| Mistake {
        name: "the after-call-work event sent back",
        sentence:
            "the body is an after-call-work event sent back; the request has other names for the code, the \
                   notes and the duration in seconds"
                .to_owned(),
        source: READS,
    })
}

fn forum_names(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let members = wrap_up(context.body.json()?)?;
    let names = ["codeId", "durationMs", "wrapUpCode", "wrapupCodes", "wrapUpCodeId"];
    let count = names.iter().filter(|name| members.contains_key(**name)).count();
    let renames = faults.iter().filter(|fault| fault.class == Class::RenamedKey).count();
    (count >= 2 && renames >= 2).then(|| Mistake {
        name: "names from forum threads",
        sentence: "the body has the names of forum threads, which the API's description does not have"
            .to_owned(),
        source: THREADS,
    })
}

/// An entity that was read and sent back, with what only the server sets.
fn echoed_read(context: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let members = context.body.json()?.as_object()?;
    let set_by_server = ["selfUri", "dateCreated", "dateModified", "createdBy", "modifiedBy"];
    let strange = |name: &&&str| {
        let at = format!("/{name}");
        faults.iter().any(|fault| {
            fault.class == Class::ExtraField
                && fault.candidate_path.as_ref().is_some_and(|place| place.as_str() == at)
        })
    };
    let found: Vec<&&str> =
        set_by_server.iter().filter(|name| members.contains_key(**name)).filter(strange).collect();
    let first = found.first()?;
    Some(Mistake {
        name: "a read sent back",
        sentence: format!(
            "the body is what was read, sent back: `/{first}` is set by the server and is not taken by this request"
        ),
        source: READS,
    })
}

/// JavaScript: `{ body: payload }` where the SDK takes the body itself.
fn wrapped(_: &DiagnosisContext<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error);
    let outer = errors.filter(|fault| fault.class == Class::Moved && fault.good_path.is_none());
    let at = outer.filter_map(|fault| fault.candidate_path.as_ref()).find(|at| at.steps().count() == 1)?;
    let options = matches!(at.as_str(), "/body" | "/opts");
    Some(Mistake {
        name: "the payload is wrapped",
        sentence: match options {
            true => format!(
                "the payload is wrapped in `{at}`, as in an options object, instead of being the body itself"
            ),
            false => format!("the payload is wrapped in `{at}` instead of being the body itself"),
        },
        source: RUN,
    })
}

/// The members that apply a wrap-up: those of the body, or of its `wrapup`.
fn wrap_up(body: &Value) -> Option<&Map<String, Value>> {
    let members = body.as_object()?;
    Some(members.get("wrapup").and_then(Value::as_object).unwrap_or(members))
}
