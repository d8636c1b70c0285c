//! The forum's interactions: was the state the one that the operation wants?

use crate::api::genesys::evidence::interaction;
use crate::json::pointer::Pointer;
use crate::model::case::{Case, Read};
use crate::model::finding::Severity;
use crate::model::indication::{Indication, Rank, at, known};
use crate::model::timestamp::Timestamp;
use crate::model::timestamp::apart;
use crate::model::verdict::{Cause, Confidence, Evidence};

const FORUM: &str = "forum threads; no published SDK has these states";

/// How long after closing an interaction may still refuse, in microseconds. The threads say "right after".
const SETTLING: u64 = 10_000_000;

/// How old a read may be to be trusted fully, in microseconds.
const FRESH: u64 = 10_000_000;

pub(crate) fn evaluate(case: &Case<'_>) -> Vec<Indication> {
    if !matches!(case.status(), Some(400 | 404 | 409 | 422)) {
        return Vec::new();
    }
    let Some(target) = interaction::target(case) else { return Vec::new() };
    let reads = interaction::reads_of(case, &target.id);
    let (before, after) = case.around(&reads);
    let Some(read) = before.or(after) else { return Vec::new() };
    let Some((member, state)) = interaction::state(read) else { return Vec::new() };
    let wanted = target.wanted.join(" or ");
    if target.wanted.contains(&state) {
        return settling(case, read, state, after).into_iter().collect();
    }
    let sure = read.exchange.started_at.0.abs_diff(case.subject.started_at.0) <= FRESH;
    let over = matches!(state, "closed" | "completed");
    let mut found = Indication::new(
        Cause::State,
        Rank::Shown,
        if sure { Confidence::High } else { Confidence::Medium },
        match over {
            true => format!("the interaction was `{state}` already, and this operation wants `{wanted}`"),
            false => format!("the interaction was `{state}`, and this operation wants `{wanted}`"),
        },
    );
    found.evidence.push(shown(case, read, member, state));
    found.evidence.push(known(format!("the operation wants `{wanted}`"), FORUM));
    if let Some(later) = after.filter(|later| !std::ptr::eq(*later, read))
        && let Some((member, state)) = interaction::state(later)
    {
        found.evidence.push(shown(case, later, member, state));
    }
    found.next = match over {
        true => vec!["read the interaction's wrapupCodes: they may be set already".to_owned()],
        false => vec![
            format!("wait until GET /api/v2/interactions/{{id}} shows `{wanted}`, then send it"),
            format!(
                "send it until it is accepted: `wraptap replay {} --until-accepted 30s`",
                case.subject.id.get()
            ),
        ],
    };
    vec![found]
}

/// Returns the state that the last read before the request showed, where it is a wanted one.
pub(crate) fn ready_state(case: &Case<'_>) -> Option<String> {
    let target = interaction::target(case)?;
    let reads = interaction::reads_of(case, &target.id);
    let (_, state) = interaction::state(case.around(&reads).0?)?;
    target.wanted.contains(&state).then(|| format!("the interaction read `{state}`"))
}

/// The state reads as wanted: then it can only have come so shortly before that it had not settled.
fn settling(case: &Case<'_>, read: &Read<'_>, state: &str, after: Option<&Read<'_>>) -> Option<Indication> {
    let began = case.subject.started_at;
    let place = Pointer::root().member("endTime");
    let ended = read.document["endTime"].as_str().and_then(Timestamp::parse);
    let ended = ended.filter(|ended| ended.0 <= began.0 && began.0.abs_diff(ended.0) <= SETTLING);
    // seen in another state shortly before
    let turned = reads_before(case, read).filter(|(earlier, other)| {
        other != state && began.0.abs_diff(earlier.exchange.started_at.0) <= SETTLING
    });
    let since = ended.map(|ended| apart(ended, began)).or_else(|| {
        turned.as_ref().map(|(earlier, _)| format!("at most {}", apart(earlier.exchange.started_at, began)))
    })?;
    // a faulty payload explains the refusal as well
    let faulty = case.findings.iter().any(|finding| finding.severity == Severity::Error);
    let mut found = Indication::new(
        Cause::State,
        if faulty { Rank::Hint } else { Rank::Suspected },
        if faulty { Confidence::Low } else { Confidence::Medium },
        format!("it may not have settled: the interaction had been `{state}` for {since} only"),
    );
    found.evidence.push(shown(case, read, "state", state));
    if let Some(ended) = ended {
        found.evidence.push(at("when it ended", read.exchange.id, place, ended.to_string()));
    }
    found.evidence.extend(turned.map(|(earlier, other)| shown(case, &earlier, "state", &other)));
    found.evidence.push(known("codes are said to be refused right after closing", FORUM));
    if after.is_some() {
        found
            .contrary
            .push(known(format!("the state that it reads, `{state}`, is the one that is wanted"), FORUM));
    }
    found.next = vec![format!(
        "send it until it is accepted: `wraptap replay {} --until-accepted 30s`",
        case.subject.id.get()
    )];
    Some(found)
}

/// Returns the read before this one with its state.
fn reads_before<'a>(case: &Case<'a>, read: &Read<'_>) -> Option<(Read<'a>, String)> {
    let target = interaction::target(case)?;
    let mut reads = interaction::reads_of(case, &target.id);
    reads.retain(|other| other.exchange.started_at < read.exchange.started_at);
    let earlier = reads.pop()?;
    let state = interaction::state(&earlier)?.1.to_owned();
    Some((earlier, state))
}

fn shown(case: &Case<'_>, read: &Read<'_>, member: &str, state: &str) -> Evidence {
    let side = if read.exchange.started_at <= case.subject.started_at { "before" } else { "after" };
    let span = apart(read.exchange.started_at, case.subject.started_at);
    let place = Pointer::root().member(member);
    at(
        format!("{span} {side} the interaction read `{state}`"),
        read.exchange.id,
        place,
        format!("\"{state}\""),
    )
}
