//! An exchange is in the file before its client can know that the answer is complete, and everything earlier flows.

use std::io::{Read, Write};
use std::sync::Mutex;
use std::sync::mpsc::channel;

use crate::wire::recorder::{Recorder, answer, read_head};
use crate::wire::upstream::{Then, Upstream};

#[test]
fn the_line_is_there_when_the_client_has_the_last_byte() {
    let upstream = Upstream::scripted(|stream, request| {
        let target = String::from_utf8_lossy(request).split(' ').nth(1).unwrap().to_owned();
        let (bytes, then): (&[u8], _) = match target.as_str() {
            "/length" => (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", Then::Keep),
            "/chunks" => {
                (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", Then::Keep)
            }
            "/close" => (b"HTTP/1.1 200 OK\r\n\r\nhello", Then::Close),
            "/none" => (b"HTTP/1.1 204 No Content\r\n\r\n", Then::Keep),
            "/zero" => (b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", Then::Keep),
            _ => (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", Then::Keep),
        };
        stream.write_all(bytes).unwrap();
        then
    });
    let recorder = Recorder::to(&upstream.url());
    for (number, (line, body)) in [
        ("GET /length HTTP/1.1", "hello"),
        ("GET /chunks HTTP/1.1", "hello"),
        ("GET /close HTTP/1.1", "hello"),
        ("GET /none HTTP/1.1", ""),
        ("GET /zero HTTP/1.1", ""),
        ("GET /chunks HTTP/1.0", "hello"),
        ("GET /close HTTP/1.0", "hello"),
        ("HEAD /head HTTP/1.1", ""),
    ]
    .into_iter()
    .enumerate()
    {
        let mut stream = recorder.connect();
        stream.write_all(format!("{line}\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
        if line.starts_with("HEAD") {
            read_head(&mut stream);
        } else {
            answer(&mut stream);
        }
        let exchanges = recorder.exchanges();
        assert_eq!(exchanges.len(), number + 1, "{line}");
        assert_eq!(exchanges[number]["response"]["body"], body, "{line}");
        assert!(exchanges[number].get("error").is_none(), "{line}");
    }
}

#[test]
fn each_of_many_clients_finds_its_exchange_in_the_file_when_it_has_its_answer() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let recorder = Recorder::to(&upstream.url());
    std::thread::scope(|scope| {
        for client in 0..16 {
            let (mut stream, path) = (recorder.connect(), recorder.path());
            scope.spawn(move || {
                for number in 0..25 {
                    let target = format!("/client-{client}/{number}/");
                    write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
                    assert!(answer(&mut stream).ends_with(b"ok"));
                    let recording = std::fs::read_to_string(&path).unwrap();
                    assert!(recording.contains(&target), "{target}");
                }
            });
        }
    });
    assert_eq!(recorder.exchanges().len(), 16 * 25);
}

#[test]
fn pipelined_answers_come_in_their_order_whatever_their_size() {
    let upstream = Upstream::scripted(|stream, request| {
        let target = String::from_utf8_lossy(request).split(' ').nth(1).unwrap().to_owned();
        let size: usize = target.trim_start_matches('/').parse().unwrap();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nX-For: {target}\r\n\r\n").unwrap();
        stream.write_all(&vec![b'x'; size]).unwrap();
        Then::Keep
    });
    let recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    let sizes: Vec<usize> = (0..60).map(|number| [1, 100, 4000, 9000, 70_000][number % 5] + number).collect();
    let asked: String =
        sizes.iter().map(|size| format!("GET /{size} HTTP/1.1\r\nHost: localhost\r\n\r\n")).collect();
    stream.write_all(asked.as_bytes()).unwrap();
    for size in sizes {
        let came = answer(&mut stream);
        assert!(String::from_utf8_lossy(&came).contains(&format!("X-For: /{size}\r\n")), "{size}");
        assert!(came.ends_with(&vec![b'x'; size]));
    }
    assert_eq!(recorder.exchanges().len(), 60);
}

#[test]
fn what_is_not_the_end_flows_at_once() {
    let (go_on, wait) = channel::<()>();
    let wait = std::sync::Arc::new(Mutex::new(wait));
    let upstream = Upstream::scripted(move |stream, _| {
        for part in [
            &b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"[..],
            b"8\r\ndata: 1\n\r\n",
            b"0\r\n\r\n",
        ] {
            stream.write_all(part).unwrap();
            wait.lock().unwrap().recv().unwrap();
        }
        Then::Keep
    });
    let recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    assert!(read_head(&mut stream).starts_with(b"HTTP/1.1 200 OK"));
    go_on.send(()).unwrap();
    let mut event = [0; 13];
    stream.read_exact(&mut event).unwrap();
    assert_eq!(&event, b"8\r\ndata: 1\n\r\n");
    assert!(recorder.exchanges().is_empty(), "it is not over");
    go_on.send(()).unwrap();
    let mut end = [0; 5];
    stream.read_exact(&mut end).unwrap();
    assert_eq!(recorder.only()["response"]["body"], "data: 1\n");
    go_on.send(()).unwrap();
}

#[test]
fn a_tunnel_is_recorded_before_its_101() {
    let upstream = Upstream::scripted(|stream, request| {
        assert!(
            String::from_utf8_lossy(request).contains("upgrade: echo/1")
                || String::from_utf8_lossy(request).contains("Upgrade: echo/1")
        );
        stream
            .write_all(
                b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo/1\r\n\r\nfirst",
            )
            .unwrap();
        let mut bytes = [0; 4];
        stream.read_exact(&mut bytes).unwrap();
        stream.write_all(&bytes).unwrap();
        Then::Close
    });
    let mut recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    stream
        .write_all(b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo/1\r\n\r\n")
        .unwrap();
    assert!(read_head(&mut stream).starts_with(b"HTTP/1.1 101 "));
    let exchange = recorder.only();
    assert_eq!((exchange["response"]["status"].as_u64(), exchange["tunnel"].is_object()), (Some(101), true));
    let mut came = [0; 5];
    stream.read_exact(&mut came).unwrap();
    stream.write_all(b"\x00\r\nG").unwrap();
    let mut echo = [0; 4];
    stream.read_exact(&mut echo).unwrap();
    assert_eq!((&came, &echo), (b"first", b"\x00\r\nG"));
    drop(stream);
    recorder.hear("tunnel closed: 4 bytes sent, 9 received");
}

#[test]
fn a_tunnel_may_carry_what_looks_like_a_refusal() {
    let upstream = Upstream::scripted(|stream, _| {
        stream
            .write_all(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n")
            .unwrap();
        stream.read_exact(&mut [0; 2]).unwrap();
        stream.write_all(b"HTTP/1.1 400 is only text here").unwrap();
        Then::Close
    });
    let recorder = Recorder::to(&upstream.url());
    let mut stream = recorder.connect();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n")
        .unwrap();
    read_head(&mut stream);
    stream.write_all(b"go").unwrap();
    let mut came = String::new();
    stream.read_to_string(&mut came).unwrap();
    assert_eq!(came, "HTTP/1.1 400 is only text here");
}

#[test]
fn large_bodies_pass_whole_and_are_recorded_to_the_limit() {
    let upstream = Upstream::scripted(|stream, request| {
        let body = request.len() - request.windows(4).position(|at| at == b"\r\n\r\n").unwrap() - 4;
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&vec![b'b'; body]).unwrap();
        Then::Keep
    });
    let recorder = Recorder::start(&["--upstream", &upstream.url(), "--body-limit", "1000"]);
    let size = 300_000;
    let mut stream = recorder.connect();
    let mut request =
        format!("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n").into_bytes();
    request.extend(vec![b'a'; size]);
    stream.write_all(&request).unwrap();
    read_head(&mut stream);
    let mut body = vec![0; size];
    stream.read_exact(&mut body).unwrap();
    assert!(body.iter().all(|byte| *byte == b'b'));
    let exchange = recorder.only();
    for (message, byte) in [("request", "a"), ("response", "b")] {
        let message = &exchange[message];
        assert_eq!(message["body"], byte.repeat(1000));
        assert_eq!(
            (message["body_bytes"].as_u64(), message["body_cut"].as_bool()),
            (Some(size as u64), Some(true))
        );
    }
}
