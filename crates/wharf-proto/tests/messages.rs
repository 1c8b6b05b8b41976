//! Messages: fragments, and text (RFC 6455 §5.4, §5.6, §8.1).

use hex_literal::hex;
use wharf_proto::{Config, End, Kind, Limit, Misdeed, ProtocolError, Role, WhyNot};
use wharf_testkit::{Endpoint, Frame, Got, opcode};

const NOT_UTF8: Got = Got::Failed(ProtocolError::NotUtf8);

fn misdeed(misdeed: Misdeed) -> Got {
    Got::Failed(ProtocolError::Misdeed(misdeed))
}

/// RFC 6455 §5.4; checklist 62.
#[test]
fn a_continuation_needs_a_message_that_was_started() {
    for frame in [Frame::continuation("x"), Frame::continuation("x").more()] {
        let mut client = Endpoint::client();
        assert_eq!(client.feed_frames(&[frame]), [misdeed(Misdeed::ContinuationWithoutStart)]);
    }
    let mut client = Endpoint::client();
    let got = client.feed_frames(&[Frame::text("whole"), Frame::continuation("x")]);
    assert_eq!(got, [Got::Text("whole".into()), misdeed(Misdeed::ContinuationWithoutStart)]);
}

/// RFC 6455 §5.4; checklist 62.
#[test]
fn a_message_is_not_started_inside_another() {
    for frame in [Frame::text("x"), Frame::binary("x").more()] {
        let mut client = Endpoint::client();
        let got = client.feed_frames(&[Frame::text("a").more(), frame]);
        assert_eq!(got, [misdeed(Misdeed::StartInsideMessage)]);
    }
}

/// RFC 6455 §5.4; checklist 64: first, in the middle, last, and all of them.
#[test]
fn empty_fragments_are_legal() {
    let mut server = Endpoint::server();
    let got = server.feed_frames(&[
        Frame::text("").more(),
        Frame::continuation("a").more(),
        Frame::continuation("").more(),
        Frame::continuation("b").more(),
        Frame::continuation(""),
        Frame::binary("").more(),
        Frame::continuation(""),
    ]);
    assert_eq!(got, [Got::Text("ab".into()), Got::Binary(vec![])]);
}

/// RFC 6455 §10.4; checklist 59, 64: bytes or none, fragments are counted.
#[test]
fn fragments_are_limited_in_number() {
    let mut config = Config::new(Role::Client);
    config.limits.fragments = 3;
    let mut client = Endpoint::with(Role::Client, &Default::default(), config);
    let whole = [Frame::binary("").more(), Frame::continuation("").more(), Frame::continuation("")];
    assert_eq!(client.feed_frames(&whole), [Got::Binary(vec![])]);
    let got = client.feed_frames(&[&whole[..2], &[whole[1].clone(), whole[1].clone()]].concat());
    assert_eq!(got, [Got::Failed(ProtocolError::TooBig(Limit::Fragments(3)))]);
    assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1008);
}

/// RFC 6455 §5.4; checklist 65: however a message was cut into frames, it is the same message.
#[test]
fn frame_boundaries_mean_nothing() {
    let text = "grün und 😀";
    for first in 0..=text.len() {
        for second in first..=text.len() {
            let bytes = text.as_bytes();
            let got = Endpoint::client().feed_frames(&[
                Frame::text(&bytes[..first]).more(),
                Frame::continuation(&bytes[first..second]).more(),
                Frame::continuation(&bytes[second..]),
            ]);
            assert_eq!(got, [Got::Text(text.into())], "cut at {first} and {second}");
        }
    }
}

/// RFC 6455 §5.4; checklist 65: nothing gets between the fragments of a message that is being written.
#[test]
fn a_sender_does_not_interleave_messages() {
    let mut server = Endpoint::server();
    let now = server.now();
    server.connection.outbound().begin_message(Kind::Binary).unwrap();
    assert_eq!(server.send("before the first fragment"), Err(WhyNot::Busy));
    server.connection.outbound().write_fragment(b"a", End::More, now).unwrap();
    assert_eq!(server.send("inside"), Err(WhyNot::Busy));
    assert_eq!(server.connection.outbound().begin_message(Kind::Text), Err(WhyNot::Busy));
    server.connection.outbound().write_fragment(b"b", End::Last, now).unwrap();
    server.send("after").unwrap();
    let expected = [Frame::binary("a").more(), Frame::continuation("b"), Frame::text("after")];
    assert_eq!(server.drain_plain(), expected);
    assert_eq!(
        server.connection.outbound().write_fragment(b"c", End::Last, now),
        Err(WhyNot::NotBegun)
    );
}

/// RFC 6455 §5.4; checklist 65: messages longer than `fragment` go out in frames of that size.
#[test]
fn long_messages_are_fragmented_if_the_config_says_so() {
    let mut config = Config::new(Role::Server);
    config.fragment = Some(3);
    let mut server = Endpoint::with(Role::Server, &Default::default(), config);
    server.send("abc").unwrap();
    server.send("abcdefg").unwrap();
    let expected = [
        Frame::text("abc"),
        Frame::text("abc").more(),
        Frame::continuation("def").more(),
        Frame::continuation("g"),
    ];
    assert_eq!(server.drain_plain(), expected);
}

/// RFC 6455 §5.6, §8.1; checklist 68: surrogates, overlong forms, what is beyond U+10FFFF, what is cut at
/// the end; whole and in fragments.
#[test]
fn text_that_is_not_utf8_closes_with_1007() {
    let wrong: [&[u8]; 8] = [
        &hex!("ed a0 80"),
        &hex!("ed bf bf"),
        &hex!("c0 80"),
        &hex!("e0 80 af"),
        &hex!("f0 8f bf bf"),
        &hex!("f4 90 80 80"),
        &hex!("ce ba e1 bd b9 cf"),
        &hex!("ff"),
    ];
    for bytes in wrong {
        for at in 0..=bytes.len() {
            let mut client = Endpoint::client();
            let frames = [Frame::text(&bytes[..at]).more(), Frame::continuation(&bytes[at..])];
            assert_eq!(client.feed_frames(&frames), [NOT_UTF8], "{bytes:02x?} at {at}");
            assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1007);
        }
        assert_eq!(Endpoint::client().feed_frames(&[Frame::text(bytes)]), [NOT_UTF8]);
        let binary = [Frame::binary(bytes)];
        assert_eq!(Endpoint::client().feed_frames(&binary), [Got::Binary(bytes.to_vec())]);
    }
}

/// RFC 6455 §8.1; checklist 68: the edges of what is legal.
#[test]
fn the_edges_of_utf8_are_legal() {
    for text in ["\0", "\u{7f}\u{80}", "\u{7ff}\u{800}", "\u{d7ff}\u{e000}", "\u{ffff}\u{10ffff}"] {
        let got = Endpoint::client().feed_frames(&[Frame::text(text)]);
        assert_eq!(got, [Got::Text(text.into())]);
    }
}

/// RFC 6455 §8.1; checklist 69: at the first impossible byte, though the message is not over, and though
/// its frame is not.
#[test]
fn impossible_text_fails_before_its_message_is_complete() {
    let mut client = Endpoint::client();
    assert_eq!(client.feed_frames(&[Frame::text("fine").more()]), []);
    assert_eq!(client.feed_frames(&[Frame::continuation(hex!("f4 90")).more()]), [NOT_UTF8]);

    let mut client = Endpoint::client();
    let wire = Frame::text([&b"fine"[..], &hex!("c3 28"), &[b'x'; 1_000]].concat()).bytes();
    assert_eq!(client.feed(&wire[..4 + 5]), []);
    assert_eq!(client.feed(&wire[4 + 5..4 + 6]), [NOT_UTF8]);
}

/// RFC 6455 §5.6; checklist 71: text is `str` by its type, and fragments of a text are checked.
#[test]
fn no_fragment_of_a_text_makes_it_invalid() {
    let mut server = Endpoint::server();
    let now = server.now();
    let outbound = server.connection.outbound();
    outbound.begin_message(Kind::Text).unwrap();
    outbound.write_fragment(&hex!("67 72 c3"), End::More, now).unwrap();
    assert_eq!(outbound.write_fragment(b"x", End::More, now), Err(WhyNot::NotUtf8));
    assert_eq!(outbound.write_fragment(b"", End::Last, now), Err(WhyNot::NotUtf8));
    outbound.write_fragment(&hex!("bc 6e"), End::Last, now).unwrap();
    let got = Endpoint::client().feed(&server.drain());
    assert_eq!(got, [Got::Text("grün".into())]);
}

/// RFC 6455 §5.4: a message that was begun and is given up cannot be taken for a whole one.
#[test]
fn an_abandoned_message_closes_the_connection_only_if_some_of_it_was_sent() {
    let mut server = Endpoint::server();
    let now = server.now();
    server.connection.outbound().begin_message(Kind::Text).unwrap();
    server.connection.outbound().abandon_message(now);
    server.send("still open").unwrap();
    server.connection.outbound().begin_message(Kind::Text).unwrap();
    server.connection.outbound().write_fragment(b"half", End::More, now).unwrap();
    server.connection.outbound().abandon_message(now);
    let frames = server.drain_plain();
    assert_eq!(frames.last().map(|frame| frame.opcode), Some(opcode::CLOSE));
    assert_eq!(server.send("no more"), Err(WhyNot::Closed));
}
