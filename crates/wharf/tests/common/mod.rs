//! Two WebSockets over a pipe in memory.

use std::sync::Arc;
use wharf::{Agreement, Bytes, Config, Role, WebSocket};

/// Bytes that each direction of the pipe holds.
const PIPE: usize = 64 << 10;

/// A client and a server with these settings.
pub fn pair_with(agreement: &Agreement, client: Config, server: Config) -> (WebSocket, WebSocket) {
    let (near, far) = tokio::io::duplex(PIPE);
    let open = |io, role, config| {
        WebSocket::over(io, role, agreement.clone(), Bytes::new(), Arc::new(config)).unwrap()
    };
    (open(near, Role::Client, client), open(far, Role::Server, server))
}

/// A client and a server with the defaults.
pub fn pair() -> (WebSocket, WebSocket) {
    pair_with(&Agreement::default(), Config::new(Role::Client), Config::new(Role::Server))
}
