//! How a connection ends when things go wrong at its end.

use crate::support::{batch, frames, server, server_with, until_idle};
use std::{io::ErrorKind, time::Duration};
use tokio::time::{Instant, sleep};
use wharf::{
    Agreement, Bytes, CloseCode, Config, EndedBy, Message, ProtocolError, Role, WebSocket,
};
use wharf_testkit::{Frame, Read, ScriptIo, Write};

/// Checklist 92: a write that fails does not hide the Close that the peer has sent before it left.
#[tokio::test(start_paused = true)]
async fn the_peers_close_is_read_though_a_write_failed() {
    let (mut socket, handle) = server([batch([Frame::close(1001, "gone")])]);
    handle.write(Write::Fail(ErrorKind::BrokenPipe));
    socket.try_send("too late").unwrap();
    assert!(socket.try_send("later").is_err());
    assert_eq!(socket.recv().await.unwrap(), None);
    let ending = socket.ending().unwrap();
    assert_eq!((ending.by(), ending.code(), ending.is_clean()), (EndedBy::Peer, 1001, false));
}

/// Without a Close to be read, the failure is what the reader is told, once.
#[tokio::test(start_paused = true)]
async fn a_write_that_failed_is_told_to_the_reader() {
    let (mut socket, handle) = server([]);
    handle.write(Write::Fail(ErrorKind::BrokenPipe));
    socket.try_send("lost").unwrap();
    let error = socket.recv().await.unwrap_err();
    assert!(error.is_io(), "{error}");
    assert_eq!(socket.recv().await.unwrap(), None);
}

/// Bytes that were dropped are not flushed.
#[tokio::test(start_paused = true)]
async fn flush_tells_that_bytes_were_lost() {
    let (mut socket, handle) = server([]);
    handle.write(Write::Fail(ErrorKind::BrokenPipe));
    socket.try_send("lost").unwrap();
    assert!(socket.flush().await.is_err());
    assert!(socket.sender().flush().await.is_err());
}

/// Checklist 93: a reset after the closing handshake says nothing that was not said.
#[tokio::test(start_paused = true)]
async fn a_reset_after_a_clean_close_is_no_error() {
    let close = batch([Frame::close(1000, "")]);
    let (mut socket, _handle) = server([close, Read::Fail(ErrorKind::ConnectionReset)]);
    assert_eq!(socket.recv().await.unwrap(), None);
    assert!(socket.ending().unwrap().is_clean());
}

/// A reset out of the blue is an error, once, and the ending says 1006.
#[tokio::test(start_paused = true)]
async fn a_reset_without_a_close_is_an_error() {
    let (mut socket, handle) = server([]);
    handle.reset();
    assert!(socket.recv().await.unwrap_err().is_io());
    assert_eq!(socket.recv().await.unwrap(), None);
    assert_eq!(socket.ending().unwrap().code(), 1006);
}

/// What the handshake read too far comes first.
#[tokio::test(start_paused = true)]
async fn leftover_bytes_are_decoded_first() {
    let key = [9, 8, 7, 6];
    let (io, handle) = ScriptIo::new([]);
    let first = Frame::text("first").masked(key).bytes();
    let second = Frame::text("second").masked(key).bytes();
    let leftover = Bytes::from([&first[..], &second[..5]].concat());
    let (agreed, config) = (Agreement::default(), Config::new(Role::Server));
    let mut socket = WebSocket::over(io, Role::Server, agreed, leftover, config).unwrap();
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("first")));
    handle.feed(&second[5..]);
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("second")));
}

/// RFC 6455 §8.1; checklist 69: a text fails at its first impossible byte, not at its end.
#[tokio::test(start_paused = true)]
async fn a_long_text_fails_in_its_middle() {
    let mut text = vec![b'a'; 200_000];
    text[70_000] = 0xFF;
    let mut bytes = Frame::text(text).masked([0; 4]).bytes();
    bytes.truncate(100_000);
    let (mut socket, handle) = server(bytes.chunks(9000).map(|bytes| Read::Bytes(bytes.to_vec())));
    let error = socket.recv().await.unwrap_err();
    assert_eq!(error.protocol_error(), Some(&ProtocolError::NotUtf8));
    assert_eq!(frames(&handle).last().unwrap().close_code().unwrap().0, 1007);
}

/// Checklist 69: the same for who reads in chunks.
#[tokio::test(start_paused = true)]
async fn a_text_in_chunks_fails_in_its_middle() {
    let mut bytes = Frame::text([&[b'a'; 99][..], &[0xC0; 50]].concat()).masked([0; 4]).bytes();
    bytes.truncate(120);
    let (mut socket, _handle) = server([Read::Bytes(bytes)]);
    let mut reader = socket.recv_reader().await.unwrap().unwrap();
    let error = loop {
        match reader.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the message ended well"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.close_code(), Some(CloseCode::INVALID_PAYLOAD));
    assert!(reader.chunk().await.unwrap_err().is_closed(), "it does not end well later");
}

/// Checklist 90: the time for the closing handshake begins when the Close is met, not when its bytes came.
#[tokio::test(start_paused = true)]
async fn a_user_who_dawdles_in_a_batch_still_closes_cleanly() {
    let (mut socket, handle) =
        server([batch([Frame::text("slow"), Frame::close(1000, "")]), Read::Pending]);
    assert!(socket.recv().await.unwrap().is_some());
    sleep(Duration::from_secs(20)).await;
    handle.write(Write::Pending);
    assert_eq!(socket.recv().await.unwrap(), None);
    assert!(socket.ending().unwrap().is_clean());
    assert!(handle.is_shut_down());
    assert_eq!(frames(&handle), [Frame::close(1000, "")]);
}

/// Checklist 90: a peer that floods instead of closing does not keep the deadline from coming.
#[tokio::test(start_paused = true)]
async fn a_peer_that_never_pauses_is_cut_in_time() {
    let mut config = Config::new(Role::Server);
    config.timeouts.close = Duration::from_secs(5);
    let (mut socket, handle) = server_with(config, []);
    let start = Instant::now();
    let flood = tokio::spawn(async move {
        while !handle.is_dropped() {
            handle.feed(Frame::text("more").masked([1; 4]).bytes());
            sleep(Duration::from_millis(100)).await;
        }
    });
    let ending = socket.close(CloseCode::NORMAL).await;
    assert_eq!((start.elapsed().as_secs(), ending.is_clean()), (5, false));
    flood.await.unwrap();
}

/// Whoever waits to send learns of the end, and of how it came.
#[tokio::test(start_paused = true)]
async fn a_sender_that_waits_learns_of_the_end() {
    let (socket, handle) = server([]);
    handle.write(Write::Stall);
    socket.try_send(vec![0; 2 << 20]).unwrap();
    let (sender, mut receiver) = socket.split();
    let waits = tokio::spawn({
        let sender = sender.clone();
        async move { sender.send("never").await }
    });
    let closed = tokio::spawn(async move { sender.closed().await });
    until_idle().await;
    assert!(!waits.is_finished() && !closed.is_finished());
    handle.reset();
    assert!(receiver.recv().await.unwrap_err().is_io());
    assert!(waits.await.unwrap().is_err());
    assert_eq!(closed.await.unwrap().by(), EndedBy::Transport);
}
