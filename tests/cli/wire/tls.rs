//! TLS on both sides: upstream faults by name, with the token kept from who is not verified, and clients that
//! insist on TLS.

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::wire::recorder::{LIMIT, Recorder, read_head};
use crate::wire::tls_server::{Flaw, Goodbye, Server, server};
use crate::wire::upstream::Upstream;

const ASK: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\n\r\n";

fn record(server: &Server, trust: bool) -> (Recorder, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), &server.ca).unwrap();
    let url = format!("https://localhost:{}", server.port);
    let mut args = vec!["--upstream", &url];
    if trust {
        args.extend(["--ca-file", "ca.pem"]);
    }
    let command = crate::wire::recorder::command(folder.path(), &args);
    let recorder = Recorder::run(folder, command);
    let came = String::from_utf8_lossy(&recorder.ask(ASK)).into_owned();
    (recorder, came)
}

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const ENDLESS: &[u8] = b"HTTP/1.1 200 OK\r\n\r\nhello";

#[test]
fn a_trusted_upstream_is_spoken_to_in_tls() {
    let server = server(Flaw::None, HELLO, Goodbye::Proper);
    let (recorder, came) = record(&server, true);
    assert!(came.ends_with("hello"), "{came}");
    assert_eq!(recorder.only()["upstream"], format!("https://localhost:{}", server.port));
    assert!(
        String::from_utf8(server.received.recv_timeout(LIMIT).unwrap()).unwrap().contains("Bearer s3cret")
    );
}

#[test]
fn each_flaw_of_a_certificate_has_its_name_and_no_token_is_sent() {
    for (flaw, trust, words, hint) in [
        (Flaw::None, false, "unknown CA", "--ca-file"),
        (Flaw::Expired, true, "out of date", "clock"),
        (Flaw::OtherName, true, "for another name", "--upstream"),
    ] {
        let server = server(flaw, HELLO, Goodbye::Proper);
        let (recorder, came) = record(&server, trust);
        assert!(came.starts_with("HTTP/1.1 502 ") && came.contains("upstream_tls"), "{came}");
        assert!(came.contains(words) && came.contains(hint), "{words}: {came}");
        let exchange = recorder.only();
        assert_eq!(exchange["error"]["source"], "upstream");
        let message = exchange["error"]["message"].as_str().unwrap();
        assert!(message.contains(words) && message.contains(hint), "{message}");
        assert_eq!(
            server.received.recv_timeout(LIMIT).unwrap(),
            b"",
            "nothing was sent to an unverified peer"
        );
    }
}

#[test]
fn an_upstream_that_speaks_no_tls_or_cuts_the_handshake_is_named() {
    for (answer, words) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "does not speak TLS"),
        (b"", "cut the connection during the TLS handshake"),
    ] {
        let port = Upstream::raw(move |mut stream| {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer);
        });
        let recorder = Recorder::start(&["--upstream", &format!("https://localhost:{port}")]);
        let came = String::from_utf8_lossy(&recorder.ask(ASK)).into_owned();
        assert!(came.starts_with("HTTP/1.1 502 ") && came.contains(words), "{came}");
    }
}

#[test]
fn a_body_cut_without_a_goodbye_is_not_whole() {
    let missing = server(Flaw::None, ENDLESS, Goodbye::Missing);
    let (recorder, came) = record(&missing, true);
    assert!(came.contains("hello") && !came.contains("0\r\n\r\n"), "{came}");
    let exchange = recorder.only();
    assert_eq!(exchange["error"]["source"], "upstream");
    assert!(exchange["error"]["message"].as_str().unwrap().contains("no close_notify"), "{exchange}");
    assert_eq!(exchange["response"]["body_cut"], true);

    let proper = server(Flaw::None, ENDLESS, Goodbye::Proper);
    let (recorder, came) = record(&proper, true);
    assert!(came.ends_with("0\r\n\r\n"), "{came}");
    assert!(recorder.only().get("error").is_none());
}

/// Speaks TLS with the recorder, trusting the certificate it left beside the recording.
fn tls_client(
    recorder: &Recorder,
    stream: std::net::TcpStream,
) -> StreamOwned<ClientConnection, std::net::TcpStream> {
    let mut roots = RootCertStore::empty();
    let path = recorder.folder.path().join("wraptap-ca.pem");
    roots.add(CertificateDer::from_pem_file(path).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream)
}

fn read_all(tls: &mut impl Read) -> String {
    let mut came = Vec::new();
    match tls.read_to_end(&mut came) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
        Err(error) => panic!("{error}"),
    }
    String::from_utf8(came).unwrap()
}

#[test]
fn clients_that_insist_on_tls_are_served_on_the_same_port() {
    let upstream = Upstream::answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let recorder = Recorder::start(&["--upstream", &upstream.url(), "--tls"]);
    let mut tls = tls_client(&recorder, recorder.connect());
    tls.write_all(b"GET /tls HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    assert!(read_all(&mut tls).ends_with("ok"));
    assert!(recorder.get("/plain").ends_with(b"ok"), "plain clients are served too");

    let mut stream = recorder.connect();
    let target = format!("127.0.0.1:{}", upstream.port);
    stream.write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes()).unwrap();
    assert!(read_head(&mut stream).starts_with(b"HTTP/1.1 200"));
    let mut tls = tls_client(&recorder, stream);
    tls.write_all(b"GET /inside HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    assert!(read_all(&mut tls).ends_with("ok"));

    let all: Vec<_> = recorder
        .exchanges()
        .iter()
        .map(|exchange| (exchange["request"]["target"].clone(), exchange["connection"]["tls"].clone()))
        .collect();
    assert_eq!(
        all,
        [
            ("/tls".into(), "TLS 1.3".into()),
            ("/plain".into(), serde_json::Value::Null),
            ("/inside".into(), "TLS 1.3".into())
        ]
    );
    let ended = recorder.end();
    for line in ["NODE_EXTRA_CA_CERTS=", "SSL_CERT_FILE=", "keytool", "--cacert"] {
        assert!(ended.said.contains(line), "{}", ended.said);
    }
}
