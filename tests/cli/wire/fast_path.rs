//! The fast path changes nothing: with it and without it, the same traffic gives the same recording and responses.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpStream;

use serde_json::Value;
use wraptap::journal::{Journal, JournalOptions};
use wraptap::model::fast_path::FastPath;
use wraptap::proxy::config::Limits;

use crate::wire::faults::with_journal;
use crate::wire::recorder::{LIMIT, answer, exchanges};
use crate::wire::upstream::{Then, Upstream};

const CLIENTS: usize = 8;
const ROUNDS: usize = 10;

/// One request of each kind; CLIENT and ROUND make the targets differ.
const REQUESTS: [&str; 5] = [
    "PUT /put/CLIENT/ROUND HTTP/1.1\r\nHost: localhost\r\nauthorization: Bearer s3cr3t-CLIENT\r\nX-b: 1\r\nx-B: 2\r\n\
     Content-Length: 16\r\n\r\n{\"code\":\"x y z\"}",
    "POST /chunks/CLIENT/ROUND HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "GET /large/CLIENT/ROUND HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n",
    "DELETE /none/CLIENT/ROUND HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /broken/CLIENT/ROUND HTTP/1.1\r\nHost: localhost\r\n\r\n",
];

fn upstream() -> Upstream {
    Upstream::scripted(|stream, request| {
        let target = String::from_utf8_lossy(request).split(' ').nth(1).unwrap().to_owned();
        let large = format!("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{}", "x".repeat(9000));
        let (bytes, then) = match target.split('/').nth(1).unwrap() {
            "put" => ("HTTP/1.1 400 Bad\r\nX-z: 1\r\nx-Z: 2\r\nContent-Length: 2\r\n\r\n{}", Then::Keep),
            "chunks" => {
                ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", Then::Keep)
            }
            "large" => (large.as_str(), Then::Keep),
            "none" => ("HTTP/1.1 204 No Content\r\n\r\n", Then::Keep),
            _ => ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart", Then::Close),
        };
        stream.write_all(bytes.as_bytes()).unwrap();
        then
    })
}

/// Sends all requests from several clients at the same time; returns the responses of each.
fn responses(proxy: std::net::SocketAddr) -> Vec<Vec<Vec<u8>>> {
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn(move || {
                    let mut all = Vec::new();
                    for round in 0..ROUNDS {
                        let mut stream = TcpStream::connect(proxy).unwrap();
                        stream.set_read_timeout(Some(LIMIT)).unwrap();
                        for request in REQUESTS {
                            let request = request.replace("CLIENT", &client.to_string());
                            stream
                                .write_all(request.replace("ROUND", &round.to_string()).as_bytes())
                                .unwrap();
                            all.push(answer(&mut stream));
                        }
                    }
                    all
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

/// Replaces what differs from run to run: ids, times, connections, and the tags of masked secrets.
fn comparable(mut exchange: Value) -> (String, Value) {
    let target = exchange["request"]["target"].as_str().unwrap().to_owned();
    let members = exchange.as_object_mut().unwrap();
    for volatile in ["run", "id", "started_at", "timings", "connection"] {
        members.remove(volatile);
    }
    for header in exchange["request"]["headers"].as_array_mut().unwrap() {
        let value = header[1].as_str().unwrap();
        if let Some(at) = value.find("redacted-") {
            let kind = value[at..].rsplit_once('-').unwrap().0;
            header[1] = format!("{}{kind}", &value[..at]).into();
        }
    }
    (target, exchange)
}

#[test]
fn without_the_fast_path_the_recording_and_the_responses_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let upstream = upstream();
    let [with, without] = [FastPath::On, FastPath::Off].map(|fast_path| {
        let path = folder.path().join(format!("{fast_path:?}.ndjson"));
        let journal =
            Journal::open(&path, JournalOptions { fast_path, ..JournalOptions::default() }).unwrap();
        let running = with_journal(upstream.port, journal, Limits::default());
        let responses = responses(running.addresses()[0]);
        running.stop();
        running.wait();
        let recorded: BTreeMap<String, Value> = exchanges(&path).into_iter().map(comparable).collect();
        (recorded, responses)
    });
    assert_eq!(with.0.len(), CLIENTS * ROUNDS * REQUESTS.len());
    assert!(with.0["/put/0/0"].to_string().contains("redacted-"), "{}", with.0["/put/0/0"]);
    assert_eq!(with, without);
}
