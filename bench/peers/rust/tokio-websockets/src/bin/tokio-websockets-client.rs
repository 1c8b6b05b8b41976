//! A client of an Autobahn server.
#![forbid(unsafe_code)]

use common::{ClientFlags, MAX_MESSAGE, Session, drive};
use futures_util::{SinkExt, StreamExt};
use tokio_websockets::{ClientBuilder, Limits};

fn main() {
    let flags = ClientFlags::read("tokio-websockets");
    flags.deflate.must_be_off();
    drive(&flags, async |url, session| {
        let builder = ClientBuilder::new().uri(&url).ok()?;
        let builder = builder.limits(Limits::default().max_payload_len(Some(MAX_MESSAGE)));
        let (mut socket, _) = builder.connect().await.ok()?;
        while let Some(message) = socket.next().await {
            let message = message.ok()?;
            if session == Session::Listen && message.is_text() {
                _ = socket.close().await;
                return message.as_text().map(str::to_owned);
            }
            if message.is_text() || message.is_binary() {
                socket.send(message).await.ok()?;
            }
        }
        None
    });
}
