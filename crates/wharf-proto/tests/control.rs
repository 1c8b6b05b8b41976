//! Ping, Pong, and control frames among data (RFC 6455 §5.4, §5.5).

use wharf_proto::{ControlPayload, End, Kind, Misdeed, ProtocolError, Role, WhyNot};
use wharf_testkit::{Endpoint, Frame, Got, Length, Writes, opcode, read_frames};

/// RFC 6455 §5.4; checklist 63, 73: told and answered before the message is complete, wherever it is cut.
#[test]
fn control_frames_between_fragments_are_handled_at_once_and_in_order() {
    let mut server = Endpoint::server();
    let start = [Frame::text("he").more(), Frame::ping("1"), Frame::pong("2")];
    assert_eq!(server.feed_frames(&start), [Got::Ping(b"1".into()), Got::Pong(b"2".into())]);
    assert_eq!(server.drain_plain(), [Frame::pong("1")]);
    let end = [Frame::continuation("").more(), Frame::ping("3"), Frame::continuation("y")];
    assert_eq!(server.feed_frames(&end), [Got::Ping(b"3".into()), Got::Text("hey".into())]);
    assert_eq!(server.drain_plain(), [Frame::pong("3")]);
}

/// RFC 6455 §5.5; checklist 66: refused on the header alone.
#[test]
fn control_frames_are_short_and_whole() {
    for code in [opcode::CLOSE, opcode::PING, opcode::PONG] {
        let long = Frame::new(code, [b'x'; 126]).bytes();
        for (wire, misdeed) in [
            (&long[..4], Misdeed::ControlTooLong),
            (&Frame::new(code, "").more().bytes()[..], Misdeed::ControlFragmented),
            (
                &Frame::new(code, "").length(Length::Claimed(1 << 40)).bytes()[..],
                Misdeed::ControlTooLong,
            ),
        ] {
            let mut client = Endpoint::client();
            assert_eq!(client.feed(wire), [Got::Failed(ProtocolError::Misdeed(misdeed))]);
            assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1002);
        }
    }
}

/// RFC 6455 §5.5; checklist 66: what is too long cannot be sent.
#[test]
fn longer_control_payloads_cannot_be_made() {
    assert!(ControlPayload::new(&[0; 126]).is_err());
    let mut client = Endpoint::client();
    let (payload, now) = (ControlPayload::new(&[1; 125]).unwrap(), client.now());
    client.connection.outbound().ping_with(&payload, now).unwrap();
    client.connection.outbound().pong_with(&payload, now).unwrap();
    assert_eq!(client.drain_plain(), [Frame::ping([1; 125]), Frame::pong([1; 125])]);
}

/// RFC 6455 §5.5.2; checklist 72: every length, and bytes that are no text.
#[test]
fn a_pong_carries_the_payload_of_its_ping() {
    for role in [Role::Client, Role::Server] {
        let mut end = Endpoint::new(role);
        for len in 0..=125 {
            let payload: Vec<u8> = (0..len).map(|at| 255 - at).collect();
            assert_eq!(
                end.feed_frames(&[Frame::ping(payload.clone())]),
                [Got::Ping(payload.clone())]
            );
            assert_eq!(end.drain_plain(), [Frame::pong(payload)]);
        }
    }
}

/// RFC 6455 §5.5.2; checklist 72: "unless it already received a Close frame" – a Close of our own is no
/// reason.
#[test]
fn a_ping_is_answered_behind_our_close_but_not_behind_theirs() {
    let mut server = Endpoint::server();
    server.close(None);
    server.drain();
    server.feed_frames(&[Frame::ping("still there?")]);
    assert_eq!(server.drain_plain(), [Frame::pong("still there?")]);
    assert_eq!(
        server.feed_frames(&[Frame::empty_close(), Frame::ping("now?")]),
        [Got::Close(None)]
    );
    assert_eq!(server.drain_plain(), []);
}

/// RFC 6455 §5.5.2; checklist 73: a message of ours in fragments does not hold the Pong back, nor does a
/// user who takes no messages.
#[test]
fn a_pong_passes_between_our_fragments() {
    let mut server = Endpoint::server();
    let now = server.now();
    server.connection.outbound().begin_message(Kind::Binary).unwrap();
    server.connection.outbound().write_fragment(b"a", End::More, now).unwrap();
    server.drain();
    server.feed_frames(&[Frame::text("not taken"), Frame::ping("?")]);
    server.connection.outbound().write_fragment(b"b", End::Last, now).unwrap();
    assert_eq!(server.drain_plain(), [Frame::pong("?"), Frame::continuation("b")]);
}

/// RFC 6455 §5.5.2; checklist 73: a Pong waits behind the frame that was begun, not behind what is queued.
#[test]
fn a_pong_passes_queued_data_at_the_next_frame_boundary() {
    let mut server = Endpoint::server();
    for byte in 0..3 {
        server.send(vec![byte; 100_000]).unwrap();
    }
    let mut wire = server.write(Writes::Single(5));
    server.feed_frames(&[Frame::ping("?")]);
    wire.extend(server.drain());
    let opcodes: Vec<u8> = read_frames(&wire).0.iter().map(|frame| frame.opcode).collect();
    assert_eq!(opcodes, [opcode::BINARY, opcode::PONG, opcode::BINARY, opcode::BINARY]);
}

/// RFC 6455 §5.5.2; checklist 73: whoever keeps the outbox full cannot hold a Pong back.
#[test]
fn a_pong_is_not_starved_by_a_user_who_never_stops_sending() {
    let mut server = Endpoint::server();
    let mut wire = Vec::new();
    for _ in 0..50 {
        while server.send(&[7; 1_000]).is_ok() && server.connection.outbox().len() < 300_000 {}
        wire.extend(server.write(Writes::Single(10_000)));
        if wire.len() == 10_000 {
            server.feed_frames(&[Frame::ping("?")]);
        }
    }
    let (frames, _) = read_frames(&wire);
    let at = frames.iter().position(|frame| frame.opcode == opcode::PONG);
    let before: usize =
        frames[..at.expect("a Pong went out")].iter().map(|f| f.payload.len()).sum();
    assert!(before < 100_000, "it waited for {before} bytes");
}

/// RFC 6455 §5.5.3; checklist 74, 143: a few are answered one by one, many by the latest; the queue does not
/// grow.
#[test]
fn of_many_pings_that_wait_the_latest_is_answered() {
    let mut server = Endpoint::server();
    let pings: Vec<Frame> = (0..100_u8).map(|number| Frame::ping([number; 125])).collect();
    assert_eq!(server.feed_frames(&pings).len(), 100);
    assert!(server.connection.outbox().len() <= 32 * 127);
    let pongs: Vec<u8> = server.drain_plain().iter().map(|pong| pong.payload[0]).collect();
    let [one_by_one @ .., latest] = &pongs[..] else { panic!("no Pong went out") };
    assert_eq!(*latest, 99);
    assert!(one_by_one.iter().copied().zip(0..).all(|(pong, ping)| pong == ping), "in their order");
    assert!(one_by_one.len() >= 10, "a handful is answered one by one: {}", one_by_one.len());
}

/// RFC 6455 §5.4; checklist 73, 74: answers pass data that was not begun, in their order.
#[test]
fn pongs_go_ahead_of_data_in_the_order_of_the_pings() {
    for begun in 1..6 {
        let mut server = Endpoint::server();
        let now = server.now();
        server.connection.send(&[7; 5000], now).unwrap();
        server.feed_frames(&[Frame::ping("one")]);
        let mut wire = server.write(Writes::Single(begun));
        server.feed_frames(&[Frame::ping("two"), Frame::ping("three")]);
        wire.extend(server.drain());
        let expected = [Frame::pong("one"), Frame::pong("two"), Frame::pong("three")];
        assert_eq!(read_frames(&wire).0[..3], expected, "{begun} bytes of it were written");
    }
}

/// RFC 6455 §5.5.3; checklist 75: told, never answered, and no answer to a Ping of ours.
#[test]
fn a_pong_that_nobody_asked_for_is_told_and_not_answered() {
    let mut client = Endpoint::client();
    let now = client.now();
    let ping = client.connection.outbound().ping(now).unwrap();
    client.drain();
    assert_eq!(client.feed_frames(&[Frame::pong("so")]), [Got::Pong(b"so".into())]);
    assert_eq!(client.drain(), []);
    assert_eq!(client.connection.outbound().round_trip(ping), None);
}

/// RFC 6455 §5.5.1; checklist 67: nor does anything else go out.
#[test]
fn no_control_frame_of_the_users_goes_out_after_a_close() {
    let mut client = Endpoint::client();
    let (payload, now) = (ControlPayload::EMPTY, client.now());
    client.close(None);
    assert_eq!(client.connection.outbound().ping(now), None);
    assert_eq!(client.connection.outbound().ping_with(&payload, now), Err(WhyNot::Closed));
    assert_eq!(client.connection.outbound().pong_with(&payload, now), Err(WhyNot::Closed));
    assert_eq!(client.drain_plain(), [Frame::empty_close()]);
}
