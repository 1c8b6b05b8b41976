//! How a connection over TCP ends, seen by a peer that is made of bytes.

use crate::support::open;
use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use wharf::{Config, Role, WebSocket};
use wharf_testkit::{Frame, join};

/// Longer than any test takes, and far shorter than the closing handshake may take here.
const BOUND: Duration = Duration::from_secs(60);

/// A server with an hour for its closing handshake, and the peer's end.
async fn server() -> (WebSocket, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (far, _) = listener.accept().await.unwrap();
    let mut config = Config::new(Role::Server);
    config.timeouts.close = Duration::from_secs(3600);
    (open(far, config, Role::Server), near)
}

fn masked(frames: impl IntoIterator<Item = Frame>) -> Vec<u8> {
    let frames: Vec<_> = frames.into_iter().map(|frame| frame.masked([1, 2, 3, 4])).collect();
    join(&frames)
}

/// What the peer reads until the end, which is none of a reset.
async fn rest(peer: &mut TcpStream) -> Vec<u8> {
    let mut read = Vec::new();
    peer.read_to_end(&mut read).await.unwrap();
    read
}

/// RFC 6455 §7.1.1, checklist 87: after both Closes the server ends TCP, and does not wait for the client to do so.
#[tokio::test]
async fn a_server_drops_tcp_at_once_after_both_closes() {
    let (mut socket, mut peer) = server().await;
    peer.write_all(&masked([Frame::text("last"), Frame::close(1000, "")])).await.unwrap();
    let end = async {
        assert!(socket.recv().await.unwrap().is_some());
        socket.recv().await.unwrap()
    };
    assert_eq!(timeout(BOUND, end).await.expect("it waits for nobody"), None);
    let ending = socket.ending().unwrap();
    assert_eq!((ending.code(), ending.is_clean()), (1000, true));
    // The socket still lives: what ends is the stream below it.
    let read = timeout(BOUND, rest(&mut peer)).await.expect("TCP has ended");
    assert_eq!(read, Frame::close(1000, "").bytes());
}

/// The same if the server has closed first.
#[tokio::test]
async fn a_server_that_closes_drops_tcp_with_the_answer() {
    let (mut socket, mut peer) = server().await;
    peer.write_all(&masked([Frame::close(1001, "")])).await.unwrap();
    let ending = timeout(BOUND, socket.close(wharf::CloseCode::NORMAL)).await.unwrap();
    assert_eq!((ending.code(), ending.is_clean()), (1001, true));
    let read = timeout(BOUND, rest(&mut peer)).await.expect("TCP has ended");
    assert_eq!(read, Frame::close(1000, "").bytes());
}

/// Checklist 89: who has sent something behind its Close may be about to send more, which would reset TCP and eat our
/// Close; so the server ends its half, and reads until the peer has ended too.
#[tokio::test]
async fn a_server_reads_on_if_anything_came_behind_the_close() {
    let (mut socket, mut peer) = server().await;
    let both = masked([Frame::close(1000, ""), Frame::text("behind")]);
    peer.write_all(&both).await.unwrap();
    {
        let mut end = pin!(socket.recv());
        let read = tokio::select! {
            biased;
            _ = &mut end => panic!("the peer has not ended"),
            read = timeout(BOUND, rest(&mut peer)) => read.expect("our half has ended"),
        };
        assert_eq!(read, Frame::close(1000, "").bytes());
        peer.write_all(&masked([Frame::text("more")])).await.unwrap();
        let polled = poll_fn(|cx| Poll::Ready(end.as_mut().poll(cx))).await;
        assert!(polled.is_pending());
        drop(peer);
        assert_eq!(timeout(BOUND, end).await.expect("the peer has ended").unwrap(), None);
    }
    assert!(socket.ending().unwrap().is_clean());
}
