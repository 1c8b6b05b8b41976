//! A certificate for one run.

use crate::{exit::ExitCode, failure::Failure};
use rcgen::CertifiedKey;
use ring::digest::{SHA256, digest};
use std::net::IpAddr;
use wharf::ServerTls;

/// A certificate that nobody but its maker has signed.
pub(crate) struct SelfSigned {
    pub(crate) tls: ServerTls,
    /// The SHA-256 of the certificate, as browsers show it.
    pub(crate) fingerprint: String,
}

impl SelfSigned {
    /// For this machine by its usual names, and for the address that is listened on.
    pub(crate) fn new(addr: IpAddr) -> Result<Self, Failure> {
        let names =
            ["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), addr.to_string()];
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names)
            .map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        let tls =
            ServerTls::from_pem(cert.pem().as_bytes(), signing_key.serialize_pem().as_bytes())
                .map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        Ok(Self { tls, fingerprint: fingerprint(cert.der()) })
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
