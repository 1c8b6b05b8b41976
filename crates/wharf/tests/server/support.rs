//! A client made of bytes.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use wharf::{AcceptError, Acceptor, Request};

/// A request with nothing wrong, and the key of RFC 6455 §1.3.
const LINES: [&str; 6] = [
    "GET /chat HTTP/1.1",
    "Host: example.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
];

/// What a good request is answered with, when nothing is negotiated.
pub(crate) const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

pub(crate) fn good() -> String {
    head(LINES)
}

/// A good request with one more header line.
pub(crate) fn with(line: &str) -> String {
    head(LINES.into_iter().chain([line]))
}

/// A good request in which the line that starts with `start` is replaced, or left out.
pub(crate) fn instead_of(start: &str, line: Option<&str>) -> String {
    let lines = LINES.into_iter().map(|old| if old.starts_with(start) { line } else { Some(old) });
    head(lines.flatten())
}

fn head<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    lines.into_iter().fold(String::new(), |head, line| head + line + "\r\n") + "\r\n"
}

/// A frame of a client, masked with a key of zeros.
pub(crate) fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    assert!(length < 126);
    [&[0x80 | opcode, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

/// A Close of a server with this code and no text.
pub(crate) fn close(code: u16) -> Vec<u8> {
    [&[0x88, 2][..], &code.to_be_bytes()].concat()
}

/// Both ends of a pipe that holds 64 KiB.
pub(crate) fn pipe() -> (DuplexStream, DuplexStream) {
    duplex(64 << 10)
}

/// Reads exactly as many bytes as are expected, and compares.
pub(crate) async fn expect(io: &mut (impl AsyncRead + Unpin), expected: impl AsRef<[u8]>) {
    let mut got = vec![0; expected.as_ref().len()];
    io.read_exact(&mut got).await.unwrap();
    assert_eq!(got.escape_ascii().to_string(), expected.as_ref().escape_ascii().to_string());
}

/// Everything up to the end of the stream.
pub(crate) async fn rest(io: &mut (impl AsyncRead + Unpin)) -> String {
    let mut got = Vec::new();
    io.read_to_end(&mut got).await.unwrap();
    String::from_utf8(got).unwrap()
}

/// Asks, and reads the answer up to the end of the stream.
pub(crate) async fn ask<T: AsyncRead + AsyncWrite + Unpin>(mut io: T, request: &str) -> String {
    io.write_all(request.as_bytes()).await.unwrap();
    rest(&mut io).await
}

/// The acceptor's error, and its answer.
pub(crate) async fn refused(acceptor: &Acceptor, request: &str) -> (AcceptError, String) {
    let (client, server) = pipe();
    let (outcome, answer) = tokio::join!(acceptor.accept(server), ask(client, request));
    (outcome.unwrap_err(), answer)
}

/// The request as the application sees it, and the client's end.
pub(crate) async fn seen(acceptor: &Acceptor, request: &str) -> (Request, DuplexStream) {
    let (mut client, server) = pipe();
    client.write_all(request.as_bytes()).await.unwrap();
    (acceptor.accept(server).await.unwrap(), client)
}

/// Status line and header lines, without `content-length`, which depends on the wording of the body.
pub(crate) fn lines(answer: &str) -> Vec<&str> {
    let (head, _) = answer.split_once("\r\n\r\n").unwrap();
    head.split("\r\n").filter(|line| !line.starts_with("content-length: ")).collect()
}
