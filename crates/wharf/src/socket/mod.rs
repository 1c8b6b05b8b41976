//! Stand-in for the socket until it lands on main: short frames, no checks.

use crate::transport::Transport;
use bytes::{Buf, Bytes, BytesMut};
use std::{io, sync::Arc};
use tokio::io::AsyncReadExt;
use wharf_proto::{Agreement, Config, Message, Role};

/// Stand-in.
pub struct WebSocket {
    transport: Transport,
    input: BytesMut,
    agreement: Agreement,
}

impl WebSocket {
    pub(crate) fn new(
        transport: Transport,
        _role: Role,
        agreement: Agreement,
        leftover: Bytes,
        _config: Arc<Config>,
    ) -> Self {
        Self { transport, input: leftover.into(), agreement }
    }

    /// Stand-in.
    pub fn subprotocol(&self) -> Option<&str> {
        self.agreement.subprotocol.as_deref()
    }

    /// Stand-in.
    pub async fn recv(&mut self) -> io::Result<Option<Message>> {
        while self.input.len() < 2 || self.input.len() < 2 + usize::from(self.input[1]) {
            if self.transport.read_buf(&mut self.input).await? == 0 {
                return Ok(None);
            }
        }
        let len = usize::from(self.input[1]);
        self.input.advance(2);
        let payload = self.input.split_to(len);
        Ok(Some(Message::from(String::from_utf8_lossy(&payload).as_ref())))
    }
}
