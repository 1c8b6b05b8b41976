//! Two threads at one connection, and more.

use super::support::{bounded, client, echo_server, pair, server};
use std::{
    collections::HashMap,
    sync::mpsc::channel,
    thread,
    time::{Duration, Instant},
};
use wharf::{
    CloseCode, Config, EndedBy, Message, Role,
    blocking::{Receiver, Sender, WebSocket},
};
use wharf_testkit::{Frame, Random};

const COUNT: u32 = 400;

/// Numbered messages of all sizes.
fn load(seed: u64) -> impl Iterator<Item = Vec<u8>> {
    let mut random = Random::new(seed);
    (0..COUNT).map(move |number| {
        let len = random.below(if number % 20 == 0 { 200_000 } else { 3_000 });
        [&number.to_be_bytes()[..], &vec![7; len]].concat()
    })
}

fn send_all(sender: &Sender, seed: u64) {
    for message in load(seed) {
        sender.send(message).unwrap();
    }
}

fn expect_all(receiver: &mut Receiver, seed: u64) {
    for expected in load(seed) {
        assert!(receiver.recv().unwrap() == Some(Message::from(expected)));
    }
}

/// Each end sends and receives at the same time, as fast as it can.
pub(crate) fn exchange(client: WebSocket, server: WebSocket) {
    let ends = [(client, 1, 2), (server, 2, 1)].map(|(socket, sends, expects)| {
        let (sender, mut receiver) = socket.split();
        let writing = thread::spawn({
            let sender = sender.clone();
            move || send_all(&sender, sends)
        });
        let reading = thread::spawn(move || {
            expect_all(&mut receiver, expects);
            receiver
        });
        (sender, writing, reading)
    });
    let [client, server] = ends.map(|(sender, writing, reading)| {
        writing.join().unwrap();
        (sender, reading.join().unwrap())
    });
    let closing = thread::spawn(move || {
        let mut receiver = client.1;
        receiver.close(CloseCode::NORMAL)
    });
    let (_, mut receiver) = server;
    assert_eq!(receiver.recv().unwrap(), None);
    assert!(closing.join().unwrap().is_clean());
}

#[test]
fn both_ends_send_and_receive_at_once() {
    bounded(|| {
        let (client, server) = pair(Config::new(Role::Client), Config::new(Role::Server));
        exchange(client, server);
    });
}

#[test]
fn messages_of_several_senders_never_mix_and_keep_their_order() {
    bounded(|| {
        let (client, mut server) = pair(Config::new(Role::Client), Config::new(Role::Server));
        let senders = [0_u8, 1, 2, 3].map(|name| {
            let sender = client.sender();
            thread::spawn(move || {
                for number in 0..200_u8 {
                    sender.send([name, number].repeat(1 + usize::from(number) * 50)).unwrap();
                }
            })
        });
        let mut last: HashMap<u8, u8> = HashMap::new();
        for _ in 0..800 {
            let message = server.recv().unwrap().unwrap();
            let bytes = message.as_bytes();
            assert!(bytes.chunks(2).all(|pair| pair == &bytes[..2]));
            let before = last.insert(bytes[0], bytes[1]);
            assert_eq!(before.map_or(0, |before| before + 1), bytes[1]);
        }
        senders.into_iter().for_each(|sender| sender.join().unwrap());
    });
}

/// A thread that waits for bytes holds nothing that a sender needs.
#[test]
fn a_blocked_reader_does_not_keep_a_sender_from_sending() {
    bounded(|| {
        let (socket, mut peer) = server(Config::new(Role::Server));
        let (sender, mut receiver) = socket.split();
        let reading = thread::spawn(move || receiver.recv());
        for number in 0..100 {
            sender.send(number.to_string()).unwrap();
            assert_eq!(peer.frame(), Some(Frame::text(number.to_string())));
        }
        peer.send_masked(Frame::text("at last"));
        assert_eq!(reading.join().unwrap().unwrap(), Some(Message::from("at last")));
    });
}

/// A peer that stops reading: what it sends is received nevertheless, and its Pings wait for their answers.
#[test]
fn a_blocked_sender_does_not_keep_the_reader_from_reading() {
    bounded(|| {
        let (socket, mut peer) = server(Config::new(Role::Server));
        let (sender, mut receiver) = socket.split();
        let flood = thread::spawn({
            let sender = sender.clone();
            move || while sender.send(vec![0; 1 << 20]).is_ok() {}
        });
        while sender.queued_bytes() == 0 {
            thread::yield_now();
        }
        for number in 0..200 {
            peer.send_masked(Frame::ping("?"));
            peer.send_masked(Frame::text(number.to_string()));
            assert_eq!(receiver.recv().unwrap(), Some(Message::from(number.to_string())));
        }
        sender.shut_down(CloseCode::GOING_AWAY);
        flood.join().unwrap();
        assert_eq!(receiver.recv().unwrap(), None);
    });
}

/// RFC 6455 §5.4: an answer that passes data goes between frames, also while a sender is in the middle of a write.
#[test]
fn an_answer_does_not_break_into_what_a_sender_is_writing() {
    bounded(|| {
        let (socket, mut peer) = server(Config::new(Role::Server));
        let (sender, mut receiver) = socket.split();
        let flood = thread::spawn({
            let sender = sender.clone();
            move || (0..300).for_each(|_| sender.send(&[5; 60_000]).unwrap())
        });
        while sender.queued_bytes() == 0 {
            thread::yield_now();
        }
        let reading = thread::spawn(move || (receiver.recv(), receiver));
        for number in 0..10_u8 {
            peer.send_masked(Frame::ping([number]));
        }
        peer.send_masked(Frame::text("read on"));
        let (received, receiver) = reading.join().unwrap();
        assert_eq!(received.unwrap(), Some(Message::from("read on")));
        let mut pongs = 0;
        for _ in 0..310 {
            let frame = peer.frame().unwrap();
            if frame.opcode == wharf_testkit::opcode::PONG {
                assert_eq!(frame, Frame::pong([pongs]));
                pongs += 1;
            } else {
                assert_eq!(frame, Frame::binary(vec![5; 60_000]));
            }
        }
        assert_eq!(pongs, 10);
        flood.join().unwrap();
        drop(receiver);
    });
}

/// Nobody sends; the reader itself finds no room for its answers, and reads on.
#[cfg(unix)]
#[test]
fn a_reader_whose_answers_find_no_room_reads_on() {
    bounded(|| {
        use std::io::{Read, Write};
        let mut config = Config::new(Role::Server);
        config.limits.control_burst = 1_000_000;
        // The peer reads nothing before it has written all; how long that may take is not what is asked.
        config.timeouts.write_stall = None;
        // The system holds some 200 KiB for a unix stream: far less than the answers.
        let (mut near, far) = std::os::unix::net::UnixStream::pair().unwrap();
        let mut socket = super::support::open(far, config, Role::Server);
        let ping = Frame::ping([7; 125]).masked([1, 2, 3, 4]).bytes().repeat(500);
        let writing = thread::spawn(move || {
            for _ in 0..40 {
                near.write_all(&ping).unwrap();
            }
            near.write_all(&Frame::text("still there?").masked([1, 2, 3, 4]).bytes()).unwrap();
            near
        });
        // Had it waited for the transport, neither end would ever go on.
        assert_eq!(socket.recv().unwrap(), Some(Message::from("still there?")));
        let mut near = writing.join().unwrap();
        let mut answer = [0; 127];
        near.read_exact(&mut answer).unwrap();
        assert_eq!(answer[..], Frame::pong([7; 125]).bytes());
    });
}

#[test]
fn a_blocked_reader_is_ended_from_another_thread() {
    bounded(|| {
        let (socket, mut peer) = server(Config::new(Role::Server));
        let (sender, mut receiver) = socket.split();
        let (at_work, started) = channel();
        let reading = thread::spawn(move || {
            at_work.send(()).unwrap();
            (receiver.recv(), receiver)
        });
        started.recv().unwrap();
        sender.shut_down(CloseCode::GOING_AWAY);
        let (received, receiver) = reading.join().unwrap();
        assert_eq!(received.unwrap(), None);
        let ending = receiver.ending().unwrap();
        assert_eq!((ending.by(), ending.code(), ending.is_clean()), (EndedBy::Local, 1006, false));
        assert_eq!(peer.close_code(), 1001);
        assert_eq!(peer.frame(), None);
    });
}

/// The closing handshake is begun by one thread and seen through by another.
#[test]
fn a_close_ends_a_blocked_reader_in_order() {
    bounded(|| {
        let (address, serving) = echo_server(wharf::Acceptor::default().into());
        let (sender, mut receiver) = client().connect(format!("ws://{address}/")).unwrap().split();
        let reading = thread::spawn(move || receiver.drive());
        sender.close(CloseCode::NORMAL);
        assert!(reading.join().unwrap().is_clean());
        assert!(serving.join().unwrap().is_clean());
        assert!(!sender.is_open() && sender.ending().unwrap().is_clean());
    });
}

/// The deadline of a Close is not missed by a reader that had begun to wait before, for much longer.
#[test]
fn a_close_that_is_not_answered_ends_a_blocked_reader_in_time() {
    bounded(|| {
        let mut config = Config::new(Role::Server);
        config.timeouts.close = Duration::from_millis(100);
        let (socket, mut peer) = server(config);
        let (sender, mut receiver) = socket.split();
        let reading = thread::spawn(move || receiver.drive());
        let start = Instant::now();
        sender.close(CloseCode::NORMAL);
        let ending = reading.join().unwrap();
        assert!(start.elapsed() >= Duration::from_millis(100));
        assert_eq!((ending.code(), ending.is_clean()), (1006, false));
        assert_eq!(peer.close_code(), 1000);
    });
}

/// RFC 6455 §7.4.1.
#[test]
fn dropping_says_that_it_goes_away() {
    bounded(|| {
        let (socket, mut peer) = server(Config::new(Role::Server));
        drop(socket);
        assert_eq!(peer.close_code(), 1001);
        assert_eq!(peer.frame(), None);
    });
}
