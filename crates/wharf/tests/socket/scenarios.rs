//! The open WebSocket as its user sees it, over a pipe in memory and in virtual time.

use crate::support::{echo, open, pair, pair_with};
use std::time::Duration;
use wharf::{
    Agreement, CloseCode, CloseReason, Config, EndedBy, Event, Kind, Message, MessageRef, Role,
};

/// RFC 6455 §5.6: both kinds come back as they went.
#[tokio::test(start_paused = true)]
async fn messages_of_both_kinds_and_all_sizes_are_echoed() {
    let (mut client, server) = pair();
    let server = tokio::spawn(echo(server));
    for size in [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20] {
        let text = "ä".repeat(size / 2);
        client.send(&text).await.unwrap();
        assert_eq!(client.recv().await.unwrap(), Some(Message::from(text.as_str())));
        let bytes = vec![0xA5; size];
        client.send(&bytes).await.unwrap();
        assert_eq!(client.recv().await.unwrap(), Some(Message::from(bytes)));
    }
    let ending = client.close(CloseCode::NORMAL).await;
    assert!(ending.is_clean());
    assert_eq!((ending.by(), ending.code()), (EndedBy::Local, 1000));
    let seen = server.await.unwrap();
    assert_eq!((seen.by(), seen.code(), seen.is_clean()), (EndedBy::Peer, 1000, true));
}

/// The zero-allocation echo: a message is answered while it is lent.
#[tokio::test(start_paused = true)]
async fn a_lent_message_can_be_answered() {
    let (mut client, server) = pair();
    let echo = tokio::spawn(async move {
        let (sender, mut receiver) = server.split();
        while let Some(message) = receiver.recv_ref().await.unwrap() {
            sender.send(message).await.unwrap();
        }
    });
    client.send("lent").await.unwrap();
    assert_eq!(client.recv_ref().await.unwrap(), Some(MessageRef::Text("lent")));
    client.close(CloseCode::NORMAL).await;
    echo.await.unwrap();
}

/// RFC 6455 §7.1.5: what the peer gave as its reason is reported.
#[tokio::test(start_paused = true)]
async fn the_reason_of_a_close_is_told() {
    let (mut client, mut server) = pair();
    let reason = CloseReason::new(CloseCode::SERVICE_RESTART, "back soon").unwrap();
    let close = reason.clone();
    let closing = tokio::spawn(async move { server.close(close).await });
    assert_eq!(client.recv().await.unwrap(), None);
    let ending = client.ending().unwrap();
    assert_eq!(
        (ending.by(), ending.reason(), ending.is_clean()),
        (EndedBy::Peer, Some(&reason), true)
    );
    let ours = closing.await.unwrap();
    assert_eq!((ours.by(), ours.code(), ours.is_clean()), (EndedBy::Local, 1012, true));
}

/// RFC 6455 §7.1.5; checklist 92 and 93: a bare end of the transport is no clean close.
#[tokio::test(start_paused = true)]
async fn an_end_without_a_close_is_1006_and_no_error() {
    let (near, far) = tokio::io::duplex(1024);
    let mut client = open(near, Config::new(Role::Client), Role::Client);
    drop(far);
    assert_eq!(client.recv().await.unwrap(), None);
    let ending = client.ending().unwrap();
    assert_eq!((ending.by(), ending.code(), ending.is_clean()), (EndedBy::Transport, 1006, false));
}

/// Checklist 91: who drops a socket leaves a close behind where the transport takes it.
#[tokio::test(start_paused = true)]
async fn a_dropped_socket_says_that_it_goes_away() {
    let (mut client, server) = pair();
    drop(server);
    assert_eq!(client.recv().await.unwrap(), None);
    assert_eq!(client.ending().unwrap().code(), 1001);
}

/// Checklist 67: after a Close nothing is accepted.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_after_a_close() {
    let (mut client, _server) = pair();
    client.sender().close(CloseCode::NORMAL);
    assert!(client.send("late").await.is_err());
    assert!(client.try_send("late").is_err());
}

/// Checklist 72: pings are answered while the peer only reads, and the sender learns the round trip.
#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_and_timed() {
    let (mut client, server) = pair();
    tokio::spawn(echo(server));
    let ping = client.ping();
    let read = tokio::spawn(async move { client.recv_event().await.unwrap() });
    assert!(ping.await.unwrap() < Duration::from_secs(1));
    assert!(matches!(read.await.unwrap(), Some(Event::Pong(_))));
}

/// Checklist 76: keep-alive asks an idle peer, and a peer that answers stays.
#[tokio::test(start_paused = true)]
async fn keep_alive_keeps_a_quiet_connection_that_lives() {
    let (mut client, server) = pair();
    tokio::spawn(echo(server));
    let silent = tokio::time::timeout(Duration::from_secs(3600), client.recv()).await;
    assert!(silent.is_err(), "nothing happened for an hour, and nobody closed");
    assert!(client.stats().sent.round_trip.is_some());
}

/// Checklist 76 and 90: a peer that is gone without a word is noticed, within the deadlines.
#[tokio::test(start_paused = true)]
async fn keep_alive_notices_a_dead_peer() {
    let (near, _far) = tokio::io::duplex(64 << 10);
    let mut client = open(near, Config::new(Role::Client), Role::Client);
    let start = tokio::time::Instant::now();
    let error = client.recv().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(start.elapsed().as_secs(), 30 + 10 + 5, "ping, no answer, no close");
    assert_eq!(client.recv().await.unwrap(), None);
}

/// Checklist 59: the limit is told to the peer, and to the user.
#[tokio::test(start_paused = true)]
async fn a_message_beyond_the_limit_ends_with_1009_on_both_sides() {
    let mut config = Config::new(Role::Server);
    config.limits.message = 1000;
    let (mut client, mut server) =
        pair_with(&Agreement::default(), Config::new(Role::Client), config);
    client.send(&[0; 1001]).await.unwrap();
    let client = tokio::spawn(async move {
        assert_eq!(client.recv().await.unwrap(), None);
        client.ending().unwrap()
    });
    let error = server.recv().await.unwrap_err();
    assert_eq!(error.close_code(), Some(CloseCode::MESSAGE_TOO_BIG));
    assert_eq!(client.await.unwrap().code(), 1009);
}

/// A message larger than either side's limits passes in chunks, both ways, and pings pass in between.
#[tokio::test(start_paused = true)]
async fn a_message_larger_than_the_limit_passes_in_chunks() {
    let (mut client, mut server) = pair();
    let writing = tokio::spawn(async move {
        let mut writer = client.write_binary().await.unwrap();
        for round in 0..128 {
            writer.write(&[round; 64 << 10]).await.unwrap();
        }
        writer.finish().await.unwrap();
        client.send("after").await.unwrap();
        client
    });
    let mut reader = server.recv_reader().await.unwrap().unwrap();
    assert_eq!(reader.kind(), Kind::Binary);
    let (mut len, mut most) = (0, 0);
    while let Some(chunk) = reader.chunk().await.unwrap() {
        for (index, byte) in chunk.iter().enumerate().step_by(1021) {
            assert_eq!(usize::from(*byte), (len + index) >> 16);
        }
        len += chunk.len();
        most = most.max(chunk.len());
    }
    assert_eq!(len, 8 << 20);
    assert!(most <= 64 << 10, "a chunk is what one read brings");
    assert_eq!(server.recv().await.unwrap(), Some(Message::from("after")));
    drop(writing.await.unwrap());
}

/// Dropping a reader discards the rest of its message, and only that.
#[tokio::test(start_paused = true)]
async fn a_reader_that_is_dropped_skips_its_message() {
    let (mut client, mut server) = pair();
    tokio::spawn(async move {
        client.send(vec![1; 300_000]).await.unwrap();
        client.send("next").await.unwrap();
        client.drive().await
    });
    {
        let mut reader = server.recv_reader().await.unwrap().unwrap();
        assert!(!reader.chunk().await.unwrap().unwrap().is_empty());
    }
    assert_eq!(server.recv().await.unwrap(), Some(Message::from("next")));
}

/// Checklist 65: while a message is written in fragments another sender waits.
#[tokio::test(start_paused = true)]
async fn fragments_of_two_messages_never_mix() {
    let (client, mut server) = pair();
    let (sender, mut receiver) = client.split();
    let mut writer = sender.write_text().await.unwrap();
    writer.write("one, ").await.unwrap();
    let other = tokio::spawn({
        let sender = sender.clone();
        async move { sender.send("two").await }
    });
    tokio::task::yield_now().await;
    writer.write("whole").await.unwrap();
    writer.finish().await.unwrap();
    other.await.unwrap().unwrap();
    assert_eq!(server.recv().await.unwrap(), Some(Message::from("one, whole")));
    assert_eq!(server.recv().await.unwrap(), Some(Message::from("two")));
    drop(server);
    receiver.drive().await;
}

/// A message that was cut short must not pass for a whole one.
#[tokio::test(start_paused = true)]
async fn a_writer_that_is_dropped_in_the_middle_closes_the_connection() {
    let (client, mut server) = pair();
    let mut writer = client.write_text().await.unwrap();
    writer.write("half").await.unwrap();
    drop(writer);
    assert_eq!(server.recv().await.unwrap(), None);
    assert_eq!(server.ending().unwrap().code(), 1001);
    drop(client);
}

/// Checklist 142: the outbox is bounded, a full one gives the message back, and `send` waits.
#[tokio::test(start_paused = true)]
async fn a_full_outbox_gives_the_message_back_and_send_waits() {
    let (client, mut server) = pair();
    let block = vec![7; 100_000];
    let refused = loop {
        if let Err(refused) = client.try_send(&block) {
            break refused.message;
        }
    };
    assert_eq!(refused.as_bytes(), block);
    assert!(client.queued_bytes() <= Config::new(Role::Client).limits.outbox + 100_020);
    let (sender, mut receiver) = client.split();
    let waiting = tokio::spawn(async move { sender.send(&block).await });
    let read = tokio::spawn(async move {
        let mut count = 0;
        while server.recv().await.unwrap().is_some() {
            count += 1;
        }
        count
    });
    waiting.await.unwrap().unwrap();
    receiver.close(CloseCode::NORMAL).await;
    assert!(read.await.unwrap() > 10);
}

/// Checklist 90: a peer that takes nothing for `write_stall` is cut, though the user only sends.
#[tokio::test(start_paused = true)]
async fn a_peer_that_takes_nothing_does_not_hold_a_sender_for_ever() {
    let (near, _far) = tokio::io::duplex(1024);
    let mut client = open(near, Config::new(Role::Client), Role::Client);
    let block = vec![7; 1 << 20];
    let start = tokio::time::Instant::now();
    while client.send(&block).await.is_ok() {}
    assert_eq!(start.elapsed().as_secs(), 30);
    assert!(client.recv().await.unwrap_err().is_timeout());
}

/// Stream and Sink are the same socket.
#[tokio::test(start_paused = true)]
async fn stream_and_sink_carry_messages() {
    use futures_util::{SinkExt, StreamExt};
    let (mut client, server) = pair();
    tokio::spawn(echo(server));
    SinkExt::send(&mut client, Message::from("sunk")).await.unwrap();
    assert_eq!(client.next().await.unwrap().unwrap(), Message::from("sunk"));
    SinkExt::close(&mut client).await.unwrap();
    assert!(client.next().await.is_none());
    assert_eq!(client.ending().unwrap().code(), 1000);
}
