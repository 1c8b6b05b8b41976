//! Going down in good order under axum.

use crate::support::{ask, echo, hears, serve, with};
use axum::{Extension, Router, response::Response, routing::any};
use std::{net::Ipv4Addr, time::Duration};
use tokio::{net::TcpListener, sync::oneshot};
use wharf::{
    Client, CloseCode, Drain, DrainPlan, axum::WebSocketUpgrade, hyper::Upgrader,
    tower::WebSocketLayer,
};

async fn chat(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(echo)
}

fn app(drain: &Drain) -> Router {
    Router::new().route("/chat", any(chat)).layer(Extension(Upgrader::new().drain(drain)))
}

/// axum's shutdown ends HTTP, the drain ends WebSockets; both together end the service.
#[tokio::test]
async fn a_drain_and_the_graceful_shutdown_of_axum_end_together() {
    let drain = Drain::new();
    let (stop, stopped) = oneshot::channel::<()>();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("ws://{}/chat", listener.local_addr().unwrap());
    let serving = axum::serve(listener, app(&drain)).with_graceful_shutdown(async {
        stopped.await.unwrap();
    });
    let serving = tokio::spawn(serving.into_future());

    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = Client::default().connect(&url).await.unwrap();
        hears(&mut client, "hello").await;
        clients.push(tokio::spawn(async move { client.drive().await }));
    }
    assert_eq!(drain.connections(), 20);

    stop.send(()).unwrap();
    let plan = DrainPlan::new(Duration::from_secs(20)).reason(CloseCode::SERVICE_RESTART);
    let _run = drain.start(plan.rate(1_000));
    let (served, summary) = tokio::join!(serving, drain.drained());
    served.unwrap().unwrap();
    assert_eq!((summary.clean, summary.unclean, summary.cut), (20, 0, 0));
    for client in clients {
        let ending = client.await.unwrap();
        assert_eq!((ending.code(), ending.is_clean()), (1012, true));
    }
}

/// RFC 9110 §15.6.4, by the extractor and by the layer.
#[tokio::test]
async fn while_it_drains_new_ones_are_refused_and_told_when_to_come_back() {
    let drain = Drain::new();
    let layer = WebSocketLayer::new(echo).upgrader(Upgrader::new().drain(&drain));
    let page = Router::new().route("/chat", any(async || "page")).layer(layer);
    let addresses = [serve(app(&drain)).await, serve(page).await];
    for address in addresses {
        assert_eq!(ask(address, &with(&[])).await.0, 101);
    }
    let _run =
        drain.start(DrainPlan::new(Duration::from_secs(5)).retry_after(Duration::from_secs(7)));
    for address in addresses {
        let (status, lines) = ask(address, &with(&[])).await;
        assert_eq!(status, 503);
        assert!(lines.contains(&"retry-after: 7".to_owned()), "{lines:?}");
    }
}

/// Who was let in and whose handler said no counts no more.
#[tokio::test]
async fn a_request_that_its_handler_refuses_counts_no_more() {
    let drain = Drain::new();
    let no = async |_: WebSocketUpgrade| http::StatusCode::NOT_FOUND;
    let upgrader = Upgrader::new().drain(&drain);
    let app = Router::new().route("/chat", any(no)).layer(Extension(upgrader));
    assert_eq!(ask(serve(app).await, &with(&[])).await.0, 404);
    assert_eq!(drain.connections(), 0);
}
