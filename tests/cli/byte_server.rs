//! A server that keeps the bytes of every request and answers 200: what a client really sent.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// Listens until the test ends.
pub(crate) struct ByteServer {
    address: SocketAddr,
    requests: Receiver<Vec<u8>>,
}

impl ByteServer {
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (send, requests) = channel();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let send = send.clone();
                thread::spawn(move || serve(connection.unwrap(), &send));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Returns the requests that have arrived by now, in the order in which they ended.
    pub(crate) fn taken(&self) -> Vec<Vec<u8>> {
        self.requests.try_iter().collect()
    }
}

fn serve(mut connection: TcpStream, requests: &Sender<Vec<u8>>) {
    connection.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut bytes = Vec::new();
    loop {
        let head = loop {
            if let Some(at) = find(&bytes, b"\r\n\r\n") {
                break at + 4;
            }
            if !more(&mut connection, &mut bytes) {
                return;
            }
        };
        let lower = bytes[..head].to_ascii_lowercase();
        if find(&lower, b"\r\nexpect: 100-continue").is_some() {
            connection.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
        }
        let end = if find(&lower, b"\r\ntransfer-encoding: chunked").is_some() {
            loop {
                if let Some(at) = find(&bytes[head - 2..], b"\r\n0\r\n\r\n") {
                    break head - 2 + at + 7;
                }
                assert!(more(&mut connection, &mut bytes), "a chunked body broke off");
            }
        } else {
            let length = find(&lower, b"\r\ncontent-length:").map_or(0, |at| {
                let line = String::from_utf8_lossy(&lower[at + 17..]).into_owned();
                line.lines().next().unwrap().trim().parse().unwrap()
            });
            while bytes.len() < head + length {
                assert!(more(&mut connection, &mut bytes), "a body broke off");
            }
            head + length
        };
        requests.send(bytes.drain(..end).collect()).unwrap();
        if connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}

fn more(connection: &mut TcpStream, bytes: &mut Vec<u8>) -> bool {
    let mut buffer = [0; 65536];
    match connection.read(&mut buffer) {
        Ok(0) | Err(_) => false,
        Ok(count) => {
            bytes.extend_from_slice(&buffer[..count]);
            true
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
