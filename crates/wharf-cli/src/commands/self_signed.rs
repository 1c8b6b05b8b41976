//! A certificate for one run.

use crate::{exit::ExitCode, failure::Failure};
use rcgen::CertifiedKey;
use ring::digest::{SHA256, digest};
use std::net::IpAddr;
use wharf::ServerTls;

/// A certificate that nobody but its maker has signed, and its key, both in PEM.
pub(crate) struct Pair {
    pub(crate) certificate: String,
    pub(crate) key: String,
    fingerprint: String,
}

impl Pair {
    /// For this machine by its usual names, and for the address that is listened on.
    pub(crate) fn new(addr: IpAddr) -> Result<Self, Failure> {
        let names =
            ["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), addr.to_string()];
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names)
            .map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        let fingerprint = fingerprint(cert.der());
        Ok(Self { certificate: cert.pem(), key: signing_key.serialize_pem(), fingerprint })
    }
}

/// Such a certificate, ready to be served.
pub(crate) struct SelfSigned {
    pub(crate) tls: ServerTls,
    /// The SHA-256 of the certificate, as browsers show it.
    pub(crate) fingerprint: String,
}

impl SelfSigned {
    /// Made now, for this address.
    pub(crate) fn new(addr: IpAddr) -> Result<Self, Failure> {
        let Pair { certificate, key, fingerprint } = Pair::new(addr)?;
        let tls = ServerTls::from_pem(certificate.as_bytes(), key.as_bytes())
            .map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        Ok(Self { tls, fingerprint })
    }
}

fn fingerprint(der: &[u8]) -> String {
    let pairs: Vec<String> =
        digest(&SHA256, der).as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    /// The SHA-256 of nothing, in the form that browsers show.
    #[test]
    fn a_fingerprint_is_pairs_with_colons() {
        let hex = fingerprint(b"");
        assert!(hex.starts_with("E3:B0:C4:42") && hex.ends_with("B8:55"), "{hex}");
        assert_eq!(hex.len(), 32 * 3 - 1);
    }
}
