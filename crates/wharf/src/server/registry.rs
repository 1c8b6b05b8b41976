//! Who is connected to a server: who hears the farewell when it goes down, and who is cut.

use super::{
    seats::{Number, Seats},
    summary::{Reached, ShutdownSummary},
};
use crate::socket::{sender::Sender, shared::Shared};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    thread,
};
use tokio::{sync::Notify, task::AbortHandle};
use wharf_proto::CloseCode;

/// The seats of all connections of one server. It is as big as the caps on connections and handshakes allow.
#[derive(Default)]
pub(super) struct Registry {
    hall: Mutex<Hall>,
    emptied: Notify,
}

struct Hall {
    seats: Seats<Seat>,
    mood: Mood,
    /// Since the server began to leave.
    summary: ShutdownSummary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
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
    number: Number,
}

impl Default for Hall {
    fn default() -> Self {
        let summary = ShutdownSummary::default();
        Self { seats: Seats::new(), mood: Mood::Staying, summary }
    }
}

impl Registry {
    pub(super) fn take_seat(self: &Arc<Self>) -> Seated {
        let number = self.lock().seats.take(Seat::default());
        Seated(Ticket { registry: Arc::clone(self), number })
    }

    /// Says the farewell to everybody here, and to everybody who comes later.
    pub(super) fn leave(&self) {
        let open: Vec<_> = {
            let mut hall = self.lock();
            hall.mood = Mood::Leaving;
            hall.seats.iter().filter_map(|seat| seat.socket.upgrade()).collect()
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
            if self.lock().seats.len() == 0 {
                return;
            }
            emptied.await;
        }
    }

    /// Cuts who is still here, and says how the others ended since [`leave`](Self::leave).
    pub(super) fn cut(&self) -> ShutdownSummary {
        let (summary, rest) = {
            let mut hall = self.lock();
            hall.summary.cut += hall.seats.len();
            (hall.summary, hall.seats.clear())
        };
        for task in rest.into_iter().filter_map(|seat| seat.task) {
            task.abort();
        }
        summary
    }

    fn lock(&self) -> MutexGuard<'_, Hall> {
        self.hall.lock().unwrap_or_else(PoisonError::into_inner)
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
        if let Some(seat) = self.registry.lock().seats.get_mut(self.number) {
            seat.task = Some(task);
        }
    }

    /// A handler sees the request.
    pub(super) fn reach_handler(&self) {
        if let Some(seat) = self.registry.lock().seats.get_mut(self.number) {
            seat.reached = Reached::Handler;
        }
    }

    /// The socket is open; if the server has begun to leave, it hears so at once.
    pub(super) fn open(&self, socket: &Arc<Shared>) {
        let mut hall = self.registry.lock();
        if let Some(seat) = hall.seats.get_mut(self.number) {
            seat.socket = Arc::downgrade(socket);
        }
        let mood = hall.mood;
        drop(hall);
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
        }
        let Ticket { registry, number } = &self.0;
        let mut hall = registry.lock();
        let left = hall.seats.leave(*number);
        if hall.mood == Mood::Leaving {
            let served = left.is_some_and(|seat| seat.reached == Reached::Handler);
            hall.summary.closed += usize::from(served);
        }
        if hall.seats.len() == 0 {
            drop(hall);
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
        assert!(registry.lock().seats.len() == 0);
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
