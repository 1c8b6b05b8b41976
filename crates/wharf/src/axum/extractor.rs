//! A request for a WebSocket as an argument of a handler.

use crate::{
    hyper::{Opening, Upgrade, UpgradeError, UpgradeRejection, Upgrader},
    server::{accept::Accept, outcome::Outcome},
    socket::websocket::WebSocket,
};
use axum_core::{body::Body, extract::FromRequestParts, response::Response};
use http::{Request, request::Parts};
use std::mem;
use wharf_proto::{NotOffered, Subprotocol};

/// A client's request for a WebSocket, in order and not answered yet: an extractor.
///
/// It goes by the [`Upgrader`] in the request's extensions, or by the default one; the [module](super) shows
/// both. To say no, return any response of your own.
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use wharf::{Accept, Deflate, Subprotocol, axum::WebSocketUpgrade};
///
/// async fn chat(upgrade: WebSocketUpgrade) -> Response {
///     let Some(v2) = upgrade.subprotocols().iter().find(|name| name.as_str() == "chat.v2").cloned() else {
///         return (http::StatusCode::BAD_REQUEST, "this is chat.v2").into_response();
///     };
///     let accept = Accept::new().subprotocol(v2).deflate(Deflate::SERVER);
///     upgrade
///         .with_accept(accept)
///         .on_failed_upgrade(|error| eprintln!("{error}"))
///         .on_upgrade(|mut socket| async move { socket.drive().await.is_clean().then_some(()).ok_or("cut") })
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::any(chat));
/// ```
#[derive(Debug)]
#[must_use = "the client waits for an answer"]
pub struct WebSocketUpgrade(Upgrade);

impl WebSocketUpgrade {
    /// See [`Upgrade::subprotocols`].
    pub fn subprotocols(&self) -> &[Subprotocol] {
        self.0.subprotocols()
    }

    /// See [`Upgrade::origin`].
    pub fn origin(&self) -> Option<&str> {
        self.0.origin()
    }

    /// See [`Upgrade::with_accept`].
    pub fn with_accept(self, accept: Accept) -> Self {
        Self(self.0.with_accept(accept))
    }

    /// See [`Upgrade::on_failed_upgrade`].
    pub fn on_failed_upgrade(self, tell: impl FnOnce(UpgradeError) + Send + 'static) -> Self {
        Self(self.0.on_failed_upgrade(tell))
    }

    /// Says yes, and runs the handler in a task of its own when the socket is open. If the terms do not fit
    /// the offer the response is a 500.
    #[must_use = "the answer must be returned"]
    pub fn on_upgrade<H, F>(self, handler: H) -> Response
    where
        H: FnOnce(WebSocket) -> F + Send + 'static,
        F: Future<Output: Outcome> + Send + 'static,
    {
        self.0.on_upgrade(handler).map(Body::from)
    }

    /// Says yes: the 101 to return, and the socket, once it is written. The future is to be polled in another
    /// task: nothing is written before the handler has returned.
    ///
    /// # Errors
    /// The terms do not fit the offer; answer with 500.
    pub fn accept(self) -> Result<(Response, Opening), NotOffered> {
        let (response, opening) = self.0.accept()?;
        Ok((response.map(|()| Body::empty()), opening))
    }
}

impl<S: Sync> FromRequestParts<S> for WebSocketUpgrade {
    type Rejection = UpgradeRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, UpgradeRejection> {
        let upgrader = parts.extensions.get::<Upgrader>().cloned().unwrap_or_default();
        whole(parts, |request| upgrader.upgrade(request)).map(Self)
    }
}

/// Lends parts as the request that they are of.
fn whole<T>(parts: &mut Parts, look: impl FnOnce(&mut Request<()>) -> T) -> T {
    let (nothing, ()) = Request::new(()).into_parts();
    let mut request = Request::from_parts(mem::replace(parts, nothing), ());
    let seen = look(&mut request);
    (*parts, ()) = request.into_parts();
    seen
}
