//! Bodies that the SDKs' vocabulary refuses, by rule; `CODE` is replaced by a valid code.

use crate::simulator::rule::Rule;
use crate::simulator::rules::sdk as rules;

/// Bodies of a WrapupInput: rule, code of the error, bodies.
pub(super) static REFUSED: &[(&Rule, &str, &[&str])] = &[
    (&rules::BODY_IS_JSON, "bad.request", &["", " ", "CODE", "nul", "[1,]"]),
    (&rules::BODY_IS_OBJECT, "bad.request", &["null", "[]", "1", "\"CODE\"", r#""{\"code\":\"CODE\"}""#]),
    (&rules::DUPLICATE_MEMBER, "bad.request", &[r#"{"code":"CODE","code":"CODE"}"#]),
    (
        &rules::UNKNOWN_MEMBER,
        "bad.request",
        &[
            r#"{"code":"CODE","duration_seconds":null}"#,
            r#"{"codeId":"CODE","durationMs":1}"#,
            r#"{"wrapup":{"code":"CODE"}}"#,
            r#"{"body":{"code":"CODE"}}"#,
            r#"{"code":"CODE","Notes":"x"}"#,
        ],
    ),
    (
        &rules::NULL_MEMBER,
        "bad.request",
        &[
            r#"{"code":null}"#,
            r#"{"code":"CODE","name":null,"notes":null}"#,
            r#"{"code":"CODE","durationSeconds":null}"#,
            r#"{"code":"CODE","tags":[null]}"#,
        ],
    ),
    (
        &rules::MEMBER_TYPE,
        "bad.request",
        &[
            r#"{"code":7}"#,
            r#"{"code":{"id":"CODE"}}"#,
            r#"{"code":"CODE","notes":1}"#,
            r#"{"code":"CODE","name":[]}"#,
            r#"{"code":"CODE","tags":"a"}"#,
            r#"{"code":"CODE","tags":[1]}"#,
            r#"{"code":"CODE","endTime":1795163400000}"#,
            r#"{"code":"CODE","provisional":"true"}"#,
            r#"{"code":"CODE","disableEndTimeUpdates":0}"#,
        ],
    ),
    (
        &rules::DURATION_INTEGER,
        "bad.request",
        &[
            r#"{"code":"CODE","durationSeconds":"120"}"#,
            r#"{"code":"CODE","durationSeconds":120.0}"#,
            r#"{"code":"CODE","durationSeconds":120.5}"#,
            r#"{"code":"CODE","durationSeconds":true}"#,
            r#"{"code":"CODE","durationSeconds":-1}"#,
            r#"{"code":"CODE","durationSeconds":2147483648}"#,
        ],
    ),
    (
        &rules::END_TIME_FORMAT,
        "invalid.date",
        &[
            r#"{"code":"CODE","endTime":""}"#,
            r#"{"code":"CODE","endTime":"2026-11-20T08:30:15.123456+00:00"}"#,
            r#"{"code":"CODE","endTime":"2026-11-20T08:30:15.123456Z"}"#,
            r#"{"code":"CODE","endTime":"2026-11-20"}"#,
        ],
    ),
    (
        &rules::CODE_REQUIRED,
        "conversation.error.wrapup.code.required",
        &["{}", r#"{"tags":[]}"#, r#"{"code":""}"#, r#"{"code":"","provisional":true}"#],
    ),
    (
        &rules::CODE_USABLE,
        "bad.request",
        &[r#"{"code":"Sale"}"#, r#"{"code":"d1000000-0000-4000-8000-0000000000fe"}"#],
    ),
    (&rules::CODE_DIVISION, "bad.request", &[r#"{"code":"d1000000-0000-4000-8000-000000000004"}"#]),
    (&rules::CODE_MEDIA, "bad.request", &[r#"{"code":"d1000000-0000-4000-8000-000000000003"}"#]),
];

/// Bodies of a MediaParticipantRequest, all refused as `bad.request`.
pub(super) static REFUSED_PATCHES: &[(&Rule, &[&str])] = &[
    (&rules::BODY_IS_JSON, &["", "{"]),
    (&rules::BODY_IS_OBJECT, &["null", "[]"]),
    (
        &rules::UNKNOWN_MEMBER,
        &[r#"{"code":"CODE"}"#, r#"{"body":{"wrapup":{"code":"CODE"}}}"#, r#"{"attributes":{}}"#],
    ),
    (&rules::NULL_MEMBER, &[r#"{"wrapup":null}"#, r#"{"wrapup":{"code":"CODE"},"state":null}"#]),
    (
        &rules::MEMBER_TYPE,
        &[
            r#"{"wrapup":"CODE"}"#,
            r#"{"wrapup":[]}"#,
            r#"{"state":1}"#,
            r#"{"recording":"true"}"#,
            r#"{"muted":0}"#,
            r#"{"wrapupSkipped":"false"}"#,
        ],
    ),
    (&rules::DUPLICATE_MEMBER, &[r#"{"wrapup":{"code":"CODE"},"wrapup":{"code":"CODE"}}"#]),
];
