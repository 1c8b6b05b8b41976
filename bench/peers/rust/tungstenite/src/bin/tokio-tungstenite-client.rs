//! A client of an Autobahn server.
#![forbid(unsafe_code)]

use common::{ClientFlags, Session, drive};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::connect_async_with_config;

fn main() {
    let flags = ClientFlags::read("tokio-tungstenite");
    flags.deflate.must_be_off();
    drive(&flags, async |url, session| {
        let config = Some(peer_tungstenite::config(None));
        let (mut socket, _) = connect_async_with_config(url, config, true).await.ok()?;
        while let Some(message) = socket.next().await {
            let message = message.ok()?;
            if session == Session::Listen && message.is_text() {
                _ = socket.close(None).await;
                return message.into_text().ok().map(|text| text.to_string());
            }
            if message.is_text() || message.is_binary() {
                socket.send(message).await.ok()?;
            }
        }
        None
    });
}
