//! Frames: who masks, what a header may say, how long it may be (RFC 6455 §5.1–§5.3).

use hex_literal::hex;
use std::collections::HashSet;
use wharf_proto::{Bytes, Misdeed, ProtocolError, Role};
use wharf_testkit::{Endpoint, Frame, Got, Length, join, opcode, read_frames};

/// The peer of this end sends `frames`, and the only answer is a Close with 1002.
fn assert_misdeed(mut end: Endpoint, wire: &[u8], misdeed: Misdeed) {
    assert_eq!(end.feed(wire), [Got::Failed(ProtocolError::Misdeed(misdeed))], "{wire:02x?}");
    let answer = end.drain_frames();
    assert_eq!(answer.len(), 1, "{answer:?}");
    let (code, reason) = answer[0].close_code().expect("the Close says why");
    assert_eq!((answer[0].opcode, code), (opcode::CLOSE, 1002));
    assert!(!reason.is_empty(), "the peer learns why");
}

/// RFC 6455 §5.1; checklist 49, 86: data and control frames alike.
#[test]
fn a_server_closes_on_an_unmasked_frame() {
    for frame in [Frame::text("hi"), Frame::ping(""), Frame::empty_close(), Frame::text("")] {
        assert_misdeed(Endpoint::server(), &frame.bytes(), Misdeed::Unmasked);
    }
}

/// RFC 6455 §5.1; checklist 50.
#[test]
fn a_client_closes_on_a_masked_frame() {
    for frame in [Frame::text("hi"), Frame::ping(""), Frame::empty_close()] {
        assert_misdeed(Endpoint::client(), &frame.masked([0; 4]).bytes(), Misdeed::Masked);
    }
}

/// RFC 6455 §5.1, §5.3; checklist 51: every frame of a client, the empty ones too; none of a server.
#[test]
fn a_client_masks_every_frame_and_a_server_none() {
    for role in [Role::Client, Role::Server] {
        let mut end = Endpoint::new(role);
        end.send("text").unwrap();
        end.send("").unwrap();
        end.send(vec![7; 100_000]).unwrap();
        end.feed_frames(&[Frame::ping("?")]);
        let now = end.now();
        end.connection.outbound().ping(now);
        end.close(None);
        let frames = end.drain_frames();
        assert_eq!(frames.len(), 6);
        for frame in frames {
            assert_eq!(frame.key.is_some(), role == Role::Client, "{frame:?}");
        }
    }
}

/// RFC 6455 §5.3, §10.3; checklist 52: fresh keys that do not repeat; another seed gives others.
#[test]
fn masking_keys_are_fresh_for_each_frame() {
    let mut client = Endpoint::client();
    for _ in 0..2_000 {
        client.send("same").unwrap();
    }
    let keys: Vec<[u8; 4]> = client.drain_frames().iter().filter_map(|frame| frame.key).collect();
    let distinct: HashSet<_> = keys.iter().collect();
    assert_eq!(keys.len(), 2_000);
    assert!(distinct.len() >= 1_999, "{} of 2,000", distinct.len());
    assert!(keys.iter().filter(|key| **key == [0; 4]).count() <= 1);
    let steps: HashSet<u32> = keys
        .windows(2)
        .map(|pair| u32::from_le_bytes(pair[1]).wrapping_sub(u32::from_le_bytes(pair[0])))
        .collect();
    assert!(steps.len() >= 1_998, "a counter is not random");
    for place in 0..4 {
        let values: HashSet<u8> = keys.iter().map(|key| key[place]).collect();
        assert!(values.len() > 250, "byte {place} of a key takes {} values", values.len());
    }
}

/// RFC 6455 §10.3; checklist 53: a shared payload is masked in a copy while somebody else holds it.
#[test]
fn masking_does_not_touch_what_others_hold() {
    let shared = Bytes::from(vec![1; 100_000]);
    let mut client = Endpoint::client();
    client.send(shared.clone()).unwrap();
    client.send(shared.clone()).unwrap();
    let frames = client.drain_frames();
    assert!(shared.iter().all(|byte| *byte == 1));
    assert!(frames.iter().all(|frame| frame.payload == shared));
}

/// RFC 6455 §5.2; checklist 54: nothing was negotiated, so no reserved bit means anything.
#[test]
fn reserved_bits_without_an_extension_are_refused() {
    for rsv in 1..8 {
        for frame in [Frame::text("hi"), Frame::ping("hi"), Frame::empty_close()] {
            let wire = frame.rsv(rsv).bytes();
            assert_misdeed(Endpoint::client(), &wire, Misdeed::ReservedBits(rsv));
        }
    }
}

/// RFC 6455 §5.2; checklist 55.
#[test]
fn reserved_opcodes_are_refused() {
    for code in [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] {
        let wire = Frame::new(code, "").bytes();
        assert_misdeed(Endpoint::client(), &wire, Misdeed::Opcode(code));
    }
}

/// RFC 6455 §5.2; checklist 56: refused as soon as the header is there.
#[test]
fn a_length_with_its_top_bit_set_is_refused() {
    for claimed in [1 << 63, u64::MAX, (1 << 63) + 5] {
        let wire = Frame::binary("").length(Length::Claimed(claimed)).bytes();
        assert_misdeed(Endpoint::client(), &wire, Misdeed::LengthTopBit);
        let server = Frame::binary("").masked([1; 4]).length(Length::Claimed(claimed)).bytes();
        assert_misdeed(Endpoint::server(), &server, Misdeed::LengthTopBit);
    }
}

/// RFC 6455 §5.2; checklist 57: one byte below each form's range is refused, its lowest length is taken.
#[test]
fn a_length_in_a_longer_form_than_needed_is_refused() {
    for (form, shorter) in [(Length::Two, 0), (Length::Two, 125), (Length::Eight, 65_535)] {
        let wire = Frame::binary(vec![0; shorter]).length(form).bytes();
        assert_misdeed(Endpoint::client(), &wire, Misdeed::LengthNotMinimal);
    }
    for (form, len) in [(Length::Two, 126), (Length::Two, 65_535), (Length::Eight, 65_536)] {
        let wire = Frame::binary(vec![0; len]).length(form).bytes();
        assert_eq!(Endpoint::client().feed(&wire), [Got::Binary(vec![0; len])]);
    }
}

/// RFC 6455 §5.2; checklist 57: and it is never sent.
#[test]
fn lengths_are_written_in_their_shortest_form() {
    for role in [Role::Client, Role::Server] {
        let mut end = Endpoint::new(role);
        for len in [0, 1, 125, 126, 127, 65_535, 65_536] {
            end.send(vec![1; len]).unwrap();
        }
        let frames = end.drain_frames();
        assert_eq!(frames.len(), 7);
        assert!(frames.iter().all(|frame| frame.length == Length::Shortest));
    }
}

/// RFC 6455 §5.2; checklist 58: a length near the end of the number range, behind bytes that are there
/// already, adds up to no small one.
#[test]
fn huge_lengths_do_not_overflow() {
    for claimed in [(1 << 63) - 1, u64::from(u32::MAX), 1 << 40] {
        let mut client = Endpoint::client();
        let wire = [
            Frame::binary("ab").more().bytes(),
            Frame::continuation("").length(Length::Claimed(claimed)).bytes(),
        ]
        .concat();
        let got = client.feed(&wire);
        assert!(matches!(got[..], [Got::Failed(ProtocolError::TooBig(_))]), "{got:?}");
    }
}

/// RFC 6455 §5.7: the examples, received.
#[test]
fn the_examples_of_the_rfc_are_understood() {
    let masked = hex!("81 85 37 fa 21 3d 7f 9f 4d 51 58");
    assert_eq!(Endpoint::server().feed(&masked), [Got::Text("Hello".into())]);
    let fragments = hex!("01 03 48 65 6c 80 02 6c 6f");
    assert_eq!(Endpoint::client().feed(&fragments), [Got::Text("Hello".into())]);
    let ping = hex!("89 05 48 65 6c 6c 6f");
    let mut client = Endpoint::client();
    assert_eq!(client.feed(&ping), [Got::Ping(b"Hello".to_vec())]);
    assert_eq!(client.drain_plain(), [Frame::pong("Hello")]);
}

/// RFC 6455 §5.7: the examples, sent.
#[test]
fn the_examples_of_the_rfc_are_written() {
    let mut server = Endpoint::server();
    server.send("Hello").unwrap();
    server.send(vec![0; 256]).unwrap();
    server.send(vec![0; 65_536]).unwrap();
    let bytes = server.drain();
    assert_eq!(bytes[..7], hex!("81 05 48 65 6c 6c 6f"));
    assert_eq!(bytes[7..11], hex!("82 7e 0100"));
    assert_eq!(bytes[267..277], hex!("82 7f 0000000000010000"));
}

/// RFC 6455 §7.1.7; checklist 85: a failure is told once, and nothing behind it is read.
#[test]
fn nothing_is_read_after_a_failure() {
    let mut client = Endpoint::client();
    let wire = join(&[Frame::new(3, ""), Frame::text("no"), Frame::ping("no"), Frame::new(4, "")]);
    assert_eq!(client.feed(&wire).len(), 1);
    assert_eq!(client.feed(&wire), []);
    assert_eq!(read_frames(&client.drain()).0.len(), 1);
}
