//! A builder of exchanges for tests, behind the feature `testing`, which only tests and benches switch on.

use crate::model::exchange::{Body, Exchange, ExchangeId, Header, Headers, Origin, Request, Response};
use crate::model::timestamp::Timestamp;

/// When the exchange with id 0 would begin; each id is a second later.
const START: i64 = 1_795_000_000_000_000;

/// Builds an exchange from a plain one: a live JSON request without body, and a 200 without headers and body.
#[derive(Clone, Debug)]
pub struct ExchangeBuilder(Exchange);

impl ExchangeBuilder {
    /// Starts with a request.
    pub fn new(method: &str, target: &str) -> Self {
        let headers = Headers::of([("Content-Type", "application/json")]);
        Self(Exchange {
            run: "test".into(),
            started_at: Timestamp(START),
            recorder: "0.1.0".into(),
            upstream: "https://api.mypurecloud.de".into(),
            response: Some(Response::of(200, "", Headers::default(), Body::default())),
            ..Exchange::of(
                ExchangeId(std::num::NonZeroU64::MIN),
                Origin::Live,
                Request::of(method, target, headers, Body::default()),
            )
        })
    }

    /// Sets the id, and with it the time; 0 changes nothing.
    #[must_use]
    pub fn id(mut self, id: u64) -> Self {
        if let (Some(id), Ok(seconds)) = (ExchangeId::new(id), i64::try_from(id)) {
            self.0.id = id;
            self.0.started_at = Timestamp(START + seconds * 1_000_000);
        }
        self
    }

    /// Sets the request's body.
    #[must_use]
    pub fn body(mut self, body: &str) -> Self {
        self.0.request.body = Body::whole(body.as_bytes().to_vec());
        self
    }

    /// Replaces the request's headers.
    #[must_use]
    pub fn headers<const N: usize>(mut self, headers: [(&str, &str); N]) -> Self {
        self.0.request.headers = Headers::of(headers);
        self
    }

    /// Adds a header to the request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.0.request.headers.0.push(Header { name: name.into(), value: value.into() });
        self
    }

    /// Sets the status of the response.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.0.response = Some(Response::of(status, "", Headers::default(), Body::default()));
        self
    }

    /// Sets the response.
    #[must_use]
    pub fn response<const N: usize>(mut self, status: u16, headers: [(&str, &str); N], body: &str) -> Self {
        let body = Body::whole(body.as_bytes().to_vec());
        self.0.response = Some(Response::of(status, "", Headers::of(headers), body));
        self
    }

    /// Sets the reason phrase of the response.
    #[must_use]
    pub fn reason(mut self, reason: &str) -> Self {
        if let Some(response) = &mut self.0.response {
            response.reason = reason.into();
        }
        self
    }

    /// Removes the response.
    #[must_use]
    pub fn without_response(mut self) -> Self {
        self.0.response = None;
        self
    }

    /// Returns the exchange.
    pub fn build(self) -> Exchange {
        self.0
    }
}

/// Returns an exchange with a JSON request, and a response without a body.
pub fn exchange(id: u64, method: &str, target: &str, body: &str, status: u16) -> Exchange {
    ExchangeBuilder::new(method, target).id(id).body(body).status(status).build()
}
