//! The mock on a loopback socket: HTTP/1 in and out; every question goes to the responder.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;

use crate::net::destination::is_loopback_name;
use crate::net::loopback_server::{self, LoopbackError, LoopbackServer, OnePiece};
use crate::replay::mock::answer::Answer;
use crate::replay::mock::responder::Responder;
use crate::sync;

/// The largest body that is looked at.
const BODY_LIMIT: usize = 16 << 20;

/// Where a mock listens and how it behaves.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// A loopback address; port 0 is any free one.
    pub listen: SocketAddr,
    /// Take as long as the recorded answers took.
    pub latency: bool,
}

/// Hears of every answer: the request's method and path, and the answer.
pub type Watcher = Arc<dyn Fn(&str, &Answer) + Send + Sync>;

struct Shared {
    responder: Mutex<Responder>,
    options: Options,
    watcher: Watcher,
}

/// Starts a mock and returns once it answers.
///
/// # Errors
/// The address is not a loopback one, or cannot be listened on.
pub async fn serve(
    options: Options,
    responder: Responder,
    watcher: Watcher,
) -> Result<LoopbackServer, LoopbackError> {
    let shared = Arc::new(Shared { responder: Mutex::new(responder), options, watcher });
    loopback_server::serve(options.listen, move |request| {
        let shared = Arc::clone(&shared);
        async move { exchange(request, &shared).await }
    })
    .await
}

async fn exchange(
    request: http::Request<Incoming>,
    shared: &Shared,
) -> Result<http::Response<OnePiece>, hyper::Error> {
    let ours = is_ours(&request);
    let request = loopback_server::read(request, BODY_LIMIT).await?;
    let asked = format!("{} {}", request.method.lossy(), request.path());
    let answer = if !ours {
        let message = "wraptap mock: the Host field names a host that is not this machine";
        Answer::refusal(421, "foreign_host", message, Vec::new())
    } else if request.body.cut {
        let message = format!("wraptap mock: the body is larger than {} MiB", BODY_LIMIT >> 20);
        Answer::refusal(413, "body_limit", &message, Vec::new())
    } else {
        sync::lock(&shared.responder).answer(&request)
    };
    if shared.options.latency {
        tokio::time::sleep(Duration::from_micros(answer.latency)).await;
    }
    (shared.watcher)(&asked, &answer);
    Ok(response(answer))
}

/// A page of another site can reach this port under a name of its own; its `Host` gives it away.
fn is_ours(request: &http::Request<Incoming>) -> bool {
    let mut hosts = request.headers().get_all(http::header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < http::Version::HTTP_11,
        (Some(host), None) => host.to_str().is_ok_and(|host| {
            let name = match host.strip_prefix('[') {
                Some(rest) => rest.split(']').next().unwrap_or_default(),
                None => host.split(':').next().unwrap_or_default(),
            };
            is_loopback_name(name)
        }),
        (Some(_), Some(_)) => false,
    }
}

fn response(answer: Answer) -> http::Response<OnePiece> {
    let mut response = http::Response::new(OnePiece { body: Some(answer.body), chunked: answer.chunked });
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        // a foreign recording may hold lines that no answer can have: they are left out
        if let (Ok(name), Ok(value)) =
            (http::HeaderName::from_bytes(&name), http::HeaderValue::from_bytes(&value))
        {
            response.headers_mut().append(name, value);
        }
    }
    if let Ok(reason) = ReasonPhrase::try_from(answer.reason)
        && !reason.as_bytes().is_empty()
    {
        response.extensions_mut().insert(reason);
    }
    response
}
