//! What an acceptor goes by, and how it says no.

#[cfg(feature = "rustls")]
use super::tls::ServerTls;
use super::{
    accept::Accept,
    answer,
    error::{AcceptError, AcceptStage},
    proxies::{forwarded::Believed, network::TrustedProxies},
};
use crate::{
    drain::{handle::Drain, refusal::Draining},
    transport::Transport,
};
use bytes::Bytes;
use http::{Method, Request, Response};
use std::{io, sync::Arc, time::Duration};
use tokio::time::{Instant, error::Elapsed, timeout_at};
use wharf_proto::{HandshakeLimits, OriginPolicy};

pub(super) type Fallback = Arc<dyn Fn(&Request<()>) -> Response<Bytes> + Send + Sync>;

/// What an acceptor goes by; each field is described at its setter in `builder.rs`.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) accept: Accept,
    pub(super) drain: Option<Drain>,
    pub(super) fallback: Option<Fallback>,
    pub(super) forwarded: Option<Believed>,
    pub(super) handshakes: usize,
    pub(super) limits: HandshakeLimits,
    pub(super) origins: OriginPolicy,
    pub(super) proxy_protocol: Option<TrustedProxies>,
    #[cfg(feature = "rustls")]
    pub(super) tls: Option<ServerTls>,
    pub(super) within: Duration,
}

impl Settings {
    /// Whether anybody is let in.
    pub(super) fn check(&self) -> Result<(), Draining> {
        self.drain.as_ref().map_or(Ok(()), Drain::check)
    }

    /// Writes an answer that ends the connection, and sees the peer off. It has as much time as the request
    /// had.
    pub(super) async fn end_with(
        &self,
        io: &mut Transport,
        response: &Response<Bytes>,
        method: Option<&Method>,
    ) -> Result<(), AcceptError> {
        let deadline = Instant::now() + self.within;
        let written = timeout_at(deadline, answer::write(io, response, method)).await;
        self.in_time(AcceptStage::Answer, written)?;
        answer::linger(io).await;
        Ok(())
    }

    /// The same where something else went wrong first, which says more than what the answer meets.
    pub(super) async fn try_to_end_with(
        &self,
        io: &mut Transport,
        response: &Response<Bytes>,
        method: Option<&Method>,
    ) {
        if let Err(error) = self.end_with(io, response, method).await {
            tracing::debug!(%error, "the answer did not go out");
        }
    }

    /// What came of a stage that had [`within`](Self::within) to end.
    pub(super) fn in_time<T>(
        &self,
        stage: AcceptStage,
        done: Result<io::Result<T>, Elapsed>,
    ) -> Result<T, AcceptError> {
        match done {
            Ok(done) => done.map_err(|error| AcceptError::io(stage, error)),
            Err(_) => Err(AcceptError::TimedOut(stage, self.within)),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accept: Accept::new(),
            drain: None,
            fallback: None,
            forwarded: None,
            handshakes: 1024,
            limits: HandshakeLimits::default(),
            origins: OriginPolicy::same_host(),
            proxy_protocol: None,
            #[cfg(feature = "rustls")]
            tls: None,
            within: Duration::from_secs(10),
        }
    }
}
