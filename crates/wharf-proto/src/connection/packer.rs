//! Payloads as they go out: compressed, where that was agreed and pays.

use super::{found::End, stats::Deflated};
use crate::{
    config::Config,
    handshake::agreement::Agreement,
    message::outgoing::{Compress, Payload},
    role::Role,
};

#[cfg(feature = "deflate")]
use {
    crate::deflate::{
        deflater::{Deflater, Worth},
        part::Part,
    },
    crate::frame::header::RSV1,
    alloc::{boxed::Box, vec::Vec},
};

/// Compresses, if permessage-deflate was agreed (RFC 7692).
#[derive(Debug)]
pub(super) struct Packer {
    #[cfg(feature = "deflate")]
    deflater: Option<Box<Deflater>>,
}

#[cfg(feature = "deflate")]
impl Packer {
    pub(super) fn new(role: Role, agreed: &Agreement, config: &Config) -> Self {
        let direction = agreed.deflate.map(|deflate| deflate.sent_by(role));
        let deflater = |direction| Box::new(Deflater::new(direction, &config.compression));
        Self { deflater: direction.map(deflater) }
    }

    #[inline]
    pub(super) const fn compresses(&self) -> bool {
        self.deflater.is_some()
    }

    /// What was compressed so far.
    pub(super) fn deflated(&self) -> Deflated {
        self.deflater.as_ref().map(|deflater| deflater.counted()).unwrap_or_default()
    }

    /// A message as it goes out, and RSV1 if it was compressed (RFC 7692 §6).
    pub(super) fn message<'a>(
        &mut self,
        payload: Payload<'a>,
        compress: Compress,
    ) -> (Payload<'a>, u8) {
        let deflater = self.deflater.as_mut().filter(|_| compress == Compress::IfAgreed);
        let Some(deflater) = deflater else { return (payload, 0) };
        let mut compressed = Vec::new();
        match deflater.message(payload.as_slice(), &mut compressed) {
            Worth::Compressed => (Payload::Shared(compressed.into()), RSV1),
            Worth::Plain => (payload, 0),
        }
    }

    /// A fragment as it goes out, and RSV1 if it was compressed (RFC 7692 §6).
    pub(super) fn part<'a>(&mut self, bytes: &'a [u8], end: End) -> (Payload<'a>, u8) {
        let Some(deflater) = &mut self.deflater else { return (Payload::Lent(bytes), 0) };
        let part = match end {
            End::More => Part::More,
            End::Last => Part::Last,
        };
        let mut compressed = Vec::new();
        deflater.chunk(bytes, part, &mut compressed);
        (Payload::Shared(compressed.into()), RSV1)
    }
}

/// Without the feature nobody can agree on compression.
#[cfg(not(feature = "deflate"))]
#[expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "its twin compresses")]
impl Packer {
    pub(super) const fn new(_: Role, _: &Agreement, _: &Config) -> Self {
        Self {}
    }

    pub(super) const fn compresses(&self) -> bool {
        false
    }

    pub(super) fn deflated(&self) -> Deflated {
        Deflated::default()
    }

    pub(super) fn message<'a>(&mut self, payload: Payload<'a>, _: Compress) -> (Payload<'a>, u8) {
        (payload, 0)
    }

    pub(super) fn part<'a>(&mut self, bytes: &'a [u8], _: End) -> (Payload<'a>, u8) {
        (Payload::Lent(bytes), 0)
    }
}
