//! An acceptor's settings, for those who do the handshake without the runtime.

use super::{
    accept::Accept,
    acceptor::Acceptor,
    error::{AcceptError, AcceptStage},
    opening::too_slow,
    settings::Settings,
};
use crate::drain::refusal::Draining;
use bytes::Bytes;
use http::{Method, Response};
use std::{io, sync::Arc, time::Duration};
use wharf_proto::{
    Agreement, Config, HandshakeLimits, NotOffered, Offered, Refusal, examine, write_response,
};

/// What an acceptor goes by.
#[derive(Clone)]
pub(crate) struct Terms(Arc<Settings>);

/// A request that is answered with no, and how that is told to the caller.
pub(crate) struct No {
    pub(crate) response: Response<Bytes>,
    pub(crate) error: AcceptError,
}

impl Terms {
    pub(crate) fn of(acceptor: &Acceptor) -> Self {
        Self(Arc::clone(&acceptor.settings))
    }

    pub(crate) fn within(&self) -> Duration {
        self.0.within
    }

    pub(crate) fn limits(&self) -> HandshakeLimits {
        self.0.limits
    }

    /// What a request is answered with by default.
    pub(crate) fn accept(&self) -> Accept {
        self.0.accept.clone()
    }

    /// How TLS is spoken, if it is.
    #[cfg(feature = "rustls")]
    pub(crate) fn tls(&self) -> Option<Arc<rustls::ServerConfig>> {
        self.0.tls.as_ref().map(|tls| Arc::clone(tls.0.config()))
    }

    /// Whether a request is in order.
    pub(crate) fn examine(&self, head: &http::Request<()>) -> Result<Offered, Box<No>> {
        let offered = examine(head, &self.0.origins).map_err(|refusal| match &self.0.fallback {
            Some(fallback) if refusal == Refusal::NotWebSocket => No::plain(fallback(head)),
            None if refusal == Refusal::NotWebSocket => No::plain(refusal.response()),
            Some(_) | None => {
                Box::new(No { response: refusal.response(), error: AcceptError::Request(refusal) })
            }
        })?;
        let refused =
            |no: Draining| No { response: no.response(), error: AcceptError::ShuttingDown };
        self.0.check().map_err(|no| Box::new(refused(no)))?;
        Ok(offered)
    }
}

impl No {
    fn plain(response: Response<Bytes>) -> Box<Self> {
        Box::new(Self { error: AcceptError::Plain(response.status()), response })
    }
}

/// The answer to a peer that has asked for something, and not in time.
pub(crate) fn late() -> Response<Bytes> {
    too_slow()
}

/// The 101 for this client and what is thereby agreed.
pub(crate) fn answer(
    accept: Accept,
    offered: &Offered,
) -> Result<(Vec<u8>, Agreement, Arc<Config>), NotOffered> {
    accept.answer(offered)
}

/// An answer that ends the connection, as bytes.
pub(crate) fn spell(response: &Response<Bytes>, method: Option<&Method>) -> Vec<u8> {
    let mut bytes = write_response(response);
    if method == Some(&Method::HEAD) {
        bytes.truncate(super::answer::head_length(&bytes));
    }
    bytes
}

/// An error of the transport, by blame.
pub(crate) fn failed(stage: AcceptStage, error: io::Error) -> AcceptError {
    AcceptError::io(stage, error)
}

/// Whether the upgrade may be sent inside what ALPN agreed on.
#[cfg(feature = "rustls")]
pub(crate) fn admit(session: &rustls::Connection) -> io::Result<()> {
    match session.alpn_protocol() {
        Some(agreed) if agreed != super::tls::HTTP_1_1 => {
            let wrong = rustls::Error::General("ALPN agreed on another protocol".into());
            Err(io::Error::other(wrong))
        }
        Some(_) | None => Ok(()),
    }
}

/// What TLS knows of the client.
#[cfg(feature = "rustls")]
pub(crate) fn facts(session: &rustls::Connection) -> Option<super::tls::PeerTls> {
    match session {
        rustls::Connection::Server(session) => Some(super::tls::PeerTls::of(session)),
        rustls::Connection::Client(_) => None,
    }
}
