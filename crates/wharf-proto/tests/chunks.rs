//! Messages that are read as they come, because they may be larger than memory.

use hex_literal::hex;
use wharf_proto::{Delivery, End, Kind, ProtocolError};
use wharf_testkit::{Endpoint, Frame, Got};

fn in_chunks() -> Endpoint {
    let mut client = Endpoint::client();
    client.deliver(Delivery::Chunks);
    client
}

fn chunk(kind: Kind, bytes: &[u8], end: End) -> Got {
    Got::Chunk(kind, bytes.to_vec(), end)
}

/// The start is told by the header alone, each piece as it comes, the end with the last.
#[test]
fn pieces_are_told_as_they_come() {
    let mut client = in_chunks();
    let wire = client.on_wire(&[Frame::binary("abc").more(), Frame::continuation("de")]);
    assert_eq!(client.feed(&wire[..2]), [chunk(Kind::Binary, b"", End::More)]);
    assert_eq!(client.feed(&wire[2..4]), [chunk(Kind::Binary, b"ab", End::More)]);
    assert!(client.connection.inbound().is_inside_chunks());
    assert_eq!(
        client.feed(&wire[4..]),
        [chunk(Kind::Binary, b"c", End::More), chunk(Kind::Binary, b"de", End::Last)]
    );
    assert!(!client.connection.inbound().is_inside_chunks());
    assert_eq!(client.connection.inbound().held_bytes(), 0);
}

/// RFC 6455 §5.4; checklist 64: an empty message has a start and an end.
#[test]
fn an_empty_message_is_told_by_its_end() {
    let mut client = in_chunks();
    let got = client.feed_frames(&[Frame::text("")]);
    assert_eq!(Got::join_chunks(got), [Got::Text(String::new())]);
    let got = client.feed_frames(&[Frame::text("").more(), Frame::continuation("")]);
    assert_eq!(Got::join_chunks(got), [Got::Text(String::new())]);
}

/// RFC 6455 §5.4; checklist 63.
#[test]
fn control_frames_come_between_chunks() {
    let mut client = in_chunks();
    let frames = [Frame::text("a").more(), Frame::ping("?"), Frame::continuation("b")];
    let got = client.feed_frames(&frames);
    assert_eq!(got[got.len() - 2..], [Got::Ping(b"?".into()), chunk(Kind::Text, b"b", End::Last)]);
    assert_eq!(client.drain_plain(), [Frame::pong("?")]);
}

/// RFC 6455 §8.1; checklist 68, 69: a piece may end inside a code point, a message may not.
#[test]
fn a_text_in_chunks_is_checked() {
    let mut client = in_chunks();
    let euro = "€".as_bytes();
    let got =
        client.feed_frames(&[Frame::text(&euro[..1]).more(), Frame::continuation(&euro[1..])]);
    assert_eq!(Got::join_chunks(got), [Got::Text("€".into())]);

    let not_utf8 = Got::Failed(ProtocolError::NotUtf8);
    let got = client.feed_frames(&[Frame::text(&euro[..2])]);
    assert_eq!(got.last(), Some(&not_utf8), "the last code point is cut");
    assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1007);

    let got = in_chunks().feed_frames(&[Frame::text(hex!("61 ff")).more()]);
    assert_eq!(got.last(), Some(&not_utf8), "at once, though more was to come");
}

/// A message that was begun whole goes on in chunks, from its first byte; one in chunks ends in chunks.
#[test]
fn delivery_can_change_inside_a_message() {
    for text in ["grün und blau", "plain"] {
        for at in 0..text.len() {
            let mut client = Endpoint::client();
            let wire = client.on_wire(&[Frame::text(text), Frame::text("next")]);
            let mut got = client.feed(&wire[..2 + at]);
            client.deliver(Delivery::Chunks);
            got.extend(client.feed(&wire[2 + at..2 + text.len()]));
            client.deliver(Delivery::Whole);
            got.extend(client.feed(&wire[2 + text.len()..]));
            assert_eq!(got.last(), Some(&Got::Text("next".into())), "cut at {at}");
            let expected = [Got::Text(text.into()), Got::Text("next".into())];
            assert_eq!(Got::join_chunks(got), expected, "cut at {at}");
        }
    }
}

/// The other way round: what was begun in chunks is not held back to be told whole.
#[test]
fn a_message_begun_in_chunks_ends_in_chunks() {
    let mut client = in_chunks();
    let got = client.feed_frames(&[Frame::binary("ab").more()]);
    client.deliver(Delivery::Whole);
    let end = client.feed_frames(&[Frame::continuation("cd"), Frame::binary("ef")]);
    assert_eq!(end, [chunk(Kind::Binary, b"cd", End::Last), Got::Binary(b"ef".into())]);
    assert_eq!(Got::join_chunks(got), []);
}

/// RFC 6455 §5.5.1: a Close ends the message that was under way.
#[test]
fn a_close_may_come_between_chunks() {
    let mut client = in_chunks();
    let got = client.feed_frames(&[Frame::binary("ab").more(), Frame::empty_close()]);
    assert_eq!(got.last(), Some(&Got::Close(None)));
    assert_eq!(client.feed_frames(&[Frame::continuation("cd")]), []);
}
