//! A reverse proxy: `cargo run -p wharf-examples --bin reverse_proxy UPSTREAM [ADDRESS] [STALL]`, on 127.0.0.1:9050 unless
//! told otherwise; UPSTREAM is a URL such as `ws://127.0.0.1:9001/echo`.
//!
//! Subprotocols, path, query, cookies and credentials go upstream, and its choice, its refusals and its close codes come
//! back. A side that does not read holds the other one up, so no more than one message and one outbox wait anywhere; after
//! STALL seconds of it, 30 unless told otherwise, the connection is closed.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use anyhow::Context;
use http::{HeaderName, Response, StatusCode, header};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use url::Url;
use wharf::{
    Accept, Bytes, Client, ClientBuilder, CloseCode, CloseReason, ConnectError, Connecting,
    EndedBy, Ending, Receiver, Request, Sender, Server, WebSocket,
};

/// Seconds for which one side may hold the other one up.
const STALL: u64 = 30;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let upstream =
        words.next().context("name the upstream: reverse_proxy ws://HOST:PORT [ADDRESS]")?;
    let upstream: Url = upstream.parse().with_context(|| format!("{upstream:?} is no URL"))?;
    let address = words.next().unwrap_or_else(|| "127.0.0.1:9050".to_owned());
    let stall = words.next().map_or(Ok(STALL), |word| word.parse());
    let stall = Duration::from_secs(stall.context("STALL is a number of seconds")?);
    let server = Server::bind(&address).await.with_context(|| format!("listening on {address}"))?;
    println!("ws://{}/ leads to {upstream}", server.local_addr()?);

    // One builder for all: its clones share TLS sessions.
    let way = Arc::new(Way { upstream, client: Client::builder(), stall });
    server
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .serve_requests(move |request| {
            let way = Arc::clone(&way);
            async move { way.pass(request).await }
        })
        .await;
    Ok(())
}

/// Where everything goes.
struct Way {
    upstream: Url,
    client: ClientBuilder,
    stall: Duration,
}

impl Way {
    /// One connection: upstream first, so that the client hears what upstream says.
    async fn pass(&self, request: Request) -> anyhow::Result<()> {
        let far = match self.attempt(&request)?.await {
            Ok(far) => far,
            Err(error) => {
                println!("{}: {error}", request.uri());
                return Ok(request.refuse(refusal(&error)).await?);
            }
        };
        let mut accept = Accept::new();
        if let Some(name) = far.agreement().subprotocol.clone() {
            accept = accept.subprotocol(name);
        }
        let uri = request.uri().clone();
        let near = request.accept_with(accept).await?;
        let (near, far) = join(near, far, self.stall).await;
        println!("{uri}: client {near}; upstream {far}");
        Ok(())
    }

    fn attempt(&self, request: &Request) -> anyhow::Result<Connecting> {
        let mut client = self
            .client
            .clone()
            .subprotocols(request.subprotocols().iter().map(|name| name.as_str().to_owned()))?;
        // The page that connects was judged here, by the acceptor: upstream gets no Origin.
        for name in [header::COOKIE, header::AUTHORIZATION, header::USER_AGENT] {
            for value in request.headers().get_all(&name) {
                client = client.header(name.clone(), value.clone())?;
            }
        }
        if let Some(peer) = request.peer_addr() {
            let name = HeaderName::from_static("x-forwarded-for");
            client = client.header(name, peer.ip().to_string())?;
        }
        let mut url = self.upstream.clone();
        url.set_path(&format!("{}{}", url.path().trim_end_matches('/'), request.uri().path()));
        url.set_query(request.uri().query());
        Ok(client.build().connect(&url))
    }
}

/// Upstream's own answer, or 504 or 502 where there was none.
fn refusal(error: &ConnectError) -> Response<Bytes> {
    let own = || Response::new(Bytes::new());
    let (mut response, status) = match error.response() {
        Some(answer) => (Response::new(answer.body().clone()), answer.status()),
        None if error.is_timeout() => (own(), StatusCode::GATEWAY_TIMEOUT),
        None => (own(), StatusCode::BAD_GATEWAY),
    };
    *response.status_mut() = status;
    response
}

/// Relays both ways until both ends have ended.
async fn join(near: WebSocket, far: WebSocket, stall: Duration) -> (Ending, Ending) {
    let (to_near, from_near) = near.split();
    let (to_far, from_far) = far.split();
    tokio::join!(
        forward(from_near, to_far, stall, CloseCode::GOING_AWAY),
        forward(from_far, to_near, stall, CloseCode::BAD_GATEWAY),
    )
}

/// One way; `lost` is what the other end hears if this one ends without a good-bye.
async fn forward(mut from: Receiver, to: Sender, stall: Duration, lost: CloseCode) -> Ending {
    // Whatever stops it, the connection is driven to its end, and the other end hears of it.
    let _ = pump(&mut from, &to, stall).await;
    let ending = from.drive().await;
    to.close(farewell(&ending, lost));
    ending
}

/// Messages are lent to the other side: they are not copied before it takes them.
async fn pump(from: &mut Receiver, to: &Sender, stall: Duration) -> anyhow::Result<()> {
    while let Some(message) = from.recv_ref().await? {
        if let Ok(sent) = timeout(stall, to.send(message)).await {
            sent?;
        } else {
            println!("a side has not read for {stall:?}: it is sent away");
            to.close(CloseReason::truncated(CloseCode::POLICY_VIOLATION, "you read too slowly"));
            break;
        }
    }
    Ok(())
}

/// What the peer said goes on to the other side; what wharf said to a peer that broke a rule does not.
fn farewell(ending: &Ending, lost: CloseCode) -> CloseReason {
    match ending.reason() {
        Some(reason) if ending.by() == EndedBy::Peer => reason.clone(),
        None if ending.by() == EndedBy::Peer => CloseCode::NORMAL.into(),
        _ => lost.into(),
    }
}
