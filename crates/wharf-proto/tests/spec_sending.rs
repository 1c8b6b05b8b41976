//! What leaves an end: payloads that nobody can change any more, and codes that its role may say.

use wharf_proto::{End, Kind, Limit, Misdeed, ProtocolError, Role, WhyNot};
use wharf_testkit::{Endpoint, Frame, Writes, read_frames};

/// RFC 6455 §10.3; checklist 53: what was accepted is our own. Its lender may change it at once, also when
/// some of the frame is on its way already.
#[test]
fn a_lent_payload_may_be_changed_once_it_was_accepted() {
    for role in [Role::Client, Role::Server] {
        for len in [1, 1_000, 100_000] {
            let (mut end, mut lent) = (Endpoint::new(role), vec![1; len]);
            end.send(lent.as_slice()).unwrap();
            lent.fill(2);
            let mut wire = end.write(Writes::Single(15));
            lent.fill(3);
            wire.extend(end.drain());
            assert_eq!(read_frames(&wire).0[0].payload, vec![1; len], "{role:?} {len}");
        }
    }
}

/// RFC 6455 §5.5.1; checklist 84: the Close is answered at once, behind what is queued. A message of ours in
/// fragments is not finished first, and no fragment of it follows.
#[test]
fn a_close_is_answered_before_our_message_in_fragments_is_over() {
    let mut server = Endpoint::server();
    let now = server.now();
    server.connection.outbound().begin_message(Kind::Text).unwrap();
    server.connection.outbound().write_fragment(b"half", End::More, now).unwrap();
    server.feed_frames(&[Frame::close(1000, "")]);
    assert_eq!(server.drain_plain(), [Frame::text("half").more(), Frame::close(1000, "")]);
    let late = server.connection.outbound().write_fragment(b"other half", End::Last, now);
    assert_eq!(late, Err(WhyNot::Closed));
    assert_eq!(server.drain(), []);
}

/// RFC 6455 §7.4.1; checklist 82: for a breach no end says 1010, which is a client's, nor 1011 to 1014,
/// which are a server's.
#[test]
fn a_breach_is_told_with_a_code_that_either_role_may_say() {
    for (error, code) in [
        (ProtocolError::Misdeed(Misdeed::Masked), 1002),
        (ProtocolError::NotUtf8, 1007),
        (ProtocolError::NotDeflate, 1007),
        (ProtocolError::TooBig(Limit::Message(1)), 1009),
        (ProtocolError::TooBig(Limit::Frame(1)), 1009),
        (ProtocolError::TooBig(Limit::InflateRatio(1)), 1009),
        (ProtocolError::TooBig(Limit::Fragments(1)), 1008),
        (ProtocolError::TooBig(Limit::ControlBurst(1)), 1008),
    ] {
        for role in [Role::Client, Role::Server] {
            let mut end = Endpoint::new(role);
            let now = end.now();
            end.connection.outbound().fail(error.clone(), now);
            assert_eq!(end.drain_plain()[0].close_code().map(|(code, _)| code), Some(code));
        }
    }
}

/// RFC 6455 §5.4; checklist 82: a client that gives up a message leaves, a server has failed.
#[test]
fn a_message_given_up_is_told_with_a_code_of_the_role() {
    for (role, code) in [(Role::Client, 1001), (Role::Server, 1011)] {
        let mut end = Endpoint::new(role);
        let now = end.now();
        end.connection.outbound().begin_message(Kind::Text).unwrap();
        end.connection.outbound().write_fragment(b"half", End::More, now).unwrap();
        end.connection.outbound().abandon_message(now);
        let frames = end.drain_plain();
        assert_eq!(frames[1].close_code().map(|(code, _)| code), Some(code), "{role:?}");
    }
}
