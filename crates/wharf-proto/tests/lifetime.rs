//! How old a connection may become (checklist 144).

use std::time::Duration;
use wharf_proto::{Config, EndedBy, Now, Role};
use wharf_testkit::{Endpoint, Frame, opcode};

/// When the clock of the test bench starts.
const START: Now = Now::new(Duration::from_secs(1000));
const SECOND: Duration = Duration::from_secs(1);

fn server(change: impl FnOnce(&mut Config)) -> Endpoint {
    let mut config = Config::new(Role::Server);
    config.timeouts.lifetime = Some(100 * SECOND);
    config.timeouts.ping_every = None;
    change(&mut config);
    Endpoint::with(Role::Server, &Default::default(), config)
}

/// Checklist 144: a busy connection is closed in order too, with 1001 and its whole closing handshake.
#[test]
fn a_connection_that_is_old_enough_is_closed_in_order() {
    let mut server = server(|_| {});
    for _ in 0..99 {
        server.pass(SECOND);
        server.feed_frames(&[Frame::text("busy")]);
    }
    assert_eq!(server.drain(), []);
    server.pass(SECOND);
    let close = server.drain_plain();
    let (code, text) = close[0].close_code().unwrap();
    assert_eq!((close.len(), code, text.as_str()), (1, 1001, "maximum lifetime"));
    assert!(server.connection.fault().is_none(), "it is no failure");
    server.feed_frames(&[Frame::close(1001, "")]);
    server.eof();
    let ending = server.connection.ending().unwrap();
    assert_eq!((ending.by(), ending.is_clean()), (EndedBy::Local, true));
}

/// A peer that does not answer has no more time than for any Close.
#[test]
fn an_old_connection_whose_peer_does_not_answer_is_cut() {
    let mut server = server(|config| config.timeouts.idle = None);
    server.pass(100 * SECOND);
    assert_eq!(server.drain_plain()[0].opcode, opcode::CLOSE);
    server.pass(5 * SECOND);
    assert!(!server.connection.ending().unwrap().is_clean());
}

/// Without a limit there is none.
#[test]
fn by_default_a_connection_may_grow_old() {
    let mut server = server(|config| {
        (config.timeouts.lifetime, config.timeouts.idle) = (None, None);
    });
    server.connection.shorten_lifetime(u32::MAX);
    assert_eq!(server.connection.deadline(), None);
    server.pass(1_000_000 * SECOND);
    assert_eq!(server.drain(), []);
}

/// The random number takes off a share of the jitter, and never more; the limit stays a limit.
#[test]
fn the_ends_of_those_who_began_together_are_spread() {
    for (jitter, random, seconds) in [
        (10, 0, 100),
        (10, u32::MAX, 90),
        (10, u32::MAX / 2, 95),
        (0, u32::MAX, 100),
        (255, u32::MAX, 0),
    ] {
        let mut server = server(|config| {
            (config.timeouts.lifetime_jitter, config.timeouts.idle) = (jitter, None);
        });
        server.connection.shorten_lifetime(random);
        let end = server.connection.deadline().unwrap() - START;
        assert_eq!(end.as_secs(), seconds, "{jitter} {random}");
    }
}
