//! One thread, one listener, one task per connection.

use crate::flags::ServerFlags;
use std::{future::Future, io, net::Ipv4Addr};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Runs a future on a runtime of this thread alone.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime needs an epoll and a pipe").block_on(future)
}

/// Accepts on the loopback for ever and spawns what `handle` makes of each connection, without Nagle's algorithm.
pub async fn listen<F>(flags: ServerFlags, handle: impl Fn(TcpStream) -> F) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = bind(flags.port)?;
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        if stream.set_nodelay(true).is_ok() {
            tokio::spawn(handle(stream));
        }
    }
}

fn bind(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    socket.listen(4096)
}
