//! Killed at any moment under load: every answered exchange is in the file, whole, and the next run goes on.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use crate::wire::recorder::{LIMIT, Recorder, answer, command};
use crate::wire::upstream::{Then, Upstream};

const CLIENTS: usize = 8;
const ROUNDS: usize = 8;

#[test]
fn no_answered_exchange_is_lost_by_a_kill() {
    let upstream = Upstream::scripted(|stream, request| {
        let text = String::from_utf8_lossy(request);
        let target = text.split(' ').nth(1).unwrap_or_default();
        let filler = "x".repeat(target.len() * 97 % 5000);
        let body = format!("{target} {filler}");
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        match stream.write_all((head + &body).as_bytes()) {
            Ok(()) => Then::Keep,
            Err(_) => Then::Close,
        }
    });
    let mut folder = tempfile::tempdir().unwrap();
    let mut answered: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let command = command(folder.path(), &["--upstream", &upstream.url()]);
        let recorder = Recorder::run(folder, command);
        let over = Arc::new(AtomicBool::new(false));
        let (sender, answers) = std::sync::mpsc::channel();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (port, over, sender) = (recorder.port, Arc::clone(&over), sender.clone());
                std::thread::spawn(move || {
                    ask_until_over(port, &over, &sender, &format!("/{round}-{client}"))
                })
            })
            .collect();
        // the moment differs from round to round, and by chance
        for _ in 0..2 * CLIENTS + round * 37 % 100 {
            answers.recv_timeout(LIMIT).unwrap();
        }
        folder = recorder.kill();
        over.store(true, Ordering::Relaxed);
        for client in clients {
            answered.extend(client.join().unwrap());
        }
        // what a kill in the middle of a write leaves behind
        if round % 2 == 0 {
            let mut file =
                std::fs::OpenOptions::new().append(true).open(folder.path().join("r.ndjson")).unwrap();
            file.write_all(b"{\"v\":1,\"run\":\"torn").unwrap();
        }
    }
    // the next run repairs the tail and goes on
    let command = command(folder.path(), &["--upstream", &upstream.url()]);
    let recorder = Recorder::run(folder, command);
    assert!(recorder.get("/last").starts_with(b"HTTP/1.1 200"));
    let text = std::fs::read_to_string(recorder.path()).unwrap();
    let mut recorded = std::collections::BTreeMap::new();
    let mut ids = std::collections::BTreeSet::new();
    for line in text.lines() {
        let Ok(exchange) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        assert!(ids.insert(exchange["id"].as_u64().unwrap()), "an id was given twice: {line}");
        let target = exchange["request"]["target"].as_str().unwrap().to_owned();
        recorded.insert(target, exchange["response"]["body"].as_str().unwrap_or_default().to_owned());
    }
    assert!(answered.len() > ROUNDS * CLIENTS, "only {} answers", answered.len());
    for target in &answered {
        assert!(
            recorded.get(target).is_some_and(|body| body.starts_with(&format!("{target} "))),
            "{target} is lost"
        );
    }
    assert!(recorded.contains_key("/last"));
    assert!(
        text.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_err()).count()
            <= ROUNDS
    );
}

/// Sends one request after the other; returns the targets that were answered whole.
fn ask_until_over(port: u16, over: &AtomicBool, sender: &Sender<()>, prefix: &str) -> Vec<String> {
    let mut answered = Vec::new();
    let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else { return answered };
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    for number in 0.. {
        let target = format!("{prefix}-{number}");
        let request = format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{{}}");
        if over.load(Ordering::Relaxed) || stream.write_all(request.as_bytes()).is_err() {
            break;
        }
        let came = answer(&mut stream);
        let text = String::from_utf8_lossy(&came);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { break };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Length: "))
            .and_then(|text| text.parse().ok());
        if length != Some(body.len()) {
            break;
        }
        answered.push(target);
        // no one listens any more once the proxy is killed
        let _ = sender.send(());
    }
    answered
}
