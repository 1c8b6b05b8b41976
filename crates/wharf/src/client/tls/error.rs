//! What can be wrong with TLS before and after its handshake.

use rustls::{AlertDescription, pki_types::pem};
use std::{error::Error, fmt, io};

/// TLS settings that cannot be used, or a connection they do not fit.
#[derive(Debug)]
pub struct TlsError(TlsFault);

#[derive(Debug)]
pub(crate) enum TlsFault {
    /// A certificate and a key that are no pair, or one of a kind the provider does not know.
    Identity(rustls::Error),
    /// The server's choice of protocol was HTTP/2.
    Http2,
    /// Bytes that are none of the known forms of a private key.
    KeyFormat,
    /// What the platform's certificate store answered instead of a certificate.
    NoPlatformRoots(Option<rustls_native_certs::Error>),
    /// PEM text, and the kind of section looked for in it.
    Pem(&'static str, pem::Error),
    /// The provider has none of the protocol versions; the ring provider has them all.
    Provider(rustls::Error),
    /// A certificate that cannot be a root.
    Root(rustls::Error),
    /// A host that no certificate can name.
    ServerName(String),
}

impl From<TlsFault> for TlsError {
    fn from(fault: TlsFault) -> Self {
        Self(fault)
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            TlsFault::Identity(_) => {
                f.write_str("the client certificate cannot be used with its key")
            }
            TlsFault::Http2 => f.write_str(
                "the server chose HTTP/2 (ALPN h2), where this handshake may not be sent; \
                 offer http/1.1 alone",
            ),
            TlsFault::KeyFormat => {
                f.write_str("the private key is in none of the forms PKCS #8, PKCS #1 and SEC1")
            }
            TlsFault::NoPlatformRoots(_) => f.write_str(
                "no root certificate was found on this system; install its CA certificates, \
                 or name your own roots",
            ),
            TlsFault::Pem(kind, _) => write!(f, "the PEM text holds no usable {kind}"),
            TlsFault::Provider(_) => f.write_str("the crypto provider knows no version of TLS"),
            TlsFault::Root(_) => f.write_str("the certificate cannot be a root"),
            TlsFault::ServerName(host) => {
                write!(f, "no certificate can name the host {host:?}")
            }
        }
    }
}

impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            TlsFault::Identity(error) | TlsFault::Provider(error) | TlsFault::Root(error) => {
                Some(error)
            }
            TlsFault::NoPlatformRoots(error) => error.as_ref().map(|error| error as _),
            TlsFault::Pem(_, error) => Some(error),
            TlsFault::Http2 | TlsFault::KeyFormat | TlsFault::ServerName(_) => None,
        }
    }
}

/// Whether an error of a stream is one of the TLS in it.
pub(crate) fn is_of_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
}

/// Whether an error of a stream is about a certificate, the peer's or our own: it will be the same the next time.
pub(crate) fn is_about_certificates(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match error {
        Some(rustls::Error::AlertReceived(alert)) => matches!(
            alert,
            AlertDescription::AccessDenied
                | AlertDescription::BadCertificate
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateRequired
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::UnsupportedCertificate
        ),
        Some(error) => matches!(
            error,
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented
        ),
        None => false,
    }
}
