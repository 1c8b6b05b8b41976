//! Who we are, for a server that asks.

use super::{
    error::{TlsError, TlsFault},
    roots::certificates,
};
use rustls::{
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};
use std::sync::Arc;

/// A client certificate with its chain, and the key that belongs to it, both in PEM.
pub(crate) fn from_pem(
    chain: &[u8],
    key: &[u8],
    provider: &CryptoProvider,
) -> Result<Arc<SingleCertAndKey>, TlsError> {
    let key = PrivateKeyDer::from_pem_slice(key);
    pair(certificates(chain)?, key.map_err(|error| TlsFault::Pem("private key", error))?, provider)
}

/// The same in DER.
pub(crate) fn from_der(
    chain: Vec<CertificateDer<'static>>,
    key: &[u8],
    provider: &CryptoProvider,
) -> Result<Arc<SingleCertAndKey>, TlsError> {
    let key = PrivateKeyDer::try_from(key).map_err(|_| TlsFault::KeyFormat)?;
    pair(chain, key.clone_key(), provider)
}

fn pair(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    provider: &CryptoProvider,
) -> Result<Arc<SingleCertAndKey>, TlsError> {
    let pair = CertifiedKey::from_der(chain, key, provider).map_err(TlsFault::Identity)?;
    Ok(Arc::new(pair.into()))
}
