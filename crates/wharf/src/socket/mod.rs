//! Stand-in for the socket until it lands on main: frames of at most 125 bytes, no checks.

use crate::transport::Transport;
use bytes::{Buf, Bytes, BytesMut};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
};
use wharf_proto::{Agreement, CloseReason, Config, Message, Role};

/// Stand-in.
pub struct WebSocket {
    transport: Transport,
    input: BytesMut,
    agreement: Agreement,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    close: Mutex<Option<CloseReason>>,
    wake: Notify,
}

/// Stand-in.
#[derive(Clone)]
pub struct Sender(Arc<Shared>);

pub(crate) struct WeakSender(Weak<Shared>);

impl Sender {
    pub(crate) fn downgrade(&self) -> WeakSender {
        WeakSender(Arc::downgrade(&self.0))
    }
}

impl WeakSender {
    pub(crate) fn start_close(&self, reason: CloseReason) {
        if let Some(shared) = self.0.upgrade() {
            *shared.close.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
            shared.wake.notify_one();
        }
    }
}

impl WebSocket {
    pub(crate) fn new(
        transport: Transport,
        _role: Role,
        agreement: Agreement,
        leftover: Bytes,
        _config: Arc<Config>,
    ) -> Self {
        Self { transport, input: leftover.into(), agreement, shared: Arc::default() }
    }

    /// Stand-in.
    pub fn sender(&self) -> Sender {
        Sender(Arc::clone(&self.shared))
    }

    /// Stand-in.
    pub fn subprotocol(&self) -> Option<&str> {
        self.agreement.subprotocol.as_deref()
    }

    /// Stand-in.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// Stand-in.
    pub async fn recv(&mut self) -> io::Result<Option<Message>> {
        let shared = Arc::clone(&self.shared);
        loop {
            if let Some((opcode, payload)) = self.frame() {
                match opcode {
                    8 => {
                        self.frame_out(8, &payload).await?;
                        self.transport.shutdown().await?;
                        return Ok(None);
                    }
                    1 => return Ok(Some(Message::from(String::from_utf8_lossy(&payload).as_ref()))),
                    _ => return Ok(Some(Message::from(payload))),
                }
            }
            tokio::select! {
                read = self.transport.read_buf(&mut self.input) => {
                    if read? == 0 { return Ok(None); }
                }
                () = shared.wake.notified() => {
                    let reason = shared.close.lock().unwrap_or_else(PoisonError::into_inner).take();
                    if let Some(reason) = reason {
                        self.frame_out(8, &reason.code().get().to_be_bytes()).await?;
                    }
                }
            }
        }
    }

    fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let len = usize::from(*self.input.get(1)? & 0x7f);
        if self.input.len() < 6 + len {
            return None;
        }
        let head = self.input.split_to(6);
        let mut payload = self.input[..len].to_vec();
        self.input.advance(len);
        for (i, byte) in payload.iter_mut().enumerate() {
            *byte ^= head[2 + i % 4];
        }
        Some((head[0] & 0x0f, payload))
    }

    async fn frame_out(&mut self, opcode: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = vec![0x80 | opcode, payload.len().try_into().unwrap_or(125)];
        frame.extend_from_slice(payload);
        self.transport.write_all(&frame).await?;
        self.transport.flush().await
    }

    /// Stand-in.
    pub async fn send(&mut self, message: impl Into<Message>) -> io::Result<()> {
        let message = message.into();
        let opcode = if message.as_text().is_some() { 1 } else { 2 };
        self.frame_out(opcode, message.as_bytes()).await
    }
}
