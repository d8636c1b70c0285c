//! The login: `POST /oauth/token` for client credentials, and `GET /api/v2/tokens/me`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::model::exchange::Request;
use crate::simulator::credentials::{BearerToken, LIFETIME_SECONDS, issue};
use crate::simulator::ids::Millis;
use crate::simulator::response::{ApiError, SimulatedResponse};
use crate::simulator::rules::common;
use crate::simulator::seeds;

/// Answers a login.
pub(crate) fn token(request: &Request, now: Millis) -> Result<SimulatedResponse, ApiError> {
    let content_type = request.headers.text("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let description = "the body has to be application/x-www-form-urlencoded";
        return Err(ApiError::oauth(&common::TOKEN_FORM, 400, "invalid_request", description));
    }
    let Some(client) = client(request) else {
        let description = "client authentication failed";
        return Err(ApiError::oauth(&common::TOKEN_CLIENT, 401, "invalid_client", description)
            .with_header("www-authenticate", "Basic realm=\"simulator\""));
    };
    let grant = url::form_urlencoded::parse(&request.body.bytes)
        .find(|(name, _)| name == "grant_type")
        .map(|(_, value)| value.into_owned());
    if grant.as_deref() != Some("client_credentials") {
        let description = "the simulator knows the grant type client_credentials only";
        return Err(ApiError::oauth(&common::TOKEN_GRANT, 400, "unsupported_grant_type", description));
    }
    let token = json!({
        "access_token": issue(&client, now),
        "token_type": "bearer",
        "expires_in": LIFETIME_SECONDS,
    });
    Ok(SimulatedResponse::document(&common::TOKEN_ISSUED, token))
}

/// Returns the model TokenInfo.
pub(crate) fn tokens_me(bearer: &BearerToken) -> SimulatedResponse {
    let organization = json!({ "id": "0a000000-0000-4000-8000-000000000001", "name": "Simulator" });
    let grant = if bearer.is_user() { "CODE" } else { "CLIENT-CREDENTIALS" };
    let document: Value = json!({
        "organization": organization,
        "homeOrganization": organization,
        "authorizedScope": bearer.scopes(),
        "OAuthClient": {
            "id": bearer.client,
            "name": "Simulator client",
            "authorizedGrantType": grant,
            "scope": bearer.scopes(),
            "state": "active",
            "organization": organization,
        },
    });
    SimulatedResponse::document(&common::TOKENS_ME, document)
}

/// Returns the client's id, if its Basic credentials are any but the wrong ones.
fn client(request: &Request) -> Option<String> {
    let (scheme, encoded) = request.headers.text("authorization")?.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (client, secret) = decoded.split_once(':')?;
    (!client.is_empty() && !secret.is_empty() && secret != seeds::SECRET_WRONG).then(|| client.to_owned())
}
