//! A certificate authority for one run, for clients that insist on TLS.
//!
//! Its key is never written anywhere, so no one else can use it, and it ends with the run. Each start makes a
//! new certificate, under the same path.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// How many days ago the certificates became valid, for clients whose clock is behind.
const BEFORE_DAYS: i64 = 1;
/// How many days they stay valid: longer than any run records.
const AFTER_DAYS: i64 = 30;

/// The configuration of a TLS listener, and the certificate that its clients have to trust.
#[derive(Debug)]
pub struct LocalCa {
    /// The authority's certificate, PEM.
    pub certificate: String,
    /// TLS with one certificate for all names.
    pub server: Arc<ServerConfig>,
}

/// Why the authority cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum LocalCaError {
    /// A certificate cannot be made, for instance because of an invalid name.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// TLS does not accept the certificate.
    #[error("cannot set up TLS")]
    Tls(#[from] rustls::Error),
}

impl LocalCa {
    /// Makes an authority, and a certificate of it for `names` (host names and addresses).
    ///
    /// # Errors
    ///
    /// If one of the names is not allowed in a certificate.
    pub fn new(names: &[String]) -> Result<Self, LocalCaError> {
        let key = KeyPair::generate()?;
        let mut params = params_for(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.distinguished_name.push(DnType::CommonName, "wraptap (this run only)");
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key)?;
        let issuer = Issuer::new(params, key);

        let leaf_key = KeyPair::generate()?;
        let mut leaf = params_for(names.to_vec())?;
        leaf.distinguished_name.push(DnType::CommonName, "wraptap");
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let leaf = leaf.signed_by(&leaf_key, &issuer)?;

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone(), certificate.der().clone()], secret)?;
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { certificate: certificate.pem(), server: Arc::new(server) })
    }
}

fn params_for(names: Vec<String>) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    let day = 24 * 60 * 60;
    let now = jiff::Timestamp::now().as_second();
    let date = |second: i64| {
        let zoned =
            jiff::Timestamp::from_second(second).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
        rcgen::date_time_ymd(
            i32::from(zoned.year()),
            zoned.month().unsigned_abs(),
            zoned.day().unsigned_abs(),
        )
    };
    params.not_before = date(now - BEFORE_DAYS * day);
    params.not_after = date(now + AFTER_DAYS * day);
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::LocalCa;

    #[test]
    fn every_run_has_another_authority() {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned(), "api.mypurecloud.de".to_owned()];
        let (one, two) = (LocalCa::new(&names).unwrap(), LocalCa::new(&names).unwrap());
        assert!(one.certificate.starts_with("-----BEGIN CERTIFICATE-----"));
        assert_ne!(one.certificate, two.certificate);
    }

    #[test]
    fn a_name_that_is_not_allowed_in_a_certificate_is_an_error() {
        assert!(LocalCa::new(&["käse".to_owned()]).is_err());
    }
}
