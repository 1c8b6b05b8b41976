//! The message under way.

use super::found::{Delivery, End, Packing};
use crate::{error::ProtocolError, message::types::Kind};
use wharf_bytes::{PayloadBuf, Utf8Stream};

#[cfg(feature = "deflate")]
use {
    crate::deflate::{
        inflate::{Inflate, Progress},
        part::Part,
    },
    alloc::vec::Vec,
};

/// A message of which not all has come.
#[derive(Debug)]
pub(crate) struct Assembly {
    pub(crate) kind: Kind,
    pub(crate) packing: Packing,
    pub(crate) delivery: Delivery,
    /// Frames so far; of a message that is handed out in chunks only the empty ones count.
    pub(crate) fragments: u32,
    /// Bytes that the frames so far declare.
    pub(crate) declared: u64,
    /// Unmasked, and as it was sent: a compressed message inflates when it is complete, so that what a
    /// stranger's bytes hold is in proportion to these bytes.
    pub(crate) payload: PayloadBuf,
    /// The state of the check of a text that is handed out in chunks.
    pub(crate) utf8: Utf8Stream,
    /// Whether the last byte of a compressed message has come.
    pub(crate) end: End,
    /// Bytes of `payload` that went through the inflater, when it is handed out in chunks.
    #[cfg(feature = "deflate")]
    inflated: usize,
}

impl Assembly {
    pub(crate) fn new(kind: Kind, packing: Packing, delivery: Delivery, declared: u64) -> Self {
        let (payload, utf8) = (PayloadBuf::new(), Utf8Stream::new());
        Self {
            kind,
            packing,
            delivery,
            fragments: 1,
            declared,
            payload,
            utf8,
            end: End::More,
            #[cfg(feature = "deflate")]
            inflated: 0,
        }
    }

    /// One more frame.
    pub(crate) fn continue_with(&mut self, len: u64) {
        if self.delivery == Delivery::Whole || len == 0 {
            self.fragments += 1;
        }
        self.declared = self.declared.saturating_add(len);
    }

    /// RFC 6455 §8.1: fails at the first impossible byte of a text, not at its end.
    pub(crate) fn check(&mut self) -> Result<(), ProtocolError> {
        if self.kind == Kind::Text && self.packing == Packing::Plain {
            self.payload.check_utf8().map_err(|_| ProtocolError::NotUtf8)?;
        }
        Ok(())
    }

    /// What has come goes out as the first chunk.
    pub(crate) fn go_on_in_chunks(&mut self) {
        if self.delivery == Delivery::Whole
            && self.packing == Packing::Plain
            && self.kind == Kind::Text
        {
            let seen = self.utf8.feed(self.payload.as_slice());
            debug_assert!(seen.is_ok(), "the same bytes were checked when they came");
        }
        self.delivery = Delivery::Chunks;
    }

    /// RFC 6455 §8.1 for a text that is handed out in chunks.
    pub(crate) fn check_chunk(&mut self, piece: &[u8], end: End) -> Result<(), ProtocolError> {
        if self.kind == Kind::Binary {
            return Ok(());
        }
        let checked = self.utf8.feed(piece).and_then(|()| match end {
            End::More => Ok(()),
            End::Last => self.utf8.finish(),
        });
        checked.map_err(|_| ProtocolError::NotUtf8)
    }

    /// The next chunk of a compressed message: bounded, however far its bytes inflate.
    #[cfg(feature = "deflate")]
    pub(crate) fn inflate_chunk(
        &mut self,
        inflate: &mut Inflate,
    ) -> Result<Option<(PayloadBuf, End)>, ProtocolError> {
        let idle = self.payload.is_empty() && self.end == End::More;
        if self.delivery == Delivery::Whole || self.packing == Packing::Plain || idle {
            return Ok(None);
        }
        let part = match self.end {
            End::More => Part::More,
            End::Last => Part::Last,
        };
        // A position, not a copy of the rest: a few bytes may inflate for many steps.
        let (mut rest, mut plain) = (&self.payload.as_slice()[self.inflated..], Vec::new());
        let progress = inflate.chunk(&mut rest, part, CHUNK, &mut plain)?;
        self.inflated = self.payload.len() - rest.len();
        if self.inflated == self.payload.len() {
            (self.payload, self.inflated) = (PayloadBuf::new(), 0);
        }
        let end = if progress == Progress::Done { End::Last } else { End::More };
        self.check_chunk(&plain, end)?;
        if plain.is_empty() && end == End::More {
            return Ok(None);
        }
        Ok(Some((plain.into(), end)))
    }
}

/// The most bytes a compressed message gives in one chunk.
#[cfg(feature = "deflate")]
const CHUNK: usize = 64 << 10;
