//! Whole walks through the states, and what the documents show on the way.

use serde_json::Value;

use crate::simulator::cases::{CaseRequest, ask};
use crate::simulator::dispatch::respond;
use crate::simulator::ids::Millis;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::seeds;
use crate::simulator::state::{Settings, SimulatorState};

const CODE: &str = seeds::CODE;
const START: Millis = seeds::TEST_CLOCK_START;

struct ClientWalk {
    state: SimulatorState,
    now: Millis,
}

impl ClientWalk {
    fn new(settings: Settings) -> Self {
        Self { state: SimulatorState::new(settings, START), now: START }
    }

    fn answer(&mut self, asked: CaseRequest) -> SimulatedResponse {
        respond(&mut self.state, self.now, &asked.request())
    }

    fn status(&mut self, asked: CaseRequest) -> u16 {
        self.answer(asked).status
    }

    fn document(&mut self, target: &str) -> Value {
        self.answer(ask("GET", target)).body.unwrap()
    }
}

#[test]
fn an_interaction_is_walked_through_by_requests() {
    let path = format!("/api/v2/interactions/{}", seeds::INTERACTION_ACTIVE);
    let body = format!(r#"{{"codeId":"{CODE}","durationMs":120000}}"#);
    let late = || ask("PUT", format!("{path}/wrap-up")).json(&body);
    let mut walk = ClientWalk::new(Settings::default());
    assert_eq!(walk.document(&path)["state"], "active");
    assert_eq!(walk.status(late()), 400);
    assert_eq!(walk.status(ask("POST", format!("{path}/disconnect"))), 204);
    assert_eq!(walk.document(&path)["state"], "WRAPUP");
    assert_eq!(walk.status(ask("POST", format!("{path}/wrapup")).json(&body)), 204);
    assert_eq!(walk.document(&path)["state"], "closed");
    assert_eq!(walk.status(late()), 400, "settling");
    walk.now += 2_000;
    assert_eq!(walk.status(late()), 204);
    let document = walk.document(&path);
    assert_eq!(document["wrapupCodes"][0]["id"], CODE);
    assert_eq!(document["wrapupCodes"][0]["durationMs"], 120_000);
    assert_eq!(document["endTime"], "2026-11-20T08:30:00.000Z");
}

#[test]
fn the_test_clock_moves_by_request_alone() {
    let mut walk = ClientWalk::new(Settings { test_clock: true, ..Settings::default() });
    let path = format!("/api/v2/interactions/{}/wrap-up", seeds::INTERACTION_SETTLING);
    let body = format!(r#"{{"codeId":"{CODE}","durationMs":1}}"#);
    let advance = |ms: u64| ask("POST", "/_simulator/advance").json(&format!(r#"{{"ms":{ms}}}"#));
    assert_eq!(walk.answer(advance(1_999)).body.unwrap()["now"], "2026-11-20T08:30:01.999Z");
    assert_eq!(walk.status(ask("PUT", path.as_str()).json(&body)), 400);
    assert_eq!(walk.status(advance(1)), 200);
    assert_eq!(walk.status(ask("PUT", path.as_str()).json(&body)), 204);
}

#[test]
fn a_conversation_shows_the_fields_from_which_readiness_is_read() {
    let seed = seeds::CALL_CONNECTED;
    let path = format!("/api/v2/conversations/{}", seed.conversation);
    let participant =
        format!("/api/v2/conversations/calls/{}/participants/{}", seed.conversation, seed.participant);
    let mut walk = ClientWalk::new(Settings::default());
    let before = walk.document(&path);
    let agent = &before["participants"][2];
    assert_eq!(agent["purpose"], "agent");
    assert_eq!(agent["id"], seed.participant);
    assert_eq!(agent["wrapupRequired"], true);
    assert_eq!(agent["calls"][0]["id"], seed.communication);
    assert_eq!(agent["calls"][0]["state"], "connected");
    assert_eq!(before["endTime"], Value::Null);

    walk.now += 1_000;
    assert_eq!(walk.status(ask("PATCH", participant.as_str()).json(r#"{"state":"disconnected"}"#)), 202);
    let pending = walk.document(&path);
    let agent = &pending["participants"][2];
    assert_eq!(agent["calls"][0]["state"], "disconnected");
    assert_eq!(agent["calls"][0]["afterCallWork"]["state"], "pending");
    assert_eq!(agent["startAcwTime"], "2026-11-20T08:30:01.000Z");
    assert_eq!(agent["endAcwTime"], Value::Null);
    assert_eq!(pending["participants"][0]["calls"][0]["afterCallWork"]["state"], "notApplicable");

    walk.now += 7_000;
    let wrapup = format!("{participant}/communications/{}/wrapup", seed.communication);
    assert_eq!(walk.document(&wrapup), serde_json::json!({}));
    let accepted =
        walk.answer(ask("POST", wrapup.as_str()).json(&format!(r#"{{"code":"{CODE}","notes":"n"}}"#)));
    assert_eq!((accepted.status, accepted.body), (202, None));
    let complete = walk.document(&path);
    let agent = &complete["participants"][2];
    assert_eq!(agent["calls"][0]["afterCallWork"]["state"], "complete");
    assert_eq!(agent["endAcwTime"], "2026-11-20T08:30:08.000Z");
    assert_eq!(agent["wrapup"]["code"], CODE);
    assert_eq!(
        walk.document(&wrapup).to_string(),
        format!(
            r#"{{"code":"{CODE}","notes":"n","durationSeconds":7,"endTime":"2026-11-20T08:30:08.000Z"}}"#
        )
    );
}

#[test]
fn a_provisional_wrap_up_leaves_the_work_pending() {
    let seed = seeds::CALL_PENDING;
    let path = format!(
        "/api/v2/conversations/calls/{}/participants/{}/communications/{}/wrapup",
        seed.conversation, seed.participant, seed.communication
    );
    let mut walk = ClientWalk::new(Settings::default());
    assert_eq!(walk.status(ask("POST", path.as_str()).json(r#"{"provisional":true,"notes":"so far"}"#)), 202);
    assert_eq!(walk.document(&path), serde_json::json!({}));
    assert_eq!(walk.document(&format!("{path}?provisional=true"))["notes"], "so far");
    assert_eq!(walk.status(ask("POST", path.as_str()).json(&format!(r#"{{"code":"{CODE}"}}"#))), 202);
}

#[test]
fn a_skipped_wrap_up_and_a_timed_out_one_say_so() {
    let mut walk = ClientWalk::new(Settings::default());
    let seed = seeds::EMAIL_PENDING;
    let email = format!("/api/v2/conversations/{}", seed.conversation);
    let skip = ask("PATCH", format!("{email}/participants/{}", seed.participant));
    assert_eq!(walk.status(skip.json(r#"{"wrapupSkipped":true}"#)), 202);
    let agent = &walk.document(&email)["participants"][2];
    assert_eq!(agent["emails"][0]["afterCallWork"]["state"], "skipped");
    assert_eq!(agent["wrapupSkipped"], true);

    walk.now += 31_000;
    let call = format!("/api/v2/conversations/{}", seeds::CALL_TIMING_OUT.conversation);
    let agent = &walk.document(&call)["participants"][2];
    assert_eq!(agent["wrapupTimeoutMs"], 30_000);
    assert_eq!(agent["wrapup"]["code"], "ININ-WRAP-UP-TIMEOUT");
    assert_eq!(agent["endAcwTime"], "2026-11-20T08:30:30.000Z");
}

#[test]
fn a_refused_patch_changes_nothing() {
    let seed = seeds::CALL_CONNECTED;
    let path = format!("/api/v2/conversations/{}", seed.conversation);
    let mut walk = ClientWalk::new(Settings::default());
    let before = walk.document(&path);
    let body = format!(r#"{{"state":"disconnected","wrapup":{{"code":"{}"}}}}"#, seeds::CODE_UNKNOWN);
    let patch = ask("PATCH", format!("{path}/participants/{}", seed.participant)).json(&body);
    assert_eq!(walk.status(patch), 400);
    assert_eq!(walk.document(&path), before);
}

#[test]
fn a_login_gives_a_token_that_works_until_it_expires() {
    let mut walk = ClientWalk::new(Settings::default());
    let login = |client: &str| {
        ask("POST", "/login/oauth/token")
            .basic(client, "secret")
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .bytes(b"grant_type=client_credentials")
    };
    let document = walk.answer(login(seeds::CLIENT_USER)).body.unwrap();
    let token = document["access_token"].as_str().unwrap().to_owned();
    assert_eq!(document["token_type"], "bearer");
    let me = |token: &str| ask("GET", "/api/v2/tokens/me").token(token);
    let info = walk.answer(me(&token)).body.unwrap();
    assert_eq!(info["OAuthClient"]["id"], seeds::CLIENT_USER);
    assert_eq!(info["OAuthClient"]["authorizedGrantType"], "CODE");
    let other = walk.answer(login("my client")).body.unwrap();
    let info = walk.answer(me(other["access_token"].as_str().unwrap())).body.unwrap();
    assert_eq!(info["OAuthClient"]["id"], "my client");
    assert_eq!(info["OAuthClient"]["authorizedGrantType"], "CLIENT-CREDENTIALS");
    walk.now += document["expires_in"].as_u64().unwrap() * 1000;
    let expired = walk.answer(me(&token));
    assert_eq!(expired.rule.name, "token_unexpired");
}

#[test]
fn a_fresh_simulator_gives_equal_answers_to_equal_requests() {
    let mut walk = ClientWalk::new(Settings { fresh: true, ..Settings::default() });
    let [one, two, three] = [1, 2, 3].map(|number| format!("12345678-0000-4000-8000-00000000000{number}"));
    let asked = [
        ask("PUT", format!("/api/v2/interactions/{one}/wrap-up"))
            .json(&format!(r#"{{"codeId":"{two}","durationMs":1}}"#)),
        ask("POST", format!("/api/v2/interactions/{one}/wrapup"))
            .json(&format!(r#"{{"codeId":"{two}","durationMs":1}}"#)),
        ask(
            "POST",
            format!("/api/v2/conversations/emails/{one}/participants/{two}/communications/{three}/wrapup"),
        )
        .json(&format!(r#"{{"code":"{three}"}}"#)),
        ask("PATCH", format!("/api/v2/conversations/{one}/participants/{two}"))
            .json(&format!(r#"{{"wrapup":{{"code":"{three}"}}}}"#)),
        ask("GET", format!("/api/v2/conversations/{one}")),
        ask("POST", format!("/api/v2/interactions/{one}/disconnect")),
    ];
    let first: Vec<SimulatedResponse> = asked.iter().map(|asked| walk.answer(asked.clone())).collect();
    assert!(first.iter().all(|answer| (200..300).contains(&answer.status)));
    walk.now += 3_600_000;
    let second: Vec<SimulatedResponse> = asked.iter().rev().map(|asked| walk.answer(asked.clone())).collect();
    assert!(first.iter().eq(second.iter().rev()));
}

#[test]
fn states_are_seen_and_set_by_the_simulators_own_paths() {
    let mut walk = ClientWalk::new(Settings::default());
    let own = "12345678-0000-4000-8000-000000000001";
    let made = walk
        .answer(
            ask("PUT", format!("/_simulator/conversations/{own}"))
                .json(r#"{"state":"pending","media":"messages"}"#),
        )
        .body
        .unwrap();
    let part = |name: &str| made[name].as_str().unwrap().to_owned();
    let path = format!(
        "/api/v2/conversations/messages/{own}/participants/{}/communications/{}/wrapup",
        part("participant"),
        part("communication")
    );
    assert_eq!(walk.status(ask("POST", path).json(&format!(r#"{{"code":"{CODE}"}}"#))), 202);
    let interaction = format!("/_simulator/interactions/{own}");
    assert_eq!(walk.status(ask("PUT", interaction).json(r#"{"state":"settling"}"#)), 200);
    let state = walk.document("/_simulator/state");
    let of = |list: &str, key: &str| {
        let found = state[list].as_array().unwrap().iter().find(|row| row[key] == own).unwrap();
        found["state"].clone()
    };
    assert_eq!(of("conversations", "conversation"), "complete");
    assert_eq!(of("interactions", "id"), "settling");
    assert_eq!(state["interactions"].as_array().unwrap().len(), seeds::INTERACTIONS.len() + 1);
}
