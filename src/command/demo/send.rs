//! The demo's client: writes each request byte by byte as the SDK would, and reads the response.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use base64::Engine;

use crate::command::demo::steps::DemoStep;
use crate::error::CommandError;
use crate::simulator::seeds::CLIENT_USER;

/// Nothing here takes a second; a wait this long means something is wrong.
const PATIENCE: Duration = Duration::from_secs(10);

/// Logs in by client credentials and returns the token.
pub(crate) fn log_in(proxy: SocketAddr) -> Result<String, CommandError> {
    let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT_USER}:demo-secret"));
    let body = "grant_type=client_credentials";
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nHost: {proxy}\r\nAuthorization: Basic {credentials}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let answer = talk(proxy, &format!("{head}{body}"))?;
    let token = answer.split("\"access_token\":\"").nth(1).and_then(|rest| rest.split('"').next());
    token
        .map(str::to_owned)
        .ok_or_else(|| CommandError::machine(anyhow::anyhow!("the simulator's login gave no token")))
}

/// Sends one step.
pub(crate) fn send(proxy: SocketAddr, step: &DemoStep, token: &str) -> Result<(), CommandError> {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: {proxy}\r\nAuthorization: Bearer {token}\r\n",
        step.method, step.target
    );
    for (name, value) in step.client.marks() {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", step.body.len()));
    talk(proxy, &format!("{head}{}", step.body)).map(drop)
}

fn talk(proxy: SocketAddr, request: &str) -> Result<String, CommandError> {
    let exchange = || {
        let mut socket = TcpStream::connect_timeout(&proxy, PATIENCE)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = exchange().map_err(|error| {
        CommandError::machine(anyhow::Error::new(error).context("the demo's own proxy did not answer"))
    })?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
