//! What `wharf serve` does with a request for a WebSocket.

use super::routes::{Route, not_found, route, text};
use http::StatusCode;
use std::net::SocketAddr;
use tracing::{debug, info};
use wharf::{AcceptError, CloseReason, Ending, Error, Request, Stats, WebSocket};

/// Answers the request and serves the socket, if it becomes one.
///
/// Who waits in an echo is one of thousands: all else is in a box of its own.
pub(crate) fn answer(request: Request) -> impl Future<Output = ()> + Send {
    let other = match route(request.uri().path(), request.uri().query()) {
        Route::Echo => Ok(request),
        other @ (Route::Close(_) | Route::BadClose(_) | Route::Nowhere) => {
            Err(Box::pin(serve_other(request, other)))
        }
    };
    async move {
        match other {
            Ok(request) => serve_echo(request).await,
            Err(other) => other.await,
        }
    }
}

async fn serve_other(request: Request, route: Route) {
    let peer = request.peer_addr();
    let done = match route {
        Route::Close(reason) => serve_close(request, reason).await,
        Route::BadClose(why) => request.refuse(text(StatusCode::BAD_REQUEST, why + "\n")).await,
        Route::Nowhere | Route::Echo => request.refuse(not_found()).await,
    };
    if let Err(error) = done {
        not_served(peer, &error);
    }
}

fn not_served(peer: Option<SocketAddr>, error: &AcceptError) {
    debug!(?peer, %error, "not served");
}

async fn serve_echo(request: Request) {
    let peer = request.peer_addr();
    let mut socket = match request.accept().await {
        Ok(socket) => socket,
        Err(error) => return not_served(peer, &error),
    };
    opened(peer, &socket);
    match echo(&mut socket).await {
        Ok(()) => closed(peer, socket.ending().as_ref(), &socket.stats()),
        Err(error) => info!(?peer, %error, "failed"),
    }
}

fn opened(peer: Option<SocketAddr>, socket: &WebSocket) {
    let deflate = if socket.agreement().deflate.is_some() { "on" } else { "off" };
    info!(?peer, subprotocol = socket.subprotocol(), deflate, "open");
}

async fn serve_close(request: Request, reason: CloseReason) -> Result<(), AcceptError> {
    let peer = request.peer_addr();
    let mut socket = request.accept().await?;
    let ending = socket.close(reason).await;
    closed(peer, Some(&ending), &socket.stats());
    Ok(())
}

fn closed(peer: Option<SocketAddr>, ending: Option<&Ending>, stats: &Stats) {
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
