//! The loop: one thread, its connections, and the plan.

use crate::{
    alarm::Alarm,
    clock::{Clock, at, nanos},
    connection::Change,
    counting::Closed,
    flow::{Allowance, Rhythm},
    framed::Part,
    orders::{Left, Notice, Order, Share},
    plan::{Load, Pace, Plan, Stop},
    schedule::Schedule,
    slot::{Slot, State},
    tally::{Board, Counts, Tally},
    tools::Tools,
    trouble::{Trouble, TroubleKind},
};
use mio::{Events, Poll, Token};
use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TryRecvError},
    },
    time::Duration,
};
use wharf_proto::Now;

/// Events taken at once.
const EVENTS: usize = 1_024;

/// The alarm's events.
const ALARM: Token = Token(usize::MAX);

/// Handshakes that one worker has under way, so that a server's backlog does not overflow.
const OPENING: usize = 64;

/// How often deadlines are looked at, and orders, if nothing else happens.
const TICK: Duration = Duration::from_millis(10);

/// How long a closing handshake may take.
const LEAVING: Duration = Duration::from_secs(1);

/// After a handshake that failed in a storm, its place rests.
const REST: Duration = Duration::from_millis(10);

/// A thread's part of a run.
pub(crate) struct Worker {
    poll: Poll,
    alarm: Alarm,
    clock: Clock,
    plan: Arc<Plan>,
    share: Share,
    slots: Vec<Slot>,
    tools: Tools,
    tally: Tally,
    phase: Phase,
    /// The first place that was not dialled; or, by the clock, the turn that is next.
    next: u64,
    opening: usize,
    settled: usize,
    looked: Now,
    heard: Now,
    answers: u64,
    orders: Receiver<Order>,
    notices: SyncSender<Notice>,
}

/// What a worker does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    /// Opens its connections.
    Opening,
    /// Waits for an order.
    Resting,
    /// Sends; what comes between these counts.
    Loading { start: Now, from: Now, until: Now, turns: Option<Schedule> },
    /// Waits for the last answers.
    Draining { until: Now },
    /// Closes.
    Leaving,
}

impl Worker {
    pub(crate) fn new(
        plan: Arc<Plan>,
        share: Share,
        board: Arc<Board>,
        clock: Clock,
        orders: Receiver<Order>,
        notices: SyncSender<Notice>,
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let part = |index| match plan.load {
            Load::FanOut if index == 0 => Part::Publisher,
            Load::FanOut => Part::Subscriber(0),
            Load::Echo | Load::Connect | Load::Idle(_) => Part::Echo,
        };
        Ok(Self {
            alarm: Alarm::new(poll.registry(), ALARM)?,
            slots: (0..share.connections).map(|index| Slot::new(part(index))).collect(),
            tools: Tools::new(Arc::clone(&plan), share.worker),
            tally: Tally::new(board),
            phase: if plan.load == Load::Connect { Phase::Resting } else { Phase::Opening },
            next: 0,
            opening: 0,
            settled: 0,
            looked: Now::default(),
            heard: Now::default(),
            answers: 0,
            poll,
            clock,
            plan,
            share,
            orders,
            notices,
        })
    }

    /// Works until it is told to leave and all connections have left.
    pub(crate) fn run(mut self) -> io::Result<Left> {
        let mut events = Events::with_capacity(EVENTS);
        if self.phase == Phase::Resting {
            self.tell(Notice::Settled { ready: self.share.connections });
        }
        loop {
            let now = self.clock.now();
            if self.step(now) {
                self.tally.show_latencies(now);
                return Ok(self.left(now));
            }
            let wait = self.alarm.set(self.wait(now), TICK)?;
            match self.poll.poll(&mut events, Some(wait)) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                done => done?,
            }
            for event in &events {
                if event.token() != ALARM {
                    let closed = if event.is_read_closed() || event.is_error() { Closed::Maybe } else { Closed::No };
                    self.serve(event.token().0, closed);
                }
            }
        }
    }

    /// How long nothing is to be done by the clock.
    fn wait(&self, now: Now) -> Duration {
        match self.phase {
            Phase::Loading { turns: Some(turns), .. } if self.plan.load != Load::Connect => turns.at(self.next) - now,
            // The places of a storm are looked at one by one.
            Phase::Loading { turns: Some(_), .. } => Duration::from_micros(500),
            Phase::Loading { start, .. } if start > now => start - now,
            _ => TICK,
        }
    }

    fn serve(&mut self, index: usize, closed: Closed) {
        let now = self.clock.now();
        self.mark(now);
        let slot = &mut self.slots[index];
        match slot.on_ready(closed, &mut self.tools, &mut self.tally, now) {
            Ok(Change::None) => {}
            Ok(Change::Ready) => self.ready(index, now),
            Ok(Change::Left) => {
                slot.clear(self.poll.registry(), State::Empty);
                self.again(index, now);
            }
            Err(trouble) => self.lose(index, trouble, now),
        }
        if self.tools.fanned > 0 {
            self.fanned(now);
        }
    }

    /// Inside the window everything counts, and nothing outside.
    fn mark(&mut self, now: Now) {
        let counts = match self.phase {
            Phase::Loading { from, until, .. } if from <= now && now < until => Counts::Yes,
            Phase::Draining { .. } if matches!(self.plan.stop, Stop::Messages(_)) => Counts::Yes,
            _ => Counts::No,
        };
        self.tally.set(counts);
    }

    /// A connection is open.
    fn ready(&mut self, index: usize, now: Now) {
        let slot = &mut self.slots[index];
        self.opening -= 1;
        if self.plan.load == Load::Connect {
            let tally = &mut self.tally;
            // A place asks for one handshake at a time.
            let _ = slot.flow.answered(1, now, |latency, count| tally.received(latency, count, 0, now));
            if let Err(trouble) = slot.leave(now + LEAVING) {
                self.lose(index, trouble, now);
            }
            return;
        }
        slot.state = State::Ready;
        self.settled += 1;
    }

    /// A connection has ended before it should.
    fn lose(&mut self, index: usize, trouble: Trouble, now: Now) {
        let slot = &mut self.slots[index];
        let before = slot.state;
        let missing = slot.clear(self.poll.registry(), State::Lost);
        if before == State::Leaving {
            slot.state = State::Empty;
            return self.again(index, now);
        }
        self.tally.troubles.add(trouble);
        if before == State::Opening {
            self.opening -= 1;
        }
        if self.plan.load == Load::Connect {
            let _ = slot.flow.answered(1, now, |_, _| {});
            slot.deadline = now + REST;
        } else if before == State::Opening {
            self.settled += 1;
        }
        if let (Some(next), State::Ready) = (missing, before) {
            self.tools.receivers -= 1;
            self.tools.fanned += self.tools.fan.lost(next);
        }
    }

    /// In a storm a place is used again.
    fn again(&mut self, index: usize, now: Now) {
        if self.plan.load == Load::Connect && matches!(self.phase, Phase::Loading { .. }) {
            self.dial_due(index, now);
        }
    }

    fn dial_due(&mut self, index: usize, now: Now) {
        if self.slots[index].flow.due(now) > 0 {
            self.slots[index].flow.sent(1, 0, now);
            self.tally.sent(1);
            self.dial(index, now);
        }
    }

    fn dial(&mut self, index: usize, now: Now) {
        self.opening += 1;
        let (slot, deadline) = (&mut self.slots[index], now + self.plan.patience);
        let dialled = slot.dial(&self.tools, self.poll.registry(), Token(index), deadline);
        if let Err(trouble) = dialled {
            slot.state = State::Opening;
            self.lose(index, trouble, now);
        }
    }

    /// Published messages that all have make room for the next.
    fn fanned(&mut self, now: Now) {
        let publisher = &mut self.slots[0];
        let count = std::mem::take(&mut self.tools.fanned);
        // Those that were published after the publisher had ended are nobody's.
        let _ = publisher.flow.answered(count, now, |_, _| {});
        self.send(0, now);
    }

    fn send(&mut self, index: usize, now: Now) {
        let slot = &mut self.slots[index];
        if slot.state == State::Ready
            && let Err(trouble) = slot.send(&mut self.tools, &mut self.tally, now)
        {
            self.lose(index, trouble, now);
        }
    }

    /// Does what the clock asks for: whether all is over.
    fn step(&mut self, now: Now) -> bool {
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
            Err(TryRecvError::Disconnected) if self.phase != Phase::Leaving => self.follow(Order::Leave, now),
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
        let in_flight = if plan.load == Load::Connect { 1 } else { plan.pace.in_flight().get().into() };
        let senders = if plan.load == Load::FanOut { 1 } else { plan.connections.get().into() };
        let share = self.share;
        let turns = match plan.pace {
            Pace::Closed { .. } => None,
            Pace::Open { rate, .. } => {
                let (workers, senders) = (share.workers, u64::min(senders, share.workers));
                Some(Schedule::new(start, rate, share.worker, if plan.load == Load::FanOut { senders } else { workers }))
            }
        };
        let (from, until) = match plan.stop {
            Stop::After(length) => (start + plan.warm_up, start + plan.warm_up + length),
            Stop::Messages(_) => (start, Now::new(Duration::MAX)),
        };
        self.tools.receivers = self.slots.iter().filter(|slot| slot.state == State::Ready).count() as u64 - u64::from(plan.load == Load::FanOut);
        self.allow(|index| Allowance {
            rhythm: match plan.pace {
                Pace::Closed { .. } => Rhythm::Answers,
                Pace::Open { rate, .. } => Rhythm::Clock(Schedule::new(start, rate, share.global(index), senders)),
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
            let ready = self.slots.iter().filter(|slot| slot.state == State::Ready).count() as u64;
            self.tell(Notice::Settled { ready });
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
            let rested = slot.state == State::Empty || (slot.state == State::Lost && slot.deadline <= now);
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
        let mute = self.plan.load == Load::FanOut && self.slots[0].state != State::Ready;
        let over = mute || self.looked != now && now - self.looked >= TICK && self.slots.iter().all(finished);
        over || (limited && now - self.heard > self.plan.patience)
    }

    /// No more is sent.
    fn halt(&mut self, now: Now) {
        if let Phase::Loading { until, .. } = self.phase {
            self.tally.owed += self.slots.iter().map(|slot| slot.flow.owed(before(now.min(until)))).sum::<u64>();
        }
        self.slots.iter_mut().for_each(|slot| slot.flow.stop());
        self.phase = Phase::Draining { until: now + self.plan.patience };
    }

    fn drain(&mut self, until: Now, now: Now) {
        let waits = |slot: &Slot| matches!(slot.state, State::Ready | State::Opening) && !slot.flow.is_done();
        if now >= until || !self.slots.iter().any(waits) {
            let missing = self.slots.iter().map(|slot| slot.flow.in_flight()).sum::<u64>();
            self.tally.unanswered += missing;
            self.phase = Phase::Resting;
            self.tally.show(now);
            self.tell(Notice::Done);
        }
    }

    /// Looks for deadlines that have passed.
    fn expire(&mut self, now: Now) {
        for index in 0..self.slots.len() {
            let slot = &mut self.slots[index];
            match slot.state {
                State::Opening if slot.deadline <= now => {
                    let text = format!("not open after {:?}", self.plan.patience);
                    self.lose(index, Trouble::new(TroubleKind::Timeout, text), now);
                }
                State::Leaving if slot.deadline <= now => {
                    slot.clear(self.poll.registry(), State::Empty);
                    self.again(index, now);
                }
                _ => {}
            }
        }
    }

    /// Whether every connection has left.
    fn is_empty(&mut self, now: Now) -> bool {
        self.expire(now);
        !self.slots.iter().any(|slot| slot.state == State::Leaving)
    }

    fn tell(&self, notice: Notice) {
        // Nobody listens if the run was given up.
        let _ = self.notices.send(notice);
    }

    fn left(self, now: Now) -> Left {
        Left { tally: self.tally, now }
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
