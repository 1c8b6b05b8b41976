//! A server that goes down (checklist 82, checklist 87).

use super::support::{SWITCH, close, expect, good, lines, masked, rest};
use std::{future::pending, net::SocketAddr, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    sync::{mpsc, oneshot},
    time::{Instant, pause},
};
use wharf::{AcceptError, Request, Server, WebSocket};

async fn read_to_the_end(mut socket: WebSocket) {
    while let Ok(Some(_)) = socket.recv().await {}
}

async fn bound() -> (Server, SocketAddr) {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    (server, address)
}

async fn open(address: SocketAddr) -> TcpStream {
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(good().as_bytes()).await.unwrap();
    expect(&mut client, SWITCH).await;
    client
}

/// RFC 6455 §7.4.1 and §7.1.1: checklist 82, checklist 87. Everybody hears 1001, answers it, and sees the end.
#[tokio::test]
async fn everybody_hears_1001_and_may_answer_it() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let serving = tokio::spawn(server.serve(read_to_the_end));
    let mut clients = [open(address).await, open(address).await, open(address).await];
    handle.shut_down();
    for client in &mut clients {
        expect(client, close(1001)).await;
        client.write_all(&masked(8, b"\x03\xe9")).await.unwrap();
        assert_eq!(rest(client).await, "");
    }
    drop(clients);
    let summary = serving.await.unwrap();
    assert_eq!((summary.closed, summary.cut), (3, 0));
}

/// The server ends when the future it was given does.
#[tokio::test]
async fn a_signal_starts_the_shutdown() {
    let (server, address) = bound().await;
    let (signal, signalled) = oneshot::channel::<()>();
    let server = server.with_graceful_shutdown(async { drop(signalled.await) });
    let serving = tokio::spawn(server.serve(read_to_the_end));
    let mut client = open(address).await;
    signal.send(()).unwrap();
    expect(&mut client, close(1001)).await;
    drop(client);
    assert_eq!(serving.await.unwrap().closed, 1);
}

/// Checklist 82: a handler that does not touch its socket cannot hold up the 1001, nor the end.
#[tokio::test]
async fn a_handler_that_does_not_end_is_cut_at_the_limit() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let handler = |socket: WebSocket| async move {
        pending::<()>().await;
        drop(socket);
    };
    let serving = tokio::spawn(server.serve(handler));
    let mut client = open(address).await;
    pause();
    let start = Instant::now();
    handle.shut_down();
    expect(&mut client, close(1001)).await;
    let summary = serving.await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!((summary.closed, summary.cut), (0, 1));
    assert_eq!(rest(&mut client).await, "");
}

/// The limit is the server's to choose.
#[tokio::test]
async fn the_drain_may_be_shorter() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let server = server.with_drain(Duration::from_secs(1));
    let serving = tokio::spawn(server.serve(|_socket| pending::<()>()));
    let _client = open(address).await;
    pause();
    let start = Instant::now();
    handle.shut_down();
    assert_eq!(serving.await.unwrap().cut, 1);
    assert_eq!(start.elapsed().as_secs(), 1);
}

/// A spare connection of a browser, on which nothing was ever asked, is dropped at once.
#[tokio::test]
async fn who_has_not_asked_yet_holds_nobody_up() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let serving = tokio::spawn(server.serve(read_to_the_end));
    let mut silent = TcpStream::connect(address).await.unwrap();
    drop(open(address).await); // the silent one came first, so its task runs by now
    handle.shut_down();
    let summary = serving.await.unwrap();
    assert_eq!(summary.cut, 0);
    assert_eq!(rest(&mut silent).await, "");
}

/// RFC 9110 §15.6.4: a request that the application has not answered yet is refused.
#[tokio::test]
async fn an_undecided_request_is_answered_with_503() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let (arrived, mut arrivals) = mpsc::channel(1);
    let shutdown = handle.clone();
    let serving = tokio::spawn(server.serve_requests(move |request: Request| {
        let (arrived, shutdown) = (arrived.clone(), shutdown.clone());
        async move {
            arrived.send(()).await.unwrap();
            shutdown.started().await;
            tokio::task::yield_now().await;
            assert!(matches!(request.accept().await, Err(AcceptError::ShuttingDown)));
        }
    }));
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(good().as_bytes()).await.unwrap();
    arrivals.recv().await.unwrap();
    handle.shut_down();
    let answer = rest(&mut client).await;
    assert_eq!(lines(&answer)[0], "HTTP/1.1 503 Service Unavailable");
    drop(client);
    assert_eq!(serving.await.unwrap().closed, 1);
}

/// The listener is closed before anybody is told.
#[tokio::test]
async fn nobody_new_is_let_in() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let serving = tokio::spawn(server.serve(read_to_the_end));
    let mut client = open(address).await;
    handle.shut_down();
    expect(&mut client, close(1001)).await;
    TcpStream::connect(address).await.expect_err("the port is closed");
    drop(client);
    serving.await.unwrap();
}

/// A server that is dropped takes its connections with it, and they hear 1001 as from any dropped socket.
#[tokio::test]
async fn a_dropped_server_drops_its_sockets() {
    let (server, address) = bound().await;
    let serving = tokio::spawn(server.serve(read_to_the_end));
    let mut client = open(address).await;
    serving.abort();
    expect(&mut client, close(1001)).await;
    assert_eq!(rest(&mut client).await, "");
}
