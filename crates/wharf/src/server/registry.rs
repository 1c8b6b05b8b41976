//! Who must hear the farewell when the server goes down.

use crate::socket::{sender::Sender, shared::Shared};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};
use wharf_proto::CloseCode;

/// The seats of all connections of one server. It is as big as the caps on connections and handshakes allow.
#[derive(Default)]
pub(super) struct Registry(Mutex<Seats>);

#[derive(Default)]
struct Seats {
    next: u64,
    taken: HashMap<u64, Seat>,
    mood: Mood,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mood {
    #[default]
    Staying,
    Leaving,
}

/// The place of one connection, from its first byte on.
enum Seat {
    /// No socket yet.
    Waiting,
    /// It does not keep the socket alive.
    Open(Weak<Shared>),
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
        seats.taken.insert(id, Seat::Waiting);
        Seated(Ticket { registry: Arc::clone(self), id })
    }

    /// Says the farewell to everybody here, and to everybody who comes later.
    pub(super) fn leave(&self) {
        let open: Vec<_> = {
            let mut seats = self.lock();
            seats.mood = Mood::Leaving;
            seats.taken.values().filter_map(Seat::socket).collect()
        };
        for socket in open {
            farewell(socket);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    fn socket(&self) -> Option<Arc<Shared>> {
        match self {
            Self::Waiting => None,
            Self::Open(socket) => socket.upgrade(),
        }
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

    /// The socket is open; if the server has begun to leave, it hears so at once.
    pub(super) fn open(&self, socket: &Arc<Shared>) {
        let mut seats = self.registry.lock();
        if let Some(seat) = seats.taken.get_mut(&self.id) {
            *seat = Seat::Open(Arc::downgrade(socket));
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
        let Ticket { registry, id } = &self.0;
        registry.lock().taken.remove(id);
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
}
