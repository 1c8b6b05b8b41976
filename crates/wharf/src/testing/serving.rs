//! A handler at work.

use crate::server::error::{AcceptError, AcceptStage};
use std::{
    fmt,
    future::Future,
    io,
    panic::resume_unwind,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::task::JoinHandle;

/// One connection that is served in a task of its own: a future of what the handler returns, or why no request came as far
/// as the handler. It goes on if this is dropped.
///
/// # Panics
/// If the handler does: the test has failed.
///
/// # Cancel safety
/// Dropping it changes nothing.
#[must_use = "whether the handler failed is known only to who awaits it"]
pub struct Serving<T>(pub(super) JoinHandle<Result<T, AcceptError>>);

impl<T> Future for Serving<T> {
    type Output = Result<T, AcceptError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(Pin::new(&mut self.0).poll(cx)) {
            Ok(outcome) => outcome,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime is shutting down.
                Err(error) => Err(AcceptError::Io(AcceptStage::Request, io::Error::other(error))),
            },
        })
    }
}

impl<T> fmt::Debug for Serving<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving").finish_non_exhaustive()
    }
}
