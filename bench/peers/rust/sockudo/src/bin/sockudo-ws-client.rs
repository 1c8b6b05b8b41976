//! A client of an Autobahn server. Its own handshake does not offer permessage-deflate.
#![forbid(unsafe_code)]

use common::{ClientFlags, Session, drive};
use futures_util::{SinkExt, StreamExt};
use sockudo_ws::{Message, Role, WebSocketStream, handshake::client_handshake};
use tokio::net::TcpStream;

fn main() {
    let flags = ClientFlags::read("sockudo-ws");
    flags.deflate.must_be_off();
    drive(&flags, async |url, session| {
        let mut socket = connect(&url).await?;
        while let Some(message) = socket.next().await {
            match message.ok()? {
                Message::Text(text) if session == Session::Listen => {
                    _ = socket.send(Message::Close(None)).await;
                    return String::from_utf8(text.to_vec()).ok();
                }
                message @ (Message::Text(_) | Message::Binary(_)) => {
                    socket.send(message).await.ok()?;
                }
                Message::Ping(_) | Message::Pong(_) | Message::Close(_) => {}
            }
        }
        None
    });
}

async fn connect(url: &str) -> Option<WebSocketStream<TcpStream>> {
    let (authority, path) = url.strip_prefix("ws://")?.split_once('/')?;
    let mut stream = TcpStream::connect(authority).await.ok()?;
    stream.set_nodelay(true).ok()?;
    let path = format!("/{path}");
    let agreed = client_handshake(&mut stream, authority, &path, None).await.ok()?;
    let config = peer_sockudo::config();
    Some(WebSocketStream::from_raw_with_leftover(stream, Role::Client, config, agreed.leftover))
}
