//! Cases of the SDKs' vocabulary.

use crate::simulator::cases::sdk_bodies::{REFUSED, REFUSED_PATCHES};
use crate::simulator::cases::{CaseRequest, RuleCase, ask, bad_request};
use crate::simulator::rule::Rule;
use crate::simulator::rules::sdk as rules;
use crate::simulator::seeds::{self, SeededConversation};
use crate::simulator::state::Settings;

const CODE: &str = seeds::CODE;

fn participant(seed: SeededConversation) -> String {
    let media = seed.media.segment();
    format!("/api/v2/conversations/{media}/{}/participants/{}", seed.conversation, seed.participant)
}

/// `POST …/communications/{id}/wrapup`, with the plainest body.
fn apply(seed: SeededConversation) -> CaseRequest {
    ask("POST", format!("{}/communications/{}/wrapup", participant(seed), seed.communication))
        .json(&format!(r#"{{"code":"{CODE}"}}"#))
}

/// `PATCH …/participants/{id}`, with the plainest body.
fn patch(seed: SeededConversation) -> CaseRequest {
    ask("PATCH", participant(seed)).json(&format!(r#"{{"wrapup":{{"code":"{CODE}"}}}}"#))
}

fn conversation(id: &str) -> CaseRequest {
    ask("GET", format!("/api/v2/conversations/{id}"))
}

fn end(seed: SeededConversation) -> CaseRequest {
    ask("POST", format!("/api/v2/conversations/{}/disconnect", seed.conversation))
}

pub(super) fn cases() -> Vec<RuleCase> {
    let fresh = Settings { fresh: true, ..Settings::default() };
    let (pending, connected) = (seeds::CALL_PENDING, seeds::CALL_CONNECTED);
    let limited = |asked: CaseRequest| asked.token(seeds::TOKEN_LIMITED);
    let codes = |asked: &str| ask("GET", format!("/api/v2/routing/wrapupcodes{asked}"));
    let usable = |seed| ask("GET", format!("{}/wrapupcodes", participant(seed)));
    let assigned = ask("GET", format!("{}/wrapup", participant(seeds::CALL_COMPLETE)));
    let absent = "c0000000-0000-4000-8000-0000000000ff";
    let other = |seed: SeededConversation, participant, communication| SeededConversation {
        participant,
        communication,
        ..seed
    };
    let state = |state: &str| patch(connected).json(&format!(r#"{{"state":"{state}"}}"#));
    let unknown = format!(r#"{{"code":"{}"}}"#, seeds::CODE_UNKNOWN);
    let not_found = "conversation.error.conversation.not.found";
    let no_participant = "conversation.error.not.conversation.participant";
    let skip = |body: &str| patch(seeds::EMAIL_PENDING).json(body);
    let cannot_skip = "conversation.error.wrapup.cannot.skip";
    let over = "conversation.error.participant.no.active.conversations";
    let disconnected = "conversation.error.call.disconnected";
    let timing_out = |after| apply(seeds::CALL_TIMING_OUT).after(after);
    let mut cases = vec![
        case(
            &rules::APPLY_PERMISSION,
            &apply(pending).token(seeds::TOKEN_APP),
            limited(apply(pending)),
            403,
            "missing.permissions",
        ),
        case(
            &rules::PATCH_PERMISSION,
            &patch(pending),
            limited(patch(pending)),
            403,
            "missing.any.permissions",
        ),
        case(
            &rules::USER_CONTEXT,
            &patch(pending),
            patch(pending).token(seeds::TOKEN_APP),
            400,
            "not.a.user",
        ),
        case(
            &rules::USER_CONTEXT,
            &patch(seeds::EMAIL_PENDING).token(seeds::TOKEN_APP),
            patch(pending).token(seeds::TOKEN_APP),
            400,
            "not.a.user",
        ),
        case(
            &rules::CONVERSATION_READ,
            &limited(conversation(pending.conversation)),
            conversation("x"),
            404,
            not_found,
        ),
        case(
            &rules::MEDIA_CONVERSATION_READ,
            &conversation(&format!("calls/{}", pending.conversation)),
            conversation(&format!("emails/{}", pending.conversation)),
            404,
            not_found,
        ),
        case(
            &rules::CONVERSATION_EXISTS,
            &apply(pending),
            apply(SeededConversation { conversation: absent, ..pending }),
            404,
            not_found,
        ),
        case(
            &rules::CONVERSATION_EXISTS,
            &apply(seeds::MESSAGE_PENDING),
            apply(SeededConversation { media: pending.media, ..seeds::MESSAGE_PENDING }),
            404,
            not_found,
        ),
        case(
            &rules::PARTICIPANT_EXISTS,
            &apply(pending),
            apply(other(pending, pending.communication, pending.participant)),
            404,
            no_participant,
        ),
        case(
            &rules::COMMUNICATION_EXISTS,
            &apply(pending),
            apply(other(pending, pending.participant, connected.communication)),
            404,
            "not.found",
        ),
        case(&rules::CODE_LISTED, &codes(&format!("/{CODE}")), codes("/Sale"), 404, "not.found"),
        case(&rules::CODES_READ, &limited(codes("")), codes("/Sale"), 404, "not.found"),
        case(
            &rules::CODES_READ,
            &usable(pending),
            usable(other(pending, absent, pending.communication)),
            404,
            no_participant,
        ),
        case(
            &rules::WRAPUP_READ,
            &assigned,
            assigned.clone().header("authorization", ""),
            401,
            "authentication.required",
        ),
        case(
            &rules::CONVERSATION_DISCONNECT,
            &end(connected),
            end(SeededConversation { conversation: absent, ..connected }),
            404,
            not_found,
        ),
        case(&rules::APPLY_WRAPUP, &apply(pending), apply(pending).before(apply(pending)), 400, over),
        case(&rules::PATCH_PARTICIPANT, &patch(pending), patch(pending).before(apply(pending)), 400, over),
        case(&rules::OVER, &apply(pending), apply(seeds::CALL_COMPLETE), 400, over),
        case(&rules::OVER, &patch(pending), patch(pending).before(end(pending)), 400, over),
        case(&rules::TIMED_OUT, &timing_out(29_999), timing_out(30_000), 400, over),
        bad_request(&rules::NOT_STARTED, &apply(pending), apply(connected)),
        bad_request(&rules::NOT_STARTED, &patch(connected).before(end(connected)), patch(connected)),
        bad_request(
            &rules::NOT_STARTED,
            &patch(connected).json(&format!(r#"{{"state":"disconnected","wrapup":{{"code":"{CODE}"}}}}"#)),
            patch(connected).json(&format!(r#"{{"state":"connected","wrapup":{{"code":"{CODE}"}}}}"#)),
        ),
        bad_request(&rules::NOT_APPLICABLE, &apply(pending), apply(customer_of(pending))),
        bad_request(&rules::NOT_APPLICABLE, &patch(pending), patch(customer_of(pending))),
        bad_request(
            &rules::CODE_USABLE,
            &apply(pending).json(r#"{"code":"7FB334B0-0E9E-11E4-9191-0800200C9A66"}"#),
            apply(pending).json(&unknown),
        ),
        bad_request(
            &rules::CODE_USABLE,
            &apply(pending).settings(fresh),
            apply(pending).json(&unknown).settings(fresh),
        ),
        bad_request(
            &rules::CODE_MEDIA,
            &apply(seeds::EMAIL_PENDING).json(&format!(r#"{{"code":"{}"}}"#, seeds::CODE_EMAIL_ONLY)),
            apply(pending).json(&format!(r#"{{"code":"{}"}}"#, seeds::CODE_EMAIL_ONLY)),
        ),
        case(&rules::STATE_VALUE, &state("disconnected"), state("wrapup"), 400, "invalid.value"),
        case(&rules::STATE_VALUE, &state("connected"), state("outdated_sdk_version"), 400, "invalid.value"),
        case(
            &rules::RECORDING_PERMISSION,
            &patch(connected).json(r#"{"muted":true,"held":false}"#),
            patch(connected).json(r#"{"state":"disconnected","recording":true,"muted":true}"#),
            403,
            "not.authorized",
        ),
        case(
            &rules::CALL_DISCONNECTED,
            &state("disconnected"),
            state("disconnected").before(state("disconnected")),
            400,
            disconnected,
        ),
        case(
            &rules::CALL_DISCONNECTED,
            &patch(pending).json("{}"),
            patch(pending).json(r#"{"held":true}"#),
            400,
            disconnected,
        ),
        case(
            &rules::SKIP_REFUSED,
            &skip(r#"{"wrapupSkipped":true}"#),
            skip(&format!(r#"{{"wrapupSkipped":true,"wrapup":{{"code":"{CODE}"}}}}"#)),
            400,
            cannot_skip,
        ),
        case(
            &rules::SKIP_REFUSED,
            &patch(pending).json(r#"{"wrapupSkipped":false}"#),
            patch(pending).json(r#"{"wrapupSkipped":true}"#),
            400,
            cannot_skip,
        ),
        bad_request(
            &rules::EMPTY_TAGS,
            &apply(pending).json(&format!(r#"{{"code":"{CODE}","tags":[]}}"#)),
            apply(pending).json(&format!(r#"{{"code":"{CODE}","tags":null}}"#)),
        ),
        case(
            &rules::PROVISIONAL,
            &apply(pending).json(r#"{"provisional":true,"notes":"x"}"#),
            apply(pending).json(r#"{"provisional":false,"notes":"x"}"#),
            400,
            "conversation.error.wrapup.code.required",
        ),
        bad_request(&rules::BODY_IS_JSON, &apply(pending), apply(pending).bytes(b"\"\xff\"")),
    ];
    cases.push(RuleCase {
        rule: &rules::READ_PERMISSION,
        accepted: limited(conversation(pending.conversation)),
        refused: conversation(pending.conversation).token(seeds::TOKEN_BARE),
        with: (403, "missing.permissions"),
    });
    let whole = format!(
        r#"{{"code":"{CODE}","name":"n","notes":"","tags":["a"],"durationSeconds":0,"endTime":"2026-11-20T08:30:15.123Z","provisional":false,"disableEndTimeUpdates":true}}"#
    );
    for (rule, code, bodies) in REFUSED {
        for body in *bodies {
            let body = body.replace("CODE", CODE);
            let applied = apply(pending).json(&body);
            cases.push(case(rule, &apply(pending).json(&whole), applied, 400, code));
            // An object that the POST refuses is refused as `wrapup` of the PATCH too.
            if body.starts_with('{') {
                let nested = patch(pending).json(&format!(r#"{{"wrapup":{body}}}"#));
                let good = patch(pending).json(&format!(r#"{{"wrapup":{whole}}}"#));
                cases.push(case(rule, &good, nested, 400, code));
            }
        }
    }
    for (rule, bodies) in REFUSED_PATCHES {
        for body in *bodies {
            cases.push(bad_request(rule, &patch(pending), patch(pending).json(&body.replace("CODE", CODE))));
        }
    }
    let resume = |time: &str| patch(connected).json(&format!(r#"{{"resumeTime":"{time}"}}"#));
    let (good, bad) = (resume("2026-11-20T08:30:15Z"), resume("tomorrow"));
    cases.push(case(&rules::END_TIME_FORMAT, &good, bad, 400, "invalid.date"));
    cases
}

/// The customer's ids, as a GET of the conversation shows them.
fn customer_of(seed: SeededConversation) -> SeededConversation {
    let document = conversation(seed.conversation).response().body.unwrap();
    let customer = &document["participants"][0];
    let leak = |value: &serde_json::Value| -> &'static str { value.as_str().unwrap().to_owned().leak() };
    SeededConversation {
        participant: leak(&customer["id"]),
        communication: leak(&customer["calls"][0]["id"]),
        ..seed
    }
}

fn case(
    rule: &'static Rule,
    accepted: &CaseRequest,
    refused: CaseRequest,
    status: u16,
    code: &'static str,
) -> RuleCase {
    RuleCase { rule, accepted: accepted.clone(), refused, with: (status, code) }
}
