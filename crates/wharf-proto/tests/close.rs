//! Closing (RFC 6455 §5.5.1, §7).

use hex_literal::hex;
use std::time::Duration;
use wharf_proto::{
    CloseCode, CloseReason, Config, EndedBy, Ending, Misdeed, ProtocolError, Role, Shutdown, WhyNot,
};
use wharf_testkit::{Endpoint, Frame, Got, Pair, Weather, Writes, opcode};

const SECOND: Duration = Duration::from_secs(1);

fn reason(code: CloseCode, text: &str) -> CloseReason {
    CloseReason::new(code, text).expect("a short text")
}

fn ending(end: &Endpoint) -> &Ending {
    end.connection.ending().expect("it has ended")
}

/// Whether both Closes were exchanged.
#[derive(Debug, PartialEq, Eq)]
enum Handshake {
    Done,
    Cut,
}

fn assert_ending(end: &Endpoint, by: EndedBy, code: u16, handshake: Handshake) {
    let ending = ending(end);
    let exchanged = if ending.is_clean() { Handshake::Done } else { Handshake::Cut };
    assert_eq!((ending.by(), ending.code(), exchanged), (by, code, handshake));
}

/// RFC 6455 §5.5.1, §7.4; checklist 78, 79.
#[test]
fn a_close_that_says_nonsense_closes_with_1002() {
    let close = |payload: &[u8]| Frame::new(opcode::CLOSE, payload);
    let mut wrong = vec![(close(&[3]), Misdeed::CloseOneByte)];
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 65535] {
        wrong.push((Frame::close(code, ""), Misdeed::CloseCode(code)));
    }
    for (frame, misdeed) in wrong {
        let mut client = Endpoint::client();
        let got = client.feed_frames(&[frame, Frame::text("not read")]);
        assert_eq!(got, [Got::Failed(ProtocolError::Misdeed(misdeed))]);
        let answer = client.drain_frames();
        assert_eq!((answer.len(), answer[0].close_code().unwrap().0), (1, 1002));
    }
}

/// RFC 6455 §5.5.1, §8.1; checklist 70.
#[test]
fn a_close_reason_that_is_not_utf8_closes_with_1007() {
    let mut client = Endpoint::client();
    let got = client.feed_frames(&[Frame::new(opcode::CLOSE, hex!("03e8 c3 28"))]);
    assert_eq!(got, [Got::Failed(ProtocolError::NotUtf8)]);
    assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1007);
}

/// RFC 6455 §5.5.1, §7.4; checklist 79, 83: each code that may come is echoed.
#[test]
fn a_close_is_answered_with_its_own_code() {
    for code in (1000..=1003).chain(1007..=1014).chain([3000, 3999, 4000, 4999]) {
        for role in [Role::Client, Role::Server] {
            let mut end = Endpoint::new(role);
            let got = end.feed_frames(&[Frame::close(code, "so long")]);
            assert_eq!(got, [Got::Close(Some((code, "so long".into())))]);
            let answer = end.drain_plain();
            assert_eq!(answer.len(), 1);
            assert_eq!(answer[0].close_code().map(|(code, _)| code), Some(code));
        }
    }
}

/// RFC 6455 §5.5.1; checklist 83: an empty Close is answered by an empty Close.
#[test]
fn an_empty_close_is_answered_by_an_empty_close() {
    let mut server = Endpoint::server();
    assert_eq!(server.feed_frames(&[Frame::empty_close()]), [Got::Close(None)]);
    assert_eq!(server.drain_plain(), [Frame::empty_close()]);
}

/// RFC 6455 §7.4.1; checklist 80: what may not stand on the wire cannot be made.
#[test]
fn codes_that_are_no_codes_of_the_wire_cannot_be_made() {
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000] {
        assert_eq!(CloseCode::new(code), None);
    }
}

/// RFC 6455 §5.5; checklist 66, 81: 123 bytes fit; more is an error or is cut between characters.
#[test]
fn a_close_reason_has_at_most_123_bytes() {
    assert!(CloseReason::new(CloseCode::NORMAL, "x".repeat(123)).is_ok());
    let error = CloseReason::new(CloseCode::NORMAL, "x".repeat(124)).unwrap_err();
    assert!(error.to_string().contains("124"));
    let cut = CloseReason::truncated(CloseCode::NORMAL, &"ß".repeat(100));
    assert_eq!(cut.text(), "ß".repeat(61));
    let mut client = Endpoint::client();
    client.close(cut);
    assert_eq!(client.drain_frames()[0].payload.len(), 2 + 122);
}

/// RFC 6455 §5.5.1, §6.1; checklist 67: after our Close, and after theirs.
#[test]
fn no_message_is_accepted_after_a_close() {
    let mut client = Endpoint::client();
    client.close(None);
    assert_eq!(client.send("late"), Err(WhyNot::Closed));
    let mut server = Endpoint::server();
    server.feed_frames(&[Frame::empty_close()]);
    assert_eq!(server.send("late"), Err(WhyNot::Closed));
    assert_eq!(server.drain_plain(), [Frame::empty_close()]);
}

/// RFC 6455 §5.5.1; checklist 67, 83: a Close goes out once, behind what was accepted before it.
#[test]
fn a_close_stands_behind_accepted_messages_and_is_sent_once() {
    let mut server = Endpoint::server();
    server.send("first").unwrap();
    server.close(reason(CloseCode::NORMAL, "bye"));
    server.close(reason(CloseCode::GOING_AWAY, "again"));
    assert_eq!(server.drain_plain(), [Frame::text("first"), Frame::close(1000, "bye")]);
}

/// RFC 6455 §5.5.1: a message that was on its way when we closed is still read.
#[test]
fn messages_are_read_until_the_peers_close_comes() {
    let mut client = Endpoint::client();
    client.close(None);
    let got = client.feed_frames(&[Frame::text("on its way"), Frame::empty_close()]);
    assert_eq!(got, [Got::Text("on its way".into()), Got::Close(None)]);
}

/// RFC 6455 §5.5.1, §7.1.7; checklist 85: what follows a Close is not read.
#[test]
fn frames_after_a_close_are_ignored() {
    let mut server = Endpoint::server();
    let late =
        [Frame::text("late"), Frame::ping("late"), Frame::close(1002, ""), Frame::new(3, "")];
    let got = server.feed_frames(&[&[Frame::close(1000, "")], &late[..]].concat());
    assert_eq!(got, [Got::Close(Some((1000, String::new())))]);
    assert_eq!(server.feed_frames(&late), []);
    assert_eq!(server.drain_plain(), [Frame::close(1000, "")]);
}

/// RFC 6455 §5.5.1: a Close may come between the fragments of a message.
#[test]
fn a_close_inside_a_message_closes() {
    let mut server = Endpoint::server();
    let got = server.feed_frames(&[Frame::text("he").more(), Frame::close(1001, "")]);
    assert_eq!(got, [Got::Close(Some((1001, String::new())))]);
    assert_eq!(server.drain_plain(), [Frame::close(1001, "")]);
}

/// RFC 6455 §7.1.7; checklist 86: what was accepted before a breach goes out, then the Close.
#[test]
fn the_close_for_a_breach_follows_what_is_queued() {
    let mut server = Endpoint::server();
    for byte in 0..5 {
        server.send(vec![byte; 50_000]).unwrap();
    }
    let mut wire = server.write(Writes::Single(10));
    server.feed_frames(&[Frame::new(3, "")]);
    wire.extend(server.drain());
    let frames = wharf_testkit::read_frames(&wire).0;
    assert_eq!(frames.len(), 6, "five messages, and the Close");
    assert_eq!(frames[5].close_code().unwrap().0, 1002);
}

/// RFC 6455 §5.5.1, §5.5.2; checklist 83: nothing follows our answer to a Close, no Pong either.
#[test]
fn no_pong_follows_the_answer_to_a_close() {
    let mut server = Endpoint::server();
    server.send(vec![1; 100]).unwrap();
    let mut wire = server.write(Writes::Single(10));
    server.feed_frames(&[Frame::ping("late"), Frame::close(1000, "")]);
    wire.extend(server.drain());
    let frames = wharf_testkit::read_frames(&wire).0;
    assert_eq!(frames, [Frame::binary(vec![1; 100]), Frame::close(1000, "")]);
}

/// RFC 6455 §7.1.7: after our Close a breach sends no second one.
#[test]
fn a_breach_after_our_close_sends_no_second_close() {
    let mut server = Endpoint::server();
    server.close(reason(CloseCode::GOING_AWAY, ""));
    server.feed_frames(&[Frame::new(3, "")]);
    assert_eq!(server.drain_plain(), [Frame::close(1001, "")]);
    server.eof();
    assert_ending(&server, EndedBy::Local, 1006, Handshake::Cut);
}

/// RFC 6455 §7.1.1; checklist 87: the server ends the transport first and at once, the client waits.
#[test]
fn the_server_ends_the_transport_first() {
    let mut server = Endpoint::server();
    server.feed_frames(&[Frame::empty_close()]);
    assert_eq!(server.shutdowns(), [], "not before its own Close is written");
    server.drain();
    assert_eq!(server.shutdowns(), [Shutdown::Close]);

    let mut client = Endpoint::client();
    client.feed_frames(&[Frame::empty_close()]);
    client.drain();
    assert_eq!(client.shutdowns(), []);
    client.eof();
    assert_eq!(client.shutdowns(), [Shutdown::Abort]);
    assert_ending(&client, EndedBy::Peer, 1005, Handshake::Done);
}

/// RFC 6455 §7.1.1; checklist 88: the client waits for the server's end, but not for ever.
#[test]
fn a_client_ends_the_transport_itself_when_the_server_does_not() {
    let mut client = Endpoint::client();
    client.close(reason(CloseCode::NORMAL, ""));
    client.drain();
    client.feed_frames(&[Frame::close(1000, "")]);
    client.pass(4 * SECOND);
    assert_eq!(client.shutdowns(), []);
    client.pass(SECOND);
    assert_eq!(client.shutdowns(), [Shutdown::Abort]);
    assert_ending(&client, EndedBy::Local, 1000, Handshake::Done);
}

/// RFC 6455 §7.1.1; checklist 89: half-close, then read on to the end, then drop.
#[test]
fn a_server_reads_to_the_end_before_it_drops_the_transport() {
    let mut server = Endpoint::server();
    server.feed_frames(&[Frame::close(1000, "")]);
    server.drain();
    assert_eq!(server.connection.ending(), None);
    server.feed(b"whatever still comes");
    server.eof();
    assert_eq!(server.shutdowns(), [Shutdown::Close, Shutdown::Abort]);
    assert_ending(&server, EndedBy::Peer, 1000, Handshake::Done);
}

/// Checklist 90: a peer that never answers, never reads, never ends.
#[test]
fn the_closing_handshake_has_a_deadline() {
    for role in [Role::Client, Role::Server] {
        for written in [true, false] {
            let mut end = Endpoint::new(role);
            end.close(None);
            if written {
                end.drain();
            }
            end.pass(4 * SECOND);
            end.feed_frames(&[Frame::text("this does not help"), Frame::ping("nor this")]);
            end.pass(SECOND);
            assert_ending(&end, EndedBy::Local, 1006, Handshake::Cut);
            assert_eq!(end.shutdowns(), [Shutdown::Abort]);
            assert_eq!(end.connection.deadline(), None);
        }
    }
}

/// Checklist 90: from the peer's Close on, if it comes first.
#[test]
fn a_peer_that_closes_and_does_not_end_is_dropped() {
    let mut server = Endpoint::server();
    server.feed_frames(&[Frame::empty_close()]);
    server.drain();
    server.pass(5 * SECOND);
    assert_eq!(server.shutdowns(), [Shutdown::Close, Shutdown::Abort]);
    assert_ending(&server, EndedBy::Peer, 1005, Handshake::Done);
}

/// Checklist 90: a Ping that waits for its answer leaves no deadline in the past.
#[test]
fn a_ping_without_an_answer_does_not_disturb_the_closing_handshake() {
    let mut client = Endpoint::client();
    let now = client.now();
    client.connection.outbound().ping(now);
    client.drain();
    client.pass(9 * SECOND);
    client.close(None);
    client.drain();
    client.pass(SECOND);
    assert!(client.connection.deadline().unwrap() > client.now());
    client.pass(4 * SECOND);
    assert_ending(&client, EndedBy::Local, 1006, Handshake::Cut);
}

/// RFC 6455 §7.1.5; checklist 92: 1006 without a Close, whoever waited.
#[test]
fn an_end_without_a_close_is_1006_and_not_clean() {
    let mut client = Endpoint::client();
    client.eof();
    assert_ending(&client, EndedBy::Transport, 1006, Handshake::Cut);
    let mut server = Endpoint::server();
    server.close(reason(CloseCode::NORMAL, ""));
    server.drain();
    server.eof();
    assert_ending(&server, EndedBy::Local, 1006, Handshake::Cut);
    let mut failed = Endpoint::server();
    failed.feed_frames(&[Frame::new(3, "")]);
    failed.drain();
    failed.eof();
    assert_ending(&failed, EndedBy::Local, 1006, Handshake::Cut);
    assert!(failed.connection.fault().is_some());
}

/// RFC 6455 §7.1.4; checklist 93: theirs came, but ours was never written.
#[test]
fn an_end_is_clean_only_if_our_close_was_written_too() {
    let mut server = Endpoint::server();
    server.feed_frames(&[Frame::close(1000, "")]);
    server.eof();
    assert_ending(&server, EndedBy::Peer, 1000, Handshake::Cut);
}

/// RFC 6455 §7.1.5; checklist 92, 94: each reports the other's code, and each sends one Close.
#[test]
fn both_ends_may_close_at_once() {
    let mut pair = Pair::new();
    pair.client.end.close(reason(CloseCode::new(3001).unwrap(), "client"));
    pair.server.end.close(reason(CloseCode::new(3002).unwrap(), "server"));
    pair.drive();
    assert_eq!(pair.client.got, [Got::Close(Some((3002, "server".into())))]);
    assert_eq!(pair.server.got, [Got::Close(Some((3001, "client".into())))]);
    assert_ending(&pair.client.end, EndedBy::Local, 3002, Handshake::Done);
    assert_ending(&pair.server.end, EndedBy::Local, 3001, Handshake::Done);
}

/// RFC 6455 §7.1; checklist 83, 87–89, 92, 93: whoever begins, over any pipe, both ends are clean and gone.
#[test]
fn a_closing_handshake_is_clean_at_both_ends() {
    for seed in 0..20 {
        for client_closes in [true, false] {
            let weather = Weather { piece: Some(3), delay: SECOND / 10, ..Weather::default() };
            let mut pair = Pair::with(&Default::default(), Config::new, &weather, seed);
            pair.client.end.send("from the client").unwrap();
            pair.server.end.send("from the server").unwrap();
            let (closer, other) = if client_closes {
                (&mut pair.client, &pair.server)
            } else {
                (&mut pair.server, &pair.client)
            };
            closer.end.close(reason(CloseCode::NORMAL, "done"));
            assert_eq!(other.end.connection.ending(), None);
            pair.advance(4 * SECOND);
            let (by_client, by_server) = if client_closes {
                (EndedBy::Local, EndedBy::Peer)
            } else {
                (EndedBy::Peer, EndedBy::Local)
            };
            assert_ending(&pair.client.end, by_client, 1000, Handshake::Done);
            assert_ending(&pair.server.end, by_server, 1000, Handshake::Done);
            assert!(pair.client.is_gone() && pair.server.is_gone());
        }
    }
}

/// RFC 6455 §7.1.5, §7.1.7; checklist 92, 93: the stream is cut at any place; both ends end, in time.
#[test]
fn a_transport_that_breaks_anywhere_ends_both_ends() {
    for at in 0..40 {
        for weather in [
            Weather { truncate: Some(at), ..Weather::default() },
            Weather { reset: Some(at), piece: Some(5), ..Weather::default() },
        ] {
            let mut pair = Pair::with(&Default::default(), Config::new, &weather, at as u64);
            pair.client.end.send("0123456789").unwrap();
            pair.server.end.send("0123456789").unwrap();
            pair.drive();
            pair.client.end.close(None);
            pair.advance(6 * SECOND);
            for side in [&pair.client, &pair.server] {
                let clean = side.got.contains(&Got::Close(None));
                assert!(side.is_gone());
                assert!(!ending(&side.end).is_clean() || clean);
            }
        }
    }
}

/// Checklist 92, 93: what was read before the transport broke is read; the end says that it broke.
#[test]
fn a_transport_that_takes_no_more_bytes_can_still_be_read() {
    let mut client = Endpoint::client();
    let now = client.now();
    client.send("lost").unwrap();
    client.connection.outbound().on_write_failed(now);
    assert_eq!(client.send("more"), Err(WhyNot::Closed));
    assert_eq!(client.feed_frames(&[Frame::close(1001, "")]).len(), 1);
    assert_eq!(client.drain(), []);
    client.eof();
    assert_ending(&client, EndedBy::Peer, 1001, Handshake::Cut);
}

/// RFC 6455 §7.1.7; checklist 85: a fault that is found late does not change how the connection ended.
#[test]
fn a_failure_after_the_peers_close_leaves_the_ending_as_it_was() {
    let mut server = Endpoint::server();
    server.feed_frames(&[Frame::close(1000, "")]);
    let now = server.now();
    server.connection.outbound().fail(ProtocolError::NotUtf8, now);
    assert_eq!(server.drain_plain(), [Frame::close(1000, "")]);
    server.eof();
    assert_ending(&server, EndedBy::Peer, 1000, Handshake::Done);
}
