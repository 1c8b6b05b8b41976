//! What TLS tells: version, cipher suite, chain.

use super::{
    certificate::not_after,
    finding::{Certainty, Finding, Observation, Severity},
};
use crate::run::{stream::Stream, target::TargetError};
use rustls::{ClientConnection, ProtocolVersion};
use std::time::{SystemTime, UNIX_EPOCH};

/// A certificate that ends sooner than this should have been renewed.
const SOON: i64 = 14;
/// And sooner than this, somebody must look.
const VERY_SOON: i64 = 3;
const DAY: i64 = 86_400;

/// What is known of a connection's TLS.
#[derive(Debug)]
pub(crate) struct TlsFacts {
    version: Option<ProtocolVersion>,
    suite: String,
    /// Days that the certificates have left, the server's own first; `None`: it cannot be read.
    days: Vec<Option<i64>>,
}

impl TlsFacts {
    /// Of a connection, if it has TLS.
    pub(crate) fn of(stream: &Stream) -> Option<Self> {
        let Stream::Tls(stream) = stream else { return None };
        Some(Self::read(stream.get_ref().1))
    }

    fn read(connection: &ClientConnection) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let left = |der: &[u8]| not_after(der).map(|end| (end - now).div_euclid(DAY));
        let chain = connection.peer_certificates().unwrap_or_default();
        let suite =
            connection.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite()));
        Self {
            version: connection.protocol_version(),
            suite: suite.unwrap_or_default(),
            days: chain.iter().map(|certificate| left(certificate)).collect(),
        }
    }

    /// What was seen.
    pub(crate) fn observations(&self) -> Vec<Observation> {
        let version = self.version.map_or_else(String::new, |version| format!("{version:?}"));
        let days =
            self.days.iter().map(|days| days.map_or("?".to_owned(), |days| days.to_string()));
        let days = days.collect::<Vec<_>>().join(", ");
        [
            ("tls/version", "version and cipher suite", format!("{version} with {}", self.suite)),
            (
                "tls/chain",
                "certificates, and days that they have left",
                format!("{} in the chain; days left: {days}", self.days.len()),
            ),
        ]
        .map(|(id, title, seen)| Observation { id: id.to_owned(), title: title.to_owned(), seen })
        .into()
    }

    /// What is to be told of it.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.old().into_iter().chain(self.ends()).collect()
    }

    fn old(&self) -> Option<Finding> {
        let version = self.version.filter(|version| *version != ProtocolVersion::TLSv1_3)?;
        Some(Finding {
            id: "tls/version".to_owned(),
            severity: Severity::Low,
            certainty: Certainty::Certain,
            found: "the server does not speak TLS 1.3".to_owned(),
            seen: format!("{version:?} with {}", self.suite),
            why: "TLS 1.3 leaves out what broke its elders, hides the certificate, and saves a round trip".to_owned(),
            advice: "Let the server speak TLS 1.3, and 1.2 for those who must".to_owned(),
        })
    }

    fn ends(&self) -> Option<Finding> {
        let days = self.days.iter().copied().flatten().min().filter(|days| *days < SOON)?;
        let found = if days < 0 { "a certificate has expired" } else { "a certificate ends soon" };
        Some(Finding {
            id: "tls/expiry".to_owned(),
            severity: match days {
                ..0 => Severity::High,
                0..VERY_SOON => Severity::Medium,
                _ => Severity::Low,
            },
            certainty: Certainty::Certain,
            found: found.to_owned(),
            seen: format!("{days} days are left"),
            why: "After that clients refuse to connect, or learn to look away".to_owned(),
            advice: "Renew it, and let a machine do so from now on".to_owned(),
        })
    }
}

/// What is wrong with a certificate that careful clients do not take.
pub(crate) fn untrusted(error: &TargetError) -> Finding {
    Finding {
        id: "tls/trust".to_owned(),
        severity: Severity::High,
        certainty: Certainty::Certain,
        found: "a careful client does not take the certificate".to_owned(),
        seen: error.to_string(),
        why: "Clients that connect all the same were told to look away, and would not notice anybody in between"
            .to_owned(),
        advice: "Serve a chain that leads to a root your clients know, for the name that they use".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ProtocolVersion, Severity, TlsFacts};

    fn severities(version: ProtocolVersion, days: i64) -> Vec<Severity> {
        let facts =
            TlsFacts { version: Some(version), suite: String::new(), days: vec![Some(days), None] };
        facts.findings().iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn age_and_end_are_found() {
        assert_eq!(severities(ProtocolVersion::TLSv1_3, 60), []);
        assert_eq!(severities(ProtocolVersion::TLSv1_2, 60), [Severity::Low]);
        assert_eq!(severities(ProtocolVersion::TLSv1_3, 13), [Severity::Low]);
        assert_eq!(severities(ProtocolVersion::TLSv1_3, 0), [Severity::Medium]);
        assert_eq!(severities(ProtocolVersion::TLSv1_3, -1), [Severity::High]);
    }
}
