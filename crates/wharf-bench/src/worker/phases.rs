//! What a worker does when: by the clock, and by order.

use super::{LEAVING, OPENING, Phase, TICK, Worker};
use crate::{
    clock::{at, nanos},
    flow::{Allowance, Rhythm},
    orders::{Notice, Order},
    plan::{Load, Pace, Stop},
    schedule::Schedule,
    slot::{Slot, State},
};
use std::{
    sync::{Arc, mpsc::TryRecvError},
    time::Duration,
};
use wharf_proto::Now;

impl Worker {
    /// Does what the clock asks for: whether all is over.
    pub(super) fn step(&mut self, now: Now) -> bool {
        self.tally.show(now);
        self.obey(now);
        self.mark(now);
        match self.phase {
            Phase::Opening => self.open(now),
            Phase::Resting => {}
            Phase::Loading { start, until, turns, .. } => self.load(start, until, turns, now),
            Phase::Draining { until } => self.drain(until, now),
            Phase::Leaving => return self.is_empty(now),
        }
        if now - self.looked >= TICK {
            self.looked = now;
            self.expire(now);
        }
        false
    }

    fn obey(&mut self, now: Now) {
        match self.orders.try_recv() {
            Ok(order) => self.follow(order, now),
            Err(TryRecvError::Empty) => {}
            // Nobody waits for what we find out.
            Err(TryRecvError::Disconnected) if self.phase != Phase::Leaving => {
                self.follow(Order::Leave, now)
            }
            Err(TryRecvError::Disconnected) => {}
        }
    }

    fn follow(&mut self, order: Order, now: Now) {
        match order {
            Order::Load { start } => self.begin(start),
            Order::Touch { each } => {
                self.allow(|_| Allowance { rhythm: Rhythm::Answers, in_flight: each, quota: each });
                self.phase = Phase::Draining { until: now + self.plan.patience };
                (0..self.slots.len()).for_each(|index| self.send(index, now));
            }
            Order::Halt => self.halt(now),
            Order::Leave => {
                self.phase = Phase::Leaving;
                for index in 0..self.slots.len() {
                    self.dismiss(index, now);
                }
            }
        }
    }

    fn dismiss(&mut self, index: usize, now: Now) {
        let slot = &mut self.slots[index];
        let stays = slot.state == State::Ready && slot.leave(now + LEAVING).is_ok();
        if !stays && slot.state != State::Leaving {
            slot.clear(self.poll.registry(), State::Empty);
        }
    }

    /// Lays out what each connection may send.
    fn begin(&mut self, start: Now) {
        let plan = Arc::clone(&self.plan);
        let in_flight =
            if plan.load == Load::Connect { 1 } else { plan.pace.in_flight().get().into() };
        let senders = if plan.load == Load::FanOut { 1 } else { plan.connections.get().into() };
        let share = self.share;
        let turns = match plan.pace {
            Pace::Closed { .. } => None,
            Pace::Open { rate, .. } => {
                Some(Schedule::new(start, rate, share.worker, share.workers))
            }
        };
        let (from, until) = match plan.stop {
            Stop::After(length) => (start + plan.warm_up, start + plan.warm_up + length),
            Stop::Messages(_) => (start, Now::new(Duration::MAX)),
        };
        self.tools.receivers = self.ready_slots().saturating_sub(1);
        self.allow(|index| Allowance {
            rhythm: match plan.pace {
                Pace::Closed { .. } => Rhythm::Answers,
                Pace::Open { rate, .. } => {
                    Rhythm::Clock(Schedule::new(start, rate, share.global(index), senders))
                }
            },
            in_flight,
            quota: match plan.stop {
                _ if plan.load == Load::FanOut && index > 0 => 0,
                Stop::After(_) => u64::MAX,
                Stop::Messages(count) => part_of(count, share.global(index), senders),
            },
        });
        (self.next, self.heard) = (0, start);
        self.phase = Phase::Loading { start, from, until, turns };
    }

    fn ready_slots(&self) -> u64 {
        self.slots.iter().filter(|slot| slot.state == State::Ready).count() as u64
    }

    fn allow(&mut self, allowance: impl Fn(u64) -> Allowance) {
        for (index, slot) in (0..).zip(&mut self.slots) {
            slot.flow.begin(allowance(index));
        }
    }

    fn open(&mut self, now: Now) {
        while self.opening < OPENING && (self.next as usize) < self.slots.len() {
            self.dial(self.next as usize, now);
            self.next += 1;
        }
        if self.settled == self.slots.len() {
            self.phase = Phase::Resting;
            self.tell(Notice::Settled { ready: self.ready_slots() });
        }
    }

    fn load(&mut self, start: Now, until: Now, turns: Option<Schedule>, now: Now) {
        if now < start {
            return;
        }
        if now >= until || self.is_done(now) {
            return self.halt(now);
        }
        match (turns, self.plan.load) {
            (_, Load::Connect) => self.storm(now),
            (None, _) if self.next == 0 => {
                self.next = 1;
                (0..self.slots.len()).for_each(|index| self.send(index, now));
            }
            (None, _) => {}
            (Some(turns), _) => self.take_turns(turns, now),
        }
    }

    /// Every place that is free, and whose time has come.
    fn storm(&mut self, now: Now) {
        for index in 0..self.slots.len() {
            let slot = &self.slots[index];
            let rested =
                slot.state == State::Empty || (slot.state == State::Lost && slot.deadline <= now);
            if rested {
                self.dial_due(index, now);
            }
        }
    }

    /// By the clock the connections take turns.
    fn take_turns(&mut self, turns: Schedule, now: Now) {
        let senders = if self.plan.load == Load::FanOut { 1 } else { self.slots.len() as u64 };
        while turns.at(self.next) <= now {
            self.send((self.next % senders) as usize, now);
            self.next += 1;
        }
    }

    /// Whether all that was asked for is done, or cannot be done any more.
    fn is_done(&mut self, now: Now) -> bool {
        if self.plan.load == Load::Connect {
            return self.slots.iter().all(|slot| slot.flow.is_done());
        }
        if self.answers != self.tally.received {
            (self.answers, self.heard) = (self.tally.received, now);
        }
        let limited = matches!(self.plan.stop, Stop::Messages(_));
        let finished = |slot: &Slot| slot.state != State::Ready || (limited && slot.flow.is_done());
        let looks = now - self.looked >= TICK;
        let over = self.is_mute() || (looks && self.slots.iter().all(finished));
        over || (limited && now - self.heard > self.plan.patience)
    }

    /// Whether a fan-out has nobody who sends, or nobody who receives.
    fn is_mute(&self) -> bool {
        let sends = self.slots.first().is_some_and(|slot| slot.state == State::Ready);
        self.plan.load == Load::FanOut && (!sends || self.tools.receivers == 0)
    }

    /// No more is sent.
    fn halt(&mut self, now: Now) {
        if let Phase::Loading { until, .. } = self.phase {
            self.tally.owed +=
                self.slots.iter().map(|slot| slot.flow.owed(before(now.min(until)))).sum::<u64>();
        }
        self.slots.iter_mut().for_each(|slot| slot.flow.stop());
        self.phase = Phase::Draining { until: now + self.plan.patience };
    }

    fn drain(&mut self, until: Now, now: Now) {
        let waits = |slot: &Slot| {
            matches!(slot.state, State::Ready | State::Opening) && !slot.flow.is_done()
        };
        if now >= until || self.is_mute() || !self.slots.iter().any(waits) {
            let missing = self.slots.iter().map(|slot| slot.flow.in_flight()).sum::<u64>();
            self.tally.unanswered += missing;
            self.phase = Phase::Resting;
            self.tally.show(now);
            self.tell(Notice::Done);
        }
    }
}

/// The last moment before this one: what is due at the end is not due.
fn before(now: Now) -> Now {
    at(nanos(now).saturating_sub(1))
}

/// What connection `index` of `all` sends of `count` messages.
fn part_of(count: u64, index: u64, all: u64) -> u64 {
    count / all + u64::from(index < count % all)
}
