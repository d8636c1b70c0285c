//! What the core returns: a response, or an error that becomes one. Error bodies are built only here.

use serde_json::{Value, json};

use crate::simulator::rule::Rule;

/// A response as it goes over the wire, without framing and `Date`.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedResponse {
    /// The status code.
    pub status: u16,
    /// The header lines, including the rule's name.
    pub headers: Vec<(&'static str, String)>,
    /// A JSON document, or nothing.
    pub body: Option<Value>,
    /// The rule that decided.
    pub rule: &'static Rule,
}

impl SimulatedResponse {
    /// Returns a response without a body.
    pub(crate) fn empty(rule: &'static Rule, status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None, rule }
    }

    /// Returns a 200 with this document.
    pub(crate) fn document(rule: &'static Rule, body: Value) -> Self {
        Self { status: 200, headers: Vec::new(), body: Some(body), rule }
    }
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) rule: &'static Rule,
    fields: Box<ErrorFields>,
}

/// The content of an error response.
#[derive(Clone, Debug, PartialEq)]
struct ErrorFields {
    status: u16,
    code: &'static str,
    message: String,
    template: Option<(&'static str, Value)>,
    headers: Vec<(&'static str, String)>,
    shape: ErrorShape,
}

/// The two error shapes: the API's and the login's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ErrorShape {
    /// `{message, code, status, …, contextId, details, errors}`.
    Api,
    /// `{error, description, error_description}`.
    OAuth,
}

impl ApiError {
    /// Returns an error in the API's shape, ErrorBody.
    pub(crate) fn api(
        rule: &'static Rule,
        status: u16,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        let fields = ErrorFields {
            status,
            code,
            message,
            template: None,
            headers: Vec::new(),
            shape: ErrorShape::Api,
        };
        Self { rule, fields: Box::new(fields) }
    }

    /// Returns an error in the login's shape.
    pub(crate) fn oauth(
        rule: &'static Rule,
        status: u16,
        error: &'static str,
        description: impl Into<String>,
    ) -> Self {
        let mut error = Self::api(rule, status, error, description);
        error.fields.shape = ErrorShape::OAuth;
        error
    }

    /// Returns the 400 of the forum's vocabulary, whose message is only `Validation failed`.
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

    /// Returns the 404 of a resource that does not exist.
    pub(crate) fn not_found(rule: &'static Rule) -> Self {
        Self::api(rule, 404, "not.found", "The requested resource was not found.")
    }

    /// Returns the 400 of the simulator's own paths.
    pub(crate) fn control(rule: &'static Rule, message: &str) -> Self {
        Self::api(rule, 400, "bad.request", message)
    }

    /// Adds the message template and its parameters.
    pub(crate) fn with_params(mut self, template: &'static str, params: Value) -> Self {
        self.fields.template = Some((template, params));
        self
    }

    /// Adds a header line.
    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.headers.push((name, value.into()));
        self
    }

    /// Returns the response; `context` is the correlation id, which an ErrorBody repeats as `contextId`.
    pub(crate) fn into_response(self, context: &str) -> SimulatedResponse {
        let fields = *self.fields;
        let body = match fields.shape {
            ErrorShape::OAuth => json!({
                "error": fields.code,
                "description": fields.message,
                "error_description": fields.message,
            }),
            ErrorShape::Api => {
                let mut body = json!({
                    "message": fields.message,
                    "code": fields.code,
                    "status": fields.status,
                });
                if let Some((template, params)) = fields.template {
                    body["messageWithParams"] = template.into();
                    body["messageParams"] = params;
                }
                body["contextId"] = context.into();
                body["details"] = json!([]);
                body["errors"] = json!([]);
                body
            }
        };
        SimulatedResponse {
            status: fields.status,
            headers: fields.headers,
            body: Some(body),
            rule: self.rule,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ApiError;
    use crate::simulator::rules::{common, forum};

    #[test]
    fn validation_failed_has_no_details() {
        let response = ApiError::validation_failed(&forum::NULL_MEMBER).into_response("c-1");
        assert_eq!(response.status, 400);
        assert_eq!(
            response.body.unwrap().to_string(),
            r#"{"message":"Validation failed","code":"constraint.validation","status":400,"contextId":"c-1","details":[],"errors":[]}"#
        );
    }

    #[test]
    fn a_login_error_has_the_login_s_shape() {
        let response =
            ApiError::oauth(&common::TOKEN_CLIENT, 401, "invalid_client", "no").into_response("c-1");
        assert_eq!(
            response.body.unwrap().to_string(),
            r#"{"error":"invalid_client","description":"no","error_description":"no"}"#
        );
    }
}
