//! Shared text.

use crate::utf8::{InvalidUtf8, from_utf8};
use alloc::string::String;
use bytes::Bytes;
use core::{fmt, ops::Deref};

/// Shared bytes that are known to be UTF-8: a cheap clone, a `&str` without a check.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Bytes); // INVARIANT: UTF-8; every constructor checks or is handed a `str`.

impl Text {
    /// An empty text.
    pub const fn new() -> Self {
        Self(Bytes::new())
    }

    /// A text that lives for ever; nothing is copied.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }

    /// Copies `bytes` if they are UTF-8.
    pub fn copy_from_utf8(bytes: &[u8]) -> Result<Self, InvalidUtf8> {
        from_utf8(bytes).map(Self::from)
    }

    /// The text.
    #[expect(unsafe_code, reason = "the type's invariant is what spares the second check")]
    pub fn as_str(&self) -> &str {
        // SAFETY: INVARIANT of `Text`: `self.0` is UTF-8, and `Bytes` cannot change.
        unsafe { core::str::from_utf8_unchecked(&self.0) }
    }

    /// The bytes, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Bytes::from(text.into_bytes()))
    }
}

impl From<Text> for Bytes {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl TryFrom<Bytes> for Text {
    type Error = NotUtf8;

    fn try_from(bytes: Bytes) -> Result<Self, NotUtf8> {
        if from_utf8(&bytes).is_ok() { Ok(Self(bytes)) } else { Err(NotUtf8(bytes)) }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

/// Bytes that were to become [`Text`] and are not UTF-8; they come back unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUtf8(pub Bytes);

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes that are not UTF-8", self.0.len())
    }
}

impl core::error::Error for NotUtf8 {}
