//! A message on its way out.

use super::types::{Kind, Message, MessageRef};
use alloc::{borrow::Cow, string::String, vec::Vec};
use bytes::Bytes;
use wharf_bytes::Text;

/// A message to send: lent (it will be copied) or shared (it may be sent without a copy).
///
/// Made from `&str`, `String`, [`Text`], `&[u8]`, `Vec<u8>`, [`Bytes`], [`Message`] or [`MessageRef`]: text
/// is UTF-8 by its type (RFC 6455 §5.6).
#[derive(Debug, Clone)]
pub struct Outgoing<'a> {
    pub(crate) kind: Kind,
    pub(crate) payload: Payload<'a>,
    pub(crate) compress: Compress,
}

/// Where the bytes of an outgoing message lie.
#[derive(Debug, Clone)]
pub(crate) enum Payload<'a> {
    Lent(&'a [u8]),
    Shared(Bytes),
}

/// Whether this message may be compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compress {
    IfAgreed,
    Never,
}

impl<'a> Outgoing<'a> {
    /// Sends this message as it is, even if compression was agreed (RFC 7692 §6): for what does not
    /// compress, and for secrets beside text that an attacker chooses (checklist 122).
    #[must_use]
    pub fn uncompressed(mut self) -> Self {
        self.compress = Compress::Never;
        self
    }

    /// The payload before compression.
    pub fn as_bytes(&self) -> &[u8] {
        self.payload.as_slice()
    }

    /// What it holds.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The same message, owning its bytes.
    #[must_use]
    pub fn into_owned(self) -> Outgoing<'static> {
        let payload = Payload::Shared(self.payload.into_shared());
        Outgoing { kind: self.kind, payload, compress: self.compress }
    }

    const fn lent(kind: Kind, bytes: &'a [u8]) -> Self {
        Self { kind, payload: Payload::Lent(bytes), compress: Compress::IfAgreed }
    }

    const fn shared(kind: Kind, bytes: Bytes) -> Self {
        Self { kind, payload: Payload::Shared(bytes), compress: Compress::IfAgreed }
    }
}

impl Payload<'_> {
    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Takes the first `count` bytes off.
    pub(crate) fn split_to(&mut self, count: usize) -> Self {
        match self {
            Self::Lent(bytes) => {
                let (first, rest) = bytes.split_at(count);
                *bytes = rest;
                Self::Lent(first)
            }
            Self::Shared(bytes) => Self::Shared(bytes.split_to(count)),
        }
    }

    pub(crate) fn into_shared(self) -> Bytes {
        match self {
            Self::Lent(bytes) => Bytes::copy_from_slice(bytes),
            Self::Shared(bytes) => bytes,
        }
    }
}

impl<'a> From<&'a str> for Outgoing<'a> {
    fn from(text: &'a str) -> Self {
        Self::lent(Kind::Text, text.as_bytes())
    }
}

impl<'a> From<&'a String> for Outgoing<'a> {
    fn from(text: &'a String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Outgoing<'_> {
    fn from(text: String) -> Self {
        Self::shared(Kind::Text, text.into_bytes().into())
    }
}

impl<'a> From<Cow<'a, str>> for Outgoing<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::from(text),
            Cow::Owned(text) => Self::from(text),
        }
    }
}

impl From<Text> for Outgoing<'_> {
    fn from(text: Text) -> Self {
        Self::shared(Kind::Text, text.into_bytes())
    }
}

impl<'a> From<&'a Text> for Outgoing<'a> {
    fn from(text: &'a Text) -> Self {
        Self::from(text.as_str())
    }
}

impl<'a> From<&'a [u8]> for Outgoing<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::lent(Kind::Binary, bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Outgoing<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::lent(Kind::Binary, bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Outgoing<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::lent(Kind::Binary, bytes)
    }
}

impl From<Vec<u8>> for Outgoing<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::shared(Kind::Binary, bytes.into())
    }
}

impl From<Bytes> for Outgoing<'_> {
    fn from(bytes: Bytes) -> Self {
        Self::shared(Kind::Binary, bytes)
    }
}

impl From<Message> for Outgoing<'_> {
    fn from(message: Message) -> Self {
        Self::shared(message.kind(), message.into_bytes())
    }
}

impl<'a> From<&'a Message> for Outgoing<'a> {
    fn from(message: &'a Message) -> Self {
        Self::from(message.as_ref())
    }
}

impl<'a> From<MessageRef<'a>> for Outgoing<'a> {
    fn from(message: MessageRef<'a>) -> Self {
        Self::lent(message.kind(), message.as_bytes())
    }
}
