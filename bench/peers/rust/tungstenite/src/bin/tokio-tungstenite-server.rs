//! An echo server.
#![forbid(unsafe_code)]

use common::{ServerFlags, listen, run};
use futures_util::{SinkExt, StreamExt, future::poll_immediate};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, accept_async_with_config,
    tungstenite::{Error, Message},
};

fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    flags.deflate.must_be_off();
    run(listen(flags, move |stream| async move {
        let config = Some(peer_tungstenite::config(flags.read_buffer));
        if let Ok(socket) = Box::pin(accept_async_with_config(stream, config)).await {
            // An error is the peer's, and tungstenite has told it what it tells.
            _ = echo(socket).await;
        }
    }))
}

async fn echo(mut socket: WebSocketStream<TcpStream>) -> Result<(), Error> {
    while let Some(message) = socket.next().await {
        feed(&mut socket, message?).await?;
        while let Some(ready) = poll_immediate(socket.next()).await {
            let Some(message) = ready else { return Ok(()) };
            feed(&mut socket, message?).await?;
        }
        socket.flush().await?;
    }
    Ok(())
}

async fn feed(socket: &mut WebSocketStream<TcpStream>, message: Message) -> Result<(), Error> {
    if message.is_text() || message.is_binary() {
        socket.feed(message).await?;
    }
    Ok(())
}
