//! Who is connected to a server: who hears the farewell when it goes down, and who is cut.

use super::summary::{Reached, ShutdownSummary};
use crate::{
    observe::{meters, span::Blame},
    socket::{sender::Sender, shared::Shared},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
};
use tokio::{sync::Notify, task::AbortHandle};
use wharf_proto::{CloseCode, Role};

/// The seats of all connections of one server. It is as big as the caps on connections and handshakes allow.
#[derive(Default)]
pub(super) struct Registry {
    seats: Mutex<Seats>,
    emptied: Notify,
}

#[derive(Default)]
struct Seats {
    next: u64,
    taken: HashMap<u64, Seat>,
    mood: Mood,
    /// Since the server began to leave.
    summary: ShutdownSummary,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Staying,
    Leaving,
}

/// The place of one connection, from its first byte to the end of its handler.
#[derive(Default)]
struct Seat {
    /// Dangles while there is no socket; it does not keep the socket alive.
    socket: Weak<Shared>,
    task: Option<AbortHandle>,
    reached: Reached,
}

/// Keeps a seat in the registry until dropped.
pub(super) struct Seated(Ticket);

/// Names a seat.
#[derive(Clone)]
pub(super) struct Ticket {
    registry: Arc<Registry>,
    id: u64,
}

impl Registry {
    pub(super) fn take_seat(self: &Arc<Self>) -> Seated {
        let mut seats = self.lock();
        let id = seats.next;
        seats.next += 1;
        seats.taken.insert(id, Seat::default());
        Seated(Ticket { registry: Arc::clone(self), id })
    }

    /// Says the farewell to everybody here, and to everybody who comes later.
    pub(super) fn leave(&self) {
        let open: Vec<_> = {
            let mut seats = self.lock();
            seats.mood = Mood::Leaving;
            seats.taken.values().filter_map(|seat| seat.socket.upgrade()).collect()
        };
        for socket in open {
            farewell(socket);
        }
    }

    /// Ready when no seat is taken.
    ///
    /// Cancel safety: yes, it keeps nothing.
    pub(super) async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.lock().taken.is_empty() {
                return;
            }
            emptied.await;
        }
    }

    /// Cuts who is still here, and says how the others ended since [`leave`](Self::leave).
    pub(super) fn cut(&self) -> ShutdownSummary {
        let (summary, rest) = {
            let mut seats = self.lock();
            seats.summary.cut += seats.taken.len();
            (seats.summary, std::mem::take(&mut seats.taken))
        };
        for task in rest.into_values().filter_map(|seat| seat.task) {
            task.abort();
        }
        summary
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// RFC 6455 §7.4.1: 1001 is for a server that goes down. Whoever drives the socket sees the closing through.
fn farewell(socket: Arc<Shared>) {
    Sender::new(socket).close(CloseCode::GOING_AWAY);
}

impl Ticket {
    pub(super) fn is_leaving(&self) -> bool {
        self.registry.lock().mood == Mood::Leaving
    }

    /// The task that serves the connection, for the day when it must be cut.
    pub(super) fn serve(&self, task: AbortHandle) {
        if let Some(seat) = self.registry.lock().taken.get_mut(&self.id) {
            seat.task = Some(task);
        }
    }

    /// A handler sees the request.
    pub(super) fn reach_handler(&self) {
        if let Some(seat) = self.registry.lock().taken.get_mut(&self.id) {
            seat.reached = Reached::Handler;
        }
    }

    /// The socket is open; if the server has begun to leave, it hears so at once.
    pub(super) fn open(&self, socket: &Arc<Shared>) {
        let mut seats = self.registry.lock();
        if let Some(seat) = seats.taken.get_mut(&self.id) {
            seat.socket = Arc::downgrade(socket);
        }
        let mood = seats.mood;
        drop(seats);
        if mood == Mood::Leaving {
            farewell(Arc::clone(socket));
        }
    }
}

impl Seated {
    pub(super) fn ticket(&self) -> Ticket {
        self.0.clone()
    }
}

impl Drop for Seated {
    fn drop(&mut self) {
        if thread::panicking() {
            tracing::error!("a handler panicked; its connection is cut");
            meters::error(Role::Server, Blame::Panic);
        }
        let Ticket { registry, id } = &self.0;
        let mut seats = registry.lock();
        let left = seats.taken.remove(id);
        if seats.mood == Mood::Leaving {
            let served = left.is_some_and(|seat| seat.reached == Reached::Handler);
            seats.summary.closed += usize::from(served);
        }
        if seats.taken.is_empty() {
            drop(seats);
            registry.emptied.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::websocket::WebSocket;
    use bytes::Bytes;
    use tokio::io::{AsyncReadExt, DuplexStream, duplex};
    use wharf_proto::{Agreement, Config, Role};

    fn socket() -> (WebSocket, DuplexStream) {
        let (near, far) = duplex(64);
        let (role, agreement) = (Role::Server, Agreement::default());
        let socket =
            WebSocket::over(near, role, agreement, Bytes::new(), Config::new(role)).unwrap();
        (socket, far)
    }

    /// 1001 in a Close frame, and nothing more while the peer has not answered.
    async fn hears_1001_once(mut peer: DuplexStream, socket: WebSocket) {
        drop(socket);
        let mut heard = Vec::new();
        peer.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard, b"\x88\x02\x03\xe9");
    }

    #[tokio::test]
    async fn every_open_seat_hears_the_farewell_once() {
        let registry = Arc::<Registry>::default();
        let seated = [registry.take_seat(), registry.take_seat()];
        let sockets = [socket(), socket()];
        for (seat, (socket, _)) in seated.iter().zip(&sockets) {
            seat.ticket().open(&socket.sender().shared);
        }
        registry.leave();
        registry.leave();
        for (socket, peer) in sockets {
            assert!(!socket.sender().is_open());
            hears_1001_once(peer, socket).await;
        }
    }

    #[tokio::test]
    async fn a_socket_that_opens_too_late_hears_it_at_once() {
        let registry = Arc::<Registry>::default();
        let before = registry.take_seat();
        registry.leave();
        let after = registry.take_seat();
        for seated in [before, after] {
            assert!(seated.ticket().is_leaving());
            let (socket, peer) = socket();
            seated.ticket().open(&socket.sender().shared);
            assert!(!socket.sender().is_open());
            hears_1001_once(peer, socket).await;
        }
    }

    #[test]
    fn a_connection_that_ended_leaves_nothing_behind() {
        let registry = Arc::<Registry>::default();
        drop(registry.take_seat());
        assert!(registry.lock().taken.is_empty());
    }

    /// Who ends before the server leaves is not counted, who never came to a handler neither.
    #[tokio::test]
    async fn the_summary_counts_handlers_that_end_after_the_farewell() {
        let registry = Arc::<Registry>::default();
        let mut seats: Vec<_> = (0..4).map(|_| registry.take_seat()).collect();
        for seated in &seats[1..] {
            seated.ticket().reach_handler();
        }
        drop(seats.pop());
        registry.leave();
        drop(seats.pop());
        drop(seats.remove(0));
        let summary = registry.cut();
        assert_eq!((summary.closed, summary.cut), (1, 1));
        registry.emptied().await;
    }
}
