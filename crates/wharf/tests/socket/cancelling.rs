//! Every future, dropped at every place where it waits, and made anew: nothing is lost, nothing doubled.

use crate::support::{batch, frames, open, server_with, until};
use std::pin::pin;
use wharf::{
    CloseCode, CloseReason, Config, EndedBy, Event, Kind, Message, MessageRef, Role, WebSocket,
};
use wharf_testkit::{Frame, Read, ScriptHandle, ScriptIo, Write, drop_after, opcode};

/// How often a future may wait before it is dropped: once drops it at each of its awaits.
const PATIENCE: [usize; 4] = [1, 2, 3, 11];

/// Makes the future again and again, dropping it each time it has waited `patience` times, until one is done.
async fn insist<T>(patience: usize, mut make: impl AsyncFnMut() -> T) -> T {
    for _ in 0..100_000 {
        if let Some(done) = drop_after(make(), patience).await {
            return done;
        }
        tokio::task::yield_now().await;
    }
    panic!("it does not go on when it is dropped")
}

/// A server whose transport waits at three polls of five, so that each kind of poll meets it.
fn hesitant(config: Config, reads: Vec<Read>) -> (WebSocket, ScriptHandle) {
    let (socket, handle) = server_with(config, reads);
    (0..4000).filter(|poll| poll % 5 % 2 == 0).for_each(|poll| handle.pending_at(poll));
    (socket, handle)
}

fn large() -> Vec<u8> {
    (0..60_000_u32).map(|at| at.to_be_bytes()[3]).collect()
}

/// Fragments with a Ping among them, a message too long for one read, and two that come together; cut into
/// reads that respect nothing.
fn input() -> Vec<Read> {
    let sent = [
        Frame::text("fragm").more(),
        Frame::ping("between"),
        Frame::continuation("ented"),
        Frame::binary(large()),
        Frame::text("short"),
        Frame::pong("unasked"),
        Frame::text("last"),
    ];
    let Read::Bytes(bytes) = batch(sent) else { unreachable!() };
    bytes.chunks(997).map(|bytes| Read::Bytes(bytes.to_vec())).collect()
}

fn expected() -> Vec<Message> {
    let large = Message::from(large());
    vec![Message::from("fragmented"), large, Message::from("short"), Message::from("last")]
}

/// The peer leaves when the server has ended its side.
fn reading() -> (WebSocket, ScriptHandle) {
    let mut reads = input();
    reads.push(batch([Frame::close(1000, "")]));
    let (socket, handle) = hesitant(Config::new(Role::Server), reads);
    let peer = handle.clone();
    tokio::spawn(async move {
        until(|| peer.is_shut_down()).await;
        peer.eof();
    });
    (socket, handle)
}

/// After all was read: one Pong, one Close, in this order.
fn answered(handle: &ScriptHandle) {
    assert_eq!(frames(handle), [Frame::pong("between"), Frame::close(1000, "")]);
}

/// `recv`.
#[tokio::test(start_paused = true)]
async fn recv_loses_nothing() {
    for patience in PATIENCE {
        let (mut socket, handle) = reading();
        let mut got = Vec::new();
        while let Some(message) = insist(patience, async || socket.recv().await.unwrap()).await {
            got.push(message);
        }
        assert_eq!(got, expected());
        answered(&handle);
    }
}

/// `recv_ref`.
#[tokio::test(start_paused = true)]
async fn recv_ref_loses_nothing() {
    for patience in PATIENCE {
        let (mut socket, handle) = reading();
        let mut got = Vec::new();
        let mut next = async || match socket.recv_ref().await.unwrap() {
            Some(MessageRef::Text(text)) => Some(Message::from(text)),
            Some(MessageRef::Binary(bytes)) => Some(Message::from(bytes)),
            None => None,
        };
        while let Some(message) = insist(patience, &mut next).await {
            got.push(message);
        }
        assert_eq!(got, expected());
        answered(&handle);
    }
}

/// `recv_event`.
#[tokio::test(start_paused = true)]
async fn recv_event_loses_nothing() {
    for patience in PATIENCE {
        let (mut socket, handle) = reading();
        let mut got = Vec::new();
        while let Some(event) = insist(patience, async || socket.recv_event().await.unwrap()).await
        {
            got.push(event);
        }
        let mut events: Vec<_> = expected().into_iter().map(Event::Message).collect();
        events.insert(0, Event::Ping("between".into()));
        events.insert(4, Event::Pong("unasked".into()));
        assert_eq!(got, events);
        answered(&handle);
    }
}

/// `recv_reader`, and its `chunk`.
#[tokio::test(start_paused = true)]
async fn a_reader_loses_nothing() {
    for patience in PATIENCE {
        let (mut socket, handle) = reading();
        let mut got = Vec::new();
        loop {
            let begun = loop {
                match drop_after(socket.recv_reader(), patience).await {
                    Some(begun) => break begun.unwrap(),
                    None => tokio::task::yield_now().await,
                }
            };
            let Some(mut reader) = begun else { break };
            let (mut bytes, kind) = (Vec::new(), reader.kind());
            let mut next = async || reader.chunk().await.unwrap().map(<[u8]>::to_vec);
            while let Some(chunk) = insist(patience, &mut next).await {
                bytes.extend(chunk);
            }
            got.push(match kind {
                Kind::Text => Message::from(String::from_utf8(bytes).unwrap()),
                Kind::Binary => Message::from(bytes),
            });
        }
        assert_eq!(got, expected());
        answered(&handle);
    }
}

/// `drive`: it discards messages, and answers.
#[tokio::test(start_paused = true)]
async fn drive_goes_on_where_it_was_dropped() {
    for patience in PATIENCE {
        let (mut socket, handle) = reading();
        let ending = insist(patience, async || socket.drive().await).await;
        assert_eq!((ending.by(), ending.is_clean()), (EndedBy::Peer, true));
        answered(&handle);
    }
}

/// Reading and driving in turn: what was half driven past is not taken for a message.
#[tokio::test(start_paused = true)]
async fn a_reader_after_a_driver_starts_at_a_message() {
    for polls in 1..140 {
        let (mut socket, handle) = reading();
        drop_after(socket.drive(), polls).await;
        let mut got = Vec::new();
        while let Some(message) = socket.recv().await.unwrap() {
            got.push(message);
        }
        assert!(expected().ends_with(&got), "{polls}: whole messages, the last ones");
        answered(&handle);
    }
}

fn writing() -> (WebSocket, ScriptHandle) {
    let mut config = Config::new(Role::Server);
    config.limits.outbox = 700;
    let (socket, handle) = hesitant(config, Vec::new());
    for take in [1, 700, 13, 2, 90].repeat(100) {
        handle.write(Write::Take(take));
        handle.write(Write::Pending);
    }
    (socket, handle)
}

fn numbered(number: u8) -> Vec<u8> {
    vec![number; 300 + usize::from(number)]
}

fn all_numbered(handle: &ScriptHandle) {
    let sent: Vec<_> = (0..20).map(|number| Frame::binary(numbered(number))).collect();
    assert_eq!(frames(handle), sent);
}

/// `WebSocket::send` and `flush`.
#[tokio::test(start_paused = true)]
async fn send_sends_once_or_not_at_all() {
    for patience in PATIENCE {
        let (mut socket, handle) = writing();
        for number in 0..20 {
            insist(patience, async || socket.send(numbered(number)).await).await.unwrap();
        }
        insist(patience, async || socket.flush().await).await.unwrap();
        all_numbered(&handle);
    }
}

/// `Sender::send` and `flush`.
#[tokio::test(start_paused = true)]
async fn a_sender_sends_once_or_not_at_all() {
    for patience in PATIENCE {
        let (socket, handle) = writing();
        let sender = socket.sender();
        for number in 0..20 {
            insist(patience, async || sender.send(numbered(number)).await).await.unwrap();
        }
        insist(patience, async || sender.flush().await).await.unwrap();
        all_numbered(&handle);
    }
}

/// A future that was dropped before it was ready has sent nothing, whenever that was.
#[tokio::test(start_paused = true)]
async fn a_send_that_was_dropped_sent_nothing() {
    for polls in 1.. {
        let (mut socket, handle) = writing();
        socket.send(numbered(0)).await.unwrap();
        socket.send(numbered(1)).await.unwrap();
        let sent = drop_after(socket.send("maybe ".repeat(100)), polls).await.is_some();
        socket.flush().await.unwrap();
        let maybe = frames(&handle).iter().filter(|frame| frame.opcode == opcode::TEXT).count();
        assert_eq!(maybe, usize::from(sent), "{polls}");
        if sent {
            assert!(polls > 1, "it had to wait");
            return;
        }
    }
}

/// `write_text`, `write_binary` and the writers' `write`.
#[tokio::test(start_paused = true)]
async fn a_writer_writes_each_fragment_once() {
    for patience in PATIENCE {
        let (socket, handle) = writing();
        for _ in 0..2 {
            let mut text = insist(patience, async || socket.write_text().await).await.unwrap();
            for piece in ["a", "b", "c"] {
                let piece = piece.repeat(400);
                insist(patience, async || text.write(&piece).await).await.unwrap();
            }
            text.finish().await.unwrap();
            let mut bytes = insist(patience, async || socket.write_binary().await).await.unwrap();
            for piece in [[1; 400], [2; 400]] {
                insist(patience, async || bytes.write(&piece).await).await.unwrap();
            }
            bytes.finish().await.unwrap();
        }
        socket.sender().flush().await.unwrap();
        let text = [
            Frame::text("a".repeat(400)).more(),
            Frame::continuation("b".repeat(400)).more(),
            Frame::continuation("c".repeat(400)).more(),
            Frame::continuation([]),
            Frame::binary([1; 400]).more(),
            Frame::continuation([2; 400]).more(),
            Frame::continuation([]),
        ];
        assert_eq!(frames(&handle), [&text[..], &text[..]].concat());
    }
}

/// Who gave up waiting for another's message has begun nothing that stands in the way.
#[tokio::test(start_paused = true)]
async fn a_message_that_was_never_begun_holds_nobody() {
    let (socket, handle) = writing();
    let mut first = socket.write_text().await.unwrap();
    first.write("first").await.unwrap();
    assert!(drop_after(socket.write_binary(), 1).await.is_none());
    assert!(drop_after(socket.sender().send("waits"), 1).await.is_none());
    first.finish().await.unwrap();
    socket.sender().send("second").await.unwrap();
    socket.sender().flush().await.unwrap();
    let sent = [Frame::text("first").more(), Frame::continuation([]), Frame::text("second")];
    assert_eq!(frames(&handle), sent);
}

/// `close`: one Close goes out, behind what was queued, and the reason is the first one's.
#[tokio::test(start_paused = true)]
async fn close_closes_once() {
    for patience in PATIENCE {
        let (mut socket, handle) = reading();
        socket.send("queued").await.unwrap();
        let reason = CloseReason::new(CloseCode::GOING_AWAY, "once").unwrap();
        let ending = insist(patience, async || socket.close(reason.clone()).await).await;
        assert_eq!((ending.by(), ending.code(), ending.is_clean()), (EndedBy::Local, 1000, true));
        let sent = frames(&handle);
        assert_eq!(sent[..2], [Frame::text("queued"), Frame::close(1001, "once")]);
        assert_eq!(sent.iter().filter(|frame| frame.opcode == opcode::CLOSE).count(), 1);
        assert!(handle.is_shut_down());
    }
}

/// `Sender::closed`.
#[tokio::test(start_paused = true)]
async fn closed_can_be_asked_again() {
    let (mut socket, _handle) = reading();
    let sender = socket.sender();
    let driving = tokio::spawn(async move { socket.drive().await });
    let ending = insist(1, async || sender.closed().await).await;
    assert_eq!(ending, driving.await.unwrap());
    assert_eq!(ending, sender.closed().await);
}

/// `Ping`: dropping it changes nothing, and asking it again is harmless.
#[tokio::test(start_paused = true)]
async fn a_ping_can_be_dropped_or_asked_again() {
    for patience in PATIENCE {
        let (near, far) = tokio::io::duplex(8);
        let mut client = open(near, Config::new(Role::Client), Role::Client);
        let mut server = open(far, Config::new(Role::Server), Role::Server);
        let driving = tokio::spawn(async move { server.drive().await });
        drop(client.ping());
        let mut ping = pin!(client.ping());
        let reading = tokio::spawn(async move {
            client.drive().await;
            client
        });
        insist(patience, async || ping.as_mut().await).await.unwrap();
        driving.abort();
        let client = reading.await.unwrap();
        assert!(client.stats().sent.round_trip.is_some());
    }
}

/// The same as a client, whose frames are masked, over one byte at a time.
#[tokio::test(start_paused = true)]
async fn a_client_loses_nothing_either() {
    for patience in PATIENCE {
        let sent = [Frame::text("one"), Frame::ping("p"), Frame::text("two")];
        let (io, handle) = ScriptIo::new([]);
        for byte in wharf_testkit::join(&sent) {
            handle.read(Read::Pending);
            handle.feed([byte]);
        }
        for _ in 0..40 {
            handle.write(Write::Pending);
            handle.write(Write::Take(1));
        }
        let mut socket = open(io, Config::new(Role::Client), Role::Client);
        for text in ["one", "two"] {
            let got = insist(patience, async || socket.recv().await.unwrap()).await;
            assert_eq!(got, Some(Message::from(text)));
        }
        insist(patience, async || socket.flush().await).await.unwrap();
        let pongs: Vec<_> = frames(&handle);
        assert_eq!((pongs.len(), &pongs[0].payload[..]), (1, &b"p"[..]));
        assert!(pongs[0].key.is_some());
    }
}
