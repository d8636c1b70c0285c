//! Upstreams for tests: raw sockets that keep what they were sent and answer as they are sender.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::wire::recorder::{LIMIT, read_head};

/// A server on a port of its own. It ends with the test.
pub(super) struct Upstream {
    pub(super) port: u16,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// What happens to a connection behind an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Then {
    Keep,
    Close,
}

impl Upstream {
    /// Answers every request with the same bytes and keeps the connection.
    pub(super) fn answering(bytes: &'static [u8]) -> Self {
        Self::scripted(move |stream, _| {
            stream.write_all(bytes).unwrap();
            Then::Keep
        })
    }

    /// Reads each request (head and body of a known length or in chunks) and has `script` answer it.
    pub(super) fn scripted(script: impl Fn(&mut TcpStream, &[u8]) -> Then + Clone + Send + 'static) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        Self {
            port: Self::raw(move |mut stream| {
                loop {
                    let head = read_head(&mut stream);
                    if !head.ends_with(b"\r\n\r\n") {
                        return;
                    }
                    let request = with_body(&mut stream, head);
                    kept.lock().unwrap().push(request.clone());
                    if script(&mut stream, &request) == Then::Close {
                        return;
                    }
                }
            }),
            requests,
        }
    }

    /// Hands every connection to `serve`; returns the port.
    pub(super) fn raw(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                stream.set_read_timeout(Some(LIMIT)).unwrap();
                let serve = serve.clone();
                std::thread::spawn(move || serve(stream));
            }
        });
        port
    }

    pub(super) fn url(&self) -> String {
        url(self.port)
    }

    /// Returns the requests as they came.
    pub(super) fn requests(&self) -> Vec<Vec<u8>> {
        self.requests.lock().unwrap().clone()
    }
}

pub(super) fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn with_body(stream: &mut TcpStream, head: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let mut request = head;
    let mut byte = [0];
    if let Some(length) = length {
        let mut body = vec![0; length];
        if stream.read_exact(&mut body).is_ok() {
            request.extend(body);
        }
    } else if text.contains("transfer-encoding: chunked") {
        let from = request.len();
        while !(request[from..].ends_with(b"\r\n\r\n") && has_last_chunk(&request[from..])) {
            match stream.read(&mut byte) {
                Ok(1) => request.push(byte[0]),
                _ => break,
            }
        }
    }
    request
}

fn has_last_chunk(body: &[u8]) -> bool {
    body.starts_with(b"0\r\n") || body.windows(5).any(|at| at == b"\r\n0\r\n")
}
