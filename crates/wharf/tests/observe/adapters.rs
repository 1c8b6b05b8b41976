//! What is told of WebSockets under hyper.

use crate::{log::Log, recorder::Recorder, scenes::echo};
use axum::{Extension, Router, routing::any};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;
use wharf::{Client, CloseCode, Drain, DrainPlan, axum::WebSocketUpgrade, hyper::Upgrader};

/// An echo, counted by this drain.
async fn serve(drain: &Drain) -> SocketAddr {
    let handler = |upgrade: WebSocketUpgrade| async move {
        upgrade.on_upgrade(|socket| async move {
            tracing::info!("in the handler");
            echo(socket).await;
        })
    };
    let upgrader = Upgrader::new().drain(drain);
    let app = Router::new().route("/", any(handler)).layer(Extension(upgrader));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

/// The same numbers and the same span as of a server's.
#[tokio::test]
async fn sockets_under_hyper_are_told_as_those_of_a_server() {
    let (log, recorder, drain) = (Log::start(), Recorder::install(), Drain::new());
    let url = format!("ws://{}/", serve(&drain).await);
    let mut client = Client::default().connect(&url).await.unwrap();
    client.send("hello").await.unwrap();
    assert!(client.recv().await.unwrap().is_some());
    client.close(CloseCode::NORMAL).await;
    drain.empty().await;
    for (series, value) in [
        ("wharf_handshakes_total{role=server,outcome=accepted,reason=none}", 1.0),
        ("wharf_handshakes_in_progress{role=server}", 0.0),
        ("wharf_connections_opened_total{role=server,transport=tcp}", 1.0),
        ("wharf_connections{role=server}", 0.0),
        ("wharf_messages_total{role=server,direction=received}", 1.0),
        ("wharf_closes_total{role=server,by=peer,code=1000}", 1.0),
    ] {
        assert_eq!(recorder.value(series), value, "{series}");
    }
    for event in [": open", "closing by=\"peer\"", "ended by=\"peer\" code=1000"] {
        let told = log.lines(&["connection{", "role=\"server\"", event]);
        assert_eq!(told.len(), 1, "{event} in {}", log.text());
    }
    let text = log.text();
    let handler = text.lines().find(|line| line.contains("in the handler")).unwrap();
    assert!(handler.contains("connection{"), "{handler}");
}

/// With the words that a server has for it; a request for something else is no handshake.
#[tokio::test]
async fn refusals_under_hyper_are_told_as_those_of_a_server() {
    let (recorder, drain) = (Recorder::install(), Drain::new());
    let url = format!("ws://{}/", serve(&drain).await);
    let page = Client::builder().origin("https://other").unwrap().build();
    assert!(page.connect(&url).await.is_err());
    let _run = drain.start(DrainPlan::default());
    assert!(Client::default().connect(&url).await.is_err());
    let mut plain = http::Request::new(());
    assert!(Upgrader::new().upgrade(&mut plain).unwrap_err().is_plain());
    let told: Vec<_> = recorder.values().into_iter().collect();
    let told: Vec<_> = told
        .iter()
        .filter(|(series, _)| series.starts_with("wharf_handshakes_total{role=server"))
        .map(|(series, value)| (series.as_str(), *value))
        .collect();
    let refused =
        |reason| format!("wharf_handshakes_total{{role=server,outcome=refused,reason={reason}}}");
    let (origin, draining) = (refused("origin"), refused("shutting_down"));
    assert_eq!(told, [(origin.as_str(), 1.0), (draining.as_str(), 1.0)]);
}
