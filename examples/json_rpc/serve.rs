//! The server.

use crate::{SUBPROTOCOL, store::Store, wire};
use anyhow::Context;
use http::{Response, StatusCode};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use wharf::{Accept, Acceptor, CloseCode, CloseReason, Message, Request, Server, Subprotocol};

/// Serves until Ctrl-C.
pub(crate) async fn run(address: &str) -> anyhow::Result<()> {
    let server = Server::bind(address).await.with_context(|| format!("listening on {address}"))?;
    println!("ws://{}/", server.local_addr()?);
    let accept = Accept::new().subprotocols([Subprotocol::new(SUBPROTOCOL)?]);
    let store = Arc::<Store>::default();
    server
        .with_acceptor(Acceptor::builder().accept(accept).build())
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .serve_requests(move |request| attend(Arc::clone(&store), request))
        .await;
    Ok(())
}

async fn attend(store: Arc<Store>, request: Request) -> anyhow::Result<()> {
    if !request.subprotocols().iter().any(|name| name.as_str() == SUBPROTOCOL) {
        let hint = format!("offer the subprotocol {SUBPROTOCOL}\n");
        let answer = Response::builder().status(StatusCode::BAD_REQUEST).body(hint.into())?;
        return Ok(request.refuse(answer).await?);
    }
    // Who has been answered misses no change.
    let mut changes = store.watch();
    let mut socket = request.accept().await?;
    loop {
        // `recv` loses nothing when the other branch is taken.
        let say = tokio::select! {
            message = socket.recv() => match message? {
                None => return Ok(()),
                Some(Message::Text(text)) => wire::answer(&text, |call| store.run(call)),
                Some(Message::Binary(_)) => {
                    let reason = CloseReason::truncated(CloseCode::UNSUPPORTED, "JSON is text");
                    socket.close(reason).await;
                    return Ok(());
                }
            },
            change = changes.recv() => match change {
                Ok(change) => Some(wire::call("changed", &change, None)),
                // Whoever reads too slowly for all changes hears how many are missing.
                Err(RecvError::Lagged(count)) => {
                    Some(wire::call("missed", &json!({ "changes": count }), None))
                }
                Err(RecvError::Closed) => return Ok(()),
            },
        };
        if let Some(say) = say {
            socket.send(say).await?;
        }
    }
}
