//! Who is here, and how everybody is sent away.

use super::{
    course::{Course, Left, Stage},
    member::{Member, Nobody},
    plan::DrainPlan,
    progress::{DrainPhase, DrainProgress, DrainSummary},
    refusal::Draining,
};
use crate::shelf::Shelf;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    task::yield_now,
    time::{Instant, timeout_at},
};
use wharf_proto::CloseReason;

/// Everybody who is here. Nothing of a socket is touched under its lock.
#[derive(Default)]
pub(crate) struct Hall {
    inner: Mutex<Inner>,
    /// The last has left, or the course was changed.
    turn: Notify,
    /// From the first moment of a drain on.
    progress: watch::Sender<DrainProgress>,
}

#[derive(Default)]
struct Inner {
    here: Shelf<Weak<dyn Member>>,
    course: Option<Box<Course>>,
}

/// What a driver of the drain has to do next.
enum Step {
    Wait(Instant),
    Over(DrainSummary),
}

/// What is to be done to sockets without the lock.
#[derive(Default)]
struct Work {
    close: Vec<Arc<dyn Member>>,
    cut: Vec<Arc<dyn Member>>,
}

impl Hall {
    /// Takes a place, if nobody is sent away yet.
    pub(crate) fn enter(&self) -> Result<u32, Draining> {
        let mut inner = self.lock();
        match &mut inner.course {
            None => Ok(inner.here.put(Weak::<Nobody>::new())),
            Some(course) => Err(Draining::new(course.retry_after(Instant::now()))),
        }
    }

    /// Whether anybody would be let in.
    pub(crate) fn check(&self) -> Result<(), Draining> {
        match &mut self.lock().course {
            None => Ok(()),
            Some(course) => Err(Draining::new(course.retry_after(Instant::now()))),
        }
    }

    /// The socket of this place is open; who comes too late is told so at once.
    pub(crate) fn seat(&self, place: u32, member: Arc<dyn Member>) {
        let reason = {
            let mut inner = self.lock();
            if let Some(here) = inner.here.get_mut(place) {
                *here = Arc::downgrade(&member);
            }
            inner.course.as_ref().map(|course| course.plan.reason.clone())
        };
        if let Some(reason) = reason {
            member.close(&reason);
        }
    }

    /// The place is free.
    pub(crate) fn leave(&self, place: u32, left: Left) {
        let mut inner = self.lock();
        let was_here = inner.here.take(place).is_some();
        if let (true, Some(course)) = (was_here, &mut inner.course) {
            course.count(left);
            self.tell(&inner);
        }
        if inner.here.is_empty() {
            drop(inner);
            self.turn.notify_waiters();
        }
    }

    /// Begins to send everybody away; if that has begun already, does nothing.
    pub(crate) fn begin(&self, plan: DrainPlan, now: Instant) {
        let here: Vec<(u32, Arc<dyn Member>)> = {
            let mut inner = self.lock();
            if inner.course.is_some() {
                return;
            }
            inner.course = Some(Box::new(Course::new(plan, now)));
            self.tell(&inner);
            inner.here.iter().filter_map(|(place, weak)| Some((place, weak.upgrade()?))).collect()
        };
        let close = here.iter().map(|(_, member)| member.close_within()).max();
        let places = here.iter().map(|(place, _)| *place).collect();
        if let Some(course) = &mut self.lock().course {
            course.schedule(places, close.unwrap_or(Duration::ZERO));
        }
        self.turn.notify_waiters();
    }

    /// There is no time left.
    pub(crate) fn hurry(&self) {
        if let Some(course) = &mut self.lock().course {
            course.deadline = Instant::now();
        }
        self.turn.notify_waiters();
    }

    /// Sends everybody away. Any number may do so at once, and each may stop: the others go on.
    pub(crate) async fn run(&self) -> DrainSummary {
        loop {
            let turn = self.turn.notified();
            match self.step(Instant::now()) {
                Step::Over(summary) => return summary,
                Step::Wait(until) => {
                    // Either tells that there is something to do.
                    let _ = timeout_at(until, turn).await;
                    yield_now().await;
                }
            }
        }
    }

    /// Does what is due now.
    pub(crate) fn look_at_time(&self) {
        self.step(Instant::now());
    }

    /// Ready when nobody is here.
    pub(crate) async fn empty(&self) {
        loop {
            let turn = self.turn.notified();
            if self.lock().here.is_empty() {
                return;
            }
            turn.await;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().here.len()
    }

    pub(crate) fn progress(&self) -> DrainProgress {
        self.lock().progress()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<DrainProgress> {
        self.progress.subscribe()
    }

    fn step(&self, now: Instant) -> Step {
        let (step, work, reason) = {
            let mut inner = self.lock();
            let Some(reason) = inner.course.as_ref().map(|course| course.plan.reason.clone())
            else {
                return Step::Over(DrainSummary::default());
            };
            let (step, work) = inner.step(now);
            if matches!(step, Step::Over(_)) {
                self.tell(&inner);
            }
            (step, work, reason)
        };
        work.carry_out(&reason);
        step
    }

    fn tell(&self, inner: &Inner) {
        self.progress.send_replace(inner.progress());
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn step(&mut self, now: Instant) -> (Step, Work) {
        let (mut work, here) = (Work::default(), &mut self.here);
        let Some(course) = self.course.as_mut().filter(|course| course.stage != Stage::Over) else {
            let summary = self.course.as_ref().map(|course| course.summary);
            return (Step::Over(summary.unwrap_or_default()), work);
        };
        if now >= course.deadline {
            // Who is not to be found is dropped in this moment, or had no socket yet.
            work.cut = here.clear().filter_map(|weak| weak.upgrade()).collect();
            course.summary.cut += work.cut.len();
        }
        if here.is_empty() {
            course.stage = Stage::Over;
            return (Step::Over(course.summary), work);
        }
        let due = course.due(now).into_iter();
        work.close = due.filter_map(|place| here.get_mut(place)?.upgrade()).collect();
        (Step::Wait(course.next(now)), work)
    }

    fn progress(&self) -> DrainProgress {
        let open = self.here.len();
        match &self.course {
            None => DrainProgress { open, ..DrainProgress::default() },
            Some(course) => {
                let phase = match course.stage {
                    Stage::Closing => DrainPhase::Draining,
                    Stage::Over => DrainPhase::Over,
                };
                DrainProgress { phase, open, summary: course.summary }
            }
        }
    }
}

impl Work {
    fn carry_out(self, reason: &CloseReason) {
        for member in self.close {
            member.close(reason);
        }
        for member in self.cut {
            member.cut();
        }
    }
}
