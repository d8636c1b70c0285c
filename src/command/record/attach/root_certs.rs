//! The root certificates of this machine, for programs whose one certificate file replaces everything they
//! trust.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Returns the roots that this machine trusts (DER), in a fixed order, with those of `SSL_CERT_FILE` and
/// `SSL_CERT_DIR`; none if the machine has none or they cannot be read.
pub(super) fn load_system_roots() -> Vec<Vec<u8>> {
    let found = rustls_native_certs::load_native_certs().certs;
    let mut roots: Vec<Vec<u8>> = found.iter().map(|certificate| certificate.to_vec()).collect();
    roots.sort();
    roots.dedup();
    roots
}

/// Returns a certificate as PEM.
pub(super) fn to_pem(certificate: &[u8]) -> String {
    let text = STANDARD.encode(certificate);
    let mut pem = "-----BEGIN CERTIFICATE-----\n".to_owned();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem + "-----END CERTIFICATE-----\n"
}

/// Returns the first certificate (DER) in a PEM text, if there is one.
pub(super) fn parse_pem(pem: &str) -> Option<Vec<u8>> {
    CertificateDer::from_pem_slice(pem.as_bytes()).ok().map(|certificate| certificate.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_holds_the_same_bytes() {
        for length in [1, 48, 49, 1000] {
            let bytes = vec![0xa5; length];
            let text = to_pem(&bytes);
            assert!(text.lines().all(|line| line.len() <= 64));
            assert_eq!(parse_pem(&text).unwrap(), bytes);
        }
    }
}
