//! Signs of life, and giving up without them (checklist 76, 77, 90, 144).

use std::time::Duration;
use wharf_proto::{Config, EndedBy, Fault, Role, Shutdown, Silence};
use wharf_testkit::{Endpoint, Frame, Got, Pair, Weather, Writes, opcode};

const SECOND: Duration = Duration::from_secs(1);

fn configured(role: Role, change: impl FnOnce(&mut Config)) -> Endpoint {
    let mut config = Config::new(role);
    change(&mut config);
    Endpoint::with(role, &Default::default(), config)
}

fn silence(end: &Endpoint) -> Option<Silence> {
    match end.connection.fault() {
        Some(Fault::Silence(silence)) => Some(*silence),
        _ => None,
    }
}

/// Checklist 76: after 30 s in which nothing came, and again 30 s after it was answered.
#[test]
fn a_quiet_peer_is_asked_for_a_sign_of_life() {
    let mut server = Endpoint::server();
    server.pass(29 * SECOND);
    assert_eq!(server.drain(), []);
    server.pass(SECOND);
    let ping = server.drain_plain();
    assert_eq!((ping.len(), ping[0].opcode), (1, opcode::PING));
    server.feed_frames(&[Frame::pong(ping[0].payload.clone())]);
    server.pass(29 * SECOND);
    assert_eq!(server.drain(), []);
    server.pass(SECOND);
    assert_eq!(server.drain_plain()[0].opcode, opcode::PING);
}

/// Checklist 76: 10 s after the Ping the peer is told 1011, and after 5 s more the transport is dropped.
#[test]
fn a_peer_that_does_not_answer_is_given_up() {
    let mut server = Endpoint::server();
    server.pass(30 * SECOND);
    server.drain();
    server.pass(10 * SECOND);
    assert_eq!(silence(&server), Some(Silence::NoPong));
    let close = server.drain_plain();
    assert_eq!(close[0].close_code().unwrap().0, 1011);
    assert_eq!(server.shutdowns(), [Shutdown::Write]);
    server.pass(5 * SECOND);
    assert_eq!(server.shutdowns(), [Shutdown::Write, Shutdown::Abort]);
    let ending = server.connection.ending().unwrap();
    assert_eq!((ending.by(), ending.code()), (EndedBy::Local, 1006));
}

/// Checklist 76: the answer may stand behind a large message, of which any byte proves life.
#[test]
fn any_byte_is_a_sign_of_life() {
    let mut server = Endpoint::server();
    server.pass(30 * SECOND);
    server.drain();
    let frames = server.on_wire(&[Frame::binary([0; 100])]);
    for byte in &frames[..50] {
        server.pass(9 * SECOND);
        server.feed(&[*byte]);
    }
    assert_eq!(server.connection.fault(), None);
    assert_eq!(server.drain(), []);
}

/// Checklist 76: what we write proves nothing.
#[test]
fn writing_is_no_sign_of_life() {
    let mut server = Endpoint::server();
    for _ in 0..39 {
        server.send("are you there?").unwrap();
        server.drain();
        server.pass(SECOND);
    }
    assert_eq!(silence(&server), None);
    server.pass(SECOND);
    assert_eq!(silence(&server), Some(Silence::NoPong));
}

/// Checklist 76: asking again and again does not put the end off.
#[test]
fn a_user_who_pings_often_still_learns_that_nobody_answers() {
    let mut server = Endpoint::server();
    for _ in 0..3 {
        let now = server.now();
        server.connection.outbound().ping(now);
        server.drain();
        server.pass(4 * SECOND);
    }
    assert_eq!(silence(&server), Some(Silence::NoPong));
}

/// Checklist 144: without Pings the idle limit holds by itself.
#[test]
fn an_idle_connection_is_closed_with_1001() {
    let mut server = configured(Role::Server, |config| config.timeouts.ping_every = None);
    server.pass(59 * SECOND);
    server.feed(&[]);
    assert_eq!(silence(&server), None);
    server.pass(SECOND);
    assert_eq!(silence(&server), Some(Silence::Idle));
    assert_eq!(server.drain_plain()[0].close_code().unwrap().0, 1001);
}

/// Checklist 77: a client that must not ask asks nothing; nor does any end without timers.
#[test]
fn timers_can_be_switched_off() {
    let mut client = configured(Role::Client, |config| {
        config.timeouts.ping_every = None;
        config.timeouts.idle = None;
        config.timeouts.write_stall = None;
    });
    client.send("waits for ever").unwrap();
    assert_eq!(client.connection.deadline(), None);
    client.pass(1_000_000 * SECOND);
    assert_eq!(client.connection.fault(), None);
    assert_eq!(client.drain_frames().len(), 1);
}

/// Checklist 90: a peer that takes no bytes cannot be told anything: it is cut.
#[test]
fn a_transport_that_takes_no_bytes_is_cut() {
    let mut server = configured(Role::Server, |config| config.timeouts.ping_every = None);
    server.pass(20 * SECOND);
    server.send(vec![0; 100]).unwrap();
    server.pass(29 * SECOND);
    server.feed_frames(&[Frame::text("reading does not count")]);
    server.write(Writes::Single(1));
    server.pass(29 * SECOND);
    server.feed_frames(&[Frame::text("reading does not count")]);
    assert_eq!(server.connection.ending(), None, "one byte was taken in between");
    server.pass(SECOND);
    assert_eq!(silence(&server), Some(Silence::WriteStall));
    assert_eq!(server.shutdowns(), [Shutdown::Abort]);
    assert_eq!(server.connection.ending().unwrap().code(), 1006);
    assert_eq!(server.connection.deadline(), None);
}

/// The clock of a stall starts when bytes begin to wait, however long the connection was quiet before.
#[test]
fn a_stall_is_counted_from_the_first_byte_that_waits() {
    let mut server = configured(Role::Server, |config| config.timeouts.ping_every = None);
    for _ in 0..10 {
        server.feed_frames(&[Frame::pong("")]);
        server.pass(29 * SECOND);
    }
    server.send("now").unwrap();
    server.pass(29 * SECOND);
    assert_eq!(server.connection.ending(), None);
}

/// Checklist 75, RFC 6455 §5.5.3: a later answer covers an earlier Ping; the time is that of the exchange.
#[test]
fn the_round_trip_is_measured() {
    let mut client = Endpoint::client();
    let now = client.now();
    let first = client.connection.outbound().ping(now).unwrap();
    client.drain();
    client.pass(2 * SECOND);
    let now = client.now();
    let second = client.connection.outbound().ping(now).unwrap();
    let asked = client.drain_plain();
    client.pass(SECOND);
    client.feed_frames(&[Frame::pong(asked[0].payload.clone())]);
    assert_eq!(client.connection.outbound().round_trip(first), Some(SECOND));
    assert_eq!(client.connection.outbound().round_trip(second), Some(SECOND));
    assert_eq!(client.connection.stats().sent.round_trip, Some(SECOND));
}

/// The contract: a deadline that fires early, because traffic has moved it, does no harm.
#[test]
fn an_early_timeout_is_harmless() {
    let mut server = Endpoint::server();
    for _ in 0..100 {
        let now = server.now();
        server.connection.handle_timeout(now);
        server.pass(SECOND / 10);
    }
    assert_eq!(server.drain(), []);
    assert_eq!(server.connection.fault(), None);
}

/// Checklist 76: two ends with nothing to say stay together, at one Ping each in half a minute at most.
#[test]
fn a_quiet_pair_stays_open() {
    let weather = Weather { delay: SECOND, piece: Some(3), ..Weather::default() };
    let mut pair = Pair::with(&Default::default(), Config::new, &weather, 1);
    pair.advance(3_600 * SECOND);
    for side in [&pair.client, &pair.server] {
        assert_eq!(side.end.connection.fault(), None);
        assert_eq!(side.end.connection.ending(), None);
        let received = side.end.connection.stats().received;
        assert!((100..=240).contains(&received.frames), "{received:?}");
    }
}

/// Checklist 76, 90: the peer is there, but no byte arrives any more: both ends find out by themselves.
#[test]
fn a_pair_whose_pipes_went_dead_ends() {
    let weather = Weather { room: Some(0), ..Weather::default() };
    let mut pair = Pair::with(&Default::default(), Config::new, &weather, 1);
    pair.client.end.send("nobody hears").unwrap();
    pair.advance(90 * SECOND);
    assert!(pair.client.is_gone() && pair.server.is_gone());
    assert_eq!(silence(&pair.client.end), Some(Silence::WriteStall));
    assert_eq!(pair.server.got, [] as [Got; 0]);
}
