//! What the answer to a correct request tells.

use super::{
    finding::{Certainty, Finding, Observation, Severity},
    welcome::{OWN, Welcome},
};
use crate::{run::handshake::agreed, wire::http::Came};

/// What everything else may follow from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) welcome: &'a Welcome,
    pub(crate) answer: &'a Came,
}

impl Facts<'_> {
    /// What is to be told of them.
    pub(crate) fn findings(self) -> Vec<Finding> {
        [self.plain(), self.server(), self.secrets()].into_iter().flatten().collect()
    }

    /// What was seen.
    pub(crate) fn observations(self) -> Vec<Observation> {
        let value = |name| self.answer.all(name).next().map(|value| format!("{value:?}"));
        let origin = match &self.welcome.origin {
            Some(_) if self.is_own() => "with the server's own Origin".to_owned(),
            Some(origin) => format!("with the Origin {origin:?}"),
            None => "without an Origin, as the server's own is refused".to_owned(),
        };
        let none = || "none".to_owned();
        [
            (
                "fingerprint/answer",
                "a correct request",
                format!("{:?}, {origin}", self.answer.first),
            ),
            ("fingerprint/server", "the header Server", value("Server").unwrap_or_else(none)),
            (
                "fingerprint/extensions",
                "the answer to permessage-deflate; client_max_window_bits",
                value("Sec-WebSocket-Extensions").unwrap_or_else(none),
            ),
        ]
        .map(|(id, title, seen)| Observation { id: id.to_owned(), title: title.to_owned(), seen })
        .into()
    }

    fn is_own(self) -> bool {
        self.welcome.origin.as_deref() == Some(OWN)
    }

    fn plain(self) -> Option<Finding> {
        let name = self.host.rsplit_once(':').map_or(self.host, |(name, _)| name);
        let is_near = name == "localhost" || name.starts_with("127.") || name == "[::1]";
        (self.scheme == "ws").then(|| Finding {
            id: "tls/none".to_owned(),
            severity: if is_near { Severity::Info } else { Severity::Medium },
            certainty: Certainty::Certain,
            found: "there is no TLS".to_owned(),
            seen: format!("ws://{}", self.host),
            why: "Whoever sits in between reads and changes everything, cookies and tokens first".to_owned(),
            advice: "Serve wss, and nothing on the plain port; on loopback or behind a proxy that does TLS, see that \
                     nobody else reaches this port"
                .to_owned(),
        })
    }

    fn server(self) -> Option<Finding> {
        let named = self.answer.all("Server").chain(self.answer.all("X-Powered-By"));
        let with_version =
            named.into_iter().find(|value| value.contains(|c: char| c.is_ascii_digit()))?;
        Some(Finding {
            id: "fingerprint/server".to_owned(),
            severity: Severity::Info,
            certainty: Certainty::Likely,
            found: "the server tells its product and version".to_owned(),
            seen: format!("{with_version:?}"),
            why: "Whoever looks for servers with a known hole finds them by it".to_owned(),
            advice: "Leave the version out; that hides no hole, so keep it up to date all the same"
                .to_owned(),
        })
    }

    /// Lengths of what is compressed tell secrets in it (CRIME, BREACH; RFC 7692 §8).
    fn secrets(self) -> Option<Finding> {
        let has_secret = self.welcome.cookie.is_some();
        let agreed = agreed(self.answer).filter(|_| self.scheme == "wss" && has_secret)?;
        let keeps = !agreed.has("server_no_context_takeover");
        Some(Finding {
            id: "deflate/secrets".to_owned(),
            severity: Severity::Low,
            certainty: Certainty::Hint,
            found: "messages under TLS are compressed, for users that are known by a cookie".to_owned(),
            seen: format!(
                "permessage-deflate is agreed on; the context is {} from message to message",
                if keeps { "kept" } else { "dropped" }
            ),
            why: "If a secret and something that an attacker chooses are compressed together, the length on the wire \
                  tells the secret letter by letter (CRIME, BREACH), across messages if the context is kept"
                .to_owned(),
            advice: "Send secrets uncompressed or on a connection without permessage-deflate, or set \
                     server_no_context_takeover and put no secret beside what strangers choose"
                .to_owned(),
        })
    }
}
