//! The one task that asks for everybody.

use super::{
    access::{Access, OnUnknown},
    book::{Book, Patrolled, Watched},
    rules::{Ask, Rules},
};
use crate::drain::member::Member;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::Notify,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until, timeout},
};
use wharf_proto::CloseReason;

/// What the handles of a warden and its task share.
pub(super) struct Post<K> {
    book: Mutex<Book<K>>,
    news: Notify,
    rules: Rules,
    ask: Option<Ask<K>>,
}

/// Answers on their way.
type Questions = JoinSet<Access>;

/// As long as it lives the task does.
struct Patrol<K> {
    post: Arc<Post<K>>,
    /// No once it has said so in the book.
    runs: Patrolled,
}

impl<K: Send + Sync + 'static> Post<K> {
    pub(super) fn new(rules: Rules, ask: Option<Ask<K>>) -> Self {
        Self { book: Mutex::new(Book::new()), news: Notify::new(), rules, ask }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Book<K>> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn watch(self: &Arc<Self>, key: Arc<K>, socket: &Arc<dyn Member>) {
        self.enter(Watched::new(key, socket));
        self.wake();
    }

    /// Closes whom this is true of, and cuts who does not go.
    pub(super) fn turn_out(
        self: &Arc<Self>,
        is_meant: impl FnMut(&K) -> bool,
        reason: &CloseReason,
    ) -> usize {
        let found = self.lock().find(is_meant);
        for socket in &found {
            Arc::clone(socket).close(reason);
            self.look_after(socket);
        }
        self.wake();
        found.len()
    }

    /// The socket cuts itself, if somebody drives it; nobody may.
    fn look_after(&self, socket: &Arc<dyn Member>) {
        let at = later(socket.close_within().saturating_add(Duration::from_millis(100)));
        self.lock().leave(socket, at);
    }

    fn enter(&self, watched: Watched<K>) {
        let mut book = self.lock();
        let wait = self.rules.wait(&mut book.random);
        book.enter(watched, later(wait));
    }

    /// There is something new; starts the task, if none runs. Outside of a runtime that is left to the next
    /// time.
    fn wake(self: &Arc<Self>) {
        self.news.notify_one();
        let mut book = self.lock();
        if book.patrol == Patrolled::Yes || self.due(&book).is_none() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            book.patrol = Patrolled::Yes;
            drop(book);
            let patrol = Patrol { post: Arc::clone(self), runs: Patrolled::Yes };
            runtime.spawn(async move { patrol.run().await });
        }
    }

    /// Without a question only those who leave are looked after.
    fn due(&self, book: &Book<K>) -> Option<Instant> {
        if self.ask.is_some() { book.due() } else { book.cut_at() }
    }

    /// Asks for those whose turn it is; says when the next turn is.
    fn ask(&self, questions: &mut Questions) -> Option<Instant> {
        let now = Instant::now();
        let overdue = self.lock().overdue(now);
        for socket in overdue {
            socket.cut();
        }
        let mut book = self.lock();
        let Some(ask) = &self.ask else { return book.cut_at() };
        while questions.len() < self.rules.at_a_time {
            let Some(watched) = book.next(now) else { return book.due() };
            // What the hook does before its first await runs in a task of its own too: it may panic.
            let question = question(ask, &watched.key, self.rules.within);
            let id = questions.spawn(question).id();
            book.ask(id, watched);
        }
        book.cut_at()
    }

    fn decide(&self, answer: Result<(Id, Access), JoinError>) {
        let (question, access) = match answer {
            Ok((question, access)) => (question, access),
            Err(error) => {
                tracing::error!(%error, "the hook that is asked who may stay has failed");
                (error.id(), Access::Unknown)
            }
        };
        let watched = self.lock().answered(question);
        let Some(watched) = watched else { return };
        let reason = match (access, &self.rules.unknown) {
            (Access::Granted, _) | (Access::Unknown, OnUnknown::Keep) => {
                self.enter(watched);
                return;
            }
            (Access::Denied(reason), _) => reason,
            (Access::Unknown, OnUnknown::Close(reason)) => reason.clone(),
        };
        tracing::debug!(%reason, "a connection may not stay");
        if let Some(socket) = watched.turn_out(&reason) {
            self.look_after(&socket);
        }
    }
}

/// Not a borrow of the hook: a task may outlive it.
fn question<K: Send + Sync + 'static>(
    ask: &Ask<K>,
    key: &Arc<K>,
    within: Duration,
) -> impl Future<Output = Access> + Send + use<K> {
    let ask = Arc::clone(ask);
    let key = Arc::clone(key);
    async move { timeout(within, async { ask(key).await }).await.unwrap_or(Access::Unknown) }
}

impl<K: Send + Sync + 'static> Patrol<K> {
    async fn run(mut self) {
        let mut questions = Questions::new();
        loop {
            let due = self.post.ask(&mut questions);
            if due.is_none() && questions.is_empty() && self.is_over() {
                return;
            }
            let turn = async {
                match due {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = turn => {}
                () = self.post.news.notified() => {}
                Some(answer) = questions.join_next_with_id() => self.post.decide(answer),
            }
        }
    }

    /// Whether nobody is left; whoever comes from now on starts another task.
    fn is_over(&mut self) -> bool {
        let mut book = self.post.lock();
        let over = self.post.due(&book).is_none();
        if over {
            (book.patrol, self.runs) = (Patrolled::No, Patrolled::No);
        }
        over
    }
}

/// A runtime that is shut down drops its tasks.
impl<K> Drop for Patrol<K> {
    fn drop(&mut self) {
        if self.runs == Patrolled::Yes {
            let book = self.post.book.lock();
            book.unwrap_or_else(PoisonError::into_inner).patrol = Patrolled::No;
        }
    }
}

/// A wait may be longer than clocks are.
fn later(wait: Duration) -> Instant {
    let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(wait.min(century)).unwrap_or(now)
}
