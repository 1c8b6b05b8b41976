//! Scenarios of permessage-deflate (RFC 7692 §7).

mod bounds;
mod negotiation;
mod pieces;
mod receiving;
mod roundtrip;
mod sending;
mod strict;

use super::{
    agreement::{Context, Direction, WindowBits},
    deflater::{Deflater, Worth},
    inflate::{Inflate, InflateError},
};
use crate::config::Compression;
use alloc::{format, string::String, vec::Vec};

pub(super) const fn direction(bits: u8, context: Context) -> Direction {
    Direction { window: WindowBits::new(bits).expect("8 to 15"), context }
}

/// All sixteen agreements about one direction.
pub(super) fn directions() -> impl Iterator<Item = Direction> {
    (8..=15).flat_map(|bits| {
        [Context::Takeover, Context::NoTakeover].map(|context| direction(bits, context))
    })
}

pub(super) fn deflater(direction: Direction, level: u8) -> Deflater {
    Deflater::new(direction, &Compression { threshold: 0, level })
}

/// The payload of `plain`; `None` if it is not worth compressing.
pub(super) fn compress(deflater: &mut Deflater, plain: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match deflater.message(plain, &mut out) {
        Worth::Compressed => Some(out),
        Worth::Plain => {
            assert_eq!(out, b"", "nothing is appended for a plain message");
            None
        }
    }
}

pub(super) fn inflate(inflate: &mut Inflate, payload: &[u8]) -> Result<Vec<u8>, InflateError> {
    let mut out = Vec::new();
    inflate.message(payload, usize::MAX, None, &mut out).map(|()| out)
}

/// A record of about 120 bytes such as an application sends; records differ in their numbers.
pub(super) fn record(number: u64) -> String {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    format!(
        r#"{{"id":{},"kind":"trade","symbol":"WHRF-{}","price":{}.{:02},"size":{},"side":"buy","open":true}}"#,
        number,
        mixed % 7,
        mixed % 1000,
        mixed % 100,
        mixed % 513,
    )
}

/// `length` bytes that do not compress, different for each seed.
pub(super) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    core::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
    .take(length)
    .collect()
}
