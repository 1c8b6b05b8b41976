//! The simple case: a listener and a handler.

use super::support::{SWITCH, ask, expect, good, lines, masked};
use http::{Response, StatusCode};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use wharf::{Accept, Acceptor, CloseCode, Error, Message, Request, Server, WebSocket};

async fn echo(mut socket: WebSocket) -> Result<(), Error> {
    while let Some(message) = socket.recv().await? {
        socket.send(message).await?;
    }
    Ok(())
}

async fn assert_echoes<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(mut client: T) {
    client.write_all(good().as_bytes()).await.unwrap();
    expect(&mut client, SWITCH).await;
    client.write_all(&masked(1, b"hello")).await.unwrap();
    expect(&mut client, b"\x81\x05hello").await;
    client.write_all(&masked(8, b"\x03\xe8")).await.unwrap();
    expect(&mut client, b"\x88\x02\x03\xe8").await;
}

/// RFC 6455 §1.2: handshake, data, closing.
#[tokio::test]
async fn a_server_echoes_over_tcp() {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.serve(echo));
    assert_echoes(TcpStream::connect(address).await.unwrap()).await;
    assert_echoes(TcpStream::connect(address).await.unwrap()).await;
}

/// Both roles of this library, with permessage-deflate where it is on.
#[tokio::test]
async fn the_client_of_this_library_is_served() {
    let accept = Accept::new();
    #[cfg(feature = "deflate")]
    let accept = accept.deflate(wharf::Deflate::SERVER);
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.with_acceptor(Acceptor::builder().accept(accept).build()).serve(echo));
    let mut socket = wharf::connect(format!("ws://{address}/chat")).await.unwrap();
    let long = Message::from("text that repeats itself ".repeat(10_000));
    socket.send(long.clone()).await.unwrap();
    assert_eq!(socket.recv().await.unwrap(), Some(long));
    assert!(socket.close(CloseCode::NORMAL).await.is_clean());
}

/// The same over a unix socket, which has no address to tell.
#[cfg(unix)]
#[tokio::test]
async fn a_server_echoes_over_a_unix_socket() {
    use tokio::net::{UnixListener, UnixStream};
    let name = format!("wharf-server-{}.sock", std::process::id());
    let path = std::env::temp_dir().join(name);
    let server = Server::from_unix_listener(UnixListener::bind(&path).unwrap());
    assert_eq!(server.local_addr().unwrap_err().kind(), std::io::ErrorKind::Unsupported);
    tokio::spawn(server.serve(echo));
    let client = UnixStream::connect(&path).await;
    std::fs::remove_file(&path).unwrap();
    assert_echoes(client.unwrap()).await;
}

/// The pattern of a server for each thread: both listen on one port, and whoever gets the connection serves it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn two_servers_share_a_port() {
    let first = Server::bind_reuse_port("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = first.local_addr().unwrap();
    let second = Server::bind_reuse_port(address).await.unwrap();
    assert_eq!(second.local_addr().unwrap(), address);
    Server::bind(address).await.expect_err("who does not share is kept out");
    tokio::spawn(first.serve(echo));
    tokio::spawn(second.serve(echo));
    for _ in 0..8 {
        assert_echoes(TcpStream::connect(address).await.unwrap()).await;
    }
}

/// Checklist 38: the application sees the request, its peer and its path before anything is answered.
#[tokio::test]
async fn a_handler_of_requests_accepts_or_refuses() {
    async fn route(request: Request) {
        assert!(request.peer_addr().unwrap().ip().is_loopback());
        if request.uri().path() == "/chat" {
            echo(request.accept().await.unwrap()).await.unwrap();
        } else {
            let mut response = Response::new("no such room".into());
            *response.status_mut() = StatusCode::NOT_FOUND;
            request.refuse(response).await.unwrap();
        }
    }
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.serve_requests(route));
    assert_echoes(TcpStream::connect(address).await.unwrap()).await;
    let elsewhere = good().replace("/chat", "/elsewhere");
    let answer = ask(TcpStream::connect(address).await.unwrap(), &elsewhere).await;
    assert_eq!(lines(&answer)[0], "HTTP/1.1 404 Not Found");
}

/// A handler that panics takes only its own connection with it.
#[tokio::test]
async fn a_panic_of_a_handler_does_not_end_the_server() {
    async fn touchy(mut socket: WebSocket) -> Result<(), Error> {
        while let Some(message) = socket.recv().await? {
            assert_ne!(message.as_text(), Some("panic"), "as asked for");
            socket.send(message).await?;
        }
        Ok(())
    }
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    tokio::spawn(server.serve(touchy));
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(good().as_bytes()).await.unwrap();
    expect(&mut client, SWITCH).await;
    client.write_all(&masked(1, b"panic")).await.unwrap();
    expect(&mut client, b"\x88\x02\x03\xe9").await;
    assert_echoes(TcpStream::connect(address).await.unwrap()).await;
}
