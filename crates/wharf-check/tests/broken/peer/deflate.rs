//! Compressing a message (RFC 7692 §7.2.1).

use super::{
    bits::{Context, Way},
    setup::Setup,
};
use crate::fault::Fault;
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Strategy};

pub(super) struct Deflater {
    zlib: Deflate,
    way: Way,
    setup: Setup,
}

impl Deflater {
    pub(super) fn new(way: Way, setup: Setup) -> Self {
        Self { zlib: Deflate::new_with_config(config(way.bits, &setup)), way, setup }
    }

    /// What follows RSV1.
    pub(super) fn message(&mut self, plain: &[u8]) -> Vec<u8> {
        if plain.is_empty() {
            let empty = self.setup.has(Fault::SendsEmptyDeflate);
            return if empty { Vec::new() } else { vec![0] };
        }
        if self.way.context == Context::Dropped && !self.setup.has(Fault::KeepsContext) {
            self.zlib.reset();
        }
        let mut packed = self.flush(plain);
        if !self.setup.has(Fault::KeepsTail) {
            packed.truncate(packed.len() - 4);
        }
        packed
    }

    fn flush(&mut self, mut plain: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut room = [0; 4096];
        loop {
            let (taken, made) = (self.zlib.total_in(), self.zlib.total_out());
            self.zlib.compress(plain, &mut room, DeflateFlush::SyncFlush).expect("our own state");
            let made = usize::try_from(self.zlib.total_out() - made).expect("at most the room");
            let taken = usize::try_from(self.zlib.total_in() - taken).expect("at most the input");
            packed.extend_from_slice(&room[..made]);
            plain = &plain[taken..];
            if plain.is_empty() && made < room.len() {
                return packed;
            }
        }
    }
}

/// zlib has no window of 8 bits. Without any matches the window does not matter.
fn config(bits: u8, setup: &Setup) -> DeflateConfig {
    let bits = match bits {
        8 if setup.has(Fault::Uses15For8) => 15,
        9..15 if setup.has(Fault::Uses15ForLess) => 15,
        bits => bits,
    };
    DeflateConfig {
        level: 6,
        window_bits: -i32::from(bits.max(9)),
        strategy: if bits == 8 { Strategy::HuffmanOnly } else { Strategy::Default },
        ..DeflateConfig::default()
    }
}
