//! Requests of every kind with answers in the API's shapes: what has to be concluded, and what must not be
//! said.
//!
//! Composed after the kinds of refusals that people report in public; no case is a copy of one.

use super::*;

/// One request and its answer.
struct Complaint {
    name: &'static str,
    line: &'static str,
    body: &'static str,
    status: u16,
    answer: &'static str,
    cause: Cause,
    /// Each is somewhere in the verdict.
    says: &'static [&'static str],
    /// None is anywhere in it.
    keeps_silent_of: &'static [&'static str],
}

const ID: &str = "0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b2c3d";

const COMPLAINTS: &[Complaint] = &[
    Complaint {
        name: "an enumerated word that the answer lists",
        line: "PUT /api/v2/routing/queues/{}",
        body: r#"{"name":"Sales","skillEvaluationMethod":"EVERY"}"#,
        status: 400,
        answer: r#"{"message":"Value [EVERY] is not valid for field type [SkillEvaluationMethod]. Allowable values are: NONE, BEST, ALL","code":"invalid.value","status":400}"#,
        cause: Cause::Payload,
        says: &["/skillEvaluationMethod", "NONE, BEST, ALL"],
        keeps_silent_of: &["malformed"],
    },
    Complaint {
        name: "a nested error with a path",
        line: "POST /api/v2/outbound/contactlists",
        body: r#"{"name":"x","columnNames":["Phone"],"phoneColumns":[{"columnName":"Phone","type":"cell"},{"columnName":"Fax","type":"fax"}]}"#,
        status: 400,
        answer: r#"{"message":"Validation failed","code":"bad.request","errors":[{"code":"unknown.column","message":"The column is not in columnNames","path":"phoneColumns[1].columnName"}]}"#,
        cause: Cause::Payload,
        says: &["/phoneColumns/1/columnName", "not in columnNames"],
        keeps_silent_of: &[],
    },
    Complaint {
        name: "details as one object",
        line: "POST /api/v2/routing/queues",
        body: r#"{"name":"Sales","acwSettings":{"timeoutMs":-5}}"#,
        status: 400,
        answer: r#"{"message":"Invalid request","code":"invalid_argument","details":{"field":"acwSettings.timeoutMs","error":"must not be negative"}}"#,
        cause: Cause::Payload,
        says: &["/acwSettings/timeoutMs", "must not be negative"],
        keeps_silent_of: &[],
    },
    Complaint {
        name: "a sentence without quotes about a missing member",
        line: "POST /api/v2/routing/queues",
        body: r#"{"description":"x"}"#,
        status: 400,
        answer: r#"{"message":"name is required","code":"bad.request","status":400}"#,
        cause: Cause::Payload,
        says: &["`name` is missing", "add `name`"],
        keeps_silent_of: &[],
    },
    Complaint {
        name: "a null that the answer names",
        line: "PUT /api/v2/routing/wrapupcodes/{}",
        body: r#"{"name":null}"#,
        status: 400,
        answer: r#"{"message":"name must not be null","code":"constraint.validation","status":400}"#,
        cause: Cause::Payload,
        says: &["/name", "must have a value"],
        keeps_silent_of: &[],
    },
    Complaint {
        name: "a problem document",
        line: "POST /api/v2/routing/queues",
        body: r#"{"name":"Sales","autoAnswerOnly":true}"#,
        status: 422,
        answer: r#"{"type":"about:blank","title":"Unprocessable","status":422,"invalid-params":[{"name":"autoAnswerOnly","reason":"needs mediaSettings"}]}"#,
        cause: Cause::Payload,
        says: &["/autoAnswerOnly", "needs mediaSettings"],
        keeps_silent_of: &[],
    },
    Complaint {
        name: "a transition that the state does not allow",
        line: "PUT /api/v2/outbound/sequences/{}",
        body: r#"{"name":"x","campaigns":[{"id":"1"}],"status":"on","version":3}"#,
        status: 400,
        answer: r#"{"message":"Cannot change the sequence status from COMPLETE to ON","code":"invalid.update","status":400}"#,
        cause: Cause::State,
        says: &["COMPLETE to ON"],
        keeps_silent_of: &["isolate"],
    },
    Complaint {
        name: "a name that is taken",
        line: "POST /api/v2/routing/queues",
        body: r#"{"name":"Sales"}"#,
        status: 409,
        answer: r#"{"message":"A queue with this name already exists","code":"general.conflict","status":409}"#,
        cause: Cause::State,
        says: &["already exists"],
        keeps_silent_of: &["conversation"],
    },
    Complaint {
        name: "a permission in brackets",
        line: "GET /api/v2/analytics/conversations/{}/details",
        body: "",
        status: 403,
        answer: r#"{"message":"You must have at least one of the following permissions assigned: [analytics:conversationDetail:view, analytics:agentConversationDetail:view]","code":"missing.any.permissions","status":403}"#,
        cause: Cause::Permission,
        says: &[
            "analytics:conversationDetail:view",
            "analytics:agentConversationDetail:view",
            "none of the permissions",
        ],
        keeps_silent_of: &["takes part"],
    },
    Complaint {
        name: "a scope",
        line: "GET /api/v2/users/me",
        body: "",
        status: 403,
        answer: r#"{"message":"The token lacks the required scope: users:readonly","code":"forbidden","status":403}"#,
        cause: Cause::Permission,
        says: &["lacks the scope `users:readonly`", "at login"],
        keeps_silent_of: &["role of the caller"],
    },
    Complaint {
        name: "a participant's action without a user",
        line: "POST /api/v2/conversations/calls/{}/participants/{}/replace",
        body: r#"{"userId":"x"}"#,
        status: 403,
        answer: r#"{"message":"You are not authorized to perform the requested action.","code":"not.authorized","status":403}"#,
        cause: Cause::Permission,
        says: &["user who takes part"],
        keeps_silent_of: &["give the client"],
    },
    Complaint {
        name: "a path with a slip",
        line: "POST /api/v2/routing/queue",
        body: r#"{"name":"Sales"}"#,
        status: 404,
        answer: r#"{"message":"Not found","code":"not.found","status":404}"#,
        cause: Cause::Endpoint,
        says: &["send it to `POST /api/v2/routing/queues`"],
        keeps_silent_of: &["candidates:"],
    },
    Complaint {
        name: "a path that is a guess",
        line: "POST /api/v2/agents/status/update",
        body: r#"{"agentStatus":"busy"}"#,
        status: 404,
        answer: r#"{"message":"Not found","code":"not.found","status":404}"#,
        cause: Cause::Endpoint,
        says: &["candidates:"],
        keeps_silent_of: &["send it to"],
    },
    Complaint {
        name: "web chat after its end",
        line: "POST /api/v2/conversations/chats/{}/messages",
        body: r#"{"body":"hi"}"#,
        status: 410,
        answer: "",
        cause: Cause::Endpoint,
        says: &["web chat operations were removed"],
        keeps_silent_of: &[],
    },
    Complaint {
        name: "a login under the API's path",
        line: "POST /api/v2/oauth/token",
        body: "grant_type=client_credentials",
        status: 401,
        answer: r#"{"message":"No authentication bearer token specified in authorization header.","code":"authentication.required","status":401}"#,
        cause: Cause::Endpoint,
        says: &["POST /oauth/token"],
        keeps_silent_of: &["log in again"],
    },
    Complaint {
        name: "a sentence that says more than the status",
        line: "POST /api/v2/conversations/messages",
        body: r#"{"queueId":"x","toAddress":"+15550100","toAddressMessengerType":"sms"}"#,
        status: 400,
        answer: r#"{"message":"The messaging window of 24 hours is closed for this recipient.","code":"bad.request","status":400}"#,
        cause: Cause::Unknown,
        says: &["the API says: The messaging window of 24 hours is closed for this recipient"],
        keeps_silent_of: &["nothing recorded shows"],
    },
    Complaint {
        name: "a sentence that says nothing",
        line: "PATCH /api/v2/users/{}/presences/purecloud",
        body: r#"{"presenceDefinition":{"id":"6a3af858-942f-489d-9700-5f9bcdcdae9b"}}"#,
        status: 400,
        answer: r#"{"message":"The request could not be understood by the server due to malformed syntax.","code":"bad.request","status":400}"#,
        cause: Cause::Unknown,
        says: &["says only", "--until-accepted"],
        keeps_silent_of: &["add `", "send it to"],
    },
    Complaint {
        name: "a page in the place of an error body, sent as JSON",
        line: "PUT /api/v2/stations/{}/associateduser",
        body: "",
        status: 403,
        answer: "<html><head><title>Blocked</title></head></html>",
        cause: Cause::Permission,
        says: &[],
        keeps_silent_of: &["give the client"],
    },
];

#[test]
fn complaints_of_every_kind_are_read_in_the_answer_s_own_words() {
    let mut wrong = Vec::new();
    for case in COMPLAINTS {
        let line = case.line.replace("{}", ID);
        let tape = Tape::default().ask(&line, case.body, case.status, case.answer);
        let verdict = tape.verdict(1);
        let said = format!("{verdict:?}");
        if verdict.cause != case.cause {
            wrong.push(format!("{}: {:?}, {}", case.name, verdict.cause, verdict.statement));
        }
        for word in case.says.iter().filter(|word| !said.contains(**word)) {
            wrong.push(format!("{}: not said: {word}\n    {said}", case.name));
        }
        for word in case.keeps_silent_of.iter().filter(|word| said.contains(**word)) {
            wrong.push(format!("{}: said: {word}\n    {said}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_version_conflict_says_both_versions() {
    let user = format!("/api/v2/users/{ID}");
    let conflict = r#"{"message":"The version number of the modified resource must match the version number in the database.","code":"general.conflict","status":409}"#;
    let sent = r#"{"version":3,"title":"Agent"}"#;
    let read = Tape::default().read(&user, &serde_json::json!({"id": ID, "version": 7})).ask(
        &format!("PATCH {user}"),
        sent,
        409,
        conflict,
    );
    let verdict = read.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert!(
        verdict.statement.contains("is 3") && verdict.statement.contains("had 7"),
        "{}",
        verdict.statement
    );
    assert!(verdict.next[0].contains("--set /version:=7"), "{:?}", verdict.next);
    let unread = Tape::default().ask(&format!("PATCH {user}"), sent, 409, conflict);
    is(&unread.verdict(1), Cause::State, Confidence::Medium);
}

#[test]
fn a_call_that_is_over_is_the_state_of_the_participant() {
    let flat = serde_json::json!({"id": C, "participants": [{"id": P, "purpose": "agent", "state": "disconnected"}]});
    let tape = Tape::default()
        .read(&format!("/api/v2/conversations/calls/{C}"), &flat)
        .refused(&patch(), r#"{"held":true}"#);
    let verdict = tape.verdict(2);
    is(&verdict, Cause::State, Confidence::High);
    assert!(verdict.statement.contains("it was `disconnected`"), "{}", verdict.statement);
}

#[test]
fn a_shown_state_gives_way_to_a_fault_of_the_body() {
    let malformed = r#"{"message":"The request could not be understood by the server due to malformed syntax.","code":"bad.request","status":400}"#;
    let read = || Tape::default().read(&conversation_path(), &conversation("connected", "unknown"));
    let faulty = read().ask(&post("calls"), r#"{"code":["x"]}"#, 400, malformed).verdict(2);
    assert_eq!(faulty.cause, Cause::Payload, "{faulty:#?}");
    assert_eq!(others(&faulty), [Cause::State]);
    let faultless = read().ask(&post("calls"), &code_body(), 400, malformed).verdict(2);
    is(&faultless, Cause::State, Confidence::High);
}

#[test]
fn after_a_corrected_body_was_accepted_the_same_fault_is_still_the_payload() {
    let mut tape = Tape::default().accepted(&post("calls"), &code_body());
    tape.last().origin = Origin::Replay;
    let tape = tape
        .read(&conversation_path(), &conversation("disconnected", "complete"))
        .refused(&post("calls"), r#"{"code":["x"]}"#);
    let verdict = tape.verdict(3);
    is(&verdict, Cause::Payload, Confidence::High);
    assert!(verdict.statement.starts_with("a corrected body was accepted as #1"), "{}", verdict.statement);
}

#[test]
fn the_simulator_s_answer_is_said_to_be_the_simulator_s() {
    let tape = Tape::default().refused(&post("calls"), &code_body()).simulated();
    let verdict = tape.verdict(1);
    assert!(
        verdict.evidence.iter().any(|line| line.statement.contains("the simulator's, by its rule")),
        "{verdict:#?}"
    );
    let lacks = Tape::default()
        .ask(&format!("GET /api/v2/users/{ID}"), "", 404, r#"{"message":"m","code":"not.found"}"#)
        .answer_header("x-wraptap-simulator", "known_path; documented");
    assert!(lacks.verdict(1).statement.contains("the simulator lacks this operation"));
}
