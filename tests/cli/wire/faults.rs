//! Faults on both sides: the client gets an answer while that is possible, and the recording says whose fault it was.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use wraptap::journal::{Journal, JournalOptions};
use wraptap::net::tls::Trust;
use wraptap::proxy::access::AccessPolicy;
use wraptap::proxy::config::{Limits, ProxyConfig};
use wraptap::proxy::routes::Routes;
use wraptap::proxy::server::{ProxyServer, serve};

use crate::wire::recorder::{LIMIT, Recorder, answer, command, exchanges, read_head, reset};
use crate::wire::upstream::{Upstream, url};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn error(exchange: &Value) -> (String, String) {
    let error = &exchange["error"];
    (
        error["source"].as_str().unwrap_or("none").to_owned(),
        error["message"].as_str().unwrap_or_default().to_owned(),
    )
}

/// Has an upstream do this after it read the request's head; returns the client's answer and the exchange.
fn with_upstream(serve: impl Fn(std::net::TcpStream) + Clone + Send + 'static) -> (String, Value) {
    let port = Upstream::raw(move |mut stream| {
        if !read_head(&mut stream).is_empty() {
            serve(stream);
        }
    });
    let recorder = Recorder::to(&url(port));
    let came = String::from_utf8_lossy(&recorder.ask(GET)).into_owned();
    (came, recorder.only())
}

#[test]
fn an_upstream_that_refuses_connections_is_a_502_in_the_apis_own_shape() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let recorder = Recorder::to(&url(port));
    let came = String::from_utf8(recorder.get("/?access_token=s3cret&'onload'=1")).unwrap();
    assert!(came.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{came}");
    assert!(came.contains("x-wraptap-error: upstream_unreachable\r\n"), "{came}");
    assert!(!came.to_lowercase().contains("retry-after"), "{came}");
    assert!(!came.contains("s3cret") && !came.contains("onload"), "{came}");
    let body: Value = serde_json::from_str(came.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(
        (body["status"].as_u64(), body["code"].as_str()),
        (Some(502), Some("wraptap.upstream_unreachable"))
    );
    let (source, message) = error(&recorder.only());
    assert_eq!(source, "upstream");
    assert!(message.contains(&format!("127.0.0.1:{port}")), "{message}");
}

#[test]
fn the_body_of_a_request_that_no_upstream_takes_is_recorded_whole() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let recorder = Recorder::to(&url(port));
    let mut client = recorder.connect();
    let head = b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 16\r\n\r\n";
    client.write_all(head).unwrap();
    client.write_all(b"{\"code\":").unwrap();
    client.write_all(b"\"x y z\"}").unwrap();
    // behind a 100, because the body is read all the same
    let came = String::from_utf8(answer(&mut client)).unwrap();
    assert!(came.contains("HTTP/1.1 502 "), "{came}");
    let exchange = recorder.only();
    assert_eq!(exchange["request"]["body"], "{\"code\":\"x y z\"}");
    assert!(exchange["request"]["body_cut"].is_null(), "{exchange}");
}

#[test]
fn an_upstream_that_has_no_address_is_a_502() {
    let recorder = Recorder::to("http://no-such-host.invalid:81");
    let came = String::from_utf8(recorder.get("/")).unwrap();
    assert!(came.starts_with("HTTP/1.1 502 ") && came.contains("upstream_not_found"), "{came}");
    assert_eq!(error(&recorder.only()).0, "upstream");
}

#[test]
fn an_upstream_that_ends_without_an_answer_is_a_502() {
    for (how, words) in [
        ("close", "closed the connection without a response"),
        ("reset", "reset the connection without a response"),
    ] {
        let (came, exchange) =
            with_upstream(move |stream| if how == "reset" { reset(stream) } else { drop(stream) });
        assert!(came.starts_with("HTTP/1.1 502 "), "{came}");
        let (source, message) = error(&exchange);
        assert_eq!(source, "upstream");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn half_a_head_and_garbage_are_502s() {
    let (came, exchange) =
        with_upstream(|mut stream| stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap());
    assert!(came.starts_with("HTTP/1.1 502 "), "{came}");
    assert!(error(&exchange).1.contains("in the middle of its response head"), "{exchange}");
    let (came, exchange) =
        with_upstream(|mut stream| stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n").unwrap());
    assert!(came.starts_with("HTTP/1.1 502 "), "{came}");
    assert!(error(&exchange).1.contains("not valid HTTP"), "{exchange}");
}

#[test]
fn a_reset_inside_the_body_is_recorded_as_the_upstreams() {
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let port = Upstream::raw(move |mut stream| {
        if read_head(&mut stream).is_empty() {
            return;
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello").unwrap();
        wait.lock().unwrap().recv().unwrap();
        reset(stream);
    });
    let recorder = Recorder::to(&url(port));
    let mut stream = recorder.connect();
    stream.write_all(GET).unwrap();
    read_head(&mut stream);
    stream.read_exact(&mut [0; 5]).unwrap();
    go_on.send(()).unwrap();
    assert!(!matches!(stream.read(&mut [0]), Ok(1..)), "the client's connection ends too");
    let (source, message) = error(&recorder.only());
    assert_eq!(source, "upstream");
    assert!(message.contains("reset the connection before the response body was complete"), "{message}");
}

#[test]
fn a_break_inside_the_body_is_recorded_as_the_upstreams() {
    let (came, exchange) = with_upstream(|mut stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello").unwrap();
    });
    assert!(came.ends_with("hello"), "{came}");
    assert_eq!(error(&exchange).0, "upstream");
    assert_eq!(exchange["response"]["body"], "hello");
    assert_eq!(exchange["response"]["body_cut"], true);
    let (came, exchange) = with_upstream(|mut stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n")
            .unwrap();
    });
    assert!(!came.contains("\r\n0\r\n"), "{came}");
    assert_eq!(error(&exchange).0, "upstream", "{exchange}");
}

#[test]
fn an_answer_that_takes_too_long_is_a_504() {
    let port = Upstream::raw(|mut stream| {
        // holds the connection until the proxy has enough
        while matches!(stream.read(&mut [0; 1024]), Ok(1..)) {}
    });
    let recorder = Recorder::start(&["--upstream", &url(port), "--upstream-timeout", "1"]);
    let came = String::from_utf8(recorder.get("/")).unwrap();
    assert!(came.starts_with("HTTP/1.1 504 ") && came.contains("upstream_timeout"), "{came}");
    let (source, message) = error(&recorder.only());
    assert_eq!(source, "upstream");
    assert!(message.contains("did not respond within 1 s"), "{message}");
}

#[test]
fn a_client_that_gives_up_is_recorded_with_the_seconds_and_the_late_answer() {
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let port = Upstream::raw(move |mut stream| {
        while !read_head(&mut stream).is_empty() {
            wait.lock().unwrap().recv().unwrap();
            stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    });
    let mut recorder = Recorder::to(&url(port));
    let mut stream = recorder.connect();
    stream.write_all(GET).unwrap();
    drop(stream);
    go_on.send(()).unwrap();
    let line = recorder.hear("client: the client gave up after 0.0 s, the response came after 0.");
    assert!(line.ends_with(" s"), "{line}");
    let exchange = recorder.only();
    assert_eq!(error(&exchange).0, "client");
    assert_eq!(exchange["response"]["status"], 202);

    let mut stream = recorder.connect();
    stream.write_all(GET).unwrap();
    reset(stream);
    recorder.hear("client: the client reset the connection after 0.0 s, before there was a response");
    assert_eq!(recorder.exchanges().len(), 2);
    go_on.send(()).unwrap();
}

#[test]
fn a_client_that_goes_in_the_middle_is_recorded_and_its_upload_never_completes() {
    let (sender, received) = std::sync::mpsc::channel();
    let (begun, reached) = std::sync::mpsc::channel();
    let port = Upstream::raw(move |mut stream| {
        read_head(&mut stream);
        let _ = begun.send(());
        let mut came = Vec::new();
        let _ = stream.read_to_end(&mut came);
        let _ = sender.send(came);
    });
    let mut recorder = Recorder::to(&url(port));
    let mut stream = recorder.connect();
    stream.write_all(b"POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello").unwrap();
    // a reset that comes before the connection is accepted takes its bytes along
    reached.recv_timeout(LIMIT).unwrap();
    reset(stream);
    recorder.hear("    client: ");
    assert_eq!(error(&recorder.only()).0, "client");
    if let Ok(came) = received.recv_timeout(LIMIT) {
        assert!(!came.ends_with(b"hello12345"));
    }
}

#[test]
fn an_endless_download_stops_when_its_client_goes() {
    let (sender, received) = std::sync::mpsc::channel();
    let port = Upstream::raw(move |mut stream| {
        read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
        let _ = sender.send(());
    });
    let mut recorder = Recorder::to(&url(port));
    let mut stream = recorder.connect();
    stream.write_all(GET).unwrap();
    stream.read_exact(&mut [0; 20_000]).unwrap();
    reset(stream);
    received.recv_timeout(LIMIT).unwrap();
    recorder.hear("    client: ");
    let exchange = recorder.only();
    assert_eq!(error(&exchange).0, "client");
    assert!(exchange["response"]["body_bytes"].as_u64().unwrap() >= 19_900);
}

/// Starts a proxy inside the test, with limits of its own.
fn in_process(port: u16, path: &Path, limits: Limits) -> ProxyServer {
    with_journal(port, Journal::open(path, JournalOptions::default()).unwrap(), limits)
}

/// Starts a proxy inside the test that records into this journal.
pub(super) fn with_journal(port: u16, journal: Journal, limits: Limits) -> ProxyServer {
    let config = ProxyConfig {
        listen: vec!["127.0.0.1:0".parse().unwrap()],
        routes: Routes::from_urls(&url(port), None).unwrap(),
        access: AccessPolicy::default(),
        trust: Trust::new(&[]).unwrap(),
        outbound: None,
        tls: None,
        tunnels: None,
        probe: false,
        limits,
    };
    serve(config, Arc::new(journal)).unwrap()
}

#[test]
fn a_head_that_comes_too_slowly_is_ended_and_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let limits = Limits { head: Duration::from_millis(50), ..Limits::default() };
    let running = in_process(9, &path, limits);
    let mut stream = std::net::TcpStream::connect(running.addresses()[0]).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
    assert!(answer(&mut stream).starts_with(b"HTTP/1.1 408 "));
    let all = exchanges(&path);
    assert_eq!(all[0]["error"]["source"], "client");
    running.stop();
    running.wait();
}

#[test]
fn an_idle_client_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let limits =
        Limits { idle: Duration::from_millis(50), head: Duration::from_millis(50), ..Limits::default() };
    let running = in_process(9, &folder.path().join("r.ndjson"), limits);
    let mut stream = std::net::TcpStream::connect(running.addresses()[0]).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    running.stop();
    running.wait();
}

#[test]
fn what_is_in_flight_at_the_end_is_recorded_as_cut_short() {
    let port = Upstream::raw(|mut stream| while matches!(stream.read(&mut [0; 1024]), Ok(1..)) {});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let limits = Limits { drain: Duration::from_millis(100), ..Limits::default() };
    let running = in_process(port, &path, limits);
    let mut stream = std::net::TcpStream::connect(running.addresses()[0]).unwrap();
    stream.write_all(GET).unwrap();
    while running.in_flight() == 0 {
        std::thread::yield_now();
    }
    running.stop();
    running.wait();
    let (source, message) = error(&exchanges(&path)[0]);
    assert_eq!(source, "wraptap");
    assert!(message.contains("wraptap was stopped after"), "{message}");
}

#[test]
fn many_idle_connections_and_few_descriptors_end_nothing() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let mut recorder = Recorder::limited("-n 64", &upstream.url());
    let mut idle: Vec<_> = (0..100).map(|_| recorder.connect()).collect();
    for stream in &mut idle {
        let _ = stream.write_all(b"GET / HTTP/1.1\r\n");
    }
    recorder.hear("as many clients are connected as the file descriptors allow");
    drop(idle);
    assert!(recorder.get("/again").ends_with(b"ok"));
    assert_eq!(recorder.end().status, 0);
}

#[test]
fn a_full_disk_loses_no_answer_is_told_loudly_and_recorded_to_again_when_there_is_room() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let folder = tempfile::tempdir().unwrap();
    let inner = command(folder.path(), &["--upstream", &upstream.url()]);
    // a limit on the file's size takes the place of a full disk
    let mut limited = std::process::Command::new("sh");
    limited.env_clear().current_dir(folder.path()).args(["-c", "ulimit -f 2; exec \"$0\" \"$@\""]);
    limited.arg(inner.get_program()).args(inner.get_args());
    let mut recorder = Recorder::run(folder, limited);
    for number in 0..6 {
        assert!(recorder.get(&format!("/{number}")).ends_with(b"ok"), "every answer reaches its client");
    }
    recorder.hear("is NOT in the recording");
    // the user makes room
    std::fs::write(recorder.path(), "").unwrap();
    assert!(recorder.get("/room").ends_with(b"ok"));
    assert_eq!(recorder.only()["request"]["target"], "/room");
    let ended = recorder.end();
    assert_eq!(ended.status, 3);
    assert!(ended.said.contains("NOT in r.ndjson: "), "{}", ended.said);
}

#[test]
fn a_recording_that_is_deleted_is_made_anew() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let recorder = Recorder::to(&upstream.url());
    recorder.get("/1");
    std::fs::remove_file(recorder.path()).unwrap();
    recorder.get("/2");
    recorder.get("/3");
    let ids: Vec<_> = recorder.exchanges().iter().map(|exchange| exchange["id"].as_u64()).collect();
    assert_eq!(ids, [Some(2), Some(3)]);
}
