//! Mistakes with names that users of this API make: what a program did as a whole, rather than each place
//! that is wrong because of it.

use serde_json::{Map, Value};

use crate::model::case::Case;
use crate::model::finding::{Class, Finding};
use crate::model::rule::{Mistake, Recognizer};

const RUN: &str = "the SDKs, run against a recorder";
const READS: &str = "the models of reads and notifications in the SDK packages";
const THREADS: &str = "forum threads; no published SDK has these names";

/// The recognisers, the most telling first.
pub(super) const ALL: &[Recognizer] = &[to_dict, event_sent_back, forum_names, echoed_read];

/// Python: `to_dict()` gives snake_case names and a null for each attribute that is not set.
fn to_dict(case: &Case<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let members = wrap_up(case.body.json()?)?;
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
fn event_sent_back(case: &Case<'_>, _: &[&Finding]) -> Option<Mistake> {
    let members = wrap_up(case.body.json()?)?;
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

fn forum_names(case: &Case<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let members = wrap_up(case.body.json()?)?;
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
fn echoed_read(case: &Case<'_>, faults: &[&Finding]) -> Option<Mistake> {
    let members = case.body.json()?.as_object()?;
    let set_by_server = ["selfUri", "dateCreated", "dateModified", "createdBy", "modifiedBy", "version"];
    let of_server = set_by_server.iter().filter(|name| members.contains_key(**name)).count();
    let strange = |name: &&&str| {
        let at = format!("/{name}");
        faults.iter().any(|fault| {
            fault.class == Class::ExtraField
                && fault.candidate_path.as_ref().is_some_and(|place| place.as_str() == at)
        })
    };
    let found: Vec<&&str> =
        set_by_server.iter().filter(|name| members.contains_key(**name)).filter(strange).collect();
    let first =
        found.first().filter(|first| ***first != "version" || of_server > 1 || was_read(case, members))?;
    Some(Mistake {
        name: "a read sent back",
        sentence: format!(
            "the body is what was read, sent back: `/{first}` is set by the server and is not taken by this request"
        ),
        source: READS,
    })
}

/// Returns whether the last read under the same path had the same version.
fn was_read(case: &Case<'_>, members: &Map<String, Value>) -> bool {
    let reads = case.reads(|path| path == case.path);
    reads.last().is_some_and(|read| read.document.get("version") == members.get("version"))
}

/// The members that apply a wrap-up: those of the body, or of its `wrapup`.
fn wrap_up(body: &Value) -> Option<&Map<String, Value>> {
    let members = body.as_object()?;
    Some(members.get("wrapup").and_then(Value::as_object).unwrap_or(members))
}
