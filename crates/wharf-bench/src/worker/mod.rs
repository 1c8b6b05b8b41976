//! The loop: one thread, its connections, and the plan.

mod phases;

use crate::{
    alarm::Alarm,
    clock::Clock,
    connection::Change,
    counting::Closed,
    framed::Part,
    orders::{Notice, Order, Share},
    plan::{Load, Plan, Stop},
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
        mpsc::{Receiver, SyncSender},
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
    /// The first place that was not dialled.
    dialled: usize,
    /// By the clock, the turn that is next, and whose it is.
    turn: u64,
    place: usize,
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
            dialled: 0,
            turn: 0,
            place: 0,
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
    pub(crate) fn run(mut self) -> io::Result<Tally> {
        let mut events = Events::with_capacity(EVENTS);
        if self.phase == Phase::Resting {
            self.tell(Notice::Settled { ready: self.share.connections });
        }
        loop {
            let now = self.clock.now();
            if self.step(now) {
                self.tally.show_latencies(now);
                return Ok(self.tally);
            }
            let wait = self.alarm.set(self.wait(now), TICK)?;
            match self.poll.poll(&mut events, Some(wait)) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                done => done?,
            }
            for event in &events {
                if event.token() != ALARM {
                    let closed = if event.is_read_closed() || event.is_error() {
                        Closed::Maybe
                    } else {
                        Closed::No
                    };
                    self.serve(event.token().0, closed);
                }
            }
        }
    }

    /// How long nothing is to be done by the clock.
    fn wait(&self, now: Now) -> Duration {
        match self.phase {
            Phase::Loading { turns: Some(turns), .. } => turns.at(self.turn) - now,
            Phase::Loading { start, .. } if start > now => start - now,
            Phase::Opening
            | Phase::Resting
            | Phase::Loading { .. }
            | Phase::Draining { .. }
            | Phase::Leaving => TICK,
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
            Phase::Opening
            | Phase::Resting
            | Phase::Loading { .. }
            | Phase::Draining { .. }
            | Phase::Leaving => Counts::No,
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
            let _ =
                slot.flow.answered(1, now, |latency, count| tally.received(latency, count, 0, now));
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
            self.tools.receivers = self.tools.receivers.saturating_sub(1);
            self.tools.fanned += self.tools.fan.lost(next);
        }
    }

    /// In a storm a place is used again, but none before the start: what is asked earlier does not count.
    fn again(&mut self, index: usize, now: Now) {
        let has_begun = matches!(self.phase, Phase::Loading { start, .. } if start <= now);
        if self.plan.load == Load::Connect && has_begun {
            self.dial_due(index, now);
        }
    }

    /// Opens a connection, if the place is free and its time has come.
    fn dial_due(&mut self, index: usize, now: Now) {
        let slot = &mut self.slots[index];
        let rests = slot.state == State::Lost && slot.deadline > now;
        let is_free = matches!(slot.state, State::Empty | State::Lost) && !rests;
        if is_free && slot.flow.due(now) > 0 {
            slot.flow.sent(1, 0, now);
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

    /// Does what is due on this connection.
    fn send(&mut self, index: usize, now: Now) {
        if self.plan.load == Load::Connect {
            return self.dial_due(index, now);
        }
        let slot = &mut self.slots[index];
        if slot.state == State::Ready
            && let Err(trouble) = slot.send(&mut self.tools, &mut self.tally, now)
        {
            self.lose(index, trouble, now);
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
                // A place of a storm that rested after a failure, or was not free when its turn came.
                State::Lost | State::Empty => self.again(index, now),
                State::Opening | State::Ready | State::Leaving => {}
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
}
