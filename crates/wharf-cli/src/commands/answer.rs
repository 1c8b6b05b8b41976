//! What `wharf serve` does with a request for a WebSocket.

use super::routes::{Route, not_found, route, text};
use http::{Response, StatusCode};
use std::pin::Pin;
use tracing::{debug, info};
use wharf::{AcceptError, Bytes, CloseReason, Ending, Error, Request, Stats, WebSocket};

/// Answers the request and serves the socket, if it becomes one.
///
/// Only the echo is part of this future: whoever waits in it is one of thousands.
pub(crate) async fn answer(request: Request) {
    let peer = request.peer_addr();
    let done = match route(request.uri().path(), request.uri().query()) {
        Route::Echo => serve_echo(request).await,
        Route::Close(reason) => Box::pin(serve_close(request, reason)).await,
        Route::BadClose(why) => refuse(request, text(StatusCode::BAD_REQUEST, why + "\n")).await,
        Route::Nowhere => refuse(request, not_found()).await,
    };
    if let Err(error) = done {
        debug!(?peer, %error, "not served");
    }
}

fn refuse(
    request: Request,
    response: Response<Bytes>,
) -> Pin<Box<impl Future<Output = Result<(), AcceptError>>>> {
    Box::pin(request.refuse(response))
}

async fn serve_echo(request: Request) -> Result<(), AcceptError> {
    let peer = request.peer_addr();
    let mut socket = request.accept().await?;
    let deflate = if socket.agreement().deflate.is_some() { "on" } else { "off" };
    info!(?peer, subprotocol = socket.subprotocol(), deflate, "open");
    match echo(&mut socket).await {
        Ok(()) => closed(peer, socket.ending().as_ref(), &socket.stats()),
        Err(error) => info!(?peer, %error, "failed"),
    }
    Ok(())
}

async fn serve_close(request: Request, reason: CloseReason) -> Result<(), AcceptError> {
    let peer = request.peer_addr();
    let mut socket = request.accept().await?;
    let ending = socket.close(reason).await;
    closed(peer, Some(&ending), &socket.stats());
    Ok(())
}

fn closed(peer: Option<std::net::SocketAddr>, ending: Option<&Ending>, stats: &Stats) {
    let (received, sent) = (stats.received.messages, stats.sent.messages);
    info!(?peer, ending = ending.map(tracing::field::display), received, sent, "closed");
}

/// Sends back every message as it came, lent where it lies. A full outbox is waited for: who does not read
/// what he gets is not read from.
async fn echo(socket: &mut WebSocket) -> Result<(), Error> {
    let sender = socket.sender();
    while let Some(message) = socket.recv_ref().await? {
        if sender.try_send(message).is_err() && sender.is_open() {
            let kept = message.to_owned();
            // If it fails, the connection is ending: the next `recv_ref` sees that through and says why.
            let _ = Box::pin(socket.send(kept)).await;
        }
    }
    Ok(())
}
