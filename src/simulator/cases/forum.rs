//! Cases of the forum's vocabulary.

use crate::simulator::cases::{CaseRequest, RuleCase, ask, invalid};
use crate::simulator::rules::forum as rules;
use crate::simulator::seeds;
use crate::simulator::state::Settings;

const CODE: &str = seeds::CODE;

/// `PUT …/wrap-up` to a closed interaction.
fn closed(body: &str) -> CaseRequest {
    wrap_up(seeds::INTERACTION_CLOSED).json(body)
}

fn wrap_up(id: &str) -> CaseRequest {
    let body = format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#);
    ask("PUT", format!("/api/v2/interactions/{id}/wrap-up")).json(&body)
}

/// `POST …/wrapup` to an interaction.
fn wrapup(id: &str) -> CaseRequest {
    let body = format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#);
    ask("POST", format!("/api/v2/interactions/{id}/wrapup")).json(&body)
}

/// `PUT /interactions/{id}` to an interaction in WRAPUP.
fn codes(body: &str) -> CaseRequest {
    ask("PUT", format!("/api/v2/interactions/{}", seeds::INTERACTION_WRAPUP)).json(body)
}

fn code_with(data: &str) -> String {
    format!(r#"{{"wrapupCodes":[{{"id":"{CODE}","data":{data}}}]}}"#)
}

fn read(id: &str) -> CaseRequest {
    ask("GET", format!("/api/v2/interactions/{id}"))
}

fn disconnect(id: &str) -> CaseRequest {
    ask("POST", format!("/api/v2/interactions/{id}/disconnect"))
}

pub(super) fn cases() -> Vec<RuleCase> {
    let fresh = Settings { fresh: true, ..Settings::default() };
    let absent = "f0000000-0000-4000-8000-0000000000ff";
    let (in_wrapup, done) = (seeds::INTERACTION_WRAPUP, seeds::INTERACTION_CLOSED);
    let good_code = closed(&format!(r#"{{"durationMs":1,"codeId":"{CODE}"}}"#));
    let good_codes = codes(&code_with(r#"[{"name":"Duration","value":"120"},{"value":"x","name":"Notes"}]"#));
    let moving = |after| wrap_up(seeds::INTERACTION_MOVING).after(after);
    let scope = |accepted: CaseRequest, refused: CaseRequest| RuleCase {
        rule: &rules::INTERACTION_SCOPE,
        accepted,
        refused: refused.token(seeds::TOKEN_LIMITED),
        with: (403, "not.authorized"),
    };
    let exists = |accepted: CaseRequest, refused: CaseRequest| RuleCase {
        rule: &rules::INTERACTION_EXISTS,
        accepted,
        refused,
        with: (404, "not.found"),
    };
    let mut cases = vec![
        scope(read(done).token(seeds::TOKEN_LIMITED), wrap_up(done)),
        RuleCase {
            rule: &rules::INTERACTION_SCOPE,
            accepted: read(done),
            refused: read(done).token(seeds::TOKEN_BARE),
            with: (403, "not.authorized"),
        },
        scope(wrap_up(done), disconnect(seeds::INTERACTION_ACTIVE)),
        scope(good_codes.clone(), good_codes.clone()),
        scope(wrapup(in_wrapup), wrapup(in_wrapup)),
        exists(read(&done.to_uppercase()), read(absent)),
        exists(wrap_up(absent).settings(fresh), wrap_up("12").settings(fresh)),
        exists(wrap_up(done), wrap_up(absent)),
        invalid(
            &rules::INTERACTION_DISCONNECT,
            &disconnect(seeds::INTERACTION_ACTIVE),
            disconnect(in_wrapup),
        ),
        invalid(&rules::CODES_IN_WRAPUP, &good_codes, good_codes.clone().before(good_codes.clone())),
        invalid(&rules::WRAPUP_IN_WRAPUP, &wrapup(in_wrapup), wrapup(in_wrapup).before(wrapup(in_wrapup))),
        invalid(&rules::WRAP_UP_WHEN_CLOSED, &wrap_up(done).before(wrap_up(done)), wrap_up(in_wrapup)),
        invalid(&rules::STATE_WRAPUP, &wrapup(in_wrapup), wrapup(seeds::INTERACTION_ACTIVE)),
        invalid(&rules::STATE_WRAPUP, &wrapup(in_wrapup), wrapup(seeds::INTERACTION_SETTLING)),
        invalid(&rules::STATE_WRAPUP, &wrapup(in_wrapup), wrapup(done)),
        invalid(&rules::STATE_CLOSED, &wrap_up(done), wrap_up(seeds::INTERACTION_ACTIVE)),
        invalid(&rules::STATE_CLOSED, &moving(6_000), moving(3_999)),
        invalid(&rules::STATE_SETTLED, &moving(6_000), moving(4_000)),
        invalid(
            &rules::STATE_SETTLED,
            &wrap_up(seeds::INTERACTION_SETTLING).after(2_000),
            wrap_up(seeds::INTERACTION_SETTLING).after(1_999),
        ),
        invalid(&rules::BODY_IS_JSON, &good_code, good_code.clone().bytes(b"{\"codeId\":\"\xff\"}")),
        RuleCase {
            rule: &rules::INTERACTION_READ,
            accepted: read(seeds::INTERACTION_SETTLING),
            refused: read(seeds::INTERACTION_SETTLING).header("authorization", ""),
            with: (401, "authentication.required"),
        },
    ];
    for code in [CODE, "d1000000-0000-4000-8000-000000000002"] {
        let unknown = closed(&format!(r#"{{"codeId":"{}","durationMs":1}}"#, seeds::CODE_UNKNOWN));
        let known = closed(&format!(r#"{{"codeId":"{code}","durationMs":1}}"#));
        cases.push(invalid(&rules::CODE_EXISTS, &known, unknown.clone()));
        cases.push(invalid(&rules::CODE_EXISTS, &known.settings(fresh), unknown.settings(fresh)));
    }
    for (rule, bodies) in REFUSED_CODES {
        for body in *bodies {
            let body = body.replace("CODE", CODE);
            cases.push(invalid(rule, &good_code, closed(&body)));
            let open = wrapup(in_wrapup).json(&body);
            cases.push(invalid(rule, &wrapup(in_wrapup), open));
        }
    }
    for (rule, bodies) in REFUSED_DATA {
        for body in *bodies {
            cases.push(invalid(rule, &good_codes, codes(&code_with(body))));
        }
    }
    for (rule, bodies) in REFUSED_LISTS {
        for body in *bodies {
            cases.push(invalid(rule, &good_codes, codes(&body.replace("CODE", CODE))));
        }
    }
    cases
}

type RefusedBodies = &'static [(&'static crate::simulator::rule::Rule, &'static [&'static str])];

/// Bodies of `PUT …/wrap-up` and `POST …/wrapup`.
static REFUSED_CODES: RefusedBodies = &[
    (&rules::BODY_IS_JSON, &["", "{", "CODE", r#"{"codeId":"CODE","durationMs":NaN}"#]),
    (&rules::BODY_IS_OBJECT, &["null", "[]", "true", r#""{\"codeId\":\"CODE\",\"durationMs\":1}""#]),
    (
        &rules::DUPLICATE_MEMBER,
        &[
            r#"{"codeId":"CODE","codeId":"CODE","durationMs":1}"#,
            r#"{"codeId":"CODE","durationMs":0,"durationMs":1}"#,
        ],
    ),
    (
        &rules::UNKNOWN_MEMBER,
        &[
            r#"{"wrapup":{"codeId":"CODE","durationMs":1}}"#,
            r#"{"codeId":"CODE","durationMs":1,"notes":null}"#,
            r#"{"code":"CODE","durationMs":1}"#,
            r#"{"code_id":"CODE","duration_ms":1}"#,
            r#"{"codeId":"CODE","durationMs":1,"DurationMs":1}"#,
        ],
    ),
    (&rules::NULL_MEMBER, &[r#"{"codeId":null,"durationMs":1}"#, r#"{"codeId":"CODE","durationMs":null}"#]),
    (&rules::MISSING_MEMBER, &["{}", r#"{"codeId":"CODE"}"#, r#"{"durationMs":1}"#]),
    (
        &rules::MEMBER_TYPE,
        &[
            r#"{"codeId":7,"durationMs":1}"#,
            r#"{"codeId":{"id":"CODE"},"durationMs":1}"#,
            r#"{"codeId":["CODE"],"durationMs":1}"#,
            r#"{"codeId":"CODE","durationMs":"120000"}"#,
            r#"{"codeId":"CODE","durationMs":120000.0}"#,
            r#"{"codeId":"CODE","durationMs":1e3}"#,
            r#"{"codeId":"CODE","durationMs":true}"#,
            r#"{"codeId":"CODE","durationMs":[1]}"#,
        ],
    ),
    (&rules::EMPTY_MEMBER, &[r#"{"codeId":"","durationMs":1}"#]),
    (
        &rules::DURATION_POSITIVE,
        &[r#"{"codeId":"CODE","durationMs":0}"#, r#"{"codeId":"CODE","durationMs":-1}"#],
    ),
    (&rules::CODE_IS_UUID, &[r#"{"codeId":"Sale","durationMs":1}"#]),
    (&rules::CODE_EXISTS, &[r#"{"codeId":"d1000000-0000-4000-8000-0000000000fe","durationMs":1}"#]),
    (&rules::CODE_DIVISION, &[r#"{"codeId":"d1000000-0000-4000-8000-000000000004","durationMs":1}"#]),
    (&rules::CODE_MEDIA, &[r#"{"codeId":"d1000000-0000-4000-8000-000000000003","durationMs":1}"#]),
];

/// Replacements of `data` in `wrapupCodes`.
static REFUSED_DATA: RefusedBodies = &[
    (&rules::DUPLICATE_MEMBER, &[r#"[{"name":"Notes","name":"Notes","value":"x"}]"#]),
    (
        &rules::UNKNOWN_MEMBER,
        &[r#"[{"name":"Notes","value":"x","type":"string"}]"#, r#"[{"Duration":"120"}]"#],
    ),
    (
        &rules::NULL_MEMBER,
        &["null", "[null]", r#"[{"name":"Notes","value":null}]"#, r#"[{"name":null,"value":"x"}]"#],
    ),
    (&rules::MISSING_MEMBER, &[r#"[{"name":"Notes"}]"#, r#"[{"value":"x"}]"#, "[{}]"]),
    (
        &rules::MEMBER_TYPE,
        &[
            "{}",
            r#""[]""#,
            "[[]]",
            r#"["Notes"]"#,
            r#"[{"name":"Duration","value":120}]"#,
            r#"[{"name":1,"value":"120"}]"#,
        ],
    ),
    (&rules::EMPTY_MEMBER, &["[]", r#"[{"name":"Notes","value":""}]"#, r#"[{"name":"","value":"x"}]"#]),
    (&rules::ATTRIBUTE_KNOWN, &[r#"[{"name":"Mood","value":"x"}]"#, r#"[{"name":"duration","value":"1"}]"#]),
];

/// Bodies of `PUT /interactions/{id}`.
static REFUSED_LISTS: RefusedBodies = &[
    (&rules::BODY_IS_JSON, &["", "[{]"]),
    (&rules::BODY_IS_OBJECT, &["[]", "null"]),
    (&rules::MISSING_MEMBER, &["{}", r#"{"wrapupCodes":[{"id":"CODE"}]}"#]),
    (&rules::NULL_MEMBER, &[r#"{"wrapupCodes":null}"#, r#"{"wrapupCodes":[null]}"#]),
    (&rules::EMPTY_MEMBER, &[r#"{"wrapupCodes":[]}"#]),
    (
        &rules::MEMBER_TYPE,
        &[
            r#"{"wrapupCodes":{"id":"CODE","data":[]}}"#,
            r#"{"wrapupCodes":["CODE"]}"#,
            r#"{"wrapupCodes":[{"id":1,"data":[{"name":"Notes","value":"x"}]}]}"#,
        ],
    ),
    (
        &rules::UNKNOWN_MEMBER,
        &[
            r#"{"wrapupCodes":[{"codeId":"CODE","data":[{"name":"Notes","value":"x"}]}]}"#,
            r#"{"body":{"wrapupCodes":[{"id":"CODE","data":[{"name":"Notes","value":"x"}]}]}}"#,
            r#"{"codeId":"CODE","durationMs":120000}"#,
        ],
    ),
    (&rules::CODE_IS_UUID, &[r#"{"wrapupCodes":[{"id":"Sale","data":[{"name":"Notes","value":"x"}]}]}"#]),
    (
        &rules::CODE_DIVISION,
        &[
            r#"{"wrapupCodes":[{"id":"CODE","data":[{"name":"Notes","value":"x"}]},{"id":"d1000000-0000-4000-8000-000000000004","data":[{"name":"Notes","value":"x"}]}]}"#,
        ],
    ),
];
