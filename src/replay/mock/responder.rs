//! Which answer a request gets. Knows no socket; the file is read through the index.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::api;
use crate::model::exchange::Request;
use crate::replay::mock::adapt::adapt;
use crate::replay::mock::answer::{Answer, error_body};
use crate::replay::mock::index::{Index, RecordedAnswer};
use crate::replay::mock::key::{self, RequestKey};
use crate::replay::mock::nearest;
use crate::replay::mock::strict::{self, Knowledge};
use crate::replay::mock::tokens::{MockTokens, TokenReuse};
use crate::store::recording::ReadError;

/// Places in repeats that are remembered; more different ids than that begin anew.
const MOST_CURSORS: usize = 100_000;
/// The lifetime that the answer gives a minted token, in seconds; as that of real tokens.
const LIFETIME: u64 = 86_399;

/// Answers requests from a recording.
#[derive(Debug)]
pub struct Responder {
    index: Index,
    /// What bodies are held against; `None` without `--strict`.
    strict: Option<Knowledge>,
    tokens: MockTokens,
    /// How often each request was answered, by key and ids.
    cursors: BTreeMap<(u64, Vec<String>), usize>,
}

impl Responder {
    /// Returns a responder over an indexed recording.
    pub fn new(index: Index, strict: Option<Knowledge>) -> Self {
        Self { index, strict, tokens: MockTokens::default(), cursors: BTreeMap::new() }
    }

    /// Answers a request. Whatever it is, there is an answer.
    pub fn answer(&mut self, request: &Request) -> Answer {
        self.decide(request).unwrap_or_else(|error| {
            Answer::refusal(500, "unreadable", &format!("wraptap mock: {error}"), Vec::new())
        })
    }

    fn decide(&mut self, request: &Request) -> Result<Answer, ReadError> {
        if api::assumed().is_login(&request.path()) {
            return self.login(request);
        }
        let key = RequestKey::new(request);
        let refused = self
            .strict
            .as_ref()
            .filter(|_| !request.body.is_empty() || has_body(request))
            .and_then(|knowledge| strict::refusal(request, knowledge));
        if let Some(refusal) = refused {
            return Ok(refusal);
        }
        let exact = self.index.exact(&key);
        if !exact.is_empty() {
            let recorded = repeated(&mut self.cursors, exact, (key.exact, Vec::new()));
            return self.recorded(recorded, &key, "");
        }
        let alike = self.index.alike(&key);
        if !alike.is_empty() {
            let recorded = repeated(&mut self.cursors, alike, (key.template, key.ids.clone()));
            return self.recorded(recorded, &key, " with other ids");
        }
        if self.strict.is_some() && has_body(request) {
            // nothing is wrong with the body: any accepted answer of the operation will do
            let known = self.index.of_operation(&key.operation);
            if let Some(known) = known.iter().rev().find(|known| (200..300).contains(&known.status)) {
                return self.recorded(*known, &key, " with another body");
            }
        }
        Ok(self.miss(request, &key))
    }

    fn recorded(
        &mut self,
        recorded: RecordedAnswer,
        key: &RequestKey,
        how: &str,
    ) -> Result<Answer, ReadError> {
        let exchange = self.index.load(recorded)?;
        let Some(response) = &exchange.response else {
            let message = format!("wraptap mock: {} has no answer", exchange.id);
            return Ok(Answer::refusal(500, "unreadable", &message, Vec::new()));
        };
        let own = RequestKey::new(&exchange.request);
        let ids: Vec<(String, String)> = own.ids.into_iter().zip(key.ids.iter().cloned()).collect();
        let mut answer = adapt(&exchange, response, &ids, &mut self.tokens, TokenReuse::ByMask);
        answer.said = format!("{}{how}", exchange.id);
        let mark = answer.said.clone();
        Ok(answer.marked(&mark))
    }

    /// Lets every client in: with the shape of the recorded login, if there is one.
    fn login(&mut self, request: &Request) -> Result<Answer, ReadError> {
        if !request.method.eq_ignore_case("POST") {
            let message = "wraptap mock: a login is a POST";
            return Ok(Answer::refusal(405, "login", message, Vec::new()));
        }
        if let Some(login) = self.index.login() {
            let exchange = self.index.load(login)?;
            if let Some(response) = &exchange.response
                && serde_json::from_slice::<Value>(&response.body.bytes)
                    .is_ok_and(|document| document["access_token"].is_string())
            {
                let answer = adapt(&exchange, response, &[], &mut self.tokens, TokenReuse::Never);
                return Ok(Answer { said: "login".into(), ..answer }.marked("login"));
            }
        }
        let document = json!({
            "access_token": self.tokens.token(),
            "token_type": "bearer",
            "expires_in": LIFETIME,
        });
        Ok(Answer::json(200, "login", &document).marked("login"))
    }

    fn miss(&self, request: &Request, key: &RequestKey) -> Answer {
        let near = nearest::nearest(&self.index, request, key);
        let asked = format!("{} {}", request.method_text(), key::path(request));
        let mut message = format!("wraptap mock: nothing recorded answers {asked}");
        if near.is_empty() {
            message.push_str("; nothing at all was recorded that could be answered from");
        }
        let mut errors = Vec::new();
        for near in &near {
            let why =
                if near.differs.is_empty() { "the same request".to_owned() } else { near.differs.join("; ") };
            let line = format!("#{} {} -> {}: {why}", near.id, near.request, near.status);
            let mut error = error_body(404, "nearest", &line, Vec::new());
            error["details"] = near
                .differs
                .iter()
                .map(|difference| json!({ "errorCode": "differs", "fieldName": difference }))
                .collect();
            message.push_str(if errors.is_empty() { "; nearest: " } else { " | " });
            message.push_str(&line);
            errors.push(error);
        }
        Answer { said: message.clone(), ..Answer::refusal(404, "not_recorded", &message, errors) }
            .marked("miss")
    }
}

/// Returns the next of several recorded answers to one request; the last one sticks.
fn repeated(
    cursors: &mut BTreeMap<(u64, Vec<String>), usize>,
    answers: &[RecordedAnswer],
    key: (u64, Vec<String>),
) -> RecordedAnswer {
    if cursors.len() > MOST_CURSORS {
        cursors.clear();
    }
    let turn = cursors.entry(key).or_default();
    let answer = answers[(*turn).min(answers.len() - 1)];
    *turn = turn.saturating_add(1);
    answer
}

/// Returns whether a request of this method usually has a body, so that a missing one can be wrong.
fn has_body(request: &Request) -> bool {
    [&b"POST"[..], b"PUT", b"PATCH"].contains(&request.method.as_bytes())
}
