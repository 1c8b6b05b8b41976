//! One end of a wire.

use super::{
    pipe::{Found, Pipe},
    wire::{Pipes, Shared, Way, lock},
};
use std::{
    fmt,
    future::Future,
    io::{self, ErrorKind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

/// One end of a wire: a byte stream for [`Acceptor::accept`](crate::Acceptor::accept),
/// [`Client::connect_over`](crate::Client::connect_over), or anything else that takes one.
///
/// Dropping it ends what it writes, and what the other end writes fails from then on.
pub struct End {
    pipes: Shared,
    /// What it writes.
    way: Way,
    arrival: Option<Pin<Box<Sleep>>>,
}

impl End {
    pub(crate) fn both(pipes: &Shared) -> (Self, Self) {
        let end = |way| Self { pipes: Arc::clone(pipes), way, arrival: None };
        (end(Way::ToServer), end(Way::ToClient))
    }

    fn use_pipe(
        &self,
        way: Way,
        act: impl FnOnce(&mut Pipe) -> io::Result<Found>,
    ) -> io::Result<Found> {
        let pipes: &mut Pipes = &mut lock(&self.pipes);
        match act(pipes.pipe(way))? {
            Found::Reset => {
                pipes.reset();
                Err(ErrorKind::ConnectionReset.into())
            }
            found @ (Found::Done(_) | Found::Wait | Found::WaitUntil(_)) => Ok(found),
        }
    }

    /// Ready when what is under way arrives.
    fn poll_arrival(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let sleep = self.arrival.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if sleep.deadline() != due {
            sleep.as_mut().reset(due);
        }
        sleep.as_mut().poll(cx)
    }
}

impl AsyncRead for End {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match self.use_pipe(self.way.back(), |pipe| pipe.read(buf, cx.waker()))? {
                Found::Done(_) => return Poll::Ready(Ok(())),
                Found::WaitUntil(due) => ready!(self.poll_arrival(due, cx)),
                Found::Wait | Found::Reset => return Poll::Pending,
            }
        }
    }
}

impl AsyncWrite for End {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.use_pipe(self.way, |pipe| pipe.write(bytes, cx.waker()))? {
            Found::Done(count) => Poll::Ready(Ok(count)),
            Found::Wait | Found::WaitUntil(_) | Found::Reset => Poll::Pending,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        lock(&self.pipes).pipe(self.way).end();
        Poll::Ready(Ok(()))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let mut pipes = lock(&self.pipes);
        pipes.pipe(self.way).end();
        pipes.pipe(self.way.back()).abandon();
    }
}

impl fmt::Debug for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("End").finish_non_exhaustive()
    }
}
