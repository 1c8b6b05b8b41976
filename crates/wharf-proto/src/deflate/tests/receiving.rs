//! What a receiver takes and refuses (RFC 7692 §7.2.2).

use super::{direction, inflate};
use crate::deflate::{
    agreement::{Context, Direction},
    inflate::{Inflate, InflateError},
};
use alloc::vec::Vec;
use hex_literal::hex;

fn fresh() -> Inflate {
    Inflate::new(Direction::DEFAULT)
}

fn whole(payload: &[u8]) -> Result<Vec<u8>, InflateError> {
    inflate(&mut fresh(), payload)
}

/// RFC 7692 §7.2.3.1, checklist 114.
#[test]
fn one_block() {
    assert_eq!(whole(&hex!("f2 48 cd c9 c9 07 00")), Ok(b"Hello".to_vec()));
}

/// RFC 7692 §7.2.3.2, checklist 109, 114.
#[test]
fn a_second_message_refers_to_the_first() {
    let mut receiver = fresh();
    assert_eq!(inflate(&mut receiver, &hex!("f2 48 cd c9 c9 07 00")), Ok(b"Hello".to_vec()));
    assert_eq!(inflate(&mut receiver, &hex!("f2 00 11 00 00")), Ok(b"Hello".to_vec()));
}

/// RFC 7692 §7.1.1, checklist 108: without context takeover nothing is there to refer to.
#[test]
fn without_takeover_a_message_cannot_refer_to_the_one_before() {
    let mut receiver = Inflate::new(direction(15, Context::NoTakeover));
    assert_eq!(inflate(&mut receiver, &hex!("f2 48 cd c9 c9 07 00")), Ok(b"Hello".to_vec()));
    assert_eq!(inflate(&mut receiver, &hex!("f2 00 11 00 00")), Err(InflateError::Corrupt));
}

/// RFC 7692 §7.2.3.3, checklist 114.
#[test]
fn a_stored_block() {
    assert_eq!(whole(&hex!("00 05 00 fa ff 48 65 6c 6c 6f 00")), Ok(b"Hello".to_vec()));
}

/// RFC 7692 §7.2.3.4, checklist 113, 114.
#[test]
fn a_final_block_does_not_end_the_message() {
    assert_eq!(whole(&hex!("f3 48 cd c9 c9 07 00 00")), Ok(b"Hello".to_vec()));
}

/// RFC 7692 §7.2.3.4, checklist 113: a block after a final one still refers to what stands before it.
#[test]
fn blocks_after_a_final_one_keep_the_window() {
    let twice = hex!("f3 48 cd c9 c9 07 00  f2 00 11 00 00");
    assert_eq!(whole(&twice), Ok(b"HelloHello".to_vec()));
    let mut receiver = fresh();
    assert_eq!(inflate(&mut receiver, &hex!("f2 48 cd c9 c9 07 00")), Ok(b"Hello".to_vec()));
    assert_eq!(inflate(&mut receiver, &hex!("03 00  f2 00 11 00 00")), Ok(b"Hello".to_vec()));
}

/// RFC 7692 §7.2.3.4: a message that ends with its final block is whole, though the sender owed an empty
/// block after it.
#[test]
fn a_message_may_end_with_its_final_block() {
    assert_eq!(whole(&hex!("f3 48 cd c9 c9 07 00")), Ok(b"Hello".to_vec()));
}

/// RFC 7692 §7.2.3.5, checklist 114.
#[test]
fn two_blocks() {
    let payload = hex!("f2 48 05 00 00 00 ff ff ca c9 c9 07 00");
    assert_eq!(whole(&payload), Ok(b"Hello".to_vec()));
}

/// RFC 7692 §7.2.3.6, checklist 110: the empty message, and other legal spellings of it.
#[test]
fn the_empty_message_in_every_spelling() {
    for payload in [
        &hex!("00")[..],
        &hex!("02 00"),
        &hex!("03 00 00"),
        &hex!("00 00 00 ff ff 00"),
        &hex!("02 00 00 00 ff ff 00"),
    ] {
        assert_eq!(whole(payload), Ok(Vec::new()), "{payload:02x?}");
    }
}

/// checklist 109: an empty message changes nothing in the window.
#[test]
fn the_window_outlives_an_empty_message() {
    let mut receiver = fresh();
    assert_eq!(inflate(&mut receiver, &hex!("f2 48 cd c9 c9 07 00")), Ok(b"Hello".to_vec()));
    assert_eq!(inflate(&mut receiver, &hex!("00")), Ok(Vec::new()));
    assert_eq!(inflate(&mut receiver, &hex!("f2 00 11 00 00")), Ok(b"Hello".to_vec()));
}

/// checklist 112: compressed, and not a byte of payload.
#[test]
fn an_empty_payload_is_an_error() {
    assert_eq!(whole(b""), Err(InflateError::Corrupt));
}

/// checklist 112: every cut of a message is inside a block, save where a block ends on a byte.
#[test]
fn a_message_that_ends_inside_a_block_is_an_error() {
    let one = hex!("f2 48 cd c9 c9 07 00");
    for end in 1..one.len() {
        assert_eq!(whole(&one[..end]), Err(InflateError::Corrupt), "cut at {end}");
    }
    let stored = hex!("00 05 00 fa ff 48 65 6c 6c 6f 00");
    for end in 2..stored.len() - 1 {
        assert_eq!(whole(&stored[..end]), Err(InflateError::Corrupt), "cut at {end}");
    }
}

/// checklist 112: a stored block that still wants as many bytes as the tail has is not filled from the tail.
#[test]
fn the_tail_is_never_payload() {
    for missing in 1..=6 {
        let length = [missing + 1, 0, !(missing + 1), 0xff];
        let payload = [&[0][..], &length, b"x"].concat();
        assert_eq!(whole(&payload), Err(InflateError::Corrupt), "{missing} missing");
    }
}

/// checklist 119: what stands behind the last block is an error and not kept for the next message.
#[test]
fn bytes_after_the_end_are_an_error() {
    assert_eq!(whole(&hex!("f2 48 cd c9 c9 07 00 ff")), Err(InflateError::Corrupt));
    assert_eq!(whole(&hex!("f3 48 cd c9 c9 07 00 07")), Err(InflateError::Corrupt));
}

/// RFC 1951 §3.2.3: block type 3 is an error.
#[test]
fn a_reserved_block_type_is_an_error() {
    assert_eq!(whole(&hex!("06 00")), Err(InflateError::Corrupt));
}

/// checklist 119, 123: after an error even a good message is refused.
#[test]
fn an_error_poisons_the_direction() {
    let mut receiver = fresh();
    let mut out = b"before".to_vec();
    assert_eq!(
        receiver.message(&hex!("f2 48 ff ff"), 100, None, &mut out),
        Err(InflateError::Corrupt)
    );
    assert_eq!(out, b"before");
    assert_eq!(inflate(&mut receiver, &hex!("f2 48 cd c9 c9 07 00")), Err(InflateError::Corrupt));
}

/// checklist 123: a limit poisons too; what was cut off is in nobody's window.
#[test]
fn a_breach_poisons_the_direction() {
    let mut receiver = fresh();
    let hello = hex!("f2 48 cd c9 c9 07 00");
    assert_eq!(receiver.message(&hello, 4, None, &mut Vec::new()), Err(InflateError::TooBig(4)));
    assert_eq!(inflate(&mut receiver, &hello), Err(InflateError::Corrupt));
}
