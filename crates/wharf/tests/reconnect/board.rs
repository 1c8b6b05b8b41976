//! Connections in memory: each one that is dialled is taken here.

use std::io;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use wharf::{
    Acceptor, BoxFuture, Client, Dial, Dialled, Reconnecting, ReconnectingBuilder, WebSocket,
};
use wharf::{DownReason, Gap, ReconnectEvent};

struct Board(UnboundedSender<DuplexStream>);

impl Dial for Board {
    fn dial<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Dialled>> {
        let (near, far) = duplex(1 << 12);
        let call = self.0.send(far).map_err(|_| io::ErrorKind::ConnectionRefused.into());
        Box::pin(async move { call.map(|()| Dialled::new(near)) })
    }
}

/// The server's end of all connections. Dropped, it refuses them.
pub(crate) struct Calls(UnboundedReceiver<DuplexStream>);

/// A client that stays connected to nobody but the test.
pub(crate) fn link() -> (ReconnectingBuilder, Calls) {
    let (calls, taken) = unbounded_channel();
    let client = Client::builder().dialer(Board(calls)).build();
    (client.reconnecting("ws://h/"), Calls(taken))
}

impl Calls {
    pub(crate) async fn take(&mut self) -> DuplexStream {
        self.0.recv().await.unwrap()
    }

    /// Opens the next connection.
    pub(crate) async fn open(&mut self) -> WebSocket {
        let io = self.take().await;
        Acceptor::builder().build().accept(io).await.unwrap().accept().await.unwrap()
    }

    /// Answers the next request with this status line and these headers.
    pub(crate) async fn refuse(&mut self, head: &str) {
        let mut io = self.take().await;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            assert_ne!(io.read_buf(&mut request).await.unwrap(), 0);
        }
        let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n");
        io.write_all(answer.as_bytes()).await.unwrap();
    }
}

/// The connection that the client opens next, at both ends.
pub(crate) async fn up(link: &mut Reconnecting, calls: &mut Calls) -> WebSocket {
    let (event, socket) = tokio::join!(link.next(), calls.open());
    assert!(matches!(event, Some(ReconnectEvent::Up { .. })), "{event:?}");
    socket
}

/// What the client tells of a loss.
pub(crate) async fn down(link: &mut Reconnecting) -> (DownReason, Option<Duration>, Gap) {
    let event = link.next().await;
    let Some(ReconnectEvent::Down { reason, retry_in, gap, .. }) = event else {
        panic!("{event:?}")
    };
    (reason, retry_in, gap)
}
