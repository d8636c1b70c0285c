//! Cases of the rules for every request.

use crate::simulator::cases::{CaseRequest, RuleCase, ask, bad_request};
use crate::simulator::http_checks::BODY_LIMIT;
use crate::simulator::rule::Rule;
use crate::simulator::rules::common as rules;
use crate::simulator::seeds;
use crate::simulator::state::Settings;

fn me() -> CaseRequest {
    ask("GET", "/api/v2/tokens/me")
}

fn login() -> CaseRequest {
    ask("POST", "/oauth/token")
        .basic("some client", "some secret")
        .header("content-type", "application/x-www-form-urlencoded")
        .bytes(b"grant_type=client_credentials")
}

fn advance() -> CaseRequest {
    let settings = Settings { test_clock: true, ..Settings::default() };
    ask("POST", "/_simulator/advance").settings(settings).json(r#"{"ms":2000}"#)
}

fn apply() -> CaseRequest {
    let seed = seeds::CALL_PENDING;
    ask(
        "POST",
        format!(
            "/api/v2/conversations/calls/{}/participants/{}/communications/{}/wrapup",
            seed.conversation, seed.participant, seed.communication
        ),
    )
    .json(&format!(r#"{{"code":"{}"}}"#, seeds::CODE))
}

pub(super) fn cases() -> Vec<RuleCase> {
    let limited = Settings { rate_limit: Some(1), ..Settings::default() };
    let fresh = Settings { fresh: true, ..Settings::default() };
    let seed =
        |body: &str| ask("PUT", format!("/_simulator/interactions/{}", seeds::INTERACTION_ACTIVE)).json(body);
    let conversation = |body: &str| {
        ask("PUT", format!("/_simulator/conversations/{}", seeds::CALL_PENDING.conversation)).json(body)
    };
    let largest = b" ".repeat(BODY_LIMIT);
    let mut cases = vec![
        case(&rules::LOOPBACK_HOST, me(), me().header("host", "evil.example:8081"), 403, "not.authorized"),
        case(
            &rules::LOOPBACK_HOST,
            me().header("host", "localhost:1"),
            me().header("host", "127.0.0.1.evil.example"),
            403,
            "not.authorized",
        ),
        case(
            &rules::NO_FOREIGN_ORIGIN,
            me().header("origin", "http://127.0.0.1:3000"),
            me().header("origin", "https://evil.example"),
            403,
            "not.authorized",
        ),
        case(&rules::NO_FOREIGN_ORIGIN, me(), me().header("origin", "null"), 403, "not.authorized"),
        case(
            &rules::NO_FOREIGN_ORIGIN,
            me().header("sec-fetch-site", "none"),
            me().header("sec-fetch-site", "cross-site"),
            403,
            "not.authorized",
        ),
        case(
            &rules::BODY_LIMIT,
            me().bytes(&largest),
            me().bytes(&[&largest[..], b" "].concat()),
            413,
            "request.entity.too.large",
        ),
        case(&rules::KNOWN_PATH, me(), ask("GET", "/api/v2/tokens"), 404, "not.found"),
        case(
            &rules::KNOWN_PATH,
            ask("GET", "//api/v2/tokens/me"),
            ask("GET", "///api/v2/tokens/me"),
            404,
            "not.found",
        ),
        case(&rules::KNOWN_METHOD, me(), ask("POST", "/api/v2/tokens/me"), 405, "method.not.allowed"),
        case(&rules::TOKEN_ISSUED, login(), login().bytes(b""), 400, "unsupported_grant_type"),
        case(
            &rules::TOKEN_FORM,
            login(),
            login().json(r#"{"grant_type":"client_credentials"}"#),
            400,
            "invalid_request",
        ),
        case(
            &rules::TOKEN_GRANT,
            login().bytes(b"a=b&grant_type=client%5Fcredentials"),
            login().bytes(b"grant_type=password"),
            400,
            "unsupported_grant_type",
        ),
        case(&rules::TOKEN_REQUIRED, me(), me().header("authorization", ""), 401, "authentication.required"),
        case(
            &rules::TOKEN_REQUIRED,
            me().header("authorization", "bearer simulator-app"),
            me().basic("a", "b"),
            401,
            "authentication.required",
        ),
        case(
            &rules::TOKEN_KNOWN,
            me().token("redacted-bearer-1f2e"),
            me().token("simulator-unknown"),
            401,
            "bad.credentials",
        ),
        case(
            &rules::TOKEN_KNOWN,
            me().settings(fresh).token("anything"),
            me().token("anything"),
            401,
            "bad.credentials",
        ),
        case(&rules::TOKEN_UNEXPIRED, me(), me().token(seeds::TOKEN_EXPIRED), 401, "credentials.expired"),
        case(
            &rules::TOKENS_ME,
            me().token(seeds::TOKEN_LIMITED),
            me().token(seeds::TOKEN_EXPIRED),
            401,
            "credentials.expired",
        ),
        case(
            &rules::RATE_LIMIT,
            me().settings(limited).before(me()).after(60_000),
            me().settings(limited).before(me()).after(59_999),
            429,
            "too.many.requests.retry.after",
        ),
        case(
            &rules::RATE_LIMIT,
            throttled().before(throttled()).before(throttled()),
            throttled().before(throttled()),
            429,
            "too.many.requests.retry.after",
        ),
        case(
            &rules::JSON_CONTENT_TYPE,
            apply().header("content-type", "Application/JSON;charset=utf-8"),
            apply().header("content-type", "text/plain"),
            415,
            "unsupported.media.type",
        ),
        case(
            &rules::JSON_CONTENT_TYPE,
            apply(),
            apply().header("content-type", ""),
            415,
            "unsupported.media.type",
        ),
        case(
            &rules::CONTROL_STATE,
            ask("GET", "/_simulator/state").header("authorization", ""),
            ask("PUT", "/_simulator/state"),
            405,
            "method.not.allowed",
        ),
        bad_request(&rules::CONTROL_CLOCK, &advance(), advance().settings(Settings::default())),
        bad_request(&rules::CONTROL_SEED, &seed(r#"{"state":"closed"}"#), seed("{}").settings(fresh)),
        bad_request(
            &rules::CONTROL_SEED,
            &seed(r#"{"state":"closed"}"#),
            seed(r#"{"state":"closed"}"#).settings(fresh),
        ),
        bad_request(
            &rules::CONTROL_SEED,
            &conversation(r#"{"state":"pending","media":"emails"}"#),
            conversation(r#"{"state":"pending","media":"letters"}"#),
        ),
    ];
    for credentials in [login().basic("", "x"), login().basic("x", ""), login().basic("x", "wrong")] {
        cases.push(case(&rules::TOKEN_CLIENT, login(), credentials, 401, "invalid_client"));
    }
    for header in ["", "Basic", "Basic %%%", "Basic eA==", "Bearer eDp5"] {
        let refused = login().header("authorization", header);
        cases.push(case(&rules::TOKEN_CLIENT, login(), refused, 401, "invalid_client"));
    }
    for body in ["", "[]", r#"{"ms":-1}"#, r#"{"ms":"1"}"#, r#"{"ms":1.5}"#, r#"{"ms":99999999999999}"#] {
        cases.push(bad_request(&rules::CONTROL_CLOCK, &advance(), advance().json(body)));
    }
    for body in ["", "[]", r#"{"state":"open"}"#, r#"{"state":null}"#] {
        cases.push(bad_request(&rules::CONTROL_SEED, &seed(r#"{"state":"active"}"#), seed(body)));
        cases.push(bad_request(
            &rules::CONTROL_SEED,
            &conversation(r#"{"state":"connected"}"#),
            conversation(body),
        ));
    }
    cases
}

fn throttled() -> CaseRequest {
    me().token(seeds::TOKEN_THROTTLED)
}

fn case(
    rule: &'static Rule,
    accepted: CaseRequest,
    refused: CaseRequest,
    status: u16,
    code: &'static str,
) -> RuleCase {
    RuleCase { rule, accepted, refused, with: (status, code) }
}
