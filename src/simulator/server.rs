//! HTTP/1 in and out; every request goes to the core.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hyper::body::Incoming;

use crate::net::loopback_server::{self, LoopbackError, LoopbackServer, OnePiece};
use crate::simulator::clock::Clock;
use crate::simulator::dispatch::respond;
use crate::simulator::http_checks::BODY_LIMIT;
use crate::simulator::response::SimulatedResponse;
use crate::simulator::state::{Settings, SimulatorState};
use crate::sync;

/// Where a simulator listens and how it behaves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SimulatorOptions {
    /// A loopback address; port 0 means any free one.
    pub listen: SocketAddr,
    /// How it behaves.
    pub settings: Settings,
}

/// Any free port of 127.0.0.1, and the default settings.
impl Default for SimulatorOptions {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 0)), settings: Settings::default() }
    }
}

/// Starts a simulator and returns once it answers.
///
/// # Errors
/// The address is not a loopback one, or cannot be listened on.
pub async fn serve(options: SimulatorOptions) -> Result<LoopbackServer, LoopbackError> {
    let SimulatorOptions { listen, settings } = options;
    let clock = if settings.test_clock { Clock::Fixed } else { Clock::Real };
    let shared =
        Arc::new(ServedSimulator { state: Mutex::new(SimulatorState::new(settings, clock.now())), clock });
    loopback_server::serve(listen, move |request| {
        let shared = Arc::clone(&shared);
        async move { exchange(request, &shared).await }
    })
    .await
}

struct ServedSimulator {
    state: Mutex<SimulatorState>,
    clock: Clock,
}

async fn exchange(
    request: http::Request<Incoming>,
    shared: &ServedSimulator,
) -> Result<http::Response<OnePiece>, hyper::Error> {
    let request = loopback_server::read(request, BODY_LIMIT).await?;
    let answer = {
        let mut state = sync::lock(&shared.state);
        respond(&mut state, shared.clock.now(), &request)
    };
    tracing::debug!(
        http.request.method = %request.method.lossy(),
        url.path = %request.path(),
        http.response.status_code = answer.status,
        rule = answer.rule.name,
        "answered"
    );
    Ok(http_response(answer))
}

fn http_response(answer: SimulatedResponse) -> http::Response<OnePiece> {
    // in chunks, as the API sends its bodies
    let body = answer.body.map(|document| Bytes::from(document.to_string()));
    let mut response = http::Response::new(OnePiece { body, chunked: true });
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        // Values are written by the core in ASCII; one that is not is left out.
        if let Ok(value) = http::HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::{SimulatorOptions, serve};
    use crate::net::loopback_server::LoopbackError;

    async fn send_request(address: SocketAddr) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /_simulator/state HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut start = [0; 15];
        stream.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200 OK");
        stream
    }

    #[tokio::test]
    async fn a_stopped_simulator_closes_idle_connections_and_frees_its_port() {
        let running = serve(SimulatorOptions::default()).await.unwrap();
        let address = running.address;
        let mut idle = send_request(address).await;
        running.stop().await;
        let mut rest = Vec::new();
        idle.read_to_end(&mut rest).await.unwrap();
        assert!(rest.ends_with(b"\r\n0\r\n\r\n"));
        assert!(serve(SimulatorOptions { listen: address, ..SimulatorOptions::default() }).await.is_ok());
    }

    #[tokio::test]
    async fn a_dropped_simulator_answers_no_more() {
        let running = serve(SimulatorOptions::default()).await.unwrap();
        let mut open = send_request(running.address).await;
        drop(running);
        // The end comes as a close or as a reset; either way there is no second answer.
        let mut rest = Vec::new();
        let _ = open.read_to_end(&mut rest).await;
        assert!(!rest.windows(8).any(|bytes| bytes == b"HTTP/1.1"));
    }

    #[tokio::test]
    async fn an_address_of_the_network_is_refused_before_it_is_bound() {
        let refused =
            serve(SimulatorOptions { listen: ([0, 0, 0, 0], 0).into(), ..SimulatorOptions::default() }).await;
        assert!(matches!(refused, Err(LoopbackError::NotLoopback(_))));
    }
}
