//! Servers on loopback, and a client made of bytes.

use axum::Router;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use wharf::{Client, WebSocket};

/// A request with nothing wrong, and the key of RFC 6455 §1.3.
const LINES: [&str; 6] = [
    "GET /chat HTTP/1.1",
    "Host: example.com",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
];

/// A good request with more header lines.
pub(crate) fn with(lines: &[&str]) -> String {
    head(LINES.into_iter().chain(lines.iter().copied()))
}

/// A good request in which the line that starts with `start` is replaced, or left out.
pub(crate) fn instead_of(start: &str, line: Option<&str>) -> String {
    let lines = LINES.into_iter().map(|old| if old.starts_with(start) { line } else { Some(old) });
    head(lines.flatten())
}

fn head<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    lines.into_iter().fold(String::new(), |head, line| head + line + "\r\n") + "\r\n"
}

/// A text of a client, masked with a key of zeros.
pub(crate) fn masked_text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 126);
    [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat()
}

/// Serves it as axum does.
pub(crate) async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

pub(crate) async fn connect(address: SocketAddr) -> WebSocket {
    Client::default().connect(format!("ws://{address}/chat")).await.unwrap()
}

/// Asks, and reads the head of the answer: status, then its lines.
pub(crate) async fn ask(address: SocketAddr, request: &str) -> (u16, Vec<String>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = read_head(&mut stream).await;
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    (status.unwrap(), head.lines().map(str::to_ascii_lowercase).collect())
}

pub(crate) async fn read_head(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// Sends back what comes.
pub(crate) async fn echo(mut socket: WebSocket) -> Result<(), wharf::Error> {
    while let Some(message) = socket.recv().await? {
        socket.send(message).await?;
    }
    Ok(())
}

/// Says something, and hears it.
pub(crate) async fn hears(socket: &mut WebSocket, text: &str) {
    socket.send(text).await.unwrap();
    assert_eq!(socket.recv().await.unwrap(), Some(wharf::Message::from(text)));
}
