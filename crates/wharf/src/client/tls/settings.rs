//! How to trust and whom to be.

use super::{
    any::AnyCertificate,
    error::{TlsError, TlsFault},
    identity,
    roots::Roots,
};
use rustls::{
    ClientConfig,
    crypto::{CryptoProvider, ring},
    sign::SingleCertAndKey,
};
use std::sync::{Arc, OnceLock};

/// TLS settings for `wss://`. Cheap to clone; clones share resumable sessions.
///
/// By default a server must show a certificate for the host in the URL, signed by a root of this platform
/// (RFC 6455 §4.1, RFC 9110 §4.3.4). The platform's roots are read at the first `wss://` connection and
/// kept. The crypto provider is always named, so that nothing depends on a process-wide default.
#[derive(Debug, Clone)]
pub struct Tls(Arc<Lazy>);

/// Settings, and what was made of them at first use.
#[derive(Debug)]
struct Lazy {
    settings: TlsBuilder,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    /// Settings that are to differ from the default.
    pub fn builder() -> TlsBuilder {
        TlsBuilder::default()
    }

    /// A configuration made with rustls itself. If it names no ALPN protocol, `http/1.1` is offered.
    pub fn from_rustls(config: Arc<ClientConfig>) -> Self {
        let config = OnceLock::from(offering_http11(config));
        Self(Arc::new(Lazy { settings: TlsBuilder::default(), config }))
    }

    /// The configuration for rustls: for those who speak TLS over transports of their own. The first call may read
    /// files and block for some milliseconds.
    ///
    /// # Errors
    /// The platform has no roots, or its store cannot be read.
    pub fn to_rustls(&self) -> Result<Arc<ClientConfig>, TlsError> {
        self.config()
    }

    /// The configuration; the first call may read files and block for some milliseconds.
    pub(crate) fn config(&self) -> Result<Arc<ClientConfig>, TlsError> {
        match self.0.config.get() {
            Some(config) => Ok(Arc::clone(config)),
            None => {
                let config = Arc::new(self.0.settings.to_rustls()?);
                Ok(Arc::clone(self.0.config.get_or_init(|| config)))
            }
        }
    }

    /// The configuration, if it was made already.
    pub(crate) fn made(&self) -> Option<Arc<ClientConfig>> {
        self.0.config.get().cloned()
    }
}

impl Default for Tls {
    fn default() -> Self {
        Self::builder().build()
    }
}

/// What a server must know to find the protocol that the upgrade comes in (RFC 7301).
pub(crate) const HTTP11: &[u8] = b"http/1.1";

fn offering_http11(mut config: Arc<ClientConfig>) -> Arc<ClientConfig> {
    if config.alpn_protocols.is_empty() {
        Arc::make_mut(&mut config).alpn_protocols = vec![HTTP11.to_vec()];
    }
    config
}

/// Makes [`Tls`].
#[derive(Debug, Clone)]
pub struct TlsBuilder {
    trust: Trust,
    roots: Roots,
    identity: Option<Arc<SingleCertAndKey>>,
}

#[derive(Debug, Clone, Copy)]
enum Trust {
    Roots,
    Anything,
}

impl Default for TlsBuilder {
    fn default() -> Self {
        Self { trust: Trust::Roots, roots: Roots::of_the_platform(), identity: None }
    }
}

impl TlsBuilder {
    /// Trusts the certificates in a PEM text as roots too; one at least must be in it.
    pub fn root_pem(mut self, text: impl AsRef<[u8]>) -> Result<Self, TlsError> {
        self.roots.add_pem(text.as_ref())?;
        Ok(self)
    }

    /// Trusts a DER certificate as a root too.
    pub fn root_der(mut self, certificate: impl AsRef<[u8]>) -> Result<Self, TlsError> {
        self.roots.add_der(certificate.as_ref().into())?;
        Ok(self)
    }

    /// Does not trust the platform's roots, only those given here.
    #[must_use]
    pub const fn without_platform_roots(mut self) -> Self {
        self.roots.ignore_the_platform();
        self
    }

    /// Shows this certificate to a server that asks for one: the chain, own certificate first, and the
    /// private key (PKCS #8, PKCS #1 or SEC1), both as PEM.
    pub fn client_certificate_pem(
        mut self,
        chain: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
    ) -> Result<Self, TlsError> {
        self.identity = Some(identity::from_pem(chain.as_ref(), key.as_ref(), &provider())?);
        Ok(self)
    }

    /// The same in DER.
    pub fn client_certificate_der<C: AsRef<[u8]>>(
        mut self,
        chain: impl IntoIterator<Item = C>,
        key: impl AsRef<[u8]>,
    ) -> Result<Self, TlsError> {
        let chain = chain.into_iter().map(|one| one.as_ref().to_vec().into()).collect();
        self.identity = Some(identity::from_der(chain, key.as_ref(), &provider())?);
        Ok(self)
    }

    /// **Dangerous.** Takes any certificate for any host. Whoever sits between you and the server can
    /// read and change everything, as without TLS. For experiments on one's own machine only.
    #[must_use]
    pub const fn dangerously_accept_any_certificate(mut self) -> Self {
        self.trust = Trust::Anything;
        self
    }

    /// The settings. The platform's roots are read at first use.
    pub fn build(self) -> Tls {
        Tls(Arc::new(Lazy { settings: self, config: OnceLock::new() }))
    }

    fn to_rustls(&self) -> Result<ClientConfig, TlsError> {
        let provider = provider();
        let algorithms = provider.signature_verification_algorithms;
        let with_versions = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TlsFault::Provider)?;
        let with_trust = match self.trust {
            Trust::Roots => with_versions.with_root_certificates(self.roots.load()?),
            Trust::Anything => with_versions
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyCertificate(algorithms))),
        };
        let mut config = match &self.identity {
            Some(pair) => with_trust.with_client_cert_resolver(Arc::clone(pair) as _),
            None => with_trust.with_no_client_auth(),
        };
        config.alpn_protocols = vec![HTTP11.to_vec()];
        Ok(config)
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
