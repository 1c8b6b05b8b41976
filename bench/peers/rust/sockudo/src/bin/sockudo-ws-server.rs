//! An echo server. The handshake is put together from its parts as in its examples: its own `accept` does not
//! negotiate permessage-deflate.
#![forbid(unsafe_code)]

use bytes::{Buf, Bytes, BytesMut};
use common::{Deflate, ServerFlags, listen, run};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use sockudo_ws::{
    Error, Message, Result, Role, WebSocketStream,
    deflate::{DeflateConfig, negotiate_server_deflate},
    handshake::{build_response, generate_accept_key, parse_request},
    stream::CompressedWebSocketStream,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    run(listen(flags, move |stream| async move {
        // An error is the peer's, and sockudo has told it what it tells.
        _ = serve(stream, flags.deflate).await;
    }))
}

async fn serve(mut stream: TcpStream, policy: Deflate) -> Result<()> {
    let (agreed, leftover) = Box::pin(accept(&mut stream, policy)).await?;
    let config = peer_sockudo::config();
    match agreed {
        None => {
            let role = Role::Server;
            echo(WebSocketStream::from_raw_with_leftover(stream, role, config, leftover)).await
        }
        Some(deflate) => {
            let socket =
                CompressedWebSocketStream::server_with_leftover(stream, config, deflate, leftover);
            echo(socket).await
        }
    }
}

async fn accept(
    stream: &mut TcpStream,
    policy: Deflate,
) -> Result<(Option<DeflateConfig>, Option<Bytes>)> {
    let mut bytes = BytesMut::with_capacity(4096);
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(Error::ConnectionClosed);
        }
        let Some((request, consumed)) = parse_request(&bytes)? else { continue };
        let offers = request.extensions.zip(peer_sockudo::deflate(policy));
        let agreed = offers.and_then(|(offers, policy)| negotiate_server_deflate(offers, &policy));
        let extensions = agreed.as_ref().map(|agreed| agreed.to_response_header());
        let key = generate_accept_key(request.key);
        stream.write_all(&build_response(&key, None, extensions.as_deref())).await?;
        bytes.advance(consumed);
        let leftover = (!bytes.is_empty()).then(|| bytes.freeze());
        return Ok((agreed.map(|agreed| agreed.config), leftover));
    }
}

async fn echo<S>(mut socket: S) -> Result<()>
where
    S: Stream<Item = Result<Message>> + Sink<Message, Error = Error> + Unpin,
{
    while let Some(message) = socket.next().await {
        let message = message?;
        if matches!(message, Message::Text(_) | Message::Binary(_)) {
            socket.feed(message).await?;
        }
    }
    Ok(())
}
