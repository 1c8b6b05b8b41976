//! The layer: what is served, and to whom.

use super::{
    matches::Matches,
    service::{Handler, WebSocketService},
};
use crate::{
    hyper::{Upgrade, Upgrader},
    server::outcome::Outcome,
    socket::websocket::WebSocket,
};
use bytes::Bytes;
use http::{HeaderMap, Response, Uri, request::Parts};
use std::{fmt, future::ready, sync::Arc};
use tower_layer::Layer;

/// Gives requests for a WebSocket to a handler, and all others to the service inside; cheap to clone.
#[derive(Clone)]
pub struct WebSocketLayer {
    handler: Handler,
    matches: Matches,
    upgrader: Upgrader,
}

impl WebSocketLayer {
    /// Accepts as the [`Upgrader`] says, and runs the handler with each open socket in a task of its own.
    pub fn new<H, F>(handler: H) -> Self
    where
        H: Fn(WebSocket) -> F + Clone + Send + Sync + 'static,
        F: Future<Output: Outcome> + Send + 'static,
    {
        Self::requests(move |upgrade, _| ready(upgrade.on_upgrade(handler.clone())))
    }

    /// Leaves the answer to the handler, which sees the head of the request too: to ask who it is, to choose
    /// the terms, or to say no.
    ///
    /// ```
    /// use wharf::{Bytes, hyper::Upgrade, tower::WebSocketLayer};
    ///
    /// async fn answer(upgrade: Upgrade, head: http::request::Parts) -> http::Response<Bytes> {
    ///     if head.headers.contains_key("authorization") {
    ///         return upgrade.on_upgrade(|socket| async move { drop(socket) });
    ///     }
    ///     let mut no = http::Response::new(Bytes::new());
    ///     *no.status_mut() = http::StatusCode::UNAUTHORIZED;
    ///     no
    /// }
    ///
    /// let layer = WebSocketLayer::requests(answer).at("/live");
    /// # drop(layer);
    /// ```
    pub fn requests<H, F>(handler: H) -> Self
    where
        H: Fn(Upgrade, Parts) -> F + Send + Sync + 'static,
        F: Future<Output = Response<Bytes>> + Send + 'static,
    {
        Self {
            handler: Arc::new(move |upgrade, head| Box::pin(handler(upgrade, head))),
            matches: Matches::All,
            upgrader: Upgrader::new(),
        }
    }

    /// Serves this path only. Default: every path. Replaces [`when`](Self::when).
    #[must_use]
    pub fn at(mut self, path: impl Into<Arc<str>>) -> Self {
        self.matches = Matches::Path(path.into());
        self
    }

    /// Serves those only that this says yes to. Replaces [`at`](Self::at).
    #[must_use]
    pub fn when(
        mut self,
        matches: impl Fn(&Uri, &HeaderMap) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.matches = Matches::If(Arc::new(matches));
        self
    }

    /// Which pages may connect, and on which terms. Default: `Upgrader::new()`.
    #[must_use]
    pub fn upgrader(mut self, upgrader: Upgrader) -> Self {
        self.upgrader = upgrader;
        self
    }
}

impl<S> Layer<S> for WebSocketLayer {
    type Service = WebSocketService<S>;

    fn layer(&self, inner: S) -> WebSocketService<S> {
        let Self { handler, matches, upgrader } = self.clone();
        WebSocketService { inner, handler, matches, upgrader }
    }
}

impl fmt::Debug for WebSocketLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketLayer").field("upgrader", &self.upgrader).finish_non_exhaustive()
    }
}
