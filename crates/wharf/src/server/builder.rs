//! How an acceptor comes to be.

#[cfg(feature = "rustls")]
use super::tls::ServerTls;
use super::{accept::Accept, acceptor::Acceptor, settings::Settings};
use crate::drain::handle::Drain;
use bytes::Bytes;
use http::{Request, Response};
use std::{fmt, sync::Arc, time::Duration};
use wharf_proto::{HandshakeLimits, OriginPolicy};

/// Makes an [`Acceptor`].
#[derive(Clone)]
#[must_use]
pub struct AcceptorBuilder(Settings);

impl AcceptorBuilder {
    /// What [`Request::accept`](crate::Request::accept) answers with. Default: `Accept::new()`.
    pub fn accept(mut self, accept: Accept) -> Self {
        self.0.accept = accept;
        self
    }

    /// Counts the sockets that are opened, and refuses new ones with 503 and `Retry-After` while it drains.
    /// Several acceptors may share one. Default: none; a [`Server`](crate::Server) then has one of its own.
    ///
    /// The sockets of `wharf::blocking` are refused, but not counted and not closed.
    pub fn drain(mut self, drain: &Drain) -> Self {
        self.0.drain = Some(drain.clone());
        self
    }

    /// Answers plain HTTP requests, those without `Upgrade: websocket`: for a page, a health check, a
    /// redirect. The body of such a request is not read, the connection is closed after the answer, and the
    /// answer's length is written by wharf; a 1xx becomes 500. Must not block. Default: 426 with
    /// `Upgrade: websocket`.
    pub fn fallback(
        mut self,
        answer: impl Fn(&Request<()>) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Self {
        self.0.fallback = Some(Arc::new(answer));
        self
    }

    /// The most handshakes under way, from a connection's first byte to its answer; further ones wait before
    /// they are read, and with [`Server`](crate::Server) in the kernel's backlog. Default: 1,024; 0 is 1. One
    /// holds at most the limit on its head, and with TLS a session of rustls.
    pub fn handshakes(mut self, most: usize) -> Self {
        self.0.handshakes = most;
        self
    }

    /// How long TLS handshake and request may take together, and then, if it takes one, the answer; however
    /// steadily the bytes come. Default: 10 s.
    pub fn handshake_timeout(mut self, within: Duration) -> Self {
        self.0.within = within;
        self
    }

    /// Bounds on the head of a request. Default: [`HandshakeLimits::default`].
    pub fn limits(mut self, limits: HandshakeLimits) -> Self {
        self.0.limits = limits;
        self
    }

    /// Which web pages may connect. Default: [`OriginPolicy::same_host`].
    pub fn origins(mut self, policy: OriginPolicy) -> Self {
        self.0.origins = policy;
        self
    }

    /// Expects TLS on every stream. Default: none.
    #[cfg(feature = "rustls")]
    pub fn tls(mut self, tls: ServerTls) -> Self {
        self.0.tls = Some(tls);
        self
    }

    /// The acceptor.
    pub fn build(self) -> Acceptor {
        Acceptor::new(self.0)
    }
}

impl Acceptor {
    /// An acceptor of one's own making.
    pub fn builder() -> AcceptorBuilder {
        AcceptorBuilder(Settings::default())
    }
}

impl Default for Acceptor {
    /// Every default of [`AcceptorBuilder`].
    fn default() -> Self {
        Self::builder().build()
    }
}

impl fmt::Debug for AcceptorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcceptorBuilder").finish_non_exhaustive()
    }
}
