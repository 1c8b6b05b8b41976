//! Whose signature makes a server's certificate good.

use super::error::{TlsError, TlsFault};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

/// The roots of trust.
#[derive(Debug, Clone)]
pub(crate) struct Roots {
    platform: Platform,
    own: RootCertStore,
}

/// Whether the platform's roots count.
#[derive(Debug, Clone, Copy)]
enum Platform {
    Trusted,
    Ignored,
}

impl Roots {
    pub(crate) fn of_the_platform() -> Self {
        Self { platform: Platform::Trusted, own: RootCertStore::empty() }
    }

    pub(crate) const fn ignore_the_platform(&mut self) {
        self.platform = Platform::Ignored;
    }

    pub(crate) fn add_der(&mut self, certificate: CertificateDer<'_>) -> Result<(), TlsError> {
        Ok(self.own.add(certificate).map_err(TlsFault::Root)?)
    }

    pub(crate) fn add_pem(&mut self, text: &[u8]) -> Result<(), TlsError> {
        certificates(text)?.into_iter().try_for_each(|certificate| self.add_der(certificate))
    }

    /// All of them. Reads the platform's store: some milliseconds of blocking file access.
    pub(crate) fn load(&self) -> Result<RootCertStore, TlsError> {
        match self.platform {
            Platform::Ignored => Ok(self.own.clone()),
            Platform::Trusted => {
                let found = rustls_native_certs::load_native_certs();
                self.with(found.certs, found.errors)
            }
        }
    }

    fn with(
        &self,
        certificates: Vec<CertificateDer<'static>>,
        errors: Vec<rustls_native_certs::Error>,
    ) -> Result<RootCertStore, TlsError> {
        let mut roots = self.own.clone();
        // A store may hold a relic that today's rules do not parse; the others are good nevertheless.
        roots.add_parsable_certificates(certificates);
        if roots.is_empty() {
            return Err(TlsFault::NoPlatformRoots(errors.into_iter().next()).into());
        }
        Ok(roots)
    }
}

/// All certificates of a PEM text; one at least.
pub(crate) fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    const KIND: &str = "certificate";
    let found = CertificateDer::pem_slice_iter(text).collect::<Result<Vec<_>, _>>();
    match found {
        Ok(found) if found.is_empty() => {
            Err(TlsFault::Pem(KIND, rustls::pki_types::pem::Error::NoItemsFound).into())
        }
        Ok(found) => Ok(found),
        Err(error) => Err(TlsFault::Pem(KIND, error).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_without_a_certificate_is_refused() {
        for text in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA"] {
            let error = certificates(text.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), "the PEM text holds no usable certificate", "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_certificate_are_no_root() {
        let error = Roots::of_the_platform().add_der(vec![0; 9].into()).unwrap_err();
        assert_eq!(error.to_string(), "the certificate cannot be a root");
    }

    #[test]
    fn a_platform_without_roots_is_an_error_that_says_what_to_do() {
        let relic = vec![vec![0; 9].into()];
        let error = Roots::of_the_platform().with(relic, Vec::new()).unwrap_err().to_string();
        assert!(error.contains("install its CA certificates"), "{error}");
    }

    #[test]
    fn roots_without_the_platform_are_only_those_given() {
        let mut roots = Roots::of_the_platform();
        roots.ignore_the_platform();
        assert!(roots.load().unwrap().is_empty());
    }
}
