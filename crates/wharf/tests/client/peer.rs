//! A server made of bytes: it reads one request and writes what the test tells it to.

use std::fmt::Write;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex},
    task::JoinHandle,
};
use wharf::{Client, ConnectError, WebSocket};
use wharf_proto::Key;

/// The head of a request as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Head(String);

impl Head {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// All values of a header, in order.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let lines = self.0.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    pub(crate) fn key(&self) -> &str {
        self.values("sec-websocket-key")[0]
    }

    /// The answer that opens the connection, with further lines in its head.
    pub(crate) fn switch(&self, lines: &[&str]) -> String {
        let accept = Key::parse(self.key()).unwrap().accept();
        let mut answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\n",
            accept.as_str()
        );
        for line in lines {
            write!(answer, "{line}\r\n").unwrap();
        }
        answer + "\r\n"
    }
}

impl From<String> for Head {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Reads a request up to its empty line; more than that must not come before the answer.
pub(crate) async fn read_head(io: &mut (impl AsyncRead + Unpin)) -> Head {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        assert_ne!(io.read_buf(&mut bytes).await.unwrap(), 0, "the client left within its request");
    }
    Head(String::from_utf8(bytes).unwrap())
}

/// Answers the one request on `io`, then waits for the client to leave.
pub(crate) async fn answer_on(
    mut io: impl AsyncRead + AsyncWrite + Unpin,
    answer: impl FnOnce(&Head) -> Vec<u8>,
) -> Head {
    let head = read_head(&mut io).await;
    // A client that has read enough may leave before all is written.
    let _ = io.write_all(&answer(&head)).await;
    let _ = io.read_to_end(&mut Vec::new()).await;
    head
}

/// A stream to a server that answers so.
pub(crate) fn answering(
    answer: impl FnOnce(&Head) -> Vec<u8> + Send + 'static,
) -> (DuplexStream, JoinHandle<Head>) {
    let (near, far) = duplex(1 << 10);
    (near, tokio::spawn(answer_on(far, answer)))
}

/// What the client makes of an answer.
pub(crate) async fn outcome(
    client: &Client,
    answer: impl FnOnce(&Head) -> Vec<u8> + Send + 'static,
) -> Result<WebSocket, ConnectError> {
    let (io, _server) = answering(answer);
    client.connect_over(io, "ws://example.com/chat").await
}

/// The error that an answer is.
pub(crate) async fn failure(
    answer: impl FnOnce(&Head) -> Vec<u8> + Send + 'static,
) -> ConnectError {
    outcome(&Client::default(), answer).await.expect_err("the answer opens no connection")
}
