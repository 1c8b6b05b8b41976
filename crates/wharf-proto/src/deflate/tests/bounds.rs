//! How much a stranger's bytes may cost (RFC 6455 §10.4).

use super::{compress, deflater, direction, noise};
use crate::{
    deflate::{
        agreement::{Context, Direction},
        inflate::{Inflate, InflateError},
        part::Part,
    },
    error::{Limit, ProtocolError},
};
use alloc::{vec, vec::Vec};

/// `length` zeroes, compressed about a thousandfold.
fn bomb(length: usize) -> Vec<u8> {
    let mut payload = Vec::new();
    deflater(Direction::DEFAULT, 9).chunk(&vec![0; length], Part::Last, &mut payload);
    payload
}

fn bounded(
    payload: &[u8],
    limit: usize,
    ratio: Option<u32>,
) -> (Result<(), InflateError>, Vec<u8>) {
    let mut out = Vec::new();
    let result = Inflate::new(Direction::DEFAULT).message(payload, limit, ratio, &mut out);
    (result, out)
}

/// checklist 118: the limit is on what comes out, to the byte.
#[test]
fn a_message_may_be_as_long_as_the_limit_and_no_longer() {
    for length in [1, 63, 64, 65, 1000, 65_535, 65_536, 65_537, 200_000] {
        let payload = bomb(length);
        assert_eq!(bounded(&payload, length, None), (Ok(()), vec![0; length]));
        let refused = (Err(InflateError::TooBig(length - 1)), Vec::new());
        assert_eq!(bounded(&payload, length - 1, None), refused);
    }
}

/// checklist 118: a limit of nothing lets the empty message through.
#[test]
fn a_limit_of_zero_admits_the_empty_message() {
    assert_eq!(bounded(&[0], 0, None), (Ok(()), Vec::new()));
}

/// checklist 118: 16 MiB of zeroes never take more room than the limit.
#[test]
fn a_bomb_is_seen_before_it_takes_room() {
    let (result, out) = bounded(&bomb(16 << 20), 100_000, None);
    assert_eq!(result, Err(InflateError::TooBig(100_000)));
    assert!(out.capacity() <= 2 * 100_001, "held {}", out.capacity());
}

/// checklist 118: memory follows what comes out, at most twice of it.
#[test]
fn memory_grows_with_the_output() {
    for length in [10_000, 300_000, 5_000_000] {
        let (_, out) = bounded(&bomb(length), usize::MAX, None);
        assert!(out.capacity() <= 2 * length + 64, "{length} bytes held {}", out.capacity());
    }
}

/// checklist 118: the ratio is held against a message only above 64 KiB.
#[test]
fn a_ratio_binds_above_64_kib() {
    assert_eq!(bounded(&bomb(64 << 10), 1 << 20, Some(2)).0, Ok(()));
    let refused = Err(InflateError::Ratio(100));
    assert_eq!(bounded(&bomb((64 << 10) + 1), 1 << 20, Some(100)).0, refused);
    assert_eq!(bounded(&bomb(1 << 20), 1 << 20, Some(100)).0, refused);
}

/// checklist 118: where the limit is the smaller one, it is the limit that is named.
#[test]
fn the_limit_holds_beside_a_ratio() {
    let refused = Err(InflateError::TooBig(1000));
    assert_eq!(bounded(&bomb(1 << 20), 1000, Some(100)).0, refused);
}

/// checklist 118: honest text is far from any ratio that stops a bomb.
#[test]
fn noise_passes_a_ratio_of_one_and_a_bit() {
    let plain = [noise(100_000, 7), vec![0; 1000]].concat();
    let payload = compress(&mut deflater(Direction::DEFAULT, 1), &plain).unwrap();
    assert_eq!(bounded(&payload, 1 << 20, Some(2)), (Ok(()), plain));
}

/// checklist 118: each breach tells the peer 1009 or 1007.
#[test]
fn a_breach_becomes_the_error_of_its_limit() {
    let told = |error: InflateError| ProtocolError::from(error);
    assert_eq!(told(InflateError::TooBig(5)), ProtocolError::TooBig(Limit::Message(5)));
    assert_eq!(told(InflateError::Ratio(5)), ProtocolError::TooBig(Limit::InflateRatio(5)));
    assert_eq!(told(InflateError::Corrupt), ProtocolError::NotDeflate);
}

/// checklist 113, 118: final blocks of nothing are taken by the hundred, not by the hundred thousand.
#[test]
fn final_blocks_without_end_are_no_lever() {
    let finals = |count| bounded(&[0x03, 0x00].repeat(count), 1000, None).0;
    assert_eq!(finals(1000), Ok(()));
    assert_eq!(finals(100_000), Err(InflateError::Corrupt));
}

/// House 1.7: a window holds what came, and without takeover nothing.
#[test]
fn a_window_holds_no_more_than_came() {
    let payload = bomb(100);
    for (context, most) in [(Context::Takeover, 128), (Context::NoTakeover, 0)] {
        let mut receiver = Inflate::new(direction(15, context));
        assert_eq!(receiver.kept(), 0);
        receiver.message(&payload, 1000, None, &mut Vec::new()).unwrap();
        assert!(receiver.kept() <= most, "{context:?} keeps {}", receiver.kept());
    }
}

/// RFC 7692 §7.1.2: a window is never larger than was agreed.
#[test]
fn a_window_never_outgrows_the_agreement() {
    for bits in 8..=15 {
        let mut receiver = Inflate::new(direction(bits, Context::Takeover));
        for length in [1, 300, 7, 40_000, 3] {
            receiver.message(&bomb(length), 1 << 20, None, &mut Vec::new()).unwrap();
            assert!(receiver.kept() <= 1 << bits);
        }
    }
}
