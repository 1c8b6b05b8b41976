//! One tokio task per connection, one buffer for all.
#![forbid(unsafe_code)]

use common::{ServerFlags, listen, run};
use peer_raw::{CHUNK, Connection, Next};
use std::{cell::RefCell, future::poll_fn, io, pin::Pin, task::ready};
use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    net::TcpStream,
};

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; CHUNK]);
}

fn main() -> io::Result<()> {
    let flags = ServerFlags::read();
    flags.deflate.must_be_off();
    run(listen(flags, |stream| async {
        // An error is the end of the connection.
        _ = serve(stream).await;
    }))
}

async fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut connection = Connection::new();
    while receive(&mut stream, &mut connection).await? == Next::Go {
        while !connection.due().is_empty() {
            let written = stream.write(connection.due()).await?;
            connection.written(written);
        }
    }
    Ok(())
}

async fn receive(stream: &mut TcpStream, connection: &mut Connection) -> io::Result<Next> {
    poll_fn(|cx| {
        BUFFER.with_borrow_mut(|buffer| {
            let mut buffer = ReadBuf::new(buffer);
            ready!(Pin::new(&mut *stream).poll_read(cx, &mut buffer))?;
            let came = buffer.filled();
            Ok(if came.is_empty() { Next::End } else { connection.received(came) }).into()
        })
    })
    .await
}
