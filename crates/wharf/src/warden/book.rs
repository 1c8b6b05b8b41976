//! Who is watched, and who is asked for next.

use crate::{drain::member::Member, random::Random};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Weak},
};
use tokio::{task::Id, time::Instant};
use wharf_proto::CloseReason;

/// Somebody who is watched. It does not keep his socket open.
pub(super) struct Watched<K> {
    pub(super) key: Arc<K>,
    socket: Weak<dyn Member>,
}

/// When, and a number that tells those of one moment apart.
type Turn = (Instant, u64);

/// Who is watched: in order of their turns, and those who are asked for now.
pub(super) struct Book<K> {
    waiting: BTreeMap<Turn, Watched<K>>,
    asked: HashMap<Id, Watched<K>>,
    /// Who was told to go, and when he is cut.
    leaving: BTreeMap<Turn, Weak<dyn Member>>,
    next: u64,
    /// Who has gone is crossed out when there are so many.
    tidy_at: usize,
    pub(super) random: Random,
    pub(super) patrol: Patrolled,
}

/// Whether a task goes through the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patrolled {
    No,
    Yes,
}

impl<K> Watched<K> {
    pub(super) fn new(key: Arc<K>, socket: &Arc<dyn Member>) -> Self {
        Self { key, socket: Arc::downgrade(socket) }
    }

    fn is_here(&self) -> bool {
        self.socket.upgrade().is_some_and(|socket| !socket.has_ended())
    }
}

impl<K> Book<K> {
    pub(super) fn new() -> Self {
        Self {
            waiting: BTreeMap::new(),
            asked: HashMap::new(),
            leaving: BTreeMap::new(),
            next: 0,
            tidy_at: 64,
            random: Random::anew(),
            patrol: Patrolled::No,
        }
    }

    /// Asks for somebody at this moment.
    pub(super) fn enter(&mut self, watched: Watched<K>, at: Instant) {
        let turn = self.turn(at);
        self.waiting.insert(turn, watched);
        if self.waiting.len() >= self.tidy_at {
            self.waiting.retain(|_, watched| watched.is_here());
            self.tidy_at = 64 + 2 * self.waiting.len();
        }
    }

    /// Somebody whose turn it is; those who have gone are crossed out on the way.
    pub(super) fn next(&mut self, now: Instant) -> Option<Watched<K>> {
        loop {
            let first = self.waiting.first_entry().filter(|first| first.key().0 <= now)?;
            let watched = first.remove();
            if watched.is_here() {
                return Some(watched);
            }
        }
    }

    /// Somebody is being asked for.
    pub(super) fn ask(&mut self, question: Id, watched: Watched<K>) {
        self.asked.insert(question, watched);
    }

    /// Who was asked for, unless he was turned out meanwhile.
    pub(super) fn answered(&mut self, question: Id) -> Option<Watched<K>> {
        self.asked.remove(&question)
    }

    /// Crosses out whom this is true of.
    pub(super) fn find(&mut self, mut is_meant: impl FnMut(&K) -> bool) -> Vec<Arc<dyn Member>> {
        let mut found = Vec::new();
        let mut keep = |watched: &Watched<K>| {
            let meant = is_meant(&watched.key);
            if meant {
                found.extend(watched.socket.upgrade());
            }
            !meant
        };
        self.waiting.retain(|_, watched| keep(watched));
        self.asked.retain(|_, watched| keep(watched));
        found
    }

    /// Somebody was told to go: he is cut at this moment if he is still here.
    pub(super) fn leave(&mut self, socket: &Arc<dyn Member>, at: Instant) {
        let turn = self.turn(at);
        self.leaving.insert(turn, Arc::downgrade(socket));
    }

    /// Whose time to go is over.
    pub(super) fn overdue(&mut self, now: Instant) -> Vec<Arc<dyn Member>> {
        let later = self.leaving.split_off(&(now, u64::MAX));
        let overdue = std::mem::replace(&mut self.leaving, later);
        overdue.into_values().filter_map(|socket| socket.upgrade()).collect()
    }

    /// When there is something to do.
    pub(super) fn due(&self) -> Option<Instant> {
        let turns = [self.waiting.first_key_value().map(|(turn, _)| turn.0), self.cut_at()];
        turns.into_iter().flatten().min()
    }

    /// When the next one is cut.
    pub(super) fn cut_at(&self) -> Option<Instant> {
        self.leaving.first_key_value().map(|(turn, _)| turn.0)
    }

    /// How many are watched, some of whom may have gone.
    pub(super) fn len(&self) -> usize {
        self.waiting.len() + self.asked.len()
    }

    fn turn(&mut self, at: Instant) -> Turn {
        self.next += 1;
        (at, self.next)
    }
}

impl<K> Watched<K> {
    /// Tells somebody to go, and whom to look after then.
    pub(super) fn turn_out(&self, reason: &CloseReason) -> Option<Arc<dyn Member>> {
        let socket = self.socket.upgrade()?;
        Arc::clone(&socket).close(reason);
        Some(socket)
    }
}
