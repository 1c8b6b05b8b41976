//! Over loopback, in real time, under load.

use std::time::Duration;
use tokio::time::Instant;
use wharf::{CloseCode, Drain, DrainPlan, Server, connect};

/// 300 connections that talk while they are drained: within the time all of them hear 1012, nobody is cut,
/// and what the server has sent before its Close has come.
#[tokio::test]
async fn hundreds_that_talk_are_drained_in_time() {
    const CONNECTIONS: usize = 300;
    /// It takes 3 s, by the rate of the closes; only a failure takes so long.
    const LIMIT: Duration = Duration::from_secs(60);
    let drain = Drain::new();
    let acceptor = wharf::Acceptor::builder().drain(&drain).build();
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_acceptor(acceptor);
    let url = format!("ws://{}/", server.local_addr().unwrap());
    let handle = server.shutdown_handle();
    let plan = DrainPlan::new(LIMIT).reason(CloseCode::SERVICE_RESTART);
    let serving = tokio::spawn(server.with_drain_plan(plan).serve(|mut socket| async move {
        while let Ok(Some(message)) = socket.recv().await {
            if socket.send(message).await.is_err() {
                break;
            }
        }
        socket.drive().await;
    }));
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut socket = connect(&url).await.unwrap();
        clients.push(tokio::spawn(async move {
            while socket.send("ping").await.is_ok() && socket.recv().await.unwrap().is_some() {
                tokio::task::yield_now().await;
            }
            socket.drive().await
        }));
    }
    assert_eq!(drain.connections(), CONNECTIONS);
    let start = Instant::now();
    handle.shut_down();
    let summary = serving.await.unwrap();
    let took = start.elapsed();
    for client in clients {
        let ending = client.await.unwrap();
        assert_eq!((ending.code(), ending.is_clean()), (1012, true));
    }
    assert_eq!((summary.closed, summary.cut), (CONNECTIONS, 0));
    let drained = drain.drained().await;
    assert_eq!((drained.clean, drained.total()), (CONNECTIONS, CONNECTIONS));
    assert!(took < LIMIT, "{took:?}");
}
