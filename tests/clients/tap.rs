//! A tap on the wire between a client and wraptap: passes every byte and keeps it, so that a recording can be held
//! against what the client really sent.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A listener that hands every connection on to one address.
pub(crate) struct Tap {
    /// Where clients connect.
    pub(crate) url: String,
    seen: Arc<Mutex<Seen>>,
}

/// What went over the wire so far.
#[derive(Default)]
struct Seen {
    requests: Vec<WireRequest>,
    answers: Vec<u8>,
}

/// One request as it came from the client.
#[derive(Clone, Debug)]
pub(crate) struct WireRequest {
    /// From the method to the empty line, byte for byte.
    pub(crate) head: String,
    /// The body after transfer decoding.
    pub(crate) body: Vec<u8>,
}

impl Tap {
    /// Starts a tap in front of a server.
    pub(crate) fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Seen>>::default();
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(server).unwrap();
                let (from_client, to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let there = Arc::clone(&kept);
                thread::spawn(move || requests(from_client, to_server, &there));
                let back = Arc::clone(&kept);
                thread::spawn(move || answers(server, client, &back));
            }
        });
        Self { url, seen }
    }

    /// Returns the requests seen so far, in the order in which they were complete.
    pub(crate) fn requests(&self) -> Vec<WireRequest> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// Returns every byte that was answered, on whatever connection.
    pub(crate) fn answers(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap().answers).into_owned()
    }
}

impl WireRequest {
    /// Returns the value of a header, by its name in lower case.
    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }
}

/// Carries a client's bytes on; a request is noted before its last bytes go, so before it can be recorded.
fn requests(mut client: TcpStream, mut server: TcpStream, seen: &Mutex<Seen>) {
    let mut waiting = Vec::new();
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = client.read(&mut bytes) {
        waiting.extend_from_slice(&bytes[..count]);
        while let Some((request, length)) = complete(&waiting) {
            seen.lock().unwrap().requests.push(request);
            waiting.drain(..length);
        }
        if server.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Write);
}

fn answers(mut server: TcpStream, mut client: TcpStream, seen: &Mutex<Seen>) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = server.read(&mut bytes) {
        seen.lock().unwrap().answers.extend_from_slice(&bytes[..count]);
        if client.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

/// Returns the first request in `bytes` and its length, once all of it is there.
fn complete(bytes: &[u8]) -> Option<(WireRequest, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let request = WireRequest { head, body: Vec::new() };
    let (body, length) = match (request.header("transfer-encoding"), request.header("content-length")) {
        (Some(_), _) => chunked(&bytes[end..])?,
        (None, Some(length)) => {
            let length = length.parse().unwrap();
            (bytes.get(end..end + length)?.to_vec(), length)
        }
        (None, None) => (Vec::new(), 0),
    };
    Some((WireRequest { body, ..request }, end + length))
}

/// Returns the bytes of a chunked body and its length on the wire; no client here sends trailers.
fn chunked(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let line = bytes[at..].windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[at..at + line]).unwrap(), 16).unwrap();
        at += line + 2;
        body.extend_from_slice(bytes.get(at..at + size)?);
        at += size + 2;
        bytes.get(..at)?;
        if size == 0 {
            return Some((body, at));
        }
    }
}
