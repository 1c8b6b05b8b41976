//! Both directions, and a hand on them.

use super::{
    faults::{Cut, Faults},
    pipe::Pipe,
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Both directions of a wire.
#[derive(Debug)]
pub(crate) struct Pipes {
    pub(crate) to_client: Pipe,
    pub(crate) to_server: Pipe,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    ToClient,
    ToServer,
}

pub(crate) type Shared = Arc<Mutex<Pipes>>;

pub(crate) fn lock(pipes: &Shared) -> MutexGuard<'_, Pipes> {
    // A test that panicked elsewhere must not hide behind a second panic here.
    pipes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pipes {
    pub(crate) fn new(to_client: Faults, to_server: Faults, seed: u64) -> Shared {
        let to_client = Pipe::new(to_client, seed);
        Arc::new(Mutex::new(Self { to_client, to_server: Pipe::new(to_server, !seed) }))
    }

    pub(crate) const fn pipe(&mut self, way: Way) -> &mut Pipe {
        match way {
            Way::ToClient => &mut self.to_client,
            Way::ToServer => &mut self.to_server,
        }
    }

    pub(crate) fn reset(&mut self) {
        self.to_client.reset();
        self.to_server.reset();
    }
}

impl Way {
    pub(crate) const fn back(self) -> Self {
        match self {
            Self::ToClient => Self::ToServer,
            Self::ToServer => Self::ToClient,
        }
    }
}

/// The wire between two ends, to act on it while a test runs. Cheap to clone; dropping it changes nothing.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let (client, mut server, wire) = wharf::testing::Pair::new().open();
/// wire.reset();
/// assert!(server.recv().await.unwrap_err().is_io());
/// # drop(client);
/// # }
/// ```
#[derive(Clone)]
pub struct Wire(pub(crate) Shared);

impl Wire {
    /// What the client writes.
    pub fn to_server(&self) -> Direction {
        Direction { pipes: Arc::clone(&self.0), way: Way::ToServer }
    }

    /// What the server writes.
    pub fn to_client(&self) -> Direction {
        Direction { pipes: Arc::clone(&self.0), way: Way::ToClient }
    }

    /// Resets the connection: reads and writes of both ends fail from now on, and what was under way is lost.
    pub fn reset(&self) {
        lock(&self.0).reset();
    }
}

/// One direction of a [`Wire`].
#[derive(Clone)]
pub struct Direction {
    pipes: Shared,
    way: Way,
}

impl Direction {
    /// Takes no more: the writer waits. What is under way arrives.
    pub fn stall(&self) {
        self.cut(Cut::Stall);
    }

    /// Ends a stall.
    pub fn resume(&self) {
        lock(&self.pipes).pipe(self.way).resume();
    }

    /// Cuts it now.
    pub fn cut(&self, cut: Cut) {
        let mut pipes = lock(&self.pipes);
        match cut {
            Cut::Reset => pipes.reset(),
            Cut::Eof | Cut::Silence | Cut::Stall => pipes.pipe(self.way).end_with(cut),
        }
    }

    /// How many bytes the writer got rid of so far: what a test goes through to cut at each.
    pub fn bytes(&self) -> u64 {
        lock(&self.pipes).pipe(self.way).taken()
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("to_server", &self.to_server())
            .field("to_client", &self.to_client())
            .finish()
    }
}

impl fmt::Debug for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direction").field("bytes", &self.bytes()).finish_non_exhaustive()
    }
}
