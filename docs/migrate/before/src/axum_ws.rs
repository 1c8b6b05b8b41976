//! For `axum-ws.md`.

use axum::{
    Router,
    extract::{
        Path,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use futures_util::{SinkExt, StreamExt};

pub fn app() -> Router {
    Router::new().route("/echo", any(echo)).route("/rooms/{room}", any(room))
}

async fn echo(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| {
        while let Some(Ok(message)) = socket.recv().await {
            if matches!(message, Message::Text(_) | Message::Binary(_))
                && socket.send(message).await.is_err()
            {
                break;
            }
        }
    })
}

async fn room(Path(room): Path<String>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    if headers.get("authorization").is_none_or(|value| value != "Bearer 0123") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    upgrade
        .protocols(["chat.v2", "chat.v1"])
        .max_message_size(64 << 10)
        .max_frame_size(64 << 10)
        .on_failed_upgrade(|error| eprintln!("{error}"))
        .on_upgrade(move |socket| chat(socket, room))
}

async fn chat(socket: WebSocket, room: String) {
    let protocol = socket.protocol().cloned();
    let (mut sink, mut stream) = socket.split();
    let hello = format!("this is {room}, we speak {protocol:?}");
    if sink.send(Message::text(hello)).await.is_err() {
        return;
    }
    while let Some(Ok(message)) = stream.next().await {
        if let Message::Close(frame) = message {
            println!("closed: {frame:?}");
            return;
        }
    }
}

pub async fn close(mut socket: WebSocket) {
    let frame = CloseFrame { code: close_code::NORMAL, reason: "done".into() };
    if socket.send(Message::Close(Some(frame))).await.is_err() {
        return;
    }
    // Whoever wants to know whether the peer has heard it reads on.
    while let Some(Ok(_)) = socket.recv().await {}
}
