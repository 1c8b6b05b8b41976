//! A request that the server takes: what connections are opened with.

use crate::wire::http::Head;

/// The Origin of the server's own pages, as a template.
pub(crate) const OWN: &str = "{scheme}://{host}";

/// A request that the server takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Welcome {
    /// As a template.
    pub(crate) origin: Option<String>,
    pub(crate) cookie: Option<String>,
}

impl Welcome {
    /// What may be welcome, the likeliest first: what the user says, a page of the server's own, no page at all.
    pub(crate) fn guesses(origin: Option<&str>, cookie: Option<&str>) -> Vec<Self> {
        let cookie = cookie.map(ToOwned::to_owned);
        let of = |origin: Option<&str>| Self {
            origin: origin.map(ToOwned::to_owned),
            cookie: cookie.clone(),
        };
        match origin {
            Some(origin) => vec![of(Some(origin))],
            None => vec![of(Some(OWN)), of(None)],
        }
    }

    /// The request, with this offer of extensions.
    pub(crate) fn head(&self, offer: Option<&str>) -> Head {
        let fields = [
            ("Origin", self.origin.as_deref()),
            ("Cookie", self.cookie.as_deref()),
            ("Sec-WebSocket-Extensions", offer),
        ];
        fields.into_iter().fold(Head::request(), |head, (name, value)| match value {
            Some(value) => head.add(name, value),
            None => head,
        })
    }
}
