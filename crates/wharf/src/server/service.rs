//! What happens to each connection of a server.

use super::{
    acceptor::Acceptor,
    caps::{Admission, Caps, Full},
    listener::{Arrival, Arrivals},
    outcome::Outcome,
    registry::{Registry, Seated},
    request::{Connection, Request},
    shutdown::ShutdownHandle,
    slots::Slot,
};
use crate::{drain::plan::Listening, observe::span};
use bytes::Bytes;
use http::{Response, StatusCode, header::RETRY_AFTER};
use std::{convert::Infallible, future::pending, sync::Arc};
use tracing::Instrument;
use wharf_proto::Role;

/// What the tasks of all connections share.
pub(super) struct Service<H> {
    acceptor: Acceptor,
    caps: Arc<Caps>,
    registry: Arc<Registry>,
    shutdown: ShutdownHandle,
    listening: Listening,
    handler: H,
}

impl<H> Service<H> {
    pub(super) fn new(
        acceptor: Acceptor,
        caps: Caps,
        shutdown: ShutdownHandle,
        listening: Listening,
        handler: H,
    ) -> Self {
        let (caps, registry) = (Arc::new(caps), Arc::default());
        Self { acceptor, caps, registry, shutdown, listening, handler }
    }

    pub(super) fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.registry)
    }
}

impl<H, F> Service<H>
where
    H: Fn(Request) -> F + Send + Sync + 'static,
    F: Future<Output: Outcome> + Send + 'static,
{
    /// The accept loop.
    pub(super) async fn accept_forever(self: &Arc<Self>, mut arrivals: Arrivals) -> Infallible {
        loop {
            let (slot, arrival) = self.next(&mut arrivals).await;
            let span = span::connection(Role::Server, arrival.peer);
            let seated = self.registry.take_seat();
            let ticket = seated.ticket();
            let attended = Arc::clone(self).attend(slot, arrival, seated);
            // A span that nobody sees is not worth its place in every task.
            let task = if span.is_disabled() {
                tokio::spawn(attended)
            } else {
                tokio::spawn(attended.instrument(span))
            };
            ticket.serve(task.abort_handle());
        }
    }

    /// When a request is not waited for any longer.
    async fn hang_up(&self) {
        match self.listening {
            Listening::Over => self.shutdown.started().await,
            Listening::GoesOn => pending().await,
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
        seated: Seated,
    ) -> impl Future<Output = ()> + Send + 'static {
        let connection = Connection::new(arrival);
        let admitted = Box::pin(Arc::clone(&self).admit(slot, connection, seated));
        async move {
            // What a scrutinee holds would stay as long as the handler runs.
            let Some((request, _stay)) = admitted.await else { return };
            (self.handler)(request).await.log();
        }
    }

    /// Reads the request; `None` if the connection is over before a handler sees it.
    async fn admit(
        self: Arc<Self>,
        slot: Slot,
        connection: Box<Connection>,
        seated: Seated,
    ) -> Option<(Request, Stay)> {
        let received = tokio::select! {
            // Somebody who has not even asked yet, such as a browser's spare connection, delays no shutdown.
            () = self.hang_up() => return None,
            received = self.acceptor.receive(slot, connection) => received,
        };
        // What went wrong was told where it happened.
        let Ok(request) = received else { return None };
        let client = request.client_addr();
        if let Some(client) = client {
            tracing::Span::current().record("client", tracing::field::display(client));
        }
        match self.caps.admit(client) {
            Ok(admission) => {
                seated.ticket().reach_handler();
                Some((request, Stay { _seated: seated, _admission: admission }))
            }
            Err(full) => {
                // In a box: who is served needs no room for it.
                Box::pin(turn_away(request, full)).await;
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
async fn turn_away(mut request: Request, full: Full) {
    tracing::warn!(?full, "turned a connection away");
    request.blame(match full {
        Full::Server => "connections",
        Full::Address => "connections_per_address",
    });
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
