//! Several listeners on one port.

use std::{io, net::SocketAddr};
use tokio::net::{TcpListener, TcpSocket};

/// Connections that may wait for `accept`; the kernel lowers it to its own limit.
const BACKLOG: u32 = 1024;

pub(super) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    socket.set_reuseaddr(true)?;
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
