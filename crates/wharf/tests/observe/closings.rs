//! Every way to close is told in the connection's span, once.

use crate::log::Log;
use std::time::Duration;
use tokio::io::duplex;
use wharf::{
    Agreement, Bytes, CloseCode, Config, Drain, DrainPlan, OnFull, Role, WebSocket,
    testing::{Frame, Pair, pair},
};

fn assert_told(log: &Log, code: u16) {
    let code = format!("closing by=\"local\" code={code}");
    let told = log.lines(&["connection{", "role=\"server\"", &code]);
    assert_eq!(told.len(), 1, "{}", log.text());
    let all = log.lines(&["role=\"server\"", "closing by="]);
    assert_eq!(all.len(), 1, "{}", log.text());
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_is_dropped_tells_that_it_closes() {
    let log = Log::start();
    let (_client, server) = pair();
    drop(server);
    assert_told(&log, 1001);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_lifetime_is_told() {
    let log = Log::start();
    let (near, _far) = duplex(256);
    let mut config = Config::new(Role::Server);
    config.timeouts.lifetime = Some(Duration::from_secs(5));
    let agreed = Agreement::default();
    let mut server = WebSocket::over(near, Role::Server, agreed, Bytes::new(), config).unwrap();
    server.drive().await;
    assert_told(&log, 1001);
}

/// A peer that never pauses keeps the timer from being looked at: the clock is looked at then.
#[tokio::test(start_paused = true)]
async fn the_end_of_a_lifetime_is_told_among_traffic() {
    let log = Log::start();
    let mut config = Config::new(Role::Server);
    config.timeouts.lifetime = Some(Duration::from_secs(5));
    let (mut server, mut peer, _wire) = Pair::new().server(config).open_server();
    for _ in 0..7 {
        peer.send_frame(Frame::text("again")).await.unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        let _ = server.recv().await;
    }
    assert_told(&log, 1001);
}

#[tokio::test(start_paused = true)]
async fn a_drain_is_told() {
    let log = Log::start();
    let drain = Drain::new();
    let (mut client, mut server) = pair();
    drain.admit().unwrap().open(&mut server);
    let _run = drain.start(DrainPlan::default());
    tokio::join!(server.drive(), client.drive());
    assert_told(&log, 1001);
}

/// Whoever does not drive is cut in the end.
#[tokio::test(start_paused = true)]
async fn a_socket_that_a_drain_cuts_tells_it_once() {
    let log = Log::start();
    let drain = Drain::new();
    let (_client, mut server) = pair();
    drain.admit().unwrap().open(&mut server);
    let summary = drain.start(DrainPlan::new(Duration::from_secs(1))).finished().await;
    assert_eq!(summary.cut, 1);
    drop(server);
    assert_told(&log, 1001);
}

/// A peer that takes nothing is given up, if that is asked for.
#[tokio::test(start_paused = true)]
async fn an_outbox_that_is_full_is_told() {
    let log = Log::start();
    let (near, _far) = duplex(16);
    let mut config = Config::new(Role::Server);
    config.limits.outbox = 64;
    config.limits.on_full = OnFull::Close(CloseCode::POLICY_VIOLATION);
    let agreed = Agreement::default();
    let server = WebSocket::over(near, Role::Server, agreed, Bytes::new(), config).unwrap();
    let refused = (0..9).filter(|_| server.sender().try_send([0; 60].to_vec()).is_err()).count();
    assert!(refused > 1);
    assert_told(&log, 1008);
}
