//! TLS on the server's side.

use crate::transport::Transport;
use bytes::Bytes;
use rustls::{
    ServerConfig, ServerConnection,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{error, fmt, io, sync::Arc};
use tokio_rustls::TlsAcceptor;

/// The only protocol that this acceptor speaks inside TLS (RFC 7301 §6).
pub(super) const HTTP_1_1: &[u8] = b"http/1.1";

/// How a server speaks TLS; cheap to clone.
#[derive(Clone)]
pub struct ServerTls(pub(super) TlsAcceptor);

/// What TLS knows of a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerTls {
    /// The host that the client asked for (SNI, RFC 6066 §3).
    pub server_name: Option<String>,
    /// The client's certificates in DER, its own first; empty if none was asked for. rustls has verified them
    /// as the configuration says.
    pub certificates: Vec<Bytes>,
}

impl ServerTls {
    /// TLS 1.2 and 1.3 with a chain of certificates, the server's own first, and its private key (PKCS#8,
    /// PKCS#1 or SEC1), both in PEM. No client certificate is asked for; ALPN offers `http/1.1`; the
    /// cryptography is ring's, whatever provider the process has installed. Who comes again resumes its session
    /// by a ticket (RFC 8446 §2.2), for which the server keeps nothing but a key that changes every six hours.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, ServerTlsError> {
        let chain = CertificateDer::pem_slice_iter(chain)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| ServerTlsError::Certificate(error.to_string()))?;
        if chain.is_empty() {
            return Err(ServerTlsError::Certificate("no CERTIFICATE section".into()));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| ServerTlsError::Key(error.to_string()))?;
        let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| ServerTlsError::Pair(error.to_string()))?;
        config.alpn_protocols = vec![HTTP_1_1.to_vec()];
        resume(&mut config);
        Ok(Self::from_config(config.into()))
    }

    /// A configuration of one's own, used as it is: client certificates, several hosts, tickets. Its ALPN
    /// must be empty or offer `http/1.1`; a connection on which another protocol was agreed is closed.
    pub fn from_config(config: Arc<ServerConfig>) -> Self {
        Self(TlsAcceptor::from(config))
    }

    pub(super) async fn accept(&self, transport: Transport) -> io::Result<(Transport, PeerTls)> {
        let stream = self.0.accept(transport).await?;
        let session = stream.get_ref().1;
        if session.alpn_protocol().is_some_and(|agreed| agreed != HTTP_1_1) {
            let wrong = rustls::Error::General("ALPN agreed on another protocol".into());
            return Err(io::Error::other(wrong));
        }
        let peer = PeerTls::of(session);
        Ok((Transport::new(stream), peer))
    }
}

/// A client that comes again needs no signature of ours. rustls by itself remembers 256 sessions, which is none
/// where thousands come again at once.
fn resume(config: &mut ServerConfig) {
    // Without randomness for its key there is no ticket, and then no TLS either.
    if let Ok(ticketer) = ring::Ticketer::new() {
        config.ticketer = ticketer;
    }
    // A client has one use for it: its next connection.
    config.send_tls13_tickets = 1;
}

impl PeerTls {
    pub(super) fn of(session: &ServerConnection) -> Self {
        let certificates = session.peer_certificates().unwrap_or_default();
        Self {
            server_name: session.server_name().map(Into::into),
            certificates: certificates.iter().map(|der| Bytes::copy_from_slice(der)).collect(),
        }
    }
}

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls").finish_non_exhaustive()
    }
}

/// A certificate or key that no server can use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerTlsError {
    /// The chain holds no certificate, or is no PEM.
    Certificate(String),
    /// There is no private key, or it is no PEM.
    Key(String),
    /// Key and certificate do not fit each other, or are of a kind that rustls does not use.
    Pair(String),
}

impl fmt::Display for ServerTlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(what) => {
                write!(f, "the certificate chain cannot be read: {what}; give it as PEM")
            }
            Self::Key(what) => {
                write!(f, "the private key cannot be read: {what}; give it as PEM, not encrypted")
            }
            Self::Pair(what) => {
                write!(f, "certificate and key cannot be used: {what}; does the key belong to it?")
            }
        }
    }
}

impl error::Error for ServerTlsError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    fn refused(chain: &str, key: &str) -> ServerTlsError {
        ServerTls::from_pem(chain.as_bytes(), key.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_certificate_with_its_key_is_taken() {
        let (chain, key) = pair();
        assert!(ServerTls::from_pem(chain.as_bytes(), key.as_bytes()).is_ok());
    }

    #[test]
    fn what_cannot_be_used_is_an_error_that_names_it() {
        let ((chain, key), (_, stranger)) = (pair(), pair());
        assert!(matches!(refused("", &key), ServerTlsError::Certificate(_)));
        assert!(matches!(refused(&key, &key), ServerTlsError::Certificate(_)));
        assert!(matches!(refused(&chain, ""), ServerTlsError::Key(_)));
        assert!(matches!(refused(&chain, &chain), ServerTlsError::Key(_)));
        assert!(matches!(refused(&chain, &stranger), ServerTlsError::Pair(_)));
    }
}
