//! What a connection may hold (RFC 6455 §10.4; checklist 59, 60, 143, 150).

use std::time::Duration;
use wharf_proto::{Config, Delivery, Limit, ProtocolError, Role, WhyNot};
use wharf_testkit::{Endpoint, Frame, Got, Length, Writes};

fn limited(change: impl FnOnce(&mut Config)) -> Endpoint {
    let mut config = Config::new(Role::Client);
    change(&mut config);
    Endpoint::with(Role::Client, &Default::default(), config)
}

fn too_big(limit: Limit) -> Got {
    Got::Failed(ProtocolError::TooBig(limit))
}

/// RFC 6455 §10.4; checklist 59, 150: refused on the header alone, and the error names the limit.
#[test]
fn a_frame_is_limited_by_what_it_declares() {
    let mut client = limited(|config| config.limits.frame = 1_000);
    assert_eq!(client.feed_frames(&[Frame::binary([1; 1_000])]), [Got::Binary(vec![1; 1_000])]);
    let header = &Frame::binary([1; 1_001]).bytes()[..4];
    assert_eq!(client.feed(header), [too_big(Limit::Frame(1_000))]);
    let (code, reason) = client.drain_frames()[0].close_code().unwrap();
    assert_eq!(code, 1009);
    assert!(reason.contains("limits.frame"), "{reason}");
}

/// RFC 6455 §10.4; checklist 59: over all fragments, before the one that is too much is read.
#[test]
fn a_message_is_limited_over_all_its_fragments() {
    let mut client = limited(|config| config.limits.message = 10);
    let start = [Frame::binary("12345").more(), Frame::continuation("6789").more()];
    assert_eq!(client.feed_frames(&start), []);
    assert_eq!(
        client.feed_frames(&[Frame::continuation("0")]),
        [Got::Binary(b"1234567890".into())]
    );
    assert_eq!(client.feed_frames(&start), []);
    let header = &Frame::continuation("01").bytes()[..2];
    assert_eq!(client.feed(header), [too_big(Limit::Message(10))]);
    assert_eq!(client.drain_frames()[0].close_code().unwrap().0, 1009);
}

/// RFC 6455 §10.4; checklist 60: a declared length reserves nothing.
#[test]
fn memory_follows_the_bytes_that_have_come() {
    let mut client = Endpoint::client();
    client.feed(&Frame::binary("").length(Length::Claimed(16 << 20)).bytes());
    assert_eq!(client.connection.inbound().held_bytes(), 0);
    for received in 1..3_000 {
        client.feed(&[7]);
        let held = client.connection.inbound().held_bytes();
        assert!(held <= 2 * received + 256, "{held} bytes held for {received}");
    }
}

/// Checklist 60: what was handed over is given back before the next read.
#[test]
fn nothing_is_held_between_messages() {
    let mut client = Endpoint::client();
    let wire = client.on_wire(&[Frame::binary([1; 5_000]).more(), Frame::continuation([2; 5_000])]);
    client.feed_cut(&wire, &[100, 6_000]);
    assert!(client.connection.inbound().is_between_messages());
    client.feed(&[0x81]);
    assert_eq!(client.connection.inbound().held_bytes(), 0);
    assert!(!client.connection.inbound().is_between_messages());
}

/// Checklist 143: control frames that nothing asked for are counted; a pause, and data, begin anew.
#[test]
fn a_flood_of_control_frames_closes_with_1008() {
    let pings = vec![Frame::ping("x"); 128];
    let mut client = Endpoint::client();
    assert_eq!(client.feed_frames(&pings).len(), 128);
    client.feed_frames(&[Frame::text("data")]);
    assert_eq!(client.feed_frames(&pings).len(), 128);
    client.pass(Duration::from_secs(1));
    assert_eq!(client.feed_frames(&pings).len(), 128);
    assert_eq!(client.feed_frames(&pings[..1]), [too_big(Limit::ControlBurst(128))]);
    assert_eq!(client.drain_frames().last().unwrap().close_code().unwrap().0, 1008);
}

/// Checklist 97, 143: a message that does not fit is given back whole; one that is larger than the limit is
/// taken when nothing waits.
#[test]
fn the_outbox_is_bounded() {
    let mut client = limited(|config| config.limits.outbox = 1_000);
    client.send(vec![1; 5_000]).unwrap();
    let not = client.connection.send("back", client.now()).unwrap_err();
    assert_eq!((not.reason, not.message.as_bytes()), (WhyNot::Full, &b"back"[..]));
    client.drain();
    client.send(vec![1; 900]).unwrap();
    assert_eq!(client.send(vec![1; 100]), Err(WhyNot::Full));
    while client.send("").is_ok() {}
    assert!(client.connection.outbox().data_len() <= 1_000 + 14);
    client.write(Writes::Single(500));
    client.send(vec![1; 400]).unwrap();
}

/// Checklist 97: what is refused changes nothing.
#[test]
fn a_refused_message_is_not_counted() {
    let mut client = limited(|config| config.limits.outbox = 10);
    client.send("1234567890").unwrap();
    client.send("x").unwrap_err();
    assert_eq!(client.connection.stats().sent.messages, 1);
    assert_eq!(client.drain_frames().len(), 1);
}

/// Checklist 59: a message that is read in chunks may be larger than memory; its empty frames still count.
#[test]
fn chunks_are_limited_by_empty_fragments_only() {
    let mut client = limited(|config| {
        config.limits.frame = 10;
        config.limits.message = 10;
        config.limits.fragments = 3;
    });
    client.deliver(Delivery::Chunks);
    client.feed_frames(&[Frame::binary([0; 100]).more()]);
    for _ in 0..100 {
        let got = client.feed_frames(&[Frame::continuation([1; 100]).more()]);
        assert!(matches!(got[..], [Got::Chunk(..)]), "{got:?}");
    }
    let empty = vec![Frame::continuation("").more(); 3];
    assert_eq!(client.feed_frames(&empty), [too_big(Limit::Fragments(3))]);
}
