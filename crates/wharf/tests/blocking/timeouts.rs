//! Deadlines on a real clock: each must come, and not before its time.

use super::support::{Raw, bounded, pair, server, tcp};
use std::{
    io::{Read, Write},
    net::TcpListener,
    num::NonZeroU32,
    thread,
    time::{Duration, Instant},
};
use wharf::{
    AcceptError, AcceptStage, CloseCode, Config, ConnectError, Message, Rate, Role, Stage,
    blocking::{Acceptor, Client},
};
use wharf_testkit::opcode;

const SHORT: Duration = Duration::from_millis(80);
/// For deadlines that must not strike before a stage that takes no time to speak of, on however busy a machine.
const LONG: Duration = Duration::from_secs(2);

fn config(set: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::new(Role::Server);
    set(&mut config);
    config
}

/// Checklist 142: a flood arrives whole, in order, and no faster than it may; closing does not wait for it.
#[test]
fn a_fast_peer_is_read_no_faster_than_it_may_send() {
    bounded(|| {
        let start = Instant::now();
        let limited = config(|config| {
            let mut rate = Rate::default();
            rate.messages = NonZeroU32::new(20);
            rate.burst = SHORT;
            config.limits.rate = Some(rate);
        });
        let (mut client, mut server) = pair(Config::new(Role::Client), limited);
        for number in 0..4_000_u16 {
            client.send(number.to_be_bytes().to_vec()).unwrap();
        }
        for number in 0..5_u16 {
            assert_eq!(server.recv().unwrap(), Some(Message::from(number.to_be_bytes().to_vec())));
        }
        let took = start.elapsed();
        assert!(took >= 2 * SHORT, "{took:?}");
        let closing = thread::spawn(move || client.close(CloseCode::NORMAL));
        assert!(server.close(CloseCode::NORMAL).is_clean());
        assert!(start.elapsed() - took < Duration::from_secs(100), "3,995 messages take 199 s");
        closing.join().unwrap();
    });
}

#[test]
fn a_silent_peer_is_asked_and_then_given_up() {
    bounded(|| {
        let start = Instant::now();
        let (mut socket, mut peer) = server(config(|config| {
            config.timeouts.ping_every = Some(SHORT);
            config.timeouts.pong_within = SHORT;
            config.timeouts.close = SHORT;
        }));
        let error = socket.recv().unwrap_err();
        assert!(error.is_timeout() && start.elapsed() >= 2 * SHORT, "{error}");
        assert_eq!(socket.recv().unwrap(), None);
        assert_eq!(peer.frame().unwrap().opcode, opcode::PING);
        assert_eq!(peer.close_code(), 1011);
    });
}

#[test]
fn a_peer_that_sends_nothing_is_given_up_as_idle() {
    bounded(|| {
        let start = Instant::now();
        let (mut socket, mut peer) = server(config(|config| {
            config.timeouts.ping_every = None;
            config.timeouts.idle = Some(SHORT);
            config.timeouts.close = SHORT;
        }));
        assert!(socket.recv().unwrap_err().is_timeout());
        assert!(start.elapsed() >= SHORT);
        assert_eq!(peer.close_code(), 1001);
    });
}

/// A peer that stops reading.
#[test]
fn a_send_that_makes_no_progress_ends_the_connection() {
    bounded(|| {
        let (mut socket, peer) = server(config(|config| config.timeouts.write_stall = Some(SHORT)));
        let start = Instant::now();
        while socket.send(vec![0; 1 << 20]).is_ok() {}
        assert!(start.elapsed() >= SHORT);
        let error = socket.recv().unwrap_err();
        assert!(error.is_timeout(), "{error}");
        drop(peer);
    });
}

#[test]
fn a_close_waits_no_longer_than_it_may() {
    bounded(|| {
        let (mut socket, peer) = server(config(|config| config.timeouts.close = SHORT));
        let start = Instant::now();
        let ending = socket.close(CloseCode::NORMAL);
        assert!(start.elapsed() >= SHORT);
        assert_eq!(ending.code(), 1006);
        drop(peer);
    });
}

/// The peer reads nothing at all, so that not even the Close finds room.
#[test]
fn a_close_to_a_peer_that_does_not_read_waits_no_longer_than_it_may() {
    bounded(|| {
        let (mut socket, peer) = server(config(|config| config.timeouts.close = SHORT));
        let sender = socket.sender();
        let flood = thread::spawn(move || while sender.send(vec![0; 1 << 20]).is_ok() {});
        while socket.sender().queued_bytes() == 0 {
            thread::yield_now();
        }
        let ending = socket.close(CloseCode::NORMAL);
        assert_eq!(ending.code(), 1006);
        flood.join().unwrap();
        drop(peer);
    });
}

fn client(limit: Duration) -> Client {
    wharf::Client::builder().deadline(limit).build().into()
}

fn struck(url: &str, stage: Stage) -> ConnectError {
    let start = Instant::now();
    let error = client(LONG).connect(url).unwrap_err();
    assert!(error.is_timeout() && start.elapsed() >= LONG, "{error}");
    assert_eq!(error.stage(), stage);
    error
}

/// Checklist 9, 10: one deadline over all stages, and it says which one it struck.
#[test]
fn a_server_that_never_answers_is_given_up() {
    bounded(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let error = struck(&format!("ws://{address}/"), Stage::Upgrade);
        assert!(error.to_string().starts_with("timed out after 2s"), "{error}");
        #[cfg(feature = "rustls")]
        struck(&format!("wss://{address}/"), Stage::Tls);
    });
}

#[test]
fn a_server_that_trickles_gains_nothing() {
    bounded(|| {
        let (near, mut far) = tcp();
        let trickling = thread::spawn(move || {
            let mut request = [0; 1024];
            let _ = far.read(&mut request).unwrap();
            for byte in b"HTTP/1.1 101 Switching Protocols\r\n".iter().cycle() {
                thread::park_timeout(Duration::from_millis(2));
                if far.write_all(&[*byte]).is_err() {
                    break;
                }
            }
        });
        let start = Instant::now();
        let error = client(SHORT).connect_over(near, "ws://localhost/").unwrap_err();
        assert!(error.is_timeout() && start.elapsed() >= SHORT, "{error}");
        trickling.join().unwrap();
    });
}

#[test]
fn nobody_listening_is_told_at_once() {
    // A port that was just given back may be another test's by now; this one is nobody's.
    let error = wharf::blocking::connect("ws://127.0.0.1:1/").unwrap_err();
    assert_eq!((error.stage(), error.is_timeout()), (Stage::Connect, false));
}

#[test]
fn a_client_that_asks_nothing_is_cut_and_one_that_is_slow_is_told() {
    bounded(|| {
        let acceptor = Acceptor::from(wharf::Acceptor::builder().handshake_timeout(LONG).build());
        for (asked, answered) in [("", ""), ("GET / HTTP/1.1\r\n", "HTTP/1.1 408 ")] {
            let (near, far) = tcp();
            let mut peer = Raw::new(near);
            peer.io.write_all(asked.as_bytes()).unwrap();
            let reading = thread::spawn(move || {
                let mut answer = String::new();
                peer.io.read_to_string(&mut answer).unwrap();
                answer
            });
            let start = Instant::now();
            let error = acceptor.accept(far).unwrap_err();
            assert!(start.elapsed() >= LONG);
            assert!(
                matches!(error, AcceptError::TimedOut(AcceptStage::Request, limit) if limit == LONG)
            );
            let answer = reading.join().unwrap();
            assert!(answer.starts_with(answered) && answer.is_empty() == asked.is_empty());
        }
    });
}
