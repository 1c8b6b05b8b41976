//! What a sender writes (RFC 7692 §7.2.1).

use super::{compress, deflater, direction, directions, inflate, noise, record, strict};
use crate::{
    config::Compression,
    deflate::{
        agreement::{Context, Direction},
        deflater::{Deflater, Worth},
        inflate::Inflate,
        part::Part,
    },
};
use alloc::{string::String, vec::Vec};

fn text(records: core::ops::Range<u64>) -> Vec<u8> {
    records.map(record).collect::<String>().into_bytes()
}

/// checklist 104, 116, 117: what leaves under a window inflates with a window of exactly that size.
#[test]
fn no_distance_is_beyond_the_agreed_window() {
    for way in directions() {
        for level in [1, 2, 4, 6, 9] {
            let mut sender = deflater(way, level);
            let mut history = Vec::new();
            for plain in [text(0..30), text(10..700), text(5..6), text(650..900)] {
                let payload = compress(&mut sender, &plain).unwrap();
                let judged = strict::inflate(&payload, way.window.bytes(), &history);
                assert_eq!(judged.as_ref(), Ok(&plain), "{way:?} level {level}");
                if way.context == Context::Takeover {
                    history.extend_from_slice(&plain);
                }
            }
        }
    }
}

/// checklist 116, 117: the same for messages in pieces.
#[test]
fn no_distance_in_pieces_is_beyond_the_agreed_window() {
    let plain = text(0..900);
    for way in directions() {
        let (mut sender, mut payload) = (deflater(way, 6), Vec::new());
        for piece in plain.chunks(777) {
            sender.chunk(piece, Part::More, &mut payload);
        }
        sender.chunk(b"", Part::Last, &mut payload);
        let judged = strict::inflate(&payload, way.window.bytes(), b"");
        assert_eq!(judged.as_ref(), Ok(&plain), "{way:?}");
    }
}

/// checklist 116: a window of 256 bytes still compresses.
#[test]
fn the_smallest_window_still_compresses() {
    let plain = text(0..100);
    for context in [Context::Takeover, Context::NoTakeover] {
        let payload = compress(&mut deflater(direction(8, context), 6), &plain).unwrap();
        assert!(payload.len() < plain.len() * 3 / 4, "{} of {}", payload.len(), plain.len());
    }
}

/// checklist 108: without takeover two equal messages are equal on the wire; with it the second is smaller.
#[test]
fn takeover_makes_the_second_message_smaller() {
    let plain = text(0..8);
    let mut alone = deflater(direction(15, Context::NoTakeover), 6);
    let mut kept = deflater(direction(15, Context::Takeover), 6);
    let first = compress(&mut alone, &plain).unwrap();
    assert_eq!(compress(&mut alone, &plain).unwrap(), first);
    assert_eq!(compress(&mut kept, &plain).unwrap(), first);
    assert!(compress(&mut kept, &plain).unwrap().len() < first.len() / 5);
}

/// checklist 121: short messages and such as would grow go out plain.
#[test]
fn what_gets_no_shorter_goes_out_plain() {
    let mut sender = Deflater::new(Direction::DEFAULT, &Compression { threshold: 64, level: 6 });
    let mut out = b"before".to_vec();
    assert_eq!(sender.message(&[b'a'; 63], &mut out), Worth::Plain);
    assert_eq!(sender.message(&noise(5000, 1), &mut out), Worth::Plain);
    assert_eq!(out, b"before");
    assert_eq!(sender.message(&[b'a'; 64], &mut out), Worth::Compressed);
    assert!(out.starts_with(b"before") && out.len() > 6);
}

/// checklist 121: the empty message is never worth it.
#[test]
fn the_empty_message_goes_out_plain() {
    assert_eq!(compress(&mut deflater(Direction::DEFAULT, 1), b""), None);
}

/// checklist 109: what went out plain is in neither window, so both ends stay in step.
#[test]
fn plain_messages_between_compressed_ones_keep_both_ends_in_step() {
    for way in directions() {
        let (mut sender, mut receiver) = (deflater(way, 6), Inflate::new(way));
        for round in 0..20 {
            for plain in [text(round..round + 9), noise(500, round), Vec::new(), text(3..5)] {
                if let Some(payload) = compress(&mut sender, &plain) {
                    assert_eq!(inflate(&mut receiver, &payload), Ok(plain), "{way:?}");
                }
            }
        }
    }
}

/// Every level is taken, and those out of range mean the nearest.
#[test]
fn every_level_compresses() {
    let plain = text(0..50);
    for level in 0..=u8::MAX {
        let payload = compress(&mut deflater(Direction::DEFAULT, level), &plain).unwrap();
        let plain_again = inflate(&mut Inflate::new(Direction::DEFAULT), &payload);
        assert_eq!(plain_again.as_ref(), Ok(&plain), "level {level}");
    }
}

/// House 1.5: between messages a connection keeps the end of what it said, no compressor, and no more than
/// the docs of `Deflate` tell; without takeover nothing.
#[test]
fn a_connection_keeps_no_more_than_its_history() {
    let kept = [6400, 6656, 7168, 10_240, 16_384, 20_480, 32_768, 57_344];
    for way in directions() {
        let mut sender = deflater(way, 6);
        assert_eq!(sender.kept(), 0);
        compress(&mut sender, &text(0..1)).unwrap();
        assert!(sender.kept() <= 1024, "{way:?}: as far as it was filled");
        compress(&mut sender, &text(0..2000)).unwrap();
        let most = match way.context {
            Context::Takeover => kept[usize::from(way.window.get()) - 8],
            Context::NoTakeover => 0,
        };
        assert_eq!(sender.kept(), most, "{way:?}");
    }
}

/// checklist 109: a long message that went out plain is in neither window, though it moved the history.
#[test]
fn a_long_plain_message_keeps_both_ends_in_step() {
    for way in directions() {
        let (mut sender, mut receiver) = (deflater(way, 1), Inflate::new(way));
        for round in 0..4 {
            for plain in [text(0..400), noise(200_000, round + 1), text(380..420)] {
                if let Some(payload) = compress(&mut sender, &plain) {
                    assert_eq!(inflate(&mut receiver, &payload), Ok(plain), "{way:?}");
                }
            }
        }
    }
}
