//! The client-credentials login, with the credentials in the environment.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use crate::api;
use crate::model::exchange::{Headers, Response};
use crate::model::wire_bytes::WireBytes;
use crate::net::destination::Destination;
use crate::replay::credentials::{Reach, Secret};
use crate::replay::prepare::Outgoing;
use crate::replay::sender::{SendError, Sender};

/// A client of the API.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id, which is no secret.
    pub id: String,
    /// Its secret.
    pub secret: Secret,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// No login server is known for this server.
    #[error("no login is known for {0}")]
    Unknown(Destination),
    /// The login was refused.
    #[error("{server} refused the login with {status}{}", .why.as_deref().map(|why| format!(": {why}")).unwrap_or_default())]
    Refused {
        /// Where it was sent.
        server: Destination,
        /// The status.
        status: u16,
        /// What the answer says.
        why: Option<String>,
    },
    /// The login was not answered.
    #[error("the login was not answered")]
    Send(#[from] SendError),
}

/// Logs in, where requests to `server` are logged in: the login host of its region, or a server of this
/// machine itself.
///
/// # Errors
/// There is no such place, or the login failed.
pub async fn token(
    sender: &Sender,
    server: &Destination,
    reach: Reach,
    client: &Client,
) -> Result<Secret, LoginError> {
    let (login_host, login_path) = api::for_upstream(&server.host).login_address(&server.host);
    let server = match reach {
        Reach::ApiHost => Destination::https(&login_host),
        Reach::Loopback | Reach::RecordedLoopback => server.clone(),
        Reach::Recorded | Reach::Elsewhere => return Err(LoginError::Unknown(server.clone())),
    };
    let body = Bytes::from_static(b"grant_type=client_credentials");
    let basic = STANDARD.encode(format!("{}:{}", client.id, client.secret.expose()));
    let (host, basic, length) = (server.authority(), format!("Basic {basic}"), body.len().to_string());
    let outgoing = Outgoing {
        method: WireBytes::from("POST"),
        target: WireBytes::from(login_path),
        headers: Headers::of([
            ("Host", host.as_str()),
            ("Authorization", basic.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", length.as_str()),
        ]),
        body,
        notes: Vec::new(),
    };
    let response = sender.send(&server, &outgoing).await?.response;
    let document: Value = serde_json::from_slice(&response.body.bytes).unwrap_or_default();
    match document["access_token"].as_str() {
        Some(token) if response.status == 200 => Ok(Secret::new(token)),
        _ => Err(refused(server, &response, &document)),
    }
}

fn refused(server: Destination, response: &Response, document: &Value) -> LoginError {
    let why = ["error_description", "description", "error", "message"]
        .iter()
        .find_map(|name| document[name].as_str())
        .map(|text| crate::report::safe::line(text).into_owned());
    LoginError::Refused { server, status: response.status, why }
}
