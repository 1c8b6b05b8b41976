//! What happens when all is full (checklist 142).

use super::support::{SWITCH, ask, expect, good, lines, masked, pipe, rest, seen};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
    time::{Instant, timeout},
};
use wharf::{Acceptor, Quota, Server, ShutdownSummary, WebSocket};

async fn read_to_the_end(mut socket: WebSocket) {
    while let Ok(Some(_)) = socket.recv().await {}
}

/// Serves in the background; the address to connect to.
async fn served(
    configure: impl FnOnce(Server) -> Server,
) -> (SocketAddr, JoinHandle<ShutdownSummary>) {
    let server = configure(Server::bind("127.0.0.1:0").await.unwrap());
    let address = server.local_addr().unwrap();
    (address, tokio::spawn(server.serve(read_to_the_end)))
}

/// Checklist 48, checklist 142.
#[tokio::test(start_paused = true)]
async fn a_handshake_waits_until_there_is_room_for_it() {
    let acceptor = Acceptor::builder().handshakes(1).build();
    let (first, _client) = seen(&acceptor, &good()).await;
    let (mut client, server) = pipe();
    client.write_all(good().as_bytes()).await.unwrap();
    let mut second = Box::pin(acceptor.accept(server));
    timeout(Duration::from_secs(3600), &mut second).await.expect_err("the first is undecided");
    drop(first);
    second.await.unwrap();
}

/// Checklist 48: the cap is on handshakes, not on what comes of them.
#[tokio::test]
async fn an_open_socket_takes_no_room_of_a_handshake() {
    let acceptor = Acceptor::builder().handshakes(1).build();
    let (first, _client) = seen(&acceptor, &good()).await;
    let _open = first.accept().await.unwrap();
    seen(&acceptor, &good()).await;
}

/// Checklist 142: waiting for a slot is not the peer's time.
#[tokio::test(start_paused = true)]
async fn clones_of_an_acceptor_share_its_cap() {
    let acceptor = Acceptor::builder().handshakes(1).build();
    let (silent, server) = pipe();
    let (_other, other) = pipe();
    let clone = acceptor.clone();
    let start = Instant::now();
    let (first, second) = tokio::join!(acceptor.accept(server), clone.accept(other));
    first.unwrap_err();
    second.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(20));
    drop(silent);
}

/// RFC 9110 §15.6.4: checklist 142.
#[tokio::test]
async fn a_full_server_says_503_until_somebody_leaves() {
    let (address, _server) = served(|server| server.with_connections(1)).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(good().as_bytes()).await.unwrap();
    expect(&mut first, SWITCH).await;

    let answer = ask(TcpStream::connect(address).await.unwrap(), &good()).await;
    let expected =
        ["HTTP/1.1 503 Service Unavailable", "retry-after: 1", "connection: close"].to_vec();
    assert_eq!(lines(&answer), expected);

    first.write_all(&masked(8, b"")).await.unwrap();
    expect(&mut first, [0x88, 0]).await;
    assert_eq!(rest(&mut first).await, "");
    drop(first);
    until_switched(address).await;
}

/// The place is free when the handler has ended, which is a moment after its peer has seen the end.
async fn until_switched(address: SocketAddr) {
    loop {
        let mut next = TcpStream::connect(address).await.unwrap();
        next.write_all(good().as_bytes()).await.unwrap();
        let mut status = [0; 12];
        next.read_exact(&mut status).await.unwrap();
        match &status {
            b"HTTP/1.1 101" => return,
            other => assert_eq!(other, b"HTTP/1.1 503"),
        }
    }
}

/// RFC 6585 §4: checklist 142: the same for a key that the application names.
#[tokio::test]
async fn one_key_does_not_take_all_places() {
    let (acceptor, quota) = (Acceptor::default(), Quota::new(1));
    let (first, _client) = seen(&acceptor, &good()).await;
    let guard = quota.enter("alice").unwrap();
    let socket = first.accept().await.unwrap();
    let (second, client) = seen(&acceptor, &good()).await;
    let full = quota.enter("alice").unwrap_err();
    let (refused, answer) = tokio::join!(second.refuse(full.response()), async {
        let mut client = client;
        rest(&mut client).await
    });
    refused.unwrap();
    let expected =
        ["HTTP/1.1 429 Too Many Requests", "retry-after: 1", "connection: close"].to_vec();
    assert_eq!(lines(&answer), expected);
    drop((socket, guard));
    assert!(quota.enter("alice").is_ok());
}

/// RFC 6585 §4: checklist 142.
#[tokio::test]
async fn one_address_does_not_take_all_places() {
    let (address, _server) = served(|server| server.with_connections_per_address(1)).await;
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(good().as_bytes()).await.unwrap();
    expect(&mut first, SWITCH).await;
    let answer = ask(TcpStream::connect(address).await.unwrap(), &good()).await;
    let expected =
        ["HTTP/1.1 429 Too Many Requests", "retry-after: 1", "connection: close"].to_vec();
    assert_eq!(lines(&answer), expected);
}
