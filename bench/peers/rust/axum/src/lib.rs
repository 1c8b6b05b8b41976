//! What the servers on axum share: a route, a listener, one thread.
#![forbid(unsafe_code)]

use axum::{Router, routing::MethodRouter, serve::ListenerExt};
use common::{ServerFlags, run};
use std::{io, net::Ipv4Addr};
use tokio::net::TcpSocket;

/// Serves this at `/` as axum does, without Nagle's algorithm.
pub fn serve(flags: ServerFlags, route: MethodRouter) -> io::Result<()> {
    run(async {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, flags.port).into())?;
        let listener = socket.listen(4096)?.tap_io(|stream| {
            // Slower, not wrong, if it fails.
            _ = stream.set_nodelay(true);
        });
        axum::serve(listener, Router::new().fallback_service(route)).await
    })
}
