//! What the core gives back: an answer, or a refusal that becomes one; error bodies are built here only.

use serde_json::{Value, json};

use crate::simulator::rule::Rule;

/// An answer as it goes over the wire, but for framing and `Date`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header lines, the rule's mark among them.
    pub headers: Vec<(&'static str, String)>,
    /// A JSON document, or nothing.
    pub body: Option<Value>,
    /// The rule that decided.
    pub rule: &'static Rule,
}

impl Answer {
    /// Returns an answer without a body.
    pub(crate) fn empty(rule: &'static Rule, status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None, rule }
    }

    /// Returns a 200 with this document.
    pub(crate) fn document(rule: &'static Rule, body: Value) -> Self {
        Self { status: 200, headers: Vec::new(), body: Some(body), rule }
    }
}

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) rule: &'static Rule,
    problem: Box<Problem>,
}

/// What an error body says.
#[derive(Clone, Debug, PartialEq)]
struct Problem {
    status: u16,
    code: &'static str,
    message: String,
    template: Option<(&'static str, Value)>,
    headers: Vec<(&'static str, String)>,
    shape: Shape,
}

/// The two error shapes: the API's and the login's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    /// `{message, code, status, …, contextId, details, errors}`.
    Api,
    /// `{error, description, error_description}`.
    OAuth,
}

impl Refusal {
    /// Returns a refusal in the API's shape, ErrorBody.
    pub(crate) fn api(
        rule: &'static Rule,
        status: u16,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        let problem =
            Problem { status, code, message, template: None, headers: Vec::new(), shape: Shape::Api };
        Self { rule, problem: Box::new(problem) }
    }

    /// Returns a refusal in the login's shape.
    pub(crate) fn oauth(
        rule: &'static Rule,
        status: u16,
        error: &'static str,
        description: impl Into<String>,
    ) -> Self {
        let mut refusal = Self::api(rule, status, error, description);
        refusal.problem.shape = Shape::OAuth;
        refusal
    }

    /// Returns the 400 of the forum's vocabulary, which says `Validation failed` and nothing more.
    ///
    /// The code is the nearest documented one; its message template is `%s`.
    pub(crate) fn validation_failed(rule: &'static Rule) -> Self {
        Self::api(rule, 400, "constraint.validation", "Validation failed")
    }

    /// Returns the 400 that staff posts show for malformed bodies; it never names the member.
    pub(crate) fn bad_request(rule: &'static Rule) -> Self {
        let message = "The request could not be understood by the server due to malformed syntax.";
        Self::api(rule, 400, "bad.request", message)
    }

    /// Adds the message with its parameters left open, and the parameters.
    pub(crate) fn with_params(mut self, template: &'static str, params: Value) -> Self {
        self.problem.template = Some((template, params));
        self
    }

    /// Adds a header line.
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.problem.headers.push((name, value.into()));
        self
    }

    /// Returns the answer; `context` is the correlation id, which an ErrorBody repeats as `contextId`.
    pub(crate) fn into_answer(self, context: &str) -> Answer {
        let problem = *self.problem;
        let body = match problem.shape {
            Shape::OAuth => json!({
                "error": problem.code,
                "description": problem.message,
                "error_description": problem.message,
            }),
            Shape::Api => {
                let mut body = json!({
                    "message": problem.message,
                    "code": problem.code,
                    "status": problem.status,
                });
                if let Some((template, params)) = problem.template {
                    body["messageWithParams"] = template.into();
                    body["messageParams"] = params;
                }
                body["contextId"] = context.into();
                body["details"] = json!([]);
                body["errors"] = json!([]);
                body
            }
        };
        Answer { status: problem.status, headers: problem.headers, body: Some(body), rule: self.rule }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;
    use crate::simulator::rules::{common, forum};

    #[test]
    fn validation_failed_says_nothing_more() {
        let answer = Refusal::validation_failed(&forum::NULL_MEMBER).into_answer("c-1");
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body.unwrap().to_string(),
            r#"{"message":"Validation failed","code":"constraint.validation","status":400,"contextId":"c-1","details":[],"errors":[]}"#
        );
    }

    #[test]
    fn a_login_error_has_the_login_s_shape() {
        let answer = Refusal::oauth(&common::TOKEN_CLIENT, 401, "invalid_client", "no").into_answer("c-1");
        assert_eq!(
            answer.body.unwrap().to_string(),
            r#"{"error":"invalid_client","description":"no","error_description":"no"}"#
        );
    }
}
