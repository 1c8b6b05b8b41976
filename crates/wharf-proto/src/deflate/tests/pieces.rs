//! Messages that are longer than memory (RFC 7692 §6.1, §6.2).

use super::{compress, deflater, direction, directions, inflate, noise, record};
use crate::deflate::{
    agreement::{Context, Direction},
    inflate::{Inflate, InflateError, Progress},
    part::Part,
};
use alloc::{string::String, vec, vec::Vec};
use hex_literal::hex;

/// Inflates `payload` in pieces of `step` bytes into pieces of at most `room` bytes.
fn in_pieces(
    receiver: &mut Inflate,
    payload: &[u8],
    step: usize,
    room: usize,
) -> Result<Vec<u8>, InflateError> {
    let mut plain = Vec::new();
    let pieces: Vec<&[u8]> = payload.chunks(step).chain([&[][..]]).collect();
    for (at, piece) in pieces.iter().enumerate() {
        let part = if at + 1 == pieces.len() { Part::Last } else { Part::More };
        let mut input = *piece;
        loop {
            let mut out = Vec::new();
            let progress = receiver.chunk(&mut input, part, room, &mut out)?;
            assert!(out.len() <= room);
            plain.extend_from_slice(&out);
            match progress {
                Progress::Full => assert_eq!(out.len(), room),
                Progress::Hungry => {
                    assert_eq!((input, part), (&[][..], Part::More));
                    break;
                }
                Progress::Done => return Ok(plain),
            }
        }
    }
    panic!("the last piece ends a message")
}

/// checklist 115, 118: any cut of input and output gives the same bytes, and the same window after.
#[test]
fn any_pieces_give_the_same_message() {
    let text: String = (0..120).map(record).collect();
    for way in directions() {
        let mut sender = deflater(way, 6);
        let payloads = [0, 1].map(|_| compress(&mut sender, text.as_bytes()).unwrap());
        for (step, room) in [(1, 100_000), (7, 1), (1000, 333), (100_000, 4096)] {
            let mut receiver = Inflate::new(way);
            for payload in &payloads {
                let plain = in_pieces(&mut receiver, payload, step, room);
                assert_eq!(plain.as_deref(), Ok(text.as_bytes()), "{way:?} {step} {room}");
            }
        }
    }
}

/// checklist 113: final blocks in a message that comes in pieces.
#[test]
fn a_final_block_in_pieces_keeps_the_window() {
    let twice = hex!("f3 48 cd c9 c9 07 00  f3 00 11 00  f2 00 11 00 00");
    for context in [Context::Takeover, Context::NoTakeover] {
        for step in 1..twice.len() {
            for room in 1..16 {
                let mut receiver = Inflate::new(direction(15, context));
                let plain = in_pieces(&mut receiver, &twice, step, room);
                assert_eq!(plain.as_deref(), Ok(&b"HelloHelloHello"[..]));
            }
        }
    }
}

/// checklist 112: the end may come only between blocks.
#[test]
fn a_message_in_pieces_may_not_end_inside_a_block() {
    let mut receiver = Inflate::new(Direction::DEFAULT);
    let plain = in_pieces(&mut receiver, &hex!("f2 48 cd c9"), 1, 100);
    assert_eq!(plain, Err(InflateError::Corrupt));
    assert_eq!(inflate(&mut receiver, &hex!("f2 48 cd c9 c9 07 00")), Err(InflateError::Corrupt));
}

/// A step without room does nothing and says so.
#[test]
fn no_room_is_full() {
    let mut receiver = Inflate::new(Direction::DEFAULT);
    let (payload, mut out) = (hex!("f2 48 cd c9 c9 07 00"), Vec::new());
    let mut input = &payload[..];
    assert_eq!(receiver.chunk(&mut input, Part::Last, 0, &mut out), Ok(Progress::Full));
    assert_eq!(receiver.chunk(&mut input, Part::Last, 9, &mut out), Ok(Progress::Done));
    assert_eq!(out, b"Hello");
}

/// House 1.5: a message in pieces gives its window back when nobody needs it.
#[test]
fn after_a_message_in_pieces_nothing_is_kept_without_takeover() {
    let mut receiver = Inflate::new(direction(15, Context::NoTakeover));
    let payload = compress(&mut deflater(Direction::DEFAULT, 1), &vec![b'x'; 10_000]).unwrap();
    assert_eq!(in_pieces(&mut receiver, &payload, 5, 999), Ok(vec![b'x'; 10_000]));
    assert_eq!(receiver.kept(), 0);
}

/// checklist 110, 115: a message that is compressed in pieces inflates like any other.
#[test]
fn a_message_compressed_in_pieces_inflates() {
    let text: String = (0..120).map(record).collect();
    for way in directions() {
        for step in [1, 100, 5000, 1_000_000] {
            let (mut sender, mut receiver) = (deflater(way, 4), Inflate::new(way));
            for _ in 0..2 {
                let mut payload = Vec::new();
                for piece in text.as_bytes().chunks(step) {
                    sender.chunk(piece, Part::More, &mut payload);
                }
                sender.chunk(b"", Part::Last, &mut payload);
                assert!(payload.len() < text.len());
                let plain = inflate(&mut receiver, &payload);
                assert_eq!(plain.as_deref(), Ok(text.as_bytes()), "{way:?} {step}");
            }
        }
    }
}

/// RFC 7692 §7.2.3.6, checklist 110: an empty message in pieces has one octet.
#[test]
fn an_empty_message_in_pieces_is_one_octet() {
    for way in directions() {
        let mut sender = deflater(way, 1);
        for _ in 0..3 {
            let mut payload = Vec::new();
            sender.chunk(b"", Part::More, &mut payload);
            sender.chunk(b"", Part::Last, &mut payload);
            assert_eq!(payload, [0x00]);
        }
    }
}

/// What does not compress still leaves in pieces, a little longer.
#[test]
fn noise_in_pieces_grows_by_less_than_a_thousandth() {
    let plain = noise(1 << 20, 3);
    let (mut sender, mut payload) = (deflater(Direction::DEFAULT, 1), Vec::new());
    for piece in plain.chunks(10_000) {
        sender.chunk(piece, Part::More, &mut payload);
    }
    sender.chunk(b"", Part::Last, &mut payload);
    assert!(payload.len() < plain.len() + plain.len() / 1000, "{}", payload.len());
    assert_eq!(inflate(&mut Inflate::new(Direction::DEFAULT), &payload), Ok(plain));
}
