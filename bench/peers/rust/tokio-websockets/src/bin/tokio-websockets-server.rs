//! An echo server, as its own example has it. Feeding several messages before a flush gains nothing: each poll of
//! its reader flushes.
#![forbid(unsafe_code)]

use common::{MAX_MESSAGE, ServerFlags, listen, run};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_websockets::{Config, Error, Limits, ServerBuilder, WebSocketStream};

fn main() -> std::io::Result<()> {
    let flags = ServerFlags::read();
    flags.deflate.must_be_off();
    run(listen(flags, |stream| {
        tokio::task::unconstrained(async {
            let builder = ServerBuilder::new()
                .config(Config::default().frame_size(usize::MAX))
                .limits(Limits::default().max_payload_len(Some(MAX_MESSAGE)));
            let Ok((_, socket)) = Box::pin(builder.accept(stream)).await else { return };
            // An error is the peer's, and tokio-websockets has told it what it tells.
            _ = echo(socket).await;
        })
    }))
}

async fn echo(mut socket: WebSocketStream<TcpStream>) -> Result<(), Error> {
    while let Some(message) = socket.next().await {
        let message = message?;
        if message.is_text() || message.is_binary() {
            socket.send(message).await?;
        }
    }
    Ok(())
}
