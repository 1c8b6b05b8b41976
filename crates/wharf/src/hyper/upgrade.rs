//! An offer that awaits its answer.

use super::{error::UpgradeError, opening::Opening, settings::Settings};
use crate::{
    drain::pass::Pass,
    observe::handshake::Handshake,
    server::{accept::Accept, outcome::Outcome},
    socket::websocket::WebSocket,
};
use ::hyper::upgrade::OnUpgrade;
use bytes::Bytes;
use http::{Response, StatusCode};
use std::{fmt, sync::Arc};
use tracing::Instrument;
use wharf_proto::{NotOffered, Offered, Subprotocol};

/// A client's request for a WebSocket, in order and not answered yet.
///
/// To say no, answer with any response of your own.
#[must_use = "the client waits for an answer"]
pub struct Upgrade {
    offered: Offered,
    connection: OnUpgrade,
    pass: Option<Pass>,
    accept: Accept,
    settings: Arc<Settings>,
    handshake: Handshake,
    failed: Option<Failed>,
}

type Failed = Box<dyn FnOnce(UpgradeError) + Send>;

impl Upgrade {
    pub(super) fn new(
        offered: Offered,
        connection: OnUpgrade,
        pass: Option<Pass>,
        settings: Arc<Settings>,
        handshake: Handshake,
    ) -> Self {
        let accept = settings.accept.clone();
        Self { offered, connection, pass, accept, settings, handshake, failed: None }
    }

    /// The subprotocols that the client offers, the one it likes best first.
    pub fn subprotocols(&self) -> &[Subprotocol] {
        self.offered.subprotocols()
    }

    /// The page that connects, if the client is a browser; the policy has let it in.
    pub fn origin(&self) -> Option<&str> {
        self.offered.origin()
    }

    /// Says yes on these terms, which replace those of the [`Upgrader`](super::Upgrader).
    pub fn with_accept(self, accept: Accept) -> Self {
        Self { accept, ..self }
    }

    /// Is told if no WebSocket comes of [`on_upgrade`](Self::on_upgrade), whose handler never runs then.
    /// Default: nobody is. The log is in any case, at debug level.
    pub fn on_failed_upgrade(self, tell: impl FnOnce(UpgradeError) + Send + 'static) -> Self {
        Self { failed: Some(Box::new(tell)), ..self }
    }

    /// Says yes: the 101 to return, and the socket, once hyper has written it. The future is to be polled
    /// elsewhere: hyper writes only what its service has returned.
    ///
    /// # Errors
    /// The terms do not fit the offer; answer with 500.
    pub fn accept(mut self) -> Result<(Response<()>, Opening), NotOffered> {
        let answer = self.accept.response(&self.offered);
        let answer = answer.inspect_err(|error| self.handshake.fail(error));
        let (response, agreement, config) = answer?;
        let Self { connection, pass, settings, handshake, .. } = self;
        let opening = Opening::new(connection, pass, (agreement, config), settings, handshake);
        Ok((response, opening))
    }

    /// Says yes, and runs the handler in a task of its own when the socket is open. If the terms do not fit
    /// the offer the response is a 500.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    #[must_use = "the answer must be returned to hyper"]
    pub fn on_upgrade<H, F>(mut self, handler: H) -> Response<Bytes>
    where
        H: FnOnce(WebSocket) -> F + Send + 'static,
        F: Future<Output: Outcome> + Send + 'static,
    {
        let failed = self.failed.take().unwrap_or_else(|| Box::new(drop));
        let span = self.handshake.span().clone();
        match self.accept() {
            Ok((response, opening)) => {
                let attended = attend(opening, handler, failed);
                // A span that nobody sees is not worth its place in every task.
                if span.is_disabled() {
                    tokio::spawn(attended);
                } else {
                    tokio::spawn(attended.instrument(span));
                }
                response.map(|()| Bytes::new())
            }
            Err(error) => {
                failed(UpgradeError::Answer(error));
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        }
    }
}

/// One connection, from its answer to the end of its handler.
async fn attend<H, F>(opening: Opening, handler: H, failed: Failed)
where
    H: FnOnce(WebSocket) -> F,
    F: Future<Output: Outcome>,
{
    match opening.await {
        Ok(socket) => handler(socket).await.log(),
        Err(error) => failed(error),
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrade")
            .field("offered", &self.offered)
            .field("accept", &self.accept)
            .finish_non_exhaustive()
    }
}
