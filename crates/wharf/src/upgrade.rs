//! WebSockets whose opening handshake was somebody else's work.

use crate::{
    entropy::mask_seed, observe::span, socket::websocket::WebSocket, transport::Transport,
};
use bytes::Bytes;
use std::{io, sync::Arc};
use tokio::io::{AsyncRead, AsyncWrite};
use wharf_proto::{Agreement, Config, Role};

impl WebSocket {
    /// A WebSocket over a stream on which the opening handshake has taken place, for example by an HTTP
    /// server's upgrade. `leftover` is what was read behind the handshake: the first frames, perhaps.
    ///
    /// A `TcpStream` or `UnixStream` is taken out whole; any other stream is boxed.
    ///
    /// # Errors
    /// The system has no entropy for a client's masking keys.
    pub fn over<T>(
        io: T,
        role: Role,
        agreement: Agreement,
        leftover: Bytes,
        config: impl Into<Arc<Config>>,
    ) -> io::Result<Self>
    where
        T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let seed = mask_seed(role)?;
        let (io, config) = (Transport::new(io), config.into());
        let span = span::of_stranger(role);
        Ok(span.in_scope(|| Self::new(io, role, agreement, leftover, config, seed)))
    }
}
