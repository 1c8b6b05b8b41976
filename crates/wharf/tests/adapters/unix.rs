//! axum on a unix socket.

use crate::support::{echo, hears};
use axum::{Router, routing::any};
use tokio::net::UnixListener;
use wharf::{Client, axum::WebSocketUpgrade};

#[tokio::test]
async fn axum_serves_a_unix_socket() {
    let path = std::env::temp_dir().join(format!("wharf-axum-{}", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    let chat = async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(echo);
    let app = Router::new().route("/chat", any(chat));
    tokio::spawn(async { axum::serve(listener, app).await });
    let socket = Client::default().connect_unix(&path, "ws://inside/chat").await;
    std::fs::remove_file(&path).unwrap();
    hears(&mut socket.unwrap(), "hello").await;
}
