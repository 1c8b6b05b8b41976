//! A server's shutdown is a drain.

use super::support::seconds;
use std::{future::pending, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wharf::{AcceptError, Acceptor, CloseCode, Drain, DrainPlan, Server, WebSocket, connect};

async fn drive(mut socket: WebSocket) {
    socket.drive().await;
}

async fn bound() -> (Server, SocketAddr) {
    let server = Server::bind("127.0.0.1:0").await.unwrap();
    let address = server.local_addr().unwrap();
    (server, address)
}

async fn refused(address: SocketAddr) -> String {
    let error = connect(format!("ws://{address}/")).await.unwrap_err();
    let response = error.response().unwrap();
    let after = response.headers()["retry-after"].to_str().unwrap();
    format!("{} {after}", response.status().as_u16())
}

/// The plan's code is the server's.
#[tokio::test]
async fn a_server_obeys_the_plan() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let plan = DrainPlan::new(seconds(60)).reason(CloseCode::SERVICE_RESTART);
    let serving = tokio::spawn(server.with_drain_plan(plan).serve(drive));
    let mut client = connect(format!("ws://{address}/")).await.unwrap();
    handle.shut_down();
    assert_eq!(client.drive().await.code(), 1012);
    assert_eq!(serving.await.unwrap().closed, 1);
}

/// RFC 9110 §15.6.4: a server that goes on listening says 503, and ends when its handlers have.
#[tokio::test]
async fn a_server_that_goes_on_listening_says_503() {
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let plan = DrainPlan::new(seconds(60)).keep_listening().retry_after(seconds(4));
    let serving = tokio::spawn(server.with_drain_plan(plan).serve(drive));
    // Reads nothing, and so does not answer the Close.
    let mut client = connect(format!("ws://{address}/")).await.unwrap();
    // Somebody who never asks holds nobody up.
    let _silent = TcpStream::connect(address).await.unwrap();
    handle.shut_down();
    while client.sender().is_open() {
        assert_eq!(refused(address).await, "503 4");
        if client.recv().await.unwrap().is_none() {
            break;
        }
    }
    let summary = serving.await.unwrap();
    assert_eq!((summary.closed, summary.cut), (1, 0));
    TcpStream::connect(address).await.expect_err("the port is closed");
}

/// Two servers with one acceptor have one drain, and either may end first.
#[tokio::test]
async fn servers_may_share_a_drain() {
    let drain = Drain::new();
    let acceptor = Acceptor::builder().drain(&drain).build();
    let ((one, first), (two, second)) = (bound().await, bound().await);
    let handles = [one.shutdown_handle(), two.shutdown_handle()];
    let servers =
        [one, two].map(|server| tokio::spawn(server.with_acceptor(acceptor.clone()).serve(drive)));
    let mut client = connect(format!("ws://{second}/")).await.unwrap();
    assert_eq!(drain.connections(), 1);
    handles[0].shut_down();
    // The drain is common: the other server lets nobody in either.
    handles[0].started().await;
    drain.started().await;
    assert!(refused(second).await.starts_with("503 "));
    TcpStream::connect(first).await.expect_err("this listener is closed");
    assert_eq!(client.drive().await.code(), 1001);
    handles[1].shut_down();
    for server in servers {
        assert_eq!(server.await.unwrap().cut, 0);
    }
    assert_eq!(drain.drained().await.clean, 1);
}

/// A drain that was started by somebody else does not end the server; its handlers end.
#[tokio::test]
async fn a_drain_ends_the_sockets_and_not_the_server() {
    let drain = Drain::new();
    let (server, address) = bound().await;
    let server = server.with_acceptor(Acceptor::builder().drain(&drain).build());
    let serving = tokio::spawn(server.serve(drive));
    let mut client = connect(format!("ws://{address}/")).await.unwrap();
    let run = drain.start(DrainPlan::default());
    assert_eq!(client.drive().await.code(), 1001);
    assert_eq!(run.finished().await.clean, 1);
    assert!(refused(address).await.starts_with("503 "));
    assert!(!serving.is_finished());
    serving.abort();
}

/// Sockets are cut before their handlers: the drain says cut, and so does the server.
#[tokio::test]
async fn a_cut_is_a_cut_in_both_summaries() {
    let drain = Drain::new();
    let (server, address) = bound().await;
    let handle = server.shutdown_handle();
    let server =
        server.with_acceptor(Acceptor::builder().drain(&drain).build()).with_drain(seconds(1));
    let serving = tokio::spawn(server.serve(|socket| async move {
        pending::<()>().await;
        drop(socket);
    }));
    let _client = connect(format!("ws://{address}/")).await.unwrap();
    tokio::time::pause();
    handle.shut_down();
    assert_eq!(serving.await.unwrap().cut, 1);
    assert_eq!(drain.drained().await.cut, 1);
}

/// An acceptor without a server refuses as well, before the application sees the request.
#[tokio::test]
async fn an_acceptor_refuses_while_its_drain_runs() {
    let drain = Drain::new();
    let acceptor = Acceptor::builder().drain(&drain).build();
    let _ = drain.start(DrainPlan::default().retry_after(seconds(9)));
    let (mut near, far) = tokio::io::duplex(1024);
    let request = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    near.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let (outcome, read) = tokio::join!(acceptor.accept(far), async {
        let read = near.read_to_string(&mut answer).await;
        drop(near);
        read
    });
    read.unwrap();
    assert!(matches!(outcome, Err(AcceptError::ShuttingDown)));
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
    assert!(answer.contains("\r\nretry-after: 9\r\n"), "{answer}");
}
