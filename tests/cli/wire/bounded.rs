//! Bounded whatever comes: memory stays flat through many exchanges, large bodies and endless answers, and clients that
//! send nothing delay no one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use crate::wire::recorder::{LIMIT, Recorder, answer, read_head, reset};
use crate::wire::upstream::{Upstream, url};

/// What `record` may occupy at its highest, in KiB.
const PEAK: u64 = 64 * 1024;
/// How much of a body is recorded without `--body-limit`.
const BODY_LIMIT: usize = 1024 * 1024;

/// Reads a figure of the recorder's process in KiB: `VmRSS` is what it occupies now, `VmHWM` the most so far.
fn memory(recorder: &Recorder, figure: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", recorder.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(figure)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

/// An upstream that answers each head as soon as it ends, in large reads.
fn quick() -> u16 {
    const END: &[u8] = b"\r\n\r\n";
    Upstream::raw(|mut stream| {
        let (mut buffer, mut matched) = ([0; 16 * 1024], 0);
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            for byte in &buffer[..count] {
                matched = if *byte == END[matched] { matched + 1 } else { usize::from(*byte == b'\r') };
                if matched == END.len() {
                    matched = 0;
                    if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").is_err() {
                        return;
                    }
                }
            }
        }
    })
}

/// Has `count` exchanges, a few on each connection, no two alike in target and token.
fn have_exchanges(recorder: &Recorder, name: &str, count: usize) {
    const EACH: usize = 40;
    for connection in 0..count / EACH {
        let mut stream = recorder.connect();
        let mut requests = String::new();
        for number in 0..EACH {
            let close = if number + 1 == EACH { "Connection: close\r\n" } else { "" };
            requests.push_str(&format!(
                "GET /api/v2/users/{name}{connection}-{number}?expand=groups HTTP/1.1\r\nHost: localhost\r\n\
                 Authorization: Bearer {name}{connection}secret{number}\r\nUser-Agent: test/{connection}\r\n{close}\r\n"
            ));
        }
        stream.write_all(requests.as_bytes()).unwrap();
        let mut came = String::new();
        stream.read_to_string(&mut came).unwrap();
        assert_eq!(came.matches("HTTP/1.1 200 OK\r\n").count(), EACH, "{came}");
    }
}

#[test]
fn memory_does_not_grow_with_the_number_of_exchanges() {
    let recorder = Recorder::start(&["--upstream", &url(quick())]);
    let started = Instant::now();
    have_exchanges(&recorder, "warm", 2_000);
    let before = memory(&recorder, "VmRSS");
    have_exchanges(&recorder, "more", 8_000);
    let after = memory(&recorder, "VmRSS");
    println!("{before} KiB after 2,000 exchanges, {after} KiB after 10,000, {:?}", started.elapsed());
    // to keep but the head of each request would take more
    assert!(after < before + 1024, "{before} KiB after 2,000 exchanges, {after} KiB after 10,000");
    assert_eq!(recorder.exchanges().len(), 10_000);
}

#[test]
fn large_bodies_both_ways_pass_whole_in_little_memory() {
    const SIZE: usize = 1024 * 1024 * 1024;
    let piece = vec![b'b'; 256 * 1024];
    let port = Upstream::raw(move |mut stream| {
        if read_head(&mut stream).is_empty() {
            return;
        }
        let (mut buffer, mut left) = (vec![0; 256 * 1024], SIZE);
        while left > 0 {
            let wanted = left.min(buffer.len());
            match stream.read(&mut buffer[..wanted]) {
                Ok(count @ 1..) => left -= count,
                _ => return,
            }
        }
        stream.write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n").as_bytes()).unwrap();
        for _ in 0..SIZE / piece.len() {
            stream.write_all(&piece).unwrap();
        }
    });
    let recorder = Recorder::to(&url(port));
    let started = Instant::now();
    let mut stream = recorder.connect();
    stream
        .write_all(
            format!("POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: {SIZE}\r\n\r\n").as_bytes(),
        )
        .unwrap();
    let piece = vec![b'a'; 256 * 1024];
    for _ in 0..SIZE / piece.len() {
        stream.write_all(&piece).unwrap();
    }
    assert!(read_head(&mut stream).starts_with(b"HTTP/1.1 200 OK\r\n"));
    let expected = vec![b'b'; 256 * 1024];
    let (mut buffer, mut left) = (vec![0; 256 * 1024], SIZE);
    while left > 0 {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0 && buffer[..count] == expected[..count], "{left} bytes are missing");
        left -= count;
    }
    let peak = memory(&recorder, "VmHWM");
    println!("{SIZE} bytes each way in {:?}, {peak} KiB at most", started.elapsed());
    assert!(peak < PEAK, "{peak} KiB");
    let exchange = recorder.only();
    for (message, byte) in [("request", "a"), ("response", "b")] {
        let message = &exchange[message];
        assert!(message["body"] == byte.repeat(BODY_LIMIT), "recorded to the limit");
        assert_eq!(message["body_bytes"], SIZE);
        assert_eq!(message["body_cut"], true);
    }
}

#[test]
fn an_endless_event_stream_flows_in_little_memory_and_is_recorded_to_the_limit() {
    const READ: usize = 96 * 1024 * 1024;
    let port = Upstream::raw(|mut stream| {
        if read_head(&mut stream).is_empty() {
            return;
        }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        let event = format!("data: {}\n\n", "e".repeat(0x1000 - 8));
        let events = format!("1000\r\n{event}\r\n").repeat(16);
        if stream.write_all(head.as_bytes()).is_ok() {
            while stream.write_all(events.as_bytes()).is_ok() {}
        }
    });
    let mut recorder = Recorder::to(&url(port));
    let mut stream = recorder.connect();
    stream.write_all(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    read_head(&mut stream);
    let (mut buffer, mut left) = (vec![0; 256 * 1024], READ);
    while left > 0 {
        let count = stream.read(&mut buffer).unwrap();
        assert!(count > 0, "it ended with {left} bytes still to come");
        left = left.saturating_sub(count);
    }
    let peak = memory(&recorder, "VmHWM");
    println!("{READ} bytes of events, {peak} KiB at most");
    assert!(peak < PEAK, "{peak} KiB");
    reset(stream);
    recorder.hear("    client: ");
    let exchange = recorder.only();
    assert_eq!(exchange["error"]["source"], "client");
    let response = &exchange["response"];
    assert_eq!(response["body"].as_str().unwrap().len(), BODY_LIMIT);
    assert!(response["body"].as_str().unwrap().starts_with("data: eee"));
    assert!(response["body_bytes"].as_u64().unwrap() > 90 * 1024 * 1024, "{}", response["body_bytes"]);
    assert_eq!(response["body_cut"], true);
}

/// An upstream that answers `/together` only once `crowd` of them are under way, and all else at once; with it, how many
/// connections it was opened.
fn crowded(crowd: usize) -> (u16, Arc<AtomicUsize>) {
    let (opened, all) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(crowd)));
    let counted = Arc::clone(&opened);
    let port = Upstream::raw(move |mut stream| {
        counted.fetch_add(1, Ordering::Relaxed);
        loop {
            let head = read_head(&mut stream);
            if head.starts_with(b"GET /together ") {
                all.wait();
            }
            let over = head.is_empty()
                || stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").is_err();
            if over {
                return;
            }
        }
    });
    (port, opened)
}

/// Has one exchange on each connection, all of them under way at the same time.
fn have_one_each(clients: &mut [TcpStream]) {
    for stream in &mut *clients {
        stream.write_all(b"GET /together HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    for stream in clients {
        assert!(answer(stream).ends_with(b"{}"));
    }
}

#[test]
fn a_hundred_and_fifty_clients_at_once_find_their_upstream_connections_again() {
    const CLIENTS: usize = 150;
    let (port, opened) = crowded(CLIENTS);
    let recorder = Recorder::limited("-n $(ulimit -Hn)", &url(port));
    let mut clients: Vec<TcpStream> = (0..CLIENTS).map(|_| recorder.connect()).collect();
    for _ in 0..3 {
        have_one_each(&mut clients);
    }
    assert_eq!(opened.load(Ordering::Relaxed), CLIENTS);
    assert_eq!(recorder.exchanges().len(), 3 * CLIENTS);
}

#[test]
fn upstream_connections_that_wait_make_room_for_clients() {
    const CLIENTS: usize = 13;
    let (port, opened) = crowded(CLIENTS);
    let recorder = Recorder::limited("-n 64", &url(port));
    let mut clients: Vec<TcpStream> = (0..CLIENTS).map(|_| recorder.connect()).collect();
    have_one_each(&mut clients);
    assert_eq!(opened.load(Ordering::Relaxed), CLIENTS);
    // beside those that wait there are not enough descriptors for as many clients again
    let started = Instant::now();
    clients.extend((0..CLIENTS).map(|_| recorder.connect()));
    for stream in &mut clients {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        assert!(answer(stream).ends_with(b"{}"));
    }
    let took = started.elapsed();
    assert!(took < Duration::from_secs(8), "they waited {took:?} for connections that no one used");
}

#[test]
fn few_descriptors_let_clients_wait_and_refuse_none() {
    let mut recorder = Recorder::limited("-n 40", &url(quick()));
    let clients: Vec<_> = (0..60)
        .map(|number| {
            let port = recorder.port;
            std::thread::spawn(move || crate::wire::recorder::get(port, &format!("/{number}")))
        })
        .collect();
    for client in clients {
        let came = client.join().unwrap();
        assert!(came.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&came));
    }
    recorder.hear("as many clients are connected as the file descriptors allow");
    assert_eq!(recorder.exchanges().len(), 60);
}

#[test]
fn thousands_of_idle_clients_do_not_hold_up_a_request() {
    // this process holds one end of each: as many as its own limit allows, the other tests' descriptors left alone
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let most = line.split_whitespace().next().unwrap().parse().unwrap_or(usize::MAX);
    let count = most.saturating_sub(600).min(4_000);
    let recorder = Recorder::limited("-n $(ulimit -Hn)", &url(quick()));
    let before = memory(&recorder, "VmRSS");
    // every tenth has had an exchange, the others never said a word
    let idle: Vec<TcpStream> = (0..count)
        .map(|number| {
            let mut stream = recorder.connect();
            if number % 10 == 0 {
                stream.write_all(b"GET /idle HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
                assert!(read_head(&mut stream).starts_with(b"HTTP/1.1 200 OK\r\n"));
            }
            stream
        })
        .collect();
    let started = Instant::now();
    for number in 0..20 {
        assert!(recorder.get(&format!("/{number}")).ends_with(b"{}"));
    }
    let took = started.elapsed();
    let each = memory(&recorder, "VmRSS").saturating_sub(before) as usize / idle.len().max(1);
    println!("{count} idle clients, {each} KiB each, 20 requests beside them in {took:?}");
    assert!(took < LIMIT / 4, "20 requests took {took:?}");
    assert!(each < 32, "{each} KiB for each idle client");
    for mut stream in idle {
        stream.set_nonblocking(true).unwrap();
        assert!(!matches!(stream.read(&mut [0; 64]), Ok(0)), "an idle client was let go");
    }
    assert_eq!(recorder.exchanges().len(), 20 + count.div_ceil(10));
}
