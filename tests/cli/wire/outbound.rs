//! A region's two hosts, reached through a company's proxy: who gets what, and what is said when there is no way.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::wire::recorder::{LIMIT, Recorder, command, read_head};
use crate::wire::tls_server::{Flaw, Goodbye, Server, server_named};
use crate::wire::upstream::Upstream;

const API: &str = "api.mypurecloud.de";
const LOGIN: &str = "login.mypurecloud.de";
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

/// A company's proxy: opens a way to the servers it knows by name, and keeps what it was asked.
struct Company {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Company {
    fn knowing(servers: &[(&str, u16)]) -> Self {
        let servers: Vec<_> = servers.iter().map(|(name, port)| (format!("{name}:443"), *port)).collect();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        let port = Upstream::raw(move |mut client| {
            let head = String::from_utf8(read_head(&mut client)).unwrap();
            let target = head.split(' ').nth(1).unwrap_or_default();
            let known = servers.iter().find(|(name, _)| name == target);
            kept.lock().unwrap().push(head.clone());
            let Some((_, port)) = known else {
                let _ = client
                    .write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                return;
            };
            let server = TcpStream::connect(("127.0.0.1", *port)).unwrap();
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
            let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let up = std::thread::spawn(move || pipe(from, to));
            pipe(server, client);
            up.join().unwrap();
        });
        Self { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Carries bytes one way to their end.
fn pipe(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

/// Records a region that is reached through `company`, trusting `authorities`.
fn record(company: &Company, authorities: &[&Server]) -> Recorder {
    let folder = tempfile::tempdir().unwrap();
    let pem: String = authorities.iter().map(|server| server.ca.as_str()).collect();
    std::fs::write(folder.path().join("ca.pem"), pem).unwrap();
    let proxy = format!("http://me:hunter2@127.0.0.1:{}", company.port);
    let args = ["--region", "mypurecloud.de", "--ca-file", "ca.pem", "--upstream-proxy", &proxy];
    let command = command(folder.path(), &args);
    Recorder::run(folder, command)
}

/// Returns what was changed of the request, in words.
fn changed(exchange: &Value) -> Vec<String> {
    let all = exchange["changed"].as_array().unwrap().iter();
    all.filter(|change| change["side"] == "request")
        .map(|change| {
            [&change["what"], &change["from"], &change["to"]]
                .map(|part| part.as_str().unwrap_or("none"))
                .join(" ")
        })
        .collect()
}

#[test]
fn a_region_is_reached_through_the_companys_proxy_logins_at_their_own_host() {
    let api = server_named(&[API], Flaw::None, OK, Goodbye::Proper);
    let login = server_named(&[LOGIN], Flaw::None, OK, Goodbye::Proper);
    let company = Company::knowing(&[(API, api.port), (LOGIN, login.port)]);
    let recorder = record(&company, &[&api, &login]);
    let host = format!("localhost:{}", recorder.port);
    let form = "grant_type=client_credentials";
    let came = recorder.ask(format!(
        "POST /oauth/token HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    ));
    assert!(came.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", String::from_utf8_lossy(&came));
    for target in ["/api/v2/users/me?expand=groups", "//api/v2/users/me", "/api/api/v2/users/me"] {
        let came = recorder.ask(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert!(came.ends_with(b"{}"), "{target}: {}", String::from_utf8_lossy(&came));
    }

    // each host had its own, under its own name
    let received = String::from_utf8(login.received.recv_timeout(LIMIT).unwrap()).unwrap();
    assert_eq!(
        received,
        format!("POST /oauth/token HTTP/1.1\r\nHost: {LOGIN}\r\nContent-Length: 29\r\n\r\n{form}")
    );
    assert!(login.received.try_recv().is_err(), "nothing but the login");
    for target in ["/api/v2/users/me?expand=groups", "/api/v2/users/me", "/api/v2/users/me"] {
        let received = String::from_utf8(api.received.recv_timeout(LIMIT).unwrap()).unwrap();
        assert_eq!(received, format!("GET {target} HTTP/1.1\r\nHost: {API}\r\n\r\n"));
    }
    // the proxy's password goes to the proxy alone
    let asked = company.asked();
    assert_eq!(asked.len(), 4);
    for (number, head) in asked.iter().enumerate() {
        let name = if number == 0 { LOGIN } else { API };
        assert!(head.starts_with(&format!("CONNECT {name}:443 HTTP/1.1\r\nHost: {name}:443\r\n")), "{head}");
        assert!(head.contains("Proxy-Authorization: Basic bWU6aHVudGVyMg==\r\n"), "{head}");
    }

    let all = recorder.exchanges();
    let upstreams: Vec<_> = all.iter().map(|exchange| &exchange["upstream"]).collect();
    let (to_login, to_api) = (json!(format!("https://{LOGIN}")), json!(format!("https://{API}")));
    assert_eq!(upstreams, [&to_login, &to_api, &to_api, &to_api]);
    assert_eq!(changed(&all[0]), [format!("Host {host} {LOGIN}")]);
    let to_api = format!("Host {host} {API}");
    assert_eq!(changed(&all[1]), [to_api.as_str()]);
    assert_eq!(changed(&all[2]), ["target //api/v2/users/me /api/v2/users/me", &to_api]);
    assert_eq!(changed(&all[3]), ["target /api/api/v2/users/me /api/v2/users/me", &to_api]);
    let recording = std::fs::read_to_string(recorder.path()).unwrap();
    assert!(!recording.contains("bWU6aHVudGVyMg"), "{recording}");
    let said = recorder.end().said;
    let line = format!("going out through http://127.0.0.1:{} (with a password)\n", company.port);
    assert!(said.contains(&line) && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_proxy_that_opens_no_way_is_a_502_that_names_it() {
    let company = Company::knowing(&[]);
    let recorder = record(&company, &[&server_named(&[API], Flaw::None, OK, Goodbye::Proper)]);
    let came = String::from_utf8(
        recorder
            .ask("GET /api/v2/users/me HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\n\r\n"),
    )
    .unwrap();
    assert!(
        came.starts_with("HTTP/1.1 502 ") && came.contains("x-wraptap-error: upstream_proxy\r\n"),
        "{came}"
    );
    assert!(came.contains("--upstream-proxy"), "{came}");
    assert!(!company.asked()[0].contains("s3cret"), "the request's token is not for the proxy");
    let exchange = recorder.only();
    assert_eq!(exchange["error"]["source"], "upstream");
    let message = exchange["error"]["message"].as_str().unwrap();
    let named = format!(
        "the upstream proxy 127.0.0.1:{} did not connect to {API}:443: it answered 407 Proxy Authentication Required",
        company.port
    );
    assert!(message.starts_with(&named), "{message}");
}

#[test]
fn a_certificate_for_another_host_is_refused_behind_a_proxy_too() {
    let other = server_named(&["other.test"], Flaw::None, OK, Goodbye::Proper);
    let company = Company::knowing(&[(API, other.port)]);
    let recorder = record(&company, &[&other]);
    let came = String::from_utf8(recorder.get("/api/v2/users/me")).unwrap();
    assert!(came.starts_with("HTTP/1.1 502 ") && came.contains("for another name"), "{came}");
    assert_eq!(other.received.recv_timeout(LIMIT).unwrap(), b"", "nothing was sent to an unverified peer");
}

#[test]
fn a_proxy_that_is_not_there_is_blamed_itself_and_not_the_upstream() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (upstream, proxy, server) in [
        ("https://api.internal", format!("127.0.0.1:{port}"), "api.internal:443"),
        ("http://api.internal", format!("127.0.0.1:{port}"), "api.internal:80"),
        ("https://api.internal", "no-such-proxy.invalid:3128".to_owned(), "api.internal:443"),
    ] {
        let recorder = Recorder::start(&["--upstream", upstream, "--upstream-proxy", &proxy]);
        let came = String::from_utf8(recorder.get("/")).unwrap();
        let named = format!("the upstream proxy {proxy} did not connect to {server}: it cannot be reached: ");
        assert!(came.contains("x-wraptap-error: upstream_proxy\r\n"), "{came}");
        assert!(came.contains(&named) && came.contains("check `--upstream-proxy`"), "{came}");
    }
}
