//! Two WebSockets over a pipe, or one over a transport that follows a script.

use std::{sync::Arc, time::Duration};
use tokio::io::{AsyncRead, AsyncWrite};
use wharf::{Agreement, Bytes, Config, Ending, Role, WebSocket};
use wharf_testkit::{Frame, Read, ScriptHandle, ScriptIo, join, read_frames};

/// Bytes that each direction of the pipe holds.
const PIPE: usize = 64 << 10;

/// A WebSocket over this, with nothing negotiated.
pub(crate) fn open<T>(io: T, config: Config, role: Role) -> WebSocket
where
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    open_agreed(io, config, role, &Agreement::default())
}

/// A WebSocket over this.
pub(crate) fn open_agreed<T>(io: T, config: Config, role: Role, agreed: &Agreement) -> WebSocket
where
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    WebSocket::over(io, role, agreed.clone(), Bytes::new(), Arc::new(config)).unwrap()
}

/// A client and a server with these settings.
pub(crate) fn pair_with(
    agreed: &Agreement,
    client: Config,
    server: Config,
) -> (WebSocket, WebSocket) {
    let (near, far) = tokio::io::duplex(PIPE);
    let client = open_agreed(near, client, Role::Client, agreed);
    (client, open_agreed(far, server, Role::Server, agreed))
}

/// A client and a server with the defaults.
pub(crate) fn pair() -> (WebSocket, WebSocket) {
    pair_with(&Agreement::default(), Config::new(Role::Client), Config::new(Role::Server))
}

/// A server over a script of reads.
pub(crate) fn server(reads: impl IntoIterator<Item = Read>) -> (WebSocket, ScriptHandle) {
    server_with(Config::new(Role::Server), reads)
}

/// A server with these settings over a script of reads.
pub(crate) fn server_with(
    config: Config,
    reads: impl IntoIterator<Item = Read>,
) -> (WebSocket, ScriptHandle) {
    let (io, handle) = ScriptIo::new(reads);
    (open(io, config, Role::Server), handle)
}

/// Sends back what comes, until the end.
pub(crate) async fn echo(mut socket: WebSocket) -> Ending {
    while let Some(message) = socket.recv().await.unwrap() {
        socket.send(message).await.unwrap();
    }
    socket.ending().unwrap()
}

/// Frames of a client that come in one read.
pub(crate) fn batch(frames: impl IntoIterator<Item = Frame>) -> Read {
    let frames: Vec<_> = frames.into_iter().map(|frame| frame.masked([1, 2, 3, 4])).collect();
    Read::Bytes(join(&frames))
}

/// What was written, as frames, all of them whole.
pub(crate) fn frames(handle: &ScriptHandle) -> Vec<Frame> {
    let written = handle.written();
    let (frames, rest) = read_frames(&written);
    assert!(rest.is_empty(), "a frame was cut");
    frames
}

/// Lets every other task run until all of them wait; for tests in virtual time.
pub(crate) async fn until_idle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// Lets other tasks run until `done`; for tests on several threads. Two minutes without it fail.
pub(crate) async fn until(mut done: impl FnMut() -> bool) {
    let waiting = async {
        while !done() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), waiting).await.expect("it never happened");
}
