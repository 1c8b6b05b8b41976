//! Header fields of the user's own.

use core::fmt;
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Fields that the user adds to a request or response; none that the handshake writes.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExtraHeaders(HeaderMap);

impl ExtraHeaders {
    /// Far below the bound where `http` would panic.
    const MAX: usize = 1_000;

    pub(crate) fn append(
        &mut self,
        name: HeaderName,
        value: HeaderValue,
    ) -> Result<(), HeaderRefused> {
        if is_reserved(&name) {
            return Err(HeaderRefused::Reserved(name));
        }
        if self.0.len() >= Self::MAX {
            return Err(HeaderRefused::TooMany);
        }
        self.0.append(name, value);
        Ok(())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.0.iter()
    }

    /// Appends them to fields of the handshake.
    pub(crate) fn append_to(&self, headers: &mut HeaderMap) {
        headers.extend(self.0.clone());
    }
}

/// Whether user headers may not set this field: the handshake writes it, or it would change how the head is
/// framed.
fn is_reserved(name: &HeaderName) -> bool {
    let own = [
        header::HOST,
        header::UPGRADE,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
    ];
    own.contains(name) || name.as_str().starts_with("sec-websocket-")
}

/// A header that cannot be added to a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderRefused {
    /// The handshake writes it by itself: `Host`, `Upgrade`, `Connection`, `Content-Length`,
    /// `Transfer-Encoding`, `Sec-WebSocket-*`.
    Reserved(HeaderName),
    /// A thousand were added already.
    TooMany,
}

impl fmt::Display for HeaderRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserved(name) => write!(
                f,
                "header {name} belongs to the handshake: leave it out, or use its own setting (RFC 6455 §4)"
            ),
            Self::TooMany => {
                write!(f, "more than {} headers were added: leave some out", ExtraHeaders::MAX)
            }
        }
    }
}

impl core::error::Error for HeaderRefused {}
