//! Names of subprotocols.

use alloc::string::String;
use core::{fmt, ops::Deref};

/// The name of a subprotocol: a token of HTTP, compared with its case (RFC 6455 §4.1, §11.3.4).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subprotocol(String); // INVARIANT: a non-empty token

impl Subprotocol {
    /// `name`, if it is a token.
    pub fn new(name: impl Into<String>) -> Result<Self, InvalidSubprotocol> {
        let name = name.into();
        if !name.is_empty() && name.bytes().all(is_token) {
            Ok(Self(name))
        } else {
            Err(InvalidSubprotocol(name))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A character that may stand in a token (RFC 9110 §5.6.2).
pub(crate) const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

#[cfg(feature = "std")]
impl From<&Subprotocol> for http::HeaderValue {
    fn from(name: &Subprotocol) -> Self {
        Self::from_str(name).expect("a token is visible ASCII")
    }
}

impl Deref for Subprotocol {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Subprotocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Subprotocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that is not a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSubprotocol(pub String);

impl fmt::Display for InvalidSubprotocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no subprotocol: a name is a token of HTTP (RFC 6455 §4.1)", self.0)
    }
}

impl core::error::Error for InvalidSubprotocol {}
