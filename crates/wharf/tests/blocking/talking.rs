//! The same conversations as the async face has.

use super::support::{async_echo_server, bounded, client, echo, echo_server, pair, server};
use std::{io::Write, thread, time::Duration};
use tokio::runtime::Runtime;
use wharf::{Acceptor, Bytes, CloseCode, Config, EndedBy, Event, Kind, Message, MessageRef, Role};
use wharf_testkit::{Frame, Random, join};

fn config(role: Role) -> Config {
    Config::new(role)
}

/// Texts and bytes of every length class of a frame.
fn messages() -> Vec<Message> {
    let mut random = Random::new(7);
    let mut messages: Vec<Message> = [0, 1, 125, 126, 65_535, 65_536, 300_000]
        .into_iter()
        .map(|len| Message::from(random.bytes(len)))
        .collect();
    messages.extend(["", "grüße", &"text ".repeat(40_000)].map(Message::from));
    messages
}

#[cfg(feature = "deflate")]
fn compressing() -> Acceptor {
    Acceptor::builder().accept(wharf::Accept::new().deflate(wharf::Deflate::SERVER)).build()
}

#[cfg(not(feature = "deflate"))]
fn compressing() -> Acceptor {
    Acceptor::default()
}

#[test]
fn a_blocking_client_talks_to_an_async_server() {
    bounded(|| {
        let (address, _runtime) = async_echo_server(compressing());
        let mut socket = client().connect(format!("ws://{address}/")).unwrap();
        #[cfg(feature = "deflate")]
        assert!(socket.agreement().deflate.is_some());
        for message in messages() {
            socket.send(&message).unwrap();
            assert_eq!(socket.recv().unwrap(), Some(message));
        }
        let ending = socket.close(CloseCode::NORMAL);
        assert_eq!((ending.code(), ending.by(), ending.is_clean()), (1000, EndedBy::Local, true));
        assert_eq!(socket.recv().unwrap(), None);
    });
}

#[test]
fn an_async_client_talks_to_a_blocking_server() {
    bounded(|| {
        let (address, serving) = echo_server(compressing().into());
        Runtime::new().unwrap().block_on(async {
            let mut socket = wharf::connect(format!("ws://{address}/")).await.unwrap();
            for message in messages() {
                socket.send(&message).await.unwrap();
                assert_eq!(socket.recv().await.unwrap(), Some(message));
            }
            assert!(socket.close(CloseCode::NORMAL).await.is_clean());
        });
        let ending = serving.join().unwrap();
        assert_eq!((ending.code(), ending.by(), ending.is_clean()), (1000, EndedBy::Peer, true));
    });
}

/// No runtime is anywhere in this process's threads: whatever needs one would panic.
#[test]
fn both_ends_block_without_any_runtime() {
    bounded(|| {
        assert!(tokio::runtime::Handle::try_current().is_err());
        let (address, serving) = echo_server(compressing().into());
        let mut socket = wharf::blocking::connect(format!("ws://{address}/")).unwrap();
        for message in messages() {
            socket.send(message.as_ref()).unwrap();
            assert_eq!(socket.recv_ref().unwrap(), Some(message.as_ref()));
        }
        assert!(socket.close(CloseCode::NORMAL).is_clean());
        assert!(serving.join().unwrap().is_clean());
    });
}

#[cfg(unix)]
#[test]
fn unix_streams_are_streams() {
    bounded(|| {
        let (near, far) = std::os::unix::net::UnixStream::pair().unwrap();
        let serving = thread::spawn(|| echo(wharf::blocking::accept(far).unwrap()));
        let mut socket = client().connect_over(near, "ws://localhost/").unwrap();
        socket.send("hello").unwrap();
        assert_eq!(socket.next().unwrap().unwrap(), Message::from("hello"));
        assert!(socket.close(CloseCode::NORMAL).is_clean());
        assert!(serving.join().unwrap().is_clean());
    });
}

/// RFC 6455 §5.5.2: a Ping is answered before the caller gets the message behind it.
#[test]
fn pings_are_answered_and_shown_to_who_asks() {
    bounded(|| {
        let (mut socket, mut peer) = server(config(Role::Server));
        peer.send_masked(Frame::ping("1"));
        peer.send_masked(Frame::pong("2"));
        peer.send_masked(Frame::text("3"));
        assert_eq!(socket.recv_event().unwrap(), Some(Event::Ping(Bytes::from("1"))));
        assert_eq!(peer.frame(), Some(Frame::pong("1")));
        assert_eq!(socket.recv_event().unwrap(), Some(Event::Pong(Bytes::from("2"))));
        assert_eq!(socket.recv_event().unwrap(), Some(Event::Message(Message::from("3"))));
    });
}

#[test]
fn a_ping_measures_the_round_trip() {
    bounded(|| {
        let (client, far) = pair(config(Role::Client), config(Role::Server));
        let serving = thread::spawn(|| echo(far));
        let (sender, mut receiver) = client.split();
        let reading = thread::spawn(move || receiver.drive());
        let ping = sender.ping().unwrap();
        let round_trip = ping.wait(Duration::from_secs(20)).unwrap();
        assert_eq!(ping.round_trip(), Some(round_trip));
        sender.close(CloseCode::NORMAL);
        assert!(reading.join().unwrap().is_clean() && serving.join().unwrap().is_clean());
        assert!(sender.ping().is_err());
        assert!(ping.wait(Duration::from_secs(20)).is_ok(), "what is known stays known");
    });
}

#[test]
fn a_message_goes_out_in_fragments_and_is_read_in_chunks() {
    bounded(|| {
        let (client, mut far) = pair(config(Role::Client), config(Role::Server));
        let writing = thread::spawn(move || {
            let mut text = client.write_text().unwrap();
            for word in ["one ", "two ", "three"] {
                text.write(word).unwrap();
            }
            text.finish().unwrap();
            let mut bytes = client.write_binary().unwrap();
            (0..100_u8).for_each(|byte| bytes.write(&[byte; 10_000]).unwrap());
            bytes.finish().unwrap();
            drop(client.write_text().unwrap());
            client.send("last").unwrap();
            client
        });
        assert_eq!(far.recv_ref().unwrap(), Some(MessageRef::Text("one two three")));
        let mut reader = far.recv_reader().unwrap().unwrap();
        assert_eq!(reader.kind(), Kind::Binary);
        let mut sum = 0;
        while let Some(chunk) = reader.chunk().unwrap() {
            sum += chunk.len();
        }
        assert_eq!(sum, 1_000_000);
        assert_eq!(far.recv_ref().unwrap(), Some(MessageRef::Text("last")));
        drop(writing.join().unwrap());
        assert_eq!(far.recv().unwrap(), None);
        assert_eq!(far.ending().unwrap().code(), 1001);
    });
}

#[test]
fn what_is_fed_leaves_together() {
    bounded(|| {
        let (socket, mut peer) = server(config(Role::Server));
        for number in 0..3 {
            socket.feed(number.to_string()).unwrap();
        }
        assert_eq!(socket.sender().queued_bytes(), 9);
        socket.flush().unwrap();
        assert_eq!(socket.sender().queued_bytes(), 0);
        for number in 0..3 {
            assert_eq!(peer.frame(), Some(Frame::text(number.to_string())));
        }
        assert_eq!(socket.stats().sent.messages, 3);
    });
}

/// RFC 6455 §7.1.7: the peer is told before the error returns, and the error returns once.
#[test]
fn a_peer_that_breaks_a_rule_is_told_which() {
    bounded(|| {
        let (mut socket, mut peer) = server(config(Role::Server));
        peer.send(&Frame::text("not masked"));
        let reading = thread::spawn(move || (socket.recv(), socket));
        assert_eq!(peer.close_code(), 1002);
        assert_eq!(peer.frame(), None);
        drop(peer);
        let (received, mut socket) = reading.join().unwrap();
        assert_eq!(received.unwrap_err().close_code(), Some(CloseCode::PROTOCOL_ERROR));
        assert_eq!(socket.recv().unwrap(), None);
        assert!(socket.send("late").is_err());
    });
}

/// RFC 6455 §7.1.4.
#[test]
fn an_end_without_a_close_is_no_clean_end_and_no_error() {
    bounded(|| {
        let (mut socket, peer) = server(config(Role::Server));
        drop(peer);
        assert_eq!(socket.recv().unwrap(), None);
        let ending = socket.ending().unwrap();
        assert_eq!((ending.code(), ending.is_clean()), (1006, false));
    });
}

/// RFC 6455 §7.1.1, checklist 87: after both Closes the server ends TCP, and does not wait for the client to do so.
#[test]
fn a_server_cuts_tcp_at_once_after_both_closes() {
    bounded(|| {
        let mut config = Config::new(Role::Server);
        config.timeouts.close = Duration::from_secs(3600);
        let (mut socket, mut peer) = server(config);
        peer.send_masked(Frame::close(1000, ""));
        assert_eq!(socket.recv().unwrap(), None);
        assert!(socket.ending().unwrap().is_clean());
        assert_eq!(peer.close_code(), 1000);
        assert_eq!(peer.frame(), None);
    });
}

/// Checklist 89: who has sent something behind its Close may be about to send more.
#[test]
fn a_server_reads_on_if_anything_came_behind_the_close() {
    bounded(|| {
        let mut config = Config::new(Role::Server);
        config.timeouts.close = Duration::from_secs(3600);
        let (mut socket, mut peer) = server(config);
        let frames = [Frame::close(1000, ""), Frame::text("behind")];
        let both = frames.map(|frame| frame.masked([1, 2, 3, 4]));
        peer.io.write_all(&join(&both)).unwrap();
        let reading = thread::spawn(move || socket.recv());
        assert_eq!(peer.close_code(), 1000);
        assert_eq!(peer.frame(), None);
        assert!(!reading.is_finished(), "the peer has not ended");
        drop(peer);
        assert_eq!(reading.join().unwrap().unwrap(), None);
    });
}
