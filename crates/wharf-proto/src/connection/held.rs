//! What was found and lies in memory of its own.

use crate::error::ProtocolError;
use alloc::boxed::Box;
use wharf_bytes::PayloadBuf;

/// A payload, while there is one.
///
/// In a box: most messages lie in the input, and no idle connection has room for what it does not hold.
#[derive(Debug, Default)]
pub(crate) struct Held(Option<Box<PayloadBuf>>);

impl Held {
    pub(crate) fn put(&mut self, payload: PayloadBuf) {
        self.0 = Some(Box::new(payload));
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) {
        self.0.get_or_insert_default().append(bytes);
    }

    pub(crate) fn take(&mut self) -> PayloadBuf {
        self.0.take().map_or_else(PayloadBuf::new, |held| *held)
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        if self.0.is_some() {
            self.0 = None;
        }
    }

    /// Bytes of memory held.
    pub(crate) fn capacity(&self) -> usize {
        self.0.as_ref().map_or(0, |held| held.capacity())
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |held| held.as_slice())
    }

    /// The payload as text, where it lies.
    pub(crate) fn as_text(&mut self) -> Result<&str, ProtocolError> {
        self.0.as_mut().map_or(Ok(""), |held| held.as_text().map_err(|_| ProtocolError::NotUtf8))
    }
}
