//! A request that awaits its answer.

use super::link::Link;
use crate::{
    blocking::{clock::Until, drive::Opened, websocket::WebSocket},
    observe::{handshake::Handshake, verdict::Verdict},
    server::{
        accept::Accept,
        error::{AcceptError, AcceptStage},
        sync::{answer, failed},
    },
};
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, Uri};
use std::fmt;
use wharf_proto::{Offered, Role, Subprotocol};

/// A client's request for a WebSocket, in order and not answered yet.
///
/// Dropping it closes the connection without an answer. While it waits nothing more is read from the client.
pub struct Request {
    pub(super) head: http::Request<()>,
    pub(super) offered: Offered,
    pub(super) link: Link,
    pub(super) leftover: Bytes,
    pub(super) handshake: Handshake,
}

impl Request {
    /// Method, URI, version and headers as they came.
    pub const fn head(&self) -> &http::Request<()> {
        &self.head
    }

    /// What the client asks for, such as `/chat?room=1`.
    pub fn uri(&self) -> &Uri {
        self.head.uri()
    }

    /// All headers as they came.
    pub fn headers(&self) -> &HeaderMap {
        self.head.headers()
    }

    /// The subprotocols that the client offers, the one it likes best first.
    pub fn subprotocols(&self) -> &[Subprotocol] {
        self.offered.subprotocols()
    }

    /// The page that connects, if the client is a browser; the acceptor's policy has let it in.
    pub fn origin(&self) -> Option<&str> {
        self.offered.origin()
    }

    /// What TLS knows of the client, if the acceptor speaks TLS.
    #[cfg(feature = "rustls")]
    pub fn tls(&self) -> Option<crate::server::tls::PeerTls> {
        self.link.transport.session()?.look(crate::server::sync::facts)
    }

    /// Says yes, as the acceptor's settings say.
    ///
    /// # Errors
    /// As [`accept_with`](Self::accept_with).
    pub fn accept(self) -> Result<WebSocket, AcceptError> {
        let accept = self.link.terms.accept();
        self.accept_with(accept)
    }

    /// Says yes on these terms, which replace the acceptor's: writes the 101 (RFC 6455 §4.2.2).
    ///
    /// # Errors
    /// [`AcceptError::Left`], [`AcceptError::Io`] and [`AcceptError::TimedOut`] if the 101 does not go out.
    /// [`AcceptError::Answer`] if the terms do not fit the offer; the client is told 500. The connection is closed.
    pub fn accept_with(mut self, accept: Accept) -> Result<WebSocket, AcceptError> {
        let (head, agreement, config) = match answer(accept, &self.offered) {
            Ok(answer) => answer,
            Err(error) => {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                let error = AcceptError::Answer(error);
                self.handshake.fail(&error);
                self.link.try_to_end_with(&response, Some(self.head.method()));
                return Err(error);
            }
        };
        let until = Until::within(self.link.terms.within());
        let switched = self.link.transport.write_all(&head, until);
        let switched = switched.map_err(|broken| self.link.by(AcceptStage::Answer, broken));
        switched.inspect_err(|error| self.handshake.fail(error))?;
        let Link { transport, sealed, .. } = self.link;
        let opened = Opened { transport, sealed, agreement, leftover: self.leftover };
        let open = || WebSocket::opened(opened, Role::Server, config);
        let socket = self.handshake.open(open);
        self.handshake.end(Verdict::ACCEPTED);
        socket.map_err(|error| failed(AcceptStage::Answer, error))
    }

    /// Says no with any final status, headers and body; length and `Connection: close` are written by wharf, and a 1xx
    /// becomes 500. Then closes our side, and waits a moment for the client to go, so that no reset overtakes the
    /// answer.
    ///
    /// # Errors
    /// The answer did not go out whole.
    pub fn refuse(mut self, response: Response<Bytes>) -> Result<(), AcceptError> {
        self.handshake.refused(response.status());
        self.link.end_with(&response, Some(self.head.method()))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("path", &self.uri().path()).finish_non_exhaustive()
    }
}
