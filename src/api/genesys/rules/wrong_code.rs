//! The wrap-up code: does it exist, in this division, for this media type? Judged by lists that were
//! recorded.

use serde_json::Value;

use crate::api::genesys::evidence::codes::{self, CodeList, SeenCode};
use crate::api::genesys::evidence::{conversation, interaction};
use crate::json::pointer::Pointer;
use crate::model::case::Case;
use crate::model::indication::{Indication, Rank, at, seen};
use crate::model::rule::OpenQuestion;
use crate::model::spelling;
use crate::model::verdict::{Cause, Confidence};

pub(crate) fn evaluate(case: &Case<'_>) -> Vec<Indication> {
    if !matches!(case.status(), Some(400 | 404 | 409 | 422)) {
        return Vec::new();
    }
    let lists = codes::lists(case, case.id("participantId"));
    sent_codes(case).into_iter().flat_map(|(place, code)| judge(case, &lists, place, &code)).collect()
}

/// Returns whether a code that no recorded list shows may be used; nothing if one was recorded, or no code is
/// sent.
pub(crate) fn open_questions(case: &Case<'_>) -> Vec<OpenQuestion> {
    let participant = case.id("participantId");
    let Some((place, code)) = sent_codes(case).into_iter().next() else { return Vec::new() };
    let listed =
        codes::lists(case, participant).iter().any(|list| list.whole) || codes::find(case, &code).is_some();
    if listed {
        return Vec::new();
    }
    let list = match participant {
        Some(_) => "GET …/participants/{participantId}/wrapupcodes",
        None => "GET /api/v2/routing/wrapupcodes",
    };
    vec![OpenQuestion {
        question: format!("whether the code at `{place}` may be used here"),
        experiment: format!(
            "record {list}: it shows whether the code at `{place}` may be used here, or needs attributes of its own"
        ),
    }]
}

/// Returns the codes that the body names, with their places.
fn sent_codes(case: &Case<'_>) -> Vec<(Pointer, String)> {
    let Some(body) = case.body.json() else { return Vec::new() };
    let root = Pointer::root();
    let mut places = vec![
        root.member("wrapup").member("code"),
        root.member("codeId"),
        root.member("wrapUpCode").member("id"),
    ];
    if case.path.trim_end_matches('/').to_ascii_lowercase().ends_with("wrapup") {
        places.insert(0, root.member("code"));
    }
    let listed = body["wrapupCodes"].as_array().map_or(0, Vec::len);
    places.extend((0..listed).map(|index| root.member("wrapupCodes").element(index).member("id")));
    let found = places.into_iter().filter_map(|place| {
        let code = body.pointer(place.as_str())?.as_str()?.to_owned();
        Some((place, code))
    });
    found.filter(|(_, code)| !code.is_empty()).collect()
}

fn judge(case: &Case<'_>, lists: &[CodeList], place: Pointer, code: &str) -> Vec<Indication> {
    let subject = case.subject.id;
    let sent = |statement: String| at(statement, subject, place.clone(), format!("\"{code}\""));
    let mut found = Vec::new();
    if let Some(named) = lists
        .iter()
        .flat_map(|list| &list.codes)
        .find(|seen| seen.id != code && spelling::distance(&seen.name, code) == 0)
    {
        let mut indication = Indication::new(
            Cause::Payload,
            Rank::Shown,
            Confidence::High,
            format!("`{place}` is the name of a wrap-up code, not its id"),
        );
        indication.evidence.push(sent("the code that was sent".to_owned()));
        indication.evidence.push(at(
            "the code of this name",
            named.exchange,
            named.pointer.member("id"),
            format!("\"{}\"", named.id),
        ));
        indication.next = vec![format!("send \"{}\" as the code", named.id)];
        return vec![indication];
    }
    if let Some(list) = lists.iter().find(|list| list.codes.iter().all(|seen| seen.id != code) && list.whole)
    {
        let mut indication = Indication::new(
            Cause::Payload,
            Rank::Shown,
            Confidence::High,
            format!("the wrap-up code `{code}` is not one of {}", list.of),
        );
        indication.evidence.push(sent("the code that was sent".to_owned()));
        if let Some(last) = list.exchanges.last() {
            indication
                .evidence
                .push(seen(format!("{} has {} codes, and not this one", list.of, list.codes.len()), *last));
        }
        let names: Vec<String> =
            list.codes.iter().take(5).map(|code| format!("{} ({})", code.id, code.name)).collect();
        if !names.is_empty() {
            indication.next = vec![format!("use one of its codes: {}", names.join(", "))];
        }
        found.push(indication);
    }
    if let Some(seen) = codes::find(case, code) {
        found.extend(other_division(case, &seen, &sent));
        found.extend(other_media(case, &seen, &sent));
    }
    found
}

fn other_division(
    case: &Case<'_>,
    code: &SeenCode,
    sent: &dyn Fn(String) -> crate::model::verdict::Evidence,
) -> Option<Indication> {
    let own = code.division.as_deref().filter(|division| *division != "*")?;
    let (exchange, pointer, division) = divisions(case).into_iter().next()?;
    // a conversation can belong to several; one that fits is enough
    if divisions(case).iter().any(|(_, _, division)| division == own) {
        return None;
    }
    let mut indication = Indication::new(
        Cause::Payload,
        Rank::Shown,
        Confidence::High,
        format!("the wrap-up code belongs to division `{own}`, and what is wrapped up to `{division}`"),
    );
    indication.evidence.push(sent("the code that was sent".to_owned()));
    indication.evidence.push(at(
        "the code's division",
        code.exchange,
        code.pointer.member("division").member("id"),
        own,
    ));
    indication.evidence.push(at("the division of what is wrapped up", exchange, pointer, division));
    indication.next = vec!["use a code of that division, or of all divisions; GET …/participants/{participantId}/wrapupcodes lists the ones that fit".to_owned()];
    Some(indication)
}

fn other_media(
    case: &Case<'_>,
    code: &SeenCode,
    sent: &dyn Fn(String) -> crate::model::verdict::Evidence,
) -> Option<Indication> {
    let target = interaction::target(case)?;
    let reads = interaction::reads_of(case, &target.id);
    let read = reads.last()?;
    let media = read.document["mediaType"].as_str()?;
    if code.media.is_empty()
        || code.media.iter().any(|own| own.eq_ignore_ascii_case(media) || same_media(own, media))
    {
        return None;
    }
    let mut indication = Indication::new(
        Cause::Payload,
        Rank::Shown,
        Confidence::High,
        format!("the wrap-up code is for {}, and the interaction is `{media}`", code.media.join(", ")),
    );
    indication.evidence.push(sent("the code that was sent".to_owned()));
    indication.evidence.push(at(
        "the code's media types",
        code.exchange,
        code.pointer.clone(),
        code.media.join(", "),
    ));
    indication.evidence.push(at(
        "the interaction's media type",
        read.exchange.id,
        Pointer::root().member("mediaType"),
        media,
    ));
    indication.next = vec!["use a code of that media type".to_owned()];
    Some(indication)
}

fn same_media(a: &str, b: &str) -> bool {
    let voice =
        |word: &str| matches!(word.to_ascii_lowercase().as_str(), "voice" | "call" | "calls" | "phone");
    voice(a) && voice(b)
}

/// Returns the divisions of the conversation or interaction that the path names.
fn divisions(case: &Case<'_>) -> Vec<(crate::model::exchange::ExchangeId, Pointer, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(target) = interaction::target(case) {
        let reads = interaction::reads_of(case, &target.id);
        let place = Pointer::root().member("division").member("id");
        let found = reads.last().and_then(|read| {
            Some((read.exchange.id, place.clone(), text(read.document.pointer(place.as_str())?)?))
        });
        return found.into_iter().collect();
    }
    let Some(id) = case.id("conversationId") else { return Vec::new() };
    let reads = conversation::reads_of(case, id);
    let Some(read) = reads.last() else { return Vec::new() };
    let list = Pointer::root().member("divisions");
    let elements = read.document["divisions"].as_array().into_iter().flatten().enumerate();
    elements
        .filter_map(|(index, element)| {
            let id = text(&element["division"]["id"])?;
            Some((read.exchange.id, list.element(index).member("division").member("id"), id))
        })
        .collect()
}
