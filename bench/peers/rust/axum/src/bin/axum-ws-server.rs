//! axum with its own extractor.
#![forbid(unsafe_code)]

use axum::{
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    response::Response,
    routing::any,
};
use common::{MAX_MESSAGE, ServerFlags};

fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    flags.deflate.must_be_off();
    peer_axum::serve(flags, any(answer))
}

async fn answer(upgrade: WebSocketUpgrade) -> Response {
    upgrade.max_frame_size(MAX_MESSAGE).max_message_size(MAX_MESSAGE).on_upgrade(echo)
}

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        let echoed = match message {
            Message::Text(_) | Message::Binary(_) => socket.send(message).await,
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => return,
        };
        if echoed.is_err() {
            return;
        }
    }
}
