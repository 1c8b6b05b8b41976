//! Peers that send too fast, and peers that read too slowly (checklist 142), in virtual time.

use futures_util::FutureExt;
use std::{
    num::{NonZeroU32, NonZeroU64},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::Instant,
};
use wharf::{
    Agreement, Bytes, CloseCode, Config, Message, OnFull, OverRate, Rate, Role, WebSocket, WhyNot,
};

const SECOND: Duration = Duration::from_secs(1);

/// A client, and the raw end of its server.
fn client(change: impl FnOnce(&mut Config)) -> (WebSocket, DuplexStream) {
    let (near, far) = duplex(256);
    let mut config = Config::new(Role::Client);
    change(&mut config);
    let agreed = Agreement::default();
    (WebSocket::over(near, Role::Client, agreed, Bytes::new(), config).unwrap(), far)
}

fn rated(messages: u32) -> impl FnOnce(&mut Config) {
    move |config| {
        let mut rate = Rate::default();
        rate.messages = NonZeroU32::new(messages);
        config.limits.rate = Some(rate);
    }
}

/// Checklist 142: a flood arrives whole, in order, and no faster than it may.
#[tokio::test(start_paused = true)]
async fn a_fast_peer_is_read_no_faster_than_it_may_send() {
    let (mut socket, mut peer) = client(rated(10));
    let flood = tokio::spawn(async move {
        for number in 0..250_u8 {
            peer.write_all(&[0x82, 1, number]).await.unwrap();
        }
        peer
    });
    let start = Instant::now();
    for number in 0..250_u8 {
        assert_eq!(socket.recv().await.unwrap(), Some(Message::from(vec![number])));
    }
    let took = start.elapsed();
    assert!(took >= 24 * SECOND && took < 25 * SECOND, "{took:?}");
    drop(flood.await);
}

/// Checklist 142: the transport makes the peer wait: what is not decoded is not read.
#[tokio::test(start_paused = true)]
async fn a_fast_peer_has_to_wait_itself() {
    let (mut socket, mut peer) = client(|config| {
        let mut rate = Rate::default();
        rate.bytes = NonZeroU64::new(1_000);
        config.limits.rate = Some(rate);
    });
    let frame = [&[0x82, 126, 0x0F, 0xA0][..], &[7; 4_000]].concat();
    let start = Instant::now();
    let (sent, _) = tokio::join!(
        async {
            for _ in 0..40 {
                peer.write_all(&frame).await.unwrap();
            }
            start.elapsed()
        },
        async {
            for _ in 0..40 {
                assert!(socket.recv().await.unwrap().is_some());
            }
        }
    );
    assert!(sent > 90 * SECOND, "{sent:?} for what may take 160 s, of which one read waits here");
    assert!(start.elapsed() > 155 * SECOND && socket.ending().is_none());
}

/// While it is kept waiting the connection goes on: sending, closing.
#[tokio::test(start_paused = true)]
async fn a_peer_that_is_kept_waiting_is_served_all_the_same() {
    let (mut socket, mut peer) = client(rated(1));
    peer.write_all(b"\x82\x01a\x82\x01b\x88\x02\x03\xE8").await.unwrap();
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from(vec![b'a'])));
    assert!(socket.recv().now_or_never().is_none());
    socket.send("x").await.unwrap();
    peer.read_exact(&mut [0; 7]).await.unwrap();
    let start = Instant::now();
    let (ending, _) = tokio::join!(socket.close(CloseCode::NORMAL), async move {
        // A masked Close with a code; a server is the first to end the transport.
        peer.read_exact(&mut [0; 8]).await.unwrap();
    });
    assert!(start.elapsed() < SECOND, "the peer's Close stood behind what waited");
    assert_eq!(ending.code(), 1000);
}

/// Checklist 142: or it is told 1008.
#[tokio::test(start_paused = true)]
async fn a_fast_peer_can_be_closed() {
    let (mut socket, mut peer) = client(|config| {
        let mut rate = Rate::default();
        rate.messages = NonZeroU32::new(1);
        rate.over = OverRate::Close;
        config.limits.rate = Some(rate);
        config.timeouts.close = Duration::ZERO;
    });
    peer.write_all(b"\x82\x01a\x82\x01b").await.unwrap();
    assert!(socket.recv().await.unwrap().is_some());
    let error = socket.recv().await.unwrap_err().to_string();
    assert!(error.contains("limits.rate.messages"), "{error}");
    drop(socket);
    let mut close = Vec::new();
    peer.read_to_end(&mut close).await.unwrap();
    assert_eq!(close[0], 0x88);
}

fn full(policy: OnFull) -> impl FnOnce(&mut Config) {
    move |config| {
        config.limits.outbox = 1_000;
        config.limits.on_full = policy;
    }
}

/// Fills a pipe of 256 bytes and an outbox of 1,000 whose reader reads nothing.
fn fill(socket: &WebSocket) {
    socket.try_send(vec![0; 400]).unwrap();
    socket.try_send(vec![0; 700]).unwrap();
}

/// Checklist 142: the default.
#[tokio::test(start_paused = true)]
async fn a_slow_reader_makes_senders_wait() {
    let (socket, mut peer) = client(full(OnFull::Wait));
    fill(&socket);
    assert_eq!(socket.try_send(vec![0; 700]).unwrap_err().reason, WhyNot::Full);
    let sender = socket.sender();
    let mut waiting = Box::pin(sender.send(vec![0; 700]));
    assert!((&mut waiting).now_or_never().is_none());
    let read = async { peer.read_exact(&mut [0; 1_100]).await.unwrap() };
    let (sent, _) = tokio::join!(waiting, read);
    sent.unwrap();
    assert_eq!(socket.stats().sent.dropped, 0);
}

/// Checklist 142: nobody waits, what is lost is counted, and the rest arrives whole.
#[tokio::test(start_paused = true)]
async fn messages_to_a_slow_reader_can_be_dropped() {
    let (mut socket, mut peer) = client(full(OnFull::Drop));
    fill(&socket);
    for _ in 0..3 {
        socket.send(vec![0; 700]).now_or_never().expect("it does not wait").unwrap();
    }
    let sent = socket.stats().sent;
    assert_eq!((sent.messages, sent.bytes, sent.dropped), (2, 1_100, 3));
    peer.read_exact(&mut [0; 1_100 + 2 * 8]).await.unwrap();
    socket.send("next").await.unwrap();
    peer.read_exact(&mut [0; 4 + 6]).await.unwrap();
    assert_eq!(socket.stats().sent.messages, 3);
}

/// Checklist 142: the peer is told, if it reads on at all, and is cut if not.
#[tokio::test(start_paused = true)]
async fn a_slow_reader_can_be_closed() {
    let (mut socket, _peer) = client(full(OnFull::Close(CloseCode::TRY_AGAIN_LATER)));
    fill(&socket);
    let sender = socket.sender();
    sender.send(vec![0; 700]).await.expect_err("it closed the connection");
    assert!(!sender.is_open());
    let start = Instant::now();
    socket.drive().await;
    assert_eq!(start.elapsed(), 5 * SECOND, "timeouts.close");

    let (mut socket, mut reader) = client(full(OnFull::Close(CloseCode::TRY_AGAIN_LATER)));
    fill(&socket);
    socket.try_send(vec![0; 700]).unwrap_err();
    let mut got = Vec::new();
    let read = async {
        let mut byte = [0; 64];
        while let Ok(count @ 1..) = reader.read(&mut byte).await {
            got.extend_from_slice(&byte[..count]);
        }
    };
    tokio::join!(socket.drive(), read);
    let close = &got[1_100 + 2 * 8..];
    assert_eq!(close[0], 0x88);
    let key = &close[2..6];
    assert_eq!([close[6] ^ key[0], close[7] ^ key[1]], 1013_u16.to_be_bytes());
}
