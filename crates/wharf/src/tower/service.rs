//! The service that a layer makes.

use super::{future::ResponseFuture, matches::Matches};
use crate::{
    client::resolve::BoxFuture,
    hyper::{Upgrade, Upgrader},
};
use bytes::Bytes;
use http::{Request, Response, request::Parts};
use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};
use tower_service::Service;

/// What a request for a WebSocket is answered with.
pub(super) type Handler =
    Arc<dyn Fn(Upgrade, Parts) -> BoxFuture<'static, Response<Bytes>> + Send + Sync>;

/// A service with WebSockets beside it; made by [`WebSocketLayer`](super::WebSocketLayer).
#[derive(Clone)]
pub struct WebSocketService<S> {
    pub(super) inner: S,
    pub(super) handler: Handler,
    pub(super) matches: Matches,
    pub(super) upgrader: Upgrader,
}

impl<S, B, C> Service<Request<B>> for WebSocketService<S>
where
    S: Service<Request<B>, Response = Response<C>>,
    C: From<Bytes>,
{
    type Response = Response<C>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if !self.matches.matches(request.uri(), request.headers()) {
            return ResponseFuture::inner(self.inner.call(request));
        }
        match self.upgrader.upgrade(&mut request) {
            Ok(upgrade) => {
                let (head, _) = request.into_parts();
                ResponseFuture::own((self.handler)(upgrade, head))
            }
            Err(rejection) if rejection.is_plain() => {
                ResponseFuture::inner(self.inner.call(request))
            }
            Err(rejection) => ResponseFuture::ready(rejection.response()),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for WebSocketService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketService").field("inner", &self.inner).finish_non_exhaustive()
    }
}
