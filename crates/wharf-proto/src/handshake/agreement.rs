//! What the opening handshake settled.

use super::subprotocol::Subprotocol;
#[cfg(feature = "deflate")]
use crate::deflate::agreement::DeflateAgreement;

/// What client and server agreed on. A connection needs nothing else from the handshake, whatever HTTP
/// carried it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// The subprotocol, if one was chosen (RFC 6455 §1.9).
    pub subprotocol: Option<Subprotocol>,
    /// permessage-deflate, if it was agreed (RFC 7692).
    #[cfg(feature = "deflate")]
    pub deflate: Option<DeflateAgreement>,
}

impl Agreement {
    /// No subprotocol, no extension: the [`Default`].
    pub const fn plain() -> Self {
        Self {
            subprotocol: None,
            #[cfg(feature = "deflate")]
            deflate: None,
        }
    }
}
