//! What was found and waits to be handed over.

use super::{
    assembly::Assembly,
    found::{End, Packing, Place, Whole},
    held::Held,
    stats::Deflated,
};
use crate::{
    config::Limits,
    error::ProtocolError,
    frame::admission::Rsv1,
    handshake::agreement::Agreement,
    message::types::{Kind, Message, MessageRef},
    role::Role,
};
use wharf_bytes::{PayloadBuf, Text, from_utf8};

#[cfg(feature = "deflate")]
use {
    crate::deflate::inflate::Inflate,
    alloc::{boxed::Box, vec::Vec},
};

/// Holds what was found last, if it does not lie in the input, and inflates it when it is asked for.
#[derive(Debug)]
pub(crate) struct Handover {
    held: Held,
    #[cfg(feature = "deflate")]
    inflate: Option<Box<Inflate>>,
}

impl Handover {
    #[cfg(feature = "deflate")]
    pub(crate) fn new(role: Role, agreed: &Agreement) -> Self {
        let sent_by_peer = agreed.deflate.map(|deflate| deflate.sent_by(role.peer()));
        let inflate = sent_by_peer.map(|direction| Box::new(Inflate::new(direction)));
        Self { held: Held::default(), inflate }
    }

    #[cfg(not(feature = "deflate"))]
    pub(crate) fn new(_: Role, _: &Agreement) -> Self {
        Self { held: Held::default() }
    }

    /// What RSV1 means to who inflates, or does not.
    #[cfg(feature = "deflate")]
    pub(crate) const fn rsv1(&self) -> Rsv1 {
        if self.inflate.is_some() { Rsv1::Compressed } else { Rsv1::Reserved }
    }

    #[cfg(not(feature = "deflate"))]
    #[expect(clippy::unused_self, reason = "its twin looks whether there is an inflater")]
    pub(crate) const fn rsv1(&self) -> Rsv1 {
        Rsv1::Reserved
    }

    /// What was inflated so far.
    #[cfg(feature = "deflate")]
    pub(crate) const fn deflated(&self) -> Deflated {
        match &self.inflate {
            Some(inflate) => inflate.counted(),
            None => Deflated { compressed: 0, plain: 0 },
        }
    }

    #[cfg(not(feature = "deflate"))]
    #[expect(clippy::unused_self, reason = "its twin asks the inflater")]
    pub(crate) const fn deflated(&self) -> Deflated {
        Deflated { compressed: 0, plain: 0 }
    }

    /// What was found before is not asked for any more.
    #[inline]
    pub(crate) fn forget(&mut self) {
        self.held.clear();
    }

    pub(crate) fn hold(&mut self, payload: PayloadBuf) {
        self.held.put(payload);
    }

    pub(crate) fn hold_copy(&mut self, payload: &[u8]) {
        self.held.append(payload);
    }

    /// Bytes of memory held.
    pub(crate) fn capacity(&self) -> usize {
        self.held.capacity()
    }

    pub(crate) fn payload<'a>(&'a self, place: &Place, bytes: &'a [u8]) -> &'a [u8] {
        match place {
            Place::Input(range) => &bytes[range.clone()],
            Place::Held => self.held.as_slice(),
        }
    }

    /// Lends a message; a text is checked here, as far as it was not when it came.
    #[inline(always)]
    pub(crate) fn lend<'a>(
        &'a mut self,
        whole: Whole,
        bytes: &'a [u8],
        limits: &Limits,
    ) -> Result<MessageRef<'a>, ProtocolError> {
        let Whole { kind, packing, place } = whole;
        match (packing, place) {
            (Packing::Plain, Place::Input(range)) => lend_checked(kind, &bytes[range]),
            (packing, place) => self.lend_held(Whole { kind, packing, place }, bytes, limits),
        }
    }

    /// Lends a message that was assembled, or is compressed.
    #[inline(never)]
    fn lend_held<'a>(
        &'a mut self,
        whole: Whole,
        bytes: &'a [u8],
        limits: &Limits,
    ) -> Result<MessageRef<'a>, ProtocolError> {
        let (kind, place) = self.unpack(whole, bytes, limits)?;
        match (kind, place) {
            (kind, Place::Input(range)) => lend_checked(kind, &bytes[range]),
            (Kind::Binary, Place::Held) => Ok(MessageRef::Binary(self.held.as_slice())),
            (Kind::Text, Place::Held) => self.held.as_text().map(MessageRef::Text),
        }
    }

    /// Takes a message: a copy if it lies in `bytes`, without a copy if it is held.
    #[inline(always)]
    pub(crate) fn take(
        &mut self,
        whole: Whole,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Message, ProtocolError> {
        let Whole { kind, packing, place } = whole;
        match (packing, place) {
            (Packing::Plain, Place::Input(range)) => copy_checked(kind, &bytes[range]),
            (packing, place) => self.take_held(Whole { kind, packing, place }, bytes, limits),
        }
    }

    /// Takes a message that was assembled, or is compressed.
    #[inline(never)]
    fn take_held(
        &mut self,
        whole: Whole,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Message, ProtocolError> {
        let (kind, place) = self.unpack(whole, bytes, limits)?;
        match (kind, place) {
            (kind, Place::Input(range)) => copy_checked(kind, &bytes[range]),
            (Kind::Binary, Place::Held) => Ok(Message::Binary(self.release().into_bytes())),
            (Kind::Text, Place::Held) => {
                self.release().into_text().map(Message::Text).map_err(|_| ProtocolError::NotUtf8)
            }
        }
    }

    /// Inflates the next chunk of a message under way and holds it; `None` if there is nothing to inflate.
    #[cfg(feature = "deflate")]
    #[inline]
    pub(crate) fn inflate_chunk(
        &mut self,
        message: &mut Assembly,
    ) -> Result<Option<End>, ProtocolError> {
        let Some(inflate) = &mut self.inflate else { return Ok(None) };
        let Some((plain, end)) = message.inflate_chunk(inflate)? else { return Ok(None) };
        self.held.put(plain);
        Ok(Some(end))
    }

    #[cfg(not(feature = "deflate"))]
    #[expect(
        clippy::needless_pass_by_ref_mut,
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "its twin inflates"
    )]
    pub(crate) const fn inflate_chunk(
        &mut self,
        _: &mut Assembly,
    ) -> Result<Option<End>, ProtocolError> {
        Ok(None)
    }

    /// Inflates a message that was compressed; one that was not is where it was.
    fn unpack(
        &mut self,
        whole: Whole,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<(Kind, Place), ProtocolError> {
        match whole.packing {
            Packing::Plain => Ok((whole.kind, whole.place)),
            Packing::Deflated => {
                self.inflate_whole(&whole.place, bytes, limits)?;
                Ok((whole.kind, Place::Held))
            }
        }
    }

    #[cfg(feature = "deflate")]
    fn inflate_whole(
        &mut self,
        place: &Place,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<(), ProtocolError> {
        let Some(inflate) = &mut self.inflate else { return Err(ProtocolError::NotDeflate) };
        let compressed = match place {
            Place::Input(range) => &bytes[range.clone()],
            Place::Held => self.held.as_slice(),
        };
        let mut plain = Vec::new();
        inflate.message(compressed, limits.message, limits.inflate_ratio, &mut plain)?;
        self.held.put(plain.into());
        Ok(())
    }

    /// Admission lets no such message in.
    #[cfg(not(feature = "deflate"))]
    #[expect(clippy::needless_pass_by_ref_mut, clippy::unused_self, reason = "its twin inflates")]
    const fn inflate_whole(
        &mut self,
        _: &Place,
        _: &[u8],
        _: &Limits,
    ) -> Result<(), ProtocolError> {
        Err(ProtocolError::NotDeflate)
    }

    fn release(&mut self) -> PayloadBuf {
        self.held.take()
    }
}

/// RFC 6455 §8.1, for what lies in the input.
#[inline]
fn lend_checked(kind: Kind, bytes: &[u8]) -> Result<MessageRef<'_>, ProtocolError> {
    match kind {
        Kind::Binary => Ok(MessageRef::Binary(bytes)),
        Kind::Text => from_utf8(bytes).map(MessageRef::Text).map_err(|_| ProtocolError::NotUtf8),
    }
}

/// As [`lend_checked`], in memory of its own.
#[inline]
fn copy_checked(kind: Kind, bytes: &[u8]) -> Result<Message, ProtocolError> {
    match kind {
        Kind::Binary => Ok(Message::from(bytes)),
        Kind::Text => {
            Text::copy_from_utf8(bytes).map(Message::Text).map_err(|_| ProtocolError::NotUtf8)
        }
    }
}
