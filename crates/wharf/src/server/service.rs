//! What happens to each connection of a server.

use super::{
    acceptor::Acceptor,
    caps::{Admission, Caps, Full},
    listener::{Arrival, Arrivals},
    outcome::Outcome,
    registry::{Registry, Seated},
    request::Request,
    shutdown::{Reached, ShutdownHandle, Tasks, reached},
    slots::Slot,
};
use bytes::Bytes;
use http::{Response, StatusCode, header::RETRY_AFTER};
use std::{convert::Infallible, sync::Arc};
use tracing::Instrument;

/// What the tasks of all connections share.
pub(super) struct Service<H> {
    acceptor: Acceptor,
    caps: Arc<Caps>,
    registry: Arc<Registry>,
    shutdown: ShutdownHandle,
    handler: H,
}

impl<H> Service<H> {
    pub(super) fn new(
        acceptor: Acceptor,
        caps: Caps,
        shutdown: ShutdownHandle,
        handler: H,
    ) -> Self {
        Self { acceptor, caps: Arc::new(caps), registry: Arc::default(), shutdown, handler }
    }

    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }
}

impl<H, F> Service<H>
where
    H: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output: Outcome> + Send + 'static,
{
    /// The accept loop. Tasks that have ended are taken out as it goes, so that they do not pile up.
    pub(super) async fn accept_forever(
        self: &Arc<Self>,
        mut arrivals: Arrivals,
        tasks: &mut Tasks,
    ) -> Infallible {
        loop {
            tokio::select! {
                Some(ended) = tasks.join_next() => drop(reached(ended)),
                (slot, arrival) = self.next(&mut arrivals) => {
                    let peer = arrival.peer.map(tracing::field::display);
                    let span = tracing::debug_span!("connection", peer);
                    tasks.spawn(Arc::clone(self).attend(slot, arrival).instrument(span));
                }
            }
        }
    }

    /// A slot comes first: without one, connections wait in the backlog.
    async fn next(&self, arrivals: &mut Arrivals) -> (Slot, Arrival) {
        let slot = self.acceptor.slot().await;
        (slot, arrivals.next().await)
    }

    /// One connection, from its first byte to the end of its handler.
    ///
    /// All that comes before the handler is in a box that is gone when the handler runs: a task is as large
    /// as its largest step.
    fn attend(
        self: Arc<Self>,
        slot: Slot,
        arrival: Arrival,
    ) -> impl Future<Output = Reached> + Send + 'static {
        let admitted = Box::pin(Arc::clone(&self).admit(slot, arrival));
        async move {
            let Some((request, _stay)) = admitted.await else { return Reached::Handshake };
            (self.handler)(request).await.log();
            Reached::Handler
        }
    }

    /// Reads the request; `None` if the connection is over before a handler sees it.
    async fn admit(self: Arc<Self>, slot: Slot, arrival: Arrival) -> Option<(Request, Stay)> {
        let seated = self.registry.take_seat();
        let peer = arrival.peer.map(|peer| peer.ip());
        let received = tokio::select! {
            // Somebody who has not even asked yet, such as a browser's spare connection, delays no shutdown.
            () = self.shutdown.started() => return None,
            received = self.acceptor.receive(slot, arrival) => received,
        };
        let request = match received {
            Ok(request) => request.seated(seated.ticket()),
            Err(error) => {
                tracing::debug!(%error, "no handshake");
                return None;
            }
        };
        match self.caps.admit(peer) {
            Ok(admission) => Some((request, Stay { _seated: seated, _admission: admission })),
            Err(full) => {
                turn_away(request, full).await;
                None
            }
        }
    }
}

/// What a connection holds while its handler runs.
struct Stay {
    _seated: Seated,
    _admission: Admission,
}

/// RFC 6585 §4 for one address, RFC 9110 §15.6.4 for all.
async fn turn_away(request: Request, full: Full) {
    tracing::warn!(?full, "turned a connection away");
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = match full {
        Full::Server => StatusCode::SERVICE_UNAVAILABLE,
        Full::Address => StatusCode::TOO_MANY_REQUESTS,
    };
    response.headers_mut().insert(RETRY_AFTER, 1.into());
    if let Err(error) = request.refuse(response).await {
        tracing::debug!(%error, "the refusal did not go out");
    }
}
