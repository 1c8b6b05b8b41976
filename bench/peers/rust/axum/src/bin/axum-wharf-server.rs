//! axum with wharf's extractor: the loop of wharf's README.
#![forbid(unsafe_code)]

use axum::{Extension, response::Response, routing::any};
use common::{MAX_MESSAGE, ServerFlags};
use wharf::{Accept, Config, Role, WebSocket, axum::WebSocketUpgrade, hyper::Upgrader};

fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    flags.deflate.must_be_off();
    let mut config = Config::new(Role::Server);
    config.limits.frame = MAX_MESSAGE;
    config.limits.message = MAX_MESSAGE;
    let upgrader = Upgrader::new().accept(Accept::new().config(config));
    peer_axum::serve(flags, any(answer).layer(Extension(upgrader)))
}

async fn answer(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket: WebSocket| {
        while let Some(message) = socket.recv().await? {
            socket.send(message).await?;
        }
        Ok::<_, wharf::Error>(())
    })
}
