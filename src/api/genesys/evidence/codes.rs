//! Wrap-up codes that were listed or read in the recording.

use serde_json::Value;

use crate::api::genesys::evidence::reads;
use crate::json::pointer::Pointer;
use crate::model::case::{Case, Read};
use crate::model::exchange::ExchangeId;

/// One code that was seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SeenCode {
    pub(crate) id: String,
    pub(crate) name: String,
    /// `None` where the answer did not say; `*` is every division.
    pub(crate) division: Option<String>,
    /// The media types it is for, where the answer says so; no published model does.
    pub(crate) media: Vec<String>,
    pub(crate) exchange: ExchangeId,
    pub(crate) pointer: Pointer,
}

/// The codes of one kind of list.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodeList {
    pub(crate) codes: Vec<SeenCode>,
    /// The exchanges that listed them.
    pub(crate) exchanges: Vec<ExchangeId>,
    /// Every page was recorded, so that what is not in it does not exist there.
    pub(crate) whole: bool,
    /// Of which participant, queue or organisation.
    pub(crate) of: &'static str,
}

/// Returns the lists that were recorded, the narrowest first: the participant's own, a queue's, the
/// organisation's.
pub(crate) fn lists(case: &Case<'_>, participant: Option<&str>) -> Vec<CodeList> {
    let of_participant = |path: &str| {
        path.ends_with("/wrapupcodes")
            && participant.is_some_and(|id| path.contains(&format!("/participants/{id}/")))
    };
    let of_queue = |path: &str| path.starts_with("/api/v2/routing/queues/") && path.ends_with("/wrapupcodes");
    let of_all = |path: &str| {
        matches!(path, "/api/v2/routing/wrapupcodes" | "/api/v2/routing/wrapupcodes/divisionviews")
    };
    let lists = [
        list("this participant", &reads(case, of_participant)),
        list("the queue", &reads(case, of_queue)),
        list("the organisation", &reads(case, of_all)),
    ];
    lists.into_iter().filter(|list| !list.exchanges.is_empty()).collect()
}

/// Returns a code as any list or a read of it alone showed it.
pub(crate) fn find(case: &Case<'_>, id: &str) -> Option<SeenCode> {
    let any = reads(case, |path| path.contains("/wrapupcodes"));
    any.iter().rev().find_map(|read| codes_in(read).into_iter().find(|code| code.id == id))
}

fn list(of: &'static str, reads: &[Read<'_>]) -> CodeList {
    let mut list = CodeList { of, ..CodeList::default() };
    let mut total: Option<u64> = None;
    for read in reads {
        list.exchanges.push(read.exchange.id);
        // a list that was asked for by name or id is not the whole one
        let query = read.exchange.request.query().unwrap_or_default();
        let narrowed = query
            .split('&')
            .any(|pair| ["name=", "id=", "divisionId="].iter().any(|key| pair.starts_with(key)));
        match read.document["total"].as_u64() {
            _ if narrowed => {}
            Some(of_all) => total = Some(of_all),
            None if read.document.is_array() => total = Some(0),
            None => {}
        }
        for code in codes_in(read) {
            if list.codes.iter().all(|known| known.id != code.id) {
                list.codes.push(code);
            }
        }
    }
    list.whole = total.is_some_and(|total| list.codes.len() as u64 >= total);
    list
}

fn codes_in(read: &Read<'_>) -> Vec<SeenCode> {
    let (at, elements): (Pointer, Vec<&Value>) = match (&read.document, &read.document["entities"]) {
        (Value::Array(elements), _) => (Pointer::root(), elements.iter().collect()),
        (_, Value::Array(elements)) => (Pointer::root().member("entities"), elements.iter().collect()),
        (document, _) => return code(document, Pointer::root(), read).into_iter().collect(),
    };
    elements
        .iter()
        .enumerate()
        .filter_map(|(index, element)| code(element, at.element(index), read))
        .collect()
}

fn code(element: &Value, pointer: Pointer, read: &Read<'_>) -> Option<SeenCode> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let media = &element["mediaTypes"];
    let media: Vec<&Value> =
        media.as_array().map_or_else(|| vec![&element["mediaType"]], |list| list.iter().collect());
    Some(SeenCode {
        id: text(&element["id"])?,
        name: text(&element["name"]).unwrap_or_default(),
        division: text(&element["division"]["id"]).or_else(|| text(&element["divisionId"])),
        media: media.into_iter().filter_map(text).collect(),
        exchange: read.exchange.id,
        pointer,
    })
}
