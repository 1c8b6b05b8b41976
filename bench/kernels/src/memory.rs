//! A transport that holds what was received, and swallows what is sent.

use std::{
    cell::RefCell,
    io::{self, Read, Write},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes to be read once; a clone refills it.
#[derive(Clone, Default)]
pub(crate) struct Memory(Rc<RefCell<Held>>);

#[derive(Default)]
struct Held {
    wire: Rc<[u8]>,
    read: usize,
}

impl Memory {
    pub(crate) fn refill(&self, wire: &Rc<[u8]>) {
        *self.0.borrow_mut() = Held { wire: Rc::clone(wire), read: 0 };
    }

    fn hand_over(&self, most: usize, mut put: impl FnMut(&[u8])) -> usize {
        let mut held = self.0.borrow_mut();
        let count = most.min(held.wire.len() - held.read);
        put(&held.wire[held.read..held.read + count]);
        held.read += count;
        count
    }
}

impl Read for Memory {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(self.hand_over(buffer.len(), |bytes| buffer[..bytes.len()].copy_from_slice(bytes)))
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsyncRead for Memory {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.hand_over(buffer.remaining(), |bytes| buffer.put_slice(bytes));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Memory {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
