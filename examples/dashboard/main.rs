//! A live dashboard: `cargo run -p wharf-examples --bin dashboard [ADDRESS]`, then open http://127.0.0.1:9040/.
//!
//! One port serves the page and the WebSocket that feeds it. Whoever reads slowly gets the newest figures and misses
//! older ones: nothing queues up.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

mod stats;

use anyhow::Context;
use http::{HeaderValue, Request as Plain, Response, StatusCode, header};
use stats::{Meter, Viewer};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::MissedTickBehavior};
use wharf::{Acceptor, Bytes, Request, Server, Text};

const PAGE: &str = include_str!("page.html");
/// How often figures are taken.
const EVERY: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9040".to_owned());
    let server = Server::bind(&address).await.with_context(|| format!("listening on {address}"))?;
    println!("http://{}/", server.local_addr()?);

    let meter = Arc::new(Meter::new());
    let (newest, figures) = watch::channel(Text::new());
    tokio::spawn(measure(Arc::clone(&meter), newest));
    server
        .with_acceptor(Acceptor::builder().fallback(page).build())
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .serve_requests(move |request| show(request, meter.viewer(), figures.clone()))
        .await;
    Ok(())
}

/// Takes the figures while anybody might look.
async fn measure(meter: Arc<Meter>, newest: watch::Sender<Text>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while !newest.is_closed() {
        ticks.tick().await;
        newest.send_replace(meter.read().to_string().into());
    }
}

/// One viewer.
async fn show(
    request: Request,
    viewer: Viewer,
    mut figures: watch::Receiver<Text>,
) -> anyhow::Result<()> {
    if request.uri().path() != "/live" {
        return Ok(request
            .refuse(plain(StatusCode::NOT_FOUND, "the figures are at /live\n"))
            .await?);
    }
    let mut socket = request.accept().await?;
    loop {
        tokio::select! {
            // Nobody is expected to say anything; reading is what answers Pings and sees the end.
            message = socket.recv_ref() => {
                if message?.is_none() {
                    return Ok(());
                }
            }
            changed = figures.changed() => {
                changed?;
                let newest = figures.borrow_and_update().clone();
                // It waits while this viewer's outbox is full; then the next figures are the newest ones.
                socket.send(newest).await?;
                viewer.sent();
            }
        }
    }
}

/// Everything on this port that is no WebSocket.
fn page(request: &Plain<()>) -> Response<Bytes> {
    if request.uri().path() != "/" {
        return plain(StatusCode::NOT_FOUND, "the page is at /\n");
    }
    let mut response = Response::new(Bytes::from_static(PAGE.as_bytes()));
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    response
}
