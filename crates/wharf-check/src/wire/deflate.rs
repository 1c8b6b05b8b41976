//! Compression under a window that is kept to the byte (RFC 7692 §7.2.1).

use zlib_rs::{Deflate, DeflateFlush, Status};

/// Compresses the messages of one direction.
pub(crate) struct Compressor {
    engine: Engine,
}

/// zlib has no raw window of 8 bits: it takes 9 instead, silently.
enum Engine {
    Zlib(Box<Deflate>),
    /// Stored blocks: they refer to nothing, so that any window is kept.
    Stored,
}

impl std::fmt::Debug for Compressor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compressor").finish_non_exhaustive()
    }
}

impl Compressor {
    /// With a window of this many bits, 8 to 15.
    pub(crate) fn new(bits: u8) -> Self {
        let engine = if bits < 9 {
            Engine::Stored
        } else {
            Engine::Zlib(Box::new(Deflate::new(6, false, bits)))
        };
        Self { engine }
    }

    /// Forgets the context.
    pub(crate) fn reset(&mut self) {
        if let Engine::Zlib(zlib) = &mut self.engine {
            zlib.reset();
        }
    }

    /// The payload of this message, without the empty block at its end.
    pub(crate) fn message(&mut self, message: &[u8]) -> Vec<u8> {
        match &mut self.engine {
            Engine::Zlib(zlib) => flushed(zlib, message),
            Engine::Stored => stored(message),
        }
    }
}

fn flushed(zlib: &mut Deflate, message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() / 2 + 64);
    let mut room = vec![0; 64 << 10];
    let start = zlib.total_in();
    loop {
        let taken = usize::try_from(zlib.total_in() - start).expect("no more than was given");
        let before = zlib.total_out();
        let status = zlib.compress(&message[taken..], &mut room, DeflateFlush::SyncFlush);
        let made = usize::try_from(zlib.total_out() - before).expect("no more than the room");
        out.extend(&room[..made]);
        // A flush is done once it leaves room.
        if made < room.len() || matches!(status, Err(_) | Ok(Status::StreamEnd)) {
            break;
        }
    }
    if out.ends_with(&[0, 0, 0xff, 0xff]) {
        out.truncate(out.len() - 4);
    }
    if out.is_empty() { vec![0] } else { out }
}

fn stored(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 16);
    for part in message.chunks(0xffff) {
        let length = u16::try_from(part.len()).expect("a chunk has at most 65,535 bytes");
        out.push(0);
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(part);
    }
    out.push(0);
    out
}

#[cfg(test)]
mod tests {
    use super::Compressor;
    use crate::wire::{inflate::Inflater, payload::Payload};

    /// What is compressed under a window inflates under it. checklist 104, 116
    #[test]
    fn every_window_is_kept() {
        let text = Payload::Noise { len: 700 }.to_vec().repeat(60);
        for bits in 8..=15 {
            let (mut compressor, mut inflater) = (Compressor::new(bits), Inflater::new(bits));
            for message in [&text[..], b"", b"Hello", &text[..5000]] {
                let payload = compressor.message(message);
                assert_eq!(inflater.message(&payload).unwrap(), message, "{bits} bits");
            }
            compressor.reset();
            let payload = compressor.message(b"Hello");
            inflater.reset();
            assert_eq!(inflater.message(&payload).unwrap(), b"Hello");
        }
    }

    #[test]
    fn the_inflater_would_notice_a_larger_window() {
        let text = Payload::Noise { len: 700 }.to_vec().repeat(3);
        let payload = Compressor::new(15).message(&text);
        assert!(payload.len() < 1500);
        assert!(Inflater::new(9).message(&payload).is_err());
    }
}
