//! Sockets in memory that a drain counts.

use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, DuplexStream, duplex},
    task::JoinHandle,
    time::Instant,
};
use wharf::{Agreement, Bytes, Config, Drain, Ending, Role, WebSocket};

/// A server's socket that `drain` counts, and the client's end of its wire.
pub(crate) fn counted(drain: &Drain) -> (WebSocket, DuplexStream) {
    let (near, far) = duplex(256);
    let mut socket = over(near, Role::Server);
    drain.admit().unwrap().open(&mut socket);
    (socket, far)
}

pub(crate) fn over(io: DuplexStream, role: Role) -> WebSocket {
    let mut config = Config::new(role);
    // Signs of life would only fill the virtual hours.
    (config.timeouts.idle, config.timeouts.ping_every) = (None, None);
    WebSocket::over(io, role, Agreement::default(), Bytes::new(), config).unwrap()
}

/// A client that reads until it is told to go: how it ended, and when.
pub(crate) fn client(io: DuplexStream) -> JoinHandle<(Ending, Instant)> {
    let mut socket = over(io, Role::Client);
    tokio::spawn(async move {
        let ending = socket.drive().await;
        (ending, Instant::now())
    })
}

/// Serves until the end.
pub(crate) fn serve(mut socket: WebSocket) -> JoinHandle<Ending> {
    tokio::spawn(async move { socket.drive().await })
}

/// A whole connection: the client's view of it.
pub(crate) fn connection(drain: &Drain) -> JoinHandle<(Ending, Instant)> {
    let (socket, far) = counted(drain);
    serve(socket);
    client(far)
}

/// Everything up to the end of the stream.
pub(crate) async fn rest(mut io: DuplexStream) -> Vec<u8> {
    let mut got = Vec::new();
    io.read_to_end(&mut got).await.unwrap();
    got
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
