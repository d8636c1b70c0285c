//! TLS servers for tests, with certificates that are right or wrong in one way.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::wire::upstream::Upstream;

/// A TLS server with a certificate of its own authority.
pub(super) struct Server {
    pub(super) port: u16,
    /// The authority's certificate, PEM.
    pub(super) ca: String,
    /// What was sent to it inside TLS.
    pub(super) received: Receiver<Vec<u8>>,
}

/// How a certificate is wrong.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Flaw {
    None,
    Expired,
    OtherName,
}

/// How the server ends after its answer.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Goodbye {
    Proper,
    Missing,
}

/// Serves as `localhost`, unless the flaw is the name.
pub(super) fn server(flaw: Flaw, answer: &'static [u8], goodbye: Goodbye) -> Server {
    let name = if flaw == Flaw::OtherName { "other.test" } else { "localhost" };
    server_named(&[name], flaw, answer, goodbye)
}

/// Serves under these names: one request a connection, all with the same answer.
pub(super) fn server_named(names: &[&str], flaw: Flaw, answer: &'static [u8], goodbye: Goodbye) -> Server {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_certificate = ca.self_signed(&ca_key).unwrap();
    let issuer = Issuer::new(ca, ca_key);
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut leaf = CertificateParams::new(names).unwrap();
    leaf.not_before = rcgen::date_time_ymd(2020, 1, 1);
    leaf.not_after = rcgen::date_time_ymd(if flaw == Flaw::Expired { 2021 } else { 2090 }, 1, 1);
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    let config = Arc::new(config);
    let (sender, received) = channel();
    let port = Upstream::raw(move |stream| {
        let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        let mut came = Vec::new();
        let mut byte = [0];
        while !came.ends_with(b"\r\n\r\n") {
            match tls.read(&mut byte) {
                Ok(1) => came.push(byte[0]),
                _ => break,
            }
        }
        let head = String::from_utf8_lossy(&came).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        let mut sent = vec![0; length.unwrap_or(0)];
        if tls.read_exact(&mut sent).is_ok() {
            came.extend(sent);
        }
        let _ = sender.send(came.clone());
        if came.is_empty() {
            return;
        }
        tls.write_all(answer).unwrap();
        if goodbye == Goodbye::Proper {
            tls.conn.send_close_notify();
        }
        tls.flush().unwrap();
    });
    Server { port, ca: ca_certificate.pem(), received }
}
