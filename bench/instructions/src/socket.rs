//! The async library over a transport in memory.

use crate::work::Work;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    runtime::{Builder, Runtime},
};
use wharf::{Agreement, Bytes, Config, Role, WebSocket};

/// A batch of frames comes at once; the loop of the README echoes each, and the replies are read.
pub(crate) struct Socket {
    runtime: Runtime,
    client: DuplexStream,
    frames: Vec<u8>,
    replies: Vec<u8>,
}

impl Socket {
    /// `frames` is a batch of 16 messages.
    pub(crate) fn new(frames: Vec<u8>) -> Self {
        let runtime = Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("it needs nothing of the system");
        let (client, server) = duplex(1 << 20);
        runtime.spawn(echo(server));
        // A server's frame lacks the four bytes of the key.
        let replies = vec![0; frames.len() - 16 * 4];
        Self { runtime, client, frames, replies }
    }
}

impl Work for Socket {
    fn run(&mut self) {
        let Self { runtime, client, frames, replies } = self;
        runtime.block_on(async {
            client.write_all(frames).await.expect("the server is there");
            client.read_exact(replies).await.expect("every message is echoed");
        });
    }
}

async fn echo(transport: DuplexStream) {
    let (agreed, config) = (Agreement::default(), Config::new(Role::Server));
    let socket = WebSocket::over(transport, Role::Server, agreed, Bytes::new(), config);
    let mut socket = socket.expect("a server needs no entropy");
    while let Ok(Some(message)) = socket.recv().await {
        socket.send(message).await.expect("the client is there");
    }
}
