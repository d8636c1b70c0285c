//! TLS to an upstream: the platform's roots, further ones from a file, and certificate errors by name.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Which upstreams are trusted. The platform's verifier is set up with the first https server: where the
/// store of certificates is broken, http servers work.
#[derive(Clone)]
pub struct Trust {
    extra: Vec<CertificateDer<'static>>,
    connector: Arc<OnceLock<TlsConnector>>,
}

/// Why TLS to upstreams cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file with further roots cannot be read.
    #[error("cannot read the certificates in {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// The file holds no certificate.
    #[error("there is no PEM certificate in {path}")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A verifier cannot be made.
    #[error("cannot set up the verification of certificates")]
    Verifier(#[source] rustls::Error),
}

/// Why a TLS handshake failed.
#[derive(Debug, Eq, PartialEq)]
pub enum TlsFault {
    /// The certificate has expired or is not valid yet.
    Expired(String),
    /// The certificate is for other names.
    WrongName(String),
    /// It is not signed by an authority that this machine trusts.
    UnknownIssuer,
    /// The certificate is invalid for another reason.
    Certificate(String),
    /// The server does not speak TLS.
    NotTls,
    /// The connection ended in the middle of the handshake.
    Cut,
    /// The server refused, or another error.
    Other(String),
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trust")
    }
}

impl Trust {
    /// Trusts the certificates in `ca_files` (PEM), and what the platform trusts.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or holds no certificate.
    pub fn new(ca_files: &[PathBuf]) -> Result<Self, TrustError> {
        let mut extra = Vec::new();
        for path in ca_files {
            extra.extend(certificates(path)?);
        }
        Ok(Self { extra, connector: Arc::default() })
    }

    /// Sets up the platform's verifier for a server that is known to need it: a fault shows at the start.
    ///
    /// # Errors
    ///
    /// If the platform's store of certificates cannot be used.
    pub fn prepare(&self) -> Result<(), TrustError> {
        self.connector().map(|_| ())
    }

    fn connector(&self) -> Result<&TlsConnector, TrustError> {
        if let Some(connector) = self.connector.get() {
            return Ok(connector);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Verifier::new_with_extra_roots(self.extra.clone(), Arc::clone(&provider))
            .map_err(TrustError::Verifier)?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TrustError::Verifier)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(self.connector.get_or_init(|| TlsConnector::from(Arc::new(config))))
    }

    /// Speaks TLS on `stream` with the server called `host`.
    ///
    /// # Errors
    ///
    /// If the handshake fails; nothing else was sent then.
    pub async fn connect(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, TlsFault> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| TlsFault::Other(format!("`{host}` is no name a certificate can have")))?;
        let connector = self.connector().map_err(|error| TlsFault::Other(error.to_string()))?;
        connector.connect(name, stream).await.map_err(|error| TlsFault::from_io(&error))
    }
}

impl TlsFault {
    /// Returns the reason for an error of the TLS stream.
    pub fn from_io(error: &io::Error) -> Self {
        let Some(fault) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
            return match error.kind() {
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::ConnectionAborted => Self::Cut,
                _ => Self::Other(error.to_string()),
            };
        };
        match fault {
            rustls::Error::InvalidCertificate(certificate) => match certificate {
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::Expired(certificate.to_string()),
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Self::WrongName(certificate.to_string())
                }
                CertificateError::UnknownIssuer => Self::UnknownIssuer,
                other => Self::Certificate(other.to_string()),
            },
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Other(other.to_string()),
        }
    }

    /// Describes the error of the server called `host` in a sentence.
    pub fn message(&self, host: &str) -> String {
        match self {
            Self::Expired(detail) => format!("the certificate of {host} is out of date ({detail})"),
            Self::WrongName(detail) => format!("the certificate of {host} is for another name ({detail})"),
            Self::UnknownIssuer => {
                format!(
                    "the certificate of {host} is signed by an authority this machine does not know (unknown CA)"
                )
            }
            Self::Certificate(detail) => format!("the certificate of {host} is not valid ({detail})"),
            Self::NotTls => format!("{host} does not speak TLS on this port"),
            Self::Cut => format!("{host} cut the connection during the TLS handshake"),
            Self::Other(detail) => format!("the TLS handshake with {host} failed ({detail})"),
        }
    }

    /// Returns what the user can do about it, if there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Expired(_) => Some("check this machine's clock, else the server needs a new certificate"),
            Self::WrongName(_) => Some("use a host name the certificate names in `--upstream`"),
            Self::UnknownIssuer => Some(
                "if you trust it (a company proxy, a test server), pass its CA certificate: `wraptap record --ca-file ca.pem …`",
            ),
            Self::NotTls => Some("use an `http://` upstream for a server without TLS"),
            Self::Certificate(_) | Self::Cut | Self::Other(_) => None,
        }
    }
}

/// Reads the certificates of a PEM file.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let read = |source| TrustError::Read { path: path.to_owned(), source };
    let found: Vec<_> =
        CertificateDer::pem_file_iter(path).map_err(read)?.collect::<Result<_, _>>().map_err(read)?;
    if found.is_empty() {
        return Err(TrustError::Empty { path: path.to_owned() });
    }
    Ok(found)
}
