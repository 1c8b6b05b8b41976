//! How an acceptor comes to be.

#[cfg(feature = "rustls")]
use super::tls::ServerTls;
use super::{
    accept::Accept,
    acceptor::Acceptor,
    proxies::{
        forwarded::{Believed, ForwardedHeader},
        network::TrustedProxies,
    },
    settings::Settings,
};
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

    /// Believes what proxies in these networks say in `header`: for whom they ask, which host it asked for, and
    /// by which scheme ([`Request::forwarded`](crate::Request::forwarded)). Goes from here towards the client
    /// and ends at the first address that is not listed, which is the client's
    /// ([`Request::client_addr`](crate::Request::client_addr)).
    ///
    /// The header of any other peer means nothing. One that a listed proxy wrote and that names nobody is
    /// answered with 400: [`AcceptError::Forwarded`](crate::AcceptError::Forwarded). Where the proxy tells the
    /// host, [`OriginPolicy::same_host`] compares with that. Default: nobody is believed. A blocking acceptor
    /// knows no peer's address, and believes nobody.
    ///
    /// ```
    /// use wharf::{Acceptor, ForwardedHeader, TrustedProxies};
    ///
    /// let proxies = TrustedProxies::new(["10.0.0.0/8", "fd00::/8"])?;
    /// let acceptor = Acceptor::builder().forwarded(ForwardedHeader::XForwardedFor, proxies).build();
    /// # Ok::<(), wharf::InvalidNetwork>(())
    /// ```
    pub fn forwarded(mut self, header: ForwardedHeader, proxies: TrustedProxies) -> Self {
        self.0.forwarded = Some(Believed { header, proxies });
        self
    }

    /// Expects each connection from these networks to start with a PROXY header, version 1 or 2, before TLS:
    /// for proxies that do not look into connections. It tells the client's address
    /// ([`Request::client_addr`](crate::Request::client_addr)); one of the proxy's own (`UNKNOWN`, `LOCAL`)
    /// counts as from the proxy.
    ///
    /// A connection from these networks without it, or with one that cannot be read, is closed:
    /// [`AcceptError::Proxy`](crate::AcceptError::Proxy). From elsewhere none is expected, and one that comes
    /// is a bad request. At most 4,096 bytes, within [`handshake_timeout`](Self::handshake_timeout). TLVs are
    /// passed over; a checksum is compared if there is one. Default: no network. A blocking acceptor knows no
    /// peer's address, and expects none.
    ///
    /// ```
    /// use wharf::{Acceptor, TrustedProxies};
    ///
    /// let balancers = TrustedProxies::new(["192.0.2.10", "192.0.2.11"])?;
    /// let acceptor = Acceptor::builder().proxy_protocol(balancers).build();
    /// # Ok::<(), wharf::InvalidNetwork>(())
    /// ```
    pub fn proxy_protocol(mut self, proxies: TrustedProxies) -> Self {
        self.0.proxy_protocol = Some(proxies);
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
