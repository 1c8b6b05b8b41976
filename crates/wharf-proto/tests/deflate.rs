//! permessage-deflate on a connection (RFC 7692 §6, §7.2).
#![cfg(feature = "deflate")]

use hex_literal::hex;
use wharf_proto::{
    Agreement, Config, Context, DeflateAgreement, Delivery, Direction, End, Kind, Limit, Misdeed,
    Outgoing, ProtocolError, Role, WindowBits,
};
use wharf_testkit::{Endpoint, Frame, Got, opcode};

const RSV1: u8 = 4;
const HELLO: [u8; 7] = hex!("f2 48 cd c9 c9 07 00");
/// "Hello" again, by reference to the first.
const AGAIN: [u8; 5] = hex!("f2 00 11 00 00");
const NOT_DEFLATE: Got = Got::Failed(ProtocolError::NotDeflate);

fn agreed(context: Context) -> Agreement {
    let direction = Direction { window: WindowBits::MAX, context };
    let mut agreement = Agreement::default();
    agreement.deflate = Some(DeflateAgreement { client: direction, server: direction });
    agreement
}

fn with(role: Role, context: Context, change: impl FnOnce(&mut Config)) -> Endpoint {
    let mut config = Config::new(role);
    change(&mut config);
    Endpoint::with(role, &agreed(context), config)
}

fn client() -> Endpoint {
    with(Role::Client, Context::Takeover, |_| {})
}

fn packed(payload: impl Into<Vec<u8>>) -> Frame {
    Frame::text(payload).rsv(RSV1)
}

fn hello() -> Got {
    Got::Text("Hello".into())
}

/// What a server sends for this message.
fn compress(plain: &[u8]) -> Vec<u8> {
    let mut server = with(Role::Server, Context::NoTakeover, |_| {});
    server.send(plain).expect("nothing waits");
    let frames = server.drain_frames();
    assert_eq!((frames.len(), frames[0].rsv), (1, RSV1));
    frames[0].payload.clone()
}

/// RFC 7692 §6; checklist 98.
#[test]
fn rsv1_stands_on_the_first_frame_of_a_message_only() {
    for frames in [
        &[Frame::text("a").more(), Frame::continuation("b").rsv(RSV1)][..],
        &[packed(&HELLO[..3]).more(), Frame::continuation(&HELLO[3..]).rsv(RSV1)],
        &[Frame::ping("").rsv(RSV1)],
        &[Frame::empty_close().rsv(RSV1)],
    ] {
        let mut client = client();
        let misdeed = ProtocolError::Misdeed(Misdeed::CompressedContinuation);
        assert_eq!(client.feed_frames(frames), [Got::Failed(misdeed)]);
        assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1002);
    }
}

/// RFC 6455 §5.2; checklist 54, 99: RSV1 is taken, the other bits mean nothing still.
#[test]
fn the_other_reserved_bits_are_refused() {
    for rsv in [1, 2, 3, 5, 6, 7] {
        let got = client().feed_frames(&[Frame::text(HELLO).rsv(rsv)]);
        assert_eq!(got, [Got::Failed(ProtocolError::Misdeed(Misdeed::ReservedBits(rsv)))]);
    }
}

/// RFC 7692 §7.2.3.1–§7.2.3.5; checklist 110, 113, 114: one block, stored, final, two blocks, empty.
#[test]
fn the_examples_of_the_rfc_inflate() {
    for (payload, text) in [
        (&HELLO[..], "Hello"),
        (&hex!("00 05 00 fa ff 48 65 6c 6c 6f 00"), "Hello"),
        (&hex!("f3 48 cd c9 c9 07 00 00"), "Hello"),
        (&hex!("f2 48 05 00 00 00 ff ff ca c9 c9 07 00"), "Hello"),
        (&hex!("00"), ""),
    ] {
        let got = client().feed_frames(&[packed(payload)]);
        assert_eq!(got, [Got::Text(text.into())], "{payload:02x?}");
    }
}

/// RFC 7692 §7.2.3.2; checklist 109: across messages that were not compressed, empty ones, and control
/// frames.
#[test]
fn the_window_survives_from_one_message_to_the_next() {
    let got = client().feed_frames(&[
        packed(HELLO),
        Frame::text("plain text is not in the window"),
        Frame::text(""),
        packed([0]),
        Frame::ping(""),
        packed(AGAIN),
    ]);
    assert_eq!((got.len(), &got[0], got.last()), (6, &hello(), Some(&hello())));
}

/// RFC 7692 §7.1.1; checklist 108: without takeover there is nothing to refer to.
#[test]
fn without_takeover_each_message_stands_alone() {
    let mut client = with(Role::Client, Context::NoTakeover, |_| {});
    assert_eq!(client.feed_frames(&[packed(HELLO), packed(AGAIN)]), [hello(), NOT_DEFLATE]);
}

/// RFC 7692 §6.1, §7.2.2; checklist 111, 115: the tail is put back once per message, not per fragment.
#[test]
fn a_compressed_message_may_be_cut_into_frames_anywhere() {
    for first in 0..=HELLO.len() {
        for second in first..=HELLO.len() {
            let mut client = client();
            let got = client.feed_frames(&[
                packed(&HELLO[..first]).more(),
                Frame::continuation(&HELLO[first..second]).more(),
                Frame::continuation(&HELLO[second..]),
                packed(AGAIN),
            ]);
            assert_eq!(got, [hello(), hello()], "cut at {first} and {second}");
        }
    }
}

/// RFC 7692 §7.2.2; checklist 112, 123: nothing, half a block, no block at all; never what came before.
#[test]
fn what_does_not_inflate_closes_with_1007() {
    for payload in [&[][..], &HELLO[..1], &HELLO[..4], &hex!("07"), &hex!("ff ff ff")] {
        for delivery in [Delivery::Whole, Delivery::Chunks] {
            let mut client = client();
            client.feed_frames(&[packed(HELLO)]);
            client.deliver(delivery);
            let got = client.feed_frames(&[packed(payload), packed(HELLO), Frame::text("plain")]);
            assert_eq!(got.last(), Some(&NOT_DEFLATE), "{payload:02x?}");
            assert_eq!(Got::join_chunks(got), [NOT_DEFLATE], "nothing of it is a message");
            assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1007);
        }
    }
}

/// Checklist 119: bytes behind a broken stream are part of nothing.
#[test]
fn nothing_leaks_from_a_broken_message_into_the_next() {
    let mut client = client();
    let broken = [&hex!("07")[..], b"\x81\x05leaky"].concat();
    assert_eq!(client.feed_frames(&[packed(broken), Frame::text("next")]), [NOT_DEFLATE]);
}

/// RFC 6455 §10.4; checklist 118: of the plain bytes, exactly.
#[test]
fn the_message_limit_holds_for_what_inflates() {
    for (len, fits) in [(100_000, true), (100_001, false)] {
        let mut client = with(Role::Client, Context::NoTakeover, |config| {
            config.limits.message = 100_000;
        });
        let payload = compress(&vec![7; len]);
        assert!(payload.len() < 1_000);
        let got = client.feed_frames(&[Frame::binary(payload).rsv(RSV1)]);
        let expected = if fits {
            Got::Binary(vec![7; len])
        } else {
            Got::Failed(ProtocolError::TooBig(Limit::Message(100_000)))
        };
        assert_eq!(got, [expected]);
        assert!(client.connection.inbound().held_bytes() <= 4 * 100_000);
    }
}

/// Checklist 118: the ratio, if one is set.
#[test]
fn the_inflate_ratio_can_be_limited() {
    let mut client = with(Role::Client, Context::NoTakeover, |config| {
        config.limits.inflate_ratio = Some(10);
    });
    let payload = compress(&vec![7; 200_000]);
    let got = client.feed_frames(&[Frame::binary(payload).rsv(RSV1)]);
    assert_eq!(got, [Got::Failed(ProtocolError::TooBig(Limit::InflateRatio(10)))]);
    assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1009);
}

/// Checklist 118: a bomb that is read in chunks is harmless: each is at most 64 KiB, whatever is to come.
#[test]
fn chunks_of_a_bomb_are_bounded() {
    let mut client = with(Role::Client, Context::NoTakeover, |_| {});
    client.deliver(Delivery::Chunks);
    let payload = compress(&vec![7; 1_000_000]);
    let wire = client.on_wire(&[Frame::binary(payload.clone()).rsv(RSV1)]);
    let mut total = 0;
    for byte in wire {
        for got in client.feed(&[byte]) {
            let Got::Chunk(Kind::Binary, bytes, _) = got else { panic!("{got:?}") };
            assert!(bytes.len() <= 64 << 10, "{}", bytes.len());
            total += bytes.len();
        }
        assert!(client.connection.inbound().held_bytes() <= (64 << 10) + 2 * payload.len());
    }
    assert_eq!(total, 1_000_000);
    assert!(!client.connection.inbound().is_inside_chunks());
}

/// RFC 6455 §5.6, §8.1; checklist 120: the check runs on the plain text, the kind is the first frame's.
#[test]
fn text_is_checked_after_it_was_inflated() {
    let payload = compress(&[0xFF; 1_000]);
    for delivery in [Delivery::Whole, Delivery::Chunks] {
        let mut client = client();
        client.deliver(delivery);
        let got = client.feed_frames(&[packed(payload.clone())]);
        assert_eq!(got.last(), Some(&Got::Failed(ProtocolError::NotUtf8)));
    }
    let mut client = client();
    let (start, end) = payload.split_at(3);
    let frames = [Frame::binary(start).rsv(RSV1).more(), Frame::continuation(end)];
    assert_eq!(client.feed_frames(&frames), [Got::Binary(vec![0xFF; 1_000])]);
}

/// RFC 7692 §6; checklist 121: short, incompressible, and whatever the user says.
#[test]
fn a_message_may_go_out_uncompressed() {
    let mut server = with(Role::Server, Context::Takeover, |_| {});
    let noise = wharf_testkit::Random::new(1).bytes(1_000);
    let text = "compressible ".repeat(100);
    server.send("short").unwrap();
    server.send(&noise).unwrap();
    server.send(Outgoing::from(&text).uncompressed()).unwrap();
    server.send(&text).unwrap();
    let bytes = server.drain();
    let rsv: Vec<u8> = wharf_testkit::read_frames(&bytes).0.iter().map(|frame| frame.rsv).collect();
    assert_eq!(rsv, [0, 0, 0, RSV1]);
    let expected =
        [Got::Text("short".into()), Got::Binary(noise), Got::Text(text.clone()), Got::Text(text)];
    assert_eq!(client().feed(&bytes), expected);
}

/// RFC 7692 §6.1; checklist 98, 115: compressed, then split.
#[test]
fn fragments_of_a_compressed_message_carry_rsv1_once() {
    let mut server = with(Role::Server, Context::Takeover, |config| config.fragment = Some(10));
    let text: String = (0..200).map(|number| format!("{number} ")).collect();
    server.send(&text).unwrap();
    let bytes = server.drain();
    let frames = wharf_testkit::read_frames(&bytes).0;
    assert!(frames.len() > 3);
    assert_eq!((frames[0].rsv, frames[0].opcode), (RSV1, opcode::TEXT));
    assert!(frames[1..].iter().all(|frame| (frame.rsv, frame.opcode) == (0, opcode::CONTINUATION)));
    assert_eq!(client().feed(&bytes), [Got::Text(text)]);
}

/// RFC 7692 §7.2.1; checklist 110: a message that is written in fragments, with and without bytes in them.
#[test]
fn fragments_are_compressed_as_one_message() {
    for pieces in [
        &[""][..],
        &["", ""],
        &["", "abc", "", "", "abcabcabc", ""],
        &["one piece of some length, and of some length it is"],
    ] {
        let mut server = with(Role::Server, Context::Takeover, |_| {});
        for _ in 0..3 {
            let now = server.now();
            server.connection.outbound().begin_message(Kind::Text).unwrap();
            for (at, piece) in pieces.iter().enumerate() {
                let end = if at + 1 == pieces.len() { End::Last } else { End::More };
                let written =
                    server.connection.outbound().write_fragment(piece.as_bytes(), end, now);
                written.unwrap();
            }
        }
        let got = client().feed(&server.drain());
        assert_eq!(got, vec![Got::Text(pieces.concat()); 3], "{pieces:?}");
    }
}

/// RFC 7692 §7.1.1: both roles, with and without a window that is kept.
#[test]
fn both_roles_understand_each_other() {
    for context in [Context::Takeover, Context::NoTakeover] {
        for role in [Role::Client, Role::Server] {
            let (mut from, mut to) =
                (with(role, context, |_| {}), with(role.peer(), context, |_| {}));
            let text = "the same text, again and again, ".repeat(10);
            for _ in 0..5 {
                from.send(&text).unwrap();
            }
            let bytes = from.drain();
            assert!(bytes.len() < text.len());
            assert_eq!(to.feed(&bytes), vec![Got::Text(text); 5]);
        }
    }
}
