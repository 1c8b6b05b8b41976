//! The answer of whoever was asked.

use crate::client::resolve::BoxFuture;
use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;
use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

pin_project! {
    /// The response of a [`WebSocketService`](super::WebSocketService): its own, or that of the service inside.
    pub struct ResponseFuture<F> {
        #[pin]
        answer: Answer<F>,
    }
}

pin_project! {
    #[project = AnswerProjected]
    enum Answer<F> {
        Inner { #[pin] future: F },
        Own { future: BoxFuture<'static, Response<Bytes>> },
        Ready { response: Option<Response<Bytes>> },
    }
}

impl<F> ResponseFuture<F> {
    pub(super) const fn inner(future: F) -> Self {
        Self { answer: Answer::Inner { future } }
    }

    pub(super) const fn own(future: BoxFuture<'static, Response<Bytes>>) -> Self {
        Self { answer: Answer::Own { future } }
    }

    pub(super) const fn ready(response: Response<Bytes>) -> Self {
        Self { answer: Answer::Ready { response: Some(response) } }
    }
}

impl<F, C, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<C>, E>>,
    C: From<Bytes>,
{
    type Output = Result<Response<C>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let response = match self.project().answer.project() {
            AnswerProjected::Inner { future } => return future.poll(cx),
            AnswerProjected::Own { future } => ready!(future.as_mut().poll(cx)),
            AnswerProjected::Ready { response } => {
                response.take().expect("a future that was ready is not polled again")
            }
        };
        Poll::Ready(Ok(response.map(C::from)))
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
