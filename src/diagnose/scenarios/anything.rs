//! Whatever was recorded, a diagnosis comes out, and says only what it can show.

use proptest::prelude::*;

use super::*;

fn body() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zA-Z_]{0,12}",
        Just("code".to_owned()),
        Just("wrapup".to_owned()),
        Just("wrapupCodes".to_owned()),
        Just("state".to_owned())
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from)
    ];
    let value = leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop_oneof![4 => value.prop_map(|value| value.to_string()), 1 => ".{0,40}"]
}

fn line() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        post("calls"),
        patch(),
        format!("PUT /api/v2/interactions/{C}/wrap-up"),
        format!("PATCH /api/v2/conversations/calls/{C}/participants/{P}/attributes"),
        "POST /api/v2/routing/wrapupcodes".to_owned(),
        "POST /oauth/token".to_owned(),
        format!("GET {}", conversation_path()),
        "GET /api/v2/routing/wrapupcodes".to_owned(),
        "GET /api/v2/tokens/me".to_owned(),
    ]);
    prop_oneof![6 => known, 1 => "(GET|PUT|X) /[a-z0-9/{}%?=&:]{0,60}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_diagnosis_comes_out(asked in prop::collection::vec((line(), body(), 200_u16..600, body()), 1..8)) {
        let tape = asked.iter().fold(Tape::default(), |tape, (line, sent, status, answer)| tape.ask(line, sent, *status, answer));
        for (number, (_, _, status, _)) in asked.iter().enumerate() {
            let diagnosis = tape.judge(number + 1);
            prop_assert_eq!(diagnosis.verdict.is_some(), *status >= 400);
            if let Some(body) = &diagnosis.remedy.body {
                prop_assert!(serde_json::from_str::<Value>(body).is_ok());
            }
            for verdict in diagnosis.verdict.iter().filter(|verdict| verdict.confidence == Confidence::High) {
                prop_assert!(!verdict.evidence.is_empty(), "{:?}", verdict);
            }
        }
    }
}
