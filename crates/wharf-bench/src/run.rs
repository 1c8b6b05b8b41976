//! A run: starts the workers, tells them when, and adds up what they found.

use crate::{
    clock::Clock,
    descriptors,
    error::RunError,
    meter::Meter,
    orders::{Left, Notice, Order, Share},
    plan::{Load, Plan, Stop, Touch},
    progress::{Progress, Stage, Timeline},
    report::{Connections, Messages, Report, SHAPE},
    tally::Board,
    trouble::Troubles,
    worker::Worker,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};
use wharf_proto::Now;

/// Ends a run early, from another thread: what was measured so far is reported.
#[derive(Debug, Clone, Default)]
pub struct Stopper(Arc<AtomicBool>);

impl Stopper {
    /// Ends the run.
    pub fn stop(&self) {
        self.0.store(true, Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// How often the run is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// Between the order and the first message, so that all workers begin together.
const RUN_UP: Duration = Duration::from_millis(5);

/// Descriptors that are not connections.
const SPARE: u64 = 64;

/// Runs a plan. `look` is called some ten times a second.
///
/// # Errors
/// Nothing could be measured: no connection was opened, or the plan cannot be carried out here.
pub fn run(
    plan: Plan,
    stopper: &Stopper,
    look: &mut dyn FnMut(&Progress<'_>),
) -> Result<Report, RunError> {
    let wanted = u64::from(plan.connections.get()) + SPARE;
    descriptors::allow(wanted).map_err(|limit| RunError::Descriptors { limit, wanted })?;
    let meter = Meter::new(plan.server)?;
    Run::start(plan, meter, stopper)?.go(look)
}

/// A run under way.
struct Run<'a> {
    plan: Arc<Plan>,
    meter: Meter,
    clock: Clock,
    stopper: &'a Stopper,
    boards: Vec<Arc<Board>>,
    orders: Vec<Sender<Order>>,
    workers: Vec<JoinHandle<std::io::Result<Left>>>,
    notices: Receiver<Notice>,
    timeline: Timeline,
}

impl<'a> Run<'a> {
    fn start(plan: Plan, meter: Meter, stopper: &'a Stopper) -> Result<Self, RunError> {
        let (plan, clock) = (Arc::new(plan), Clock::start());
        // Of a fan-out one thread sees every delivery.
        let threads = if plan.load == Load::FanOut { 1 } else { plan.threads.get() };
        let workers = threads.min(plan.connections.get() as usize);
        // A worker tells two things at most.
        let (notices, told) = sync_channel(workers * 8);
        let mut run = Self {
            timeline: Timeline::new(interval(&plan)),
            boards: Vec::new(),
            orders: Vec::new(),
            workers: Vec::new(),
            notices: told,
            plan: Arc::clone(&plan),
            meter,
            clock,
            stopper,
        };
        for share in Share::all(plan.connections.get().into(), workers as u64) {
            let (order, orders) = channel();
            let board = Board::new();
            let worker = Worker::new(
                Arc::clone(&plan),
                share,
                Arc::clone(&board),
                clock,
                orders,
                notices.clone(),
            );
            let worker = worker.map_err(RunError::System)?;
            run.boards.push(board);
            run.orders.push(order);
            run.workers.push(thread::spawn(move || worker.run()));
        }
        Ok(run)
    }

    fn go(mut self, look: &mut dyn FnMut(&Progress<'_>)) -> Result<Report, RunError> {
        let ready = self.wait(Stage::Opening, look);
        if self.plan.load != Load::Connect {
            self.meter.hold("handshake", self.opened());
        }
        let usable = ready > 0 && !self.stopper.is_stopped();
        let length = if usable { self.measure(look) } else { Duration::ZERO };
        self.order(Order::Leave);
        self.finish(length, ready)
    }

    fn measure(&mut self, look: &mut dyn FnMut(&Progress<'_>)) -> Duration {
        match (self.plan.load, self.plan.stop) {
            (Load::Idle(touch), stop) => self.hold(touch, stop, look),
            (_, Stop::After(length)) => self.load(Some(length), look),
            (_, Stop::Messages(_)) => self.load(None, look),
        }
    }

    /// Loads: how long was measured.
    fn load(&mut self, length: Option<Duration>, look: &mut dyn FnMut(&Progress<'_>)) -> Duration {
        let start = self.clock.now() + RUN_UP;
        self.order(Order::Load { start });
        let from = if length.is_some() { start + self.plan.warm_up } else { start };
        let mut done = self.pause(Stage::WarmUp, from, look);
        self.meter.begin(self.received());
        if let Some(length) = length {
            done += self.pause_counting(from, Some(length), done, look);
            self.meter.end(self.received());
        } else {
            done += self.pause_counting(from, None, done, look);
            self.meter.end(self.received());
        }
        let end = self.clock.now();
        if self.stopper.is_stopped() {
            self.order(Order::Halt);
        }
        while done < self.workers.len() && self.notices.recv_timeout(self.plan.patience * 2).is_ok()
        {
            done += 1;
        }
        self.meter.hold("load", self.opened());
        length.map_or(end - from, |length| length.min(end - from))
    }

    /// Holds what was opened: how long.
    fn hold(&mut self, touch: Touch, stop: Stop, look: &mut dyn FnMut(&Progress<'_>)) -> Duration {
        let steps = [
            (Touch::Echo, "echo", 1),
            (Touch::Burst, "burst", self.plan.pace.in_flight().get().into()),
        ];
        for (_, name, each) in steps.into_iter().filter(|(step, ..)| *step <= touch) {
            self.order(Order::Touch { each });
            self.wait(Stage::Holding, look);
            self.meter.hold(name, self.opened());
        }
        let Stop::After(length) = stop else { return Duration::ZERO };
        let from = self.clock.now();
        self.meter.begin(0);
        self.pause(Stage::Holding, from + length, look);
        self.meter.end(0);
        self.clock.now() - from
    }

    fn order(&self, order: Order) {
        for orders in &self.orders {
            // A worker that has failed says so when it is joined.
            let _ = orders.send(order);
        }
    }

    /// Waits until every worker has told something: how many connections can be used.
    fn wait(&mut self, stage: Stage, look: &mut dyn FnMut(&Progress<'_>)) -> u64 {
        let (mut told, mut usable) = (0, 0);
        while told < self.workers.len() && !self.stopper.is_stopped() {
            match self.notices.recv_timeout(LOOK) {
                Ok(notice) => {
                    told += 1;
                    usable += notice.ready();
                }
                Err(RecvTimeoutError::Timeout) => self.look(stage, None, None, look),
                Err(RecvTimeoutError::Disconnected) => return usable,
            }
        }
        usable
    }

    /// Waits until then: how many workers were done before.
    fn pause(&mut self, stage: Stage, until: Now, look: &mut dyn FnMut(&Progress<'_>)) -> usize {
        let mut done = 0;
        while !self.stopper.is_stopped() && self.clock.now() < until {
            let rest = (until - self.clock.now()).min(LOOK);
            match self.notices.recv_timeout(rest) {
                Ok(_) => done += 1,
                Err(RecvTimeoutError::Timeout) => self.look(stage, None, None, look),
                Err(RecvTimeoutError::Disconnected) => return done,
            }
        }
        done
    }

    /// Waits until the time is over, or all are done: how many workers were done before.
    fn pause_counting(
        &mut self,
        from: Now,
        length: Option<Duration>,
        before: usize,
        look: &mut dyn FnMut(&Progress<'_>),
    ) -> usize {
        let mut done = 0;
        while !self.stopper.is_stopped() && before + done < self.workers.len() {
            let elapsed = self.clock.now() - from;
            let rest = length.map_or(LOOK, |length| length.saturating_sub(elapsed)).min(LOOK);
            if rest.is_zero() {
                break;
            }
            match self
                .notices
                .recv_timeout(rest.min(self.timeline.wait(elapsed).max(Duration::from_millis(1))))
            {
                Ok(_) => done += 1,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.sample(from);
            self.look(Stage::Measuring, Some(from), length, look);
        }
        done
    }

    /// Adds a point if one is due.
    fn sample(&mut self, from: Now) {
        let elapsed = self.clock.now() - from;
        if self.timeline.wait(elapsed).is_zero() {
            self.collect();
            let received = self.received();
            self.timeline.add(elapsed, received);
        }
    }

    fn collect(&mut self) {
        for board in &self.boards {
            board.take_recent(self.timeline.recent());
        }
    }

    fn look(
        &self,
        stage: Stage,
        from: Option<Now>,
        length: Option<Duration>,
        look: &mut dyn FnMut(&Progress<'_>),
    ) {
        look(&Progress {
            stage,
            elapsed: from.map_or(Duration::ZERO, |from| self.clock.now() - from),
            length,
            opened: self.opened(),
            received: self.received(),
            latency: self.timeline.latency(),
            timeline: self.timeline.points(),
        });
    }

    fn opened(&self) -> u64 {
        self.boards.iter().map(|board| board.opened.load(Relaxed)).sum()
    }

    fn received(&self) -> u64 {
        self.boards.iter().map(|board| board.received.load(Relaxed)).sum()
    }

    /// Adds up.
    fn finish(mut self, length: Duration, ready: u64) -> Result<Report, RunError> {
        let mut found = Found::default();
        for worker in std::mem::take(&mut self.workers) {
            let left = worker
                .join()
                .map_err(|_| RunError::System(std::io::Error::other("a worker panicked")))?;
            found.add(left.map_err(RunError::System)?);
        }
        self.collect();
        self.timeline.settle();
        if ready == 0 || found.connections.opened == 0 {
            return Err(RunError::Unopened(found.troubles.by_count()));
        }
        Ok(self.report(found, length))
    }

    fn report(self, found: Found, length: Duration) -> Report {
        let seconds = length.as_secs_f64();
        let per_second = |count: u64| if seconds > 0.0 { count as f64 / seconds } else { 0.0 };
        let (generator, server, memory) = self.meter.usage();
        Report {
            shape: SHAPE,
            wharf: env!("CARGO_PKG_VERSION").to_owned(),
            plan: (&*self.plan).into(),
            seconds,
            messages: found.messages,
            rate: per_second(found.messages.received),
            bytes_per_second: per_second(found.bytes),
            latency: self.timeline.latency(),
            generator,
            server,
            memory,
            connections: Connections { asked: self.plan.connections.get(), ..found.connections },
            troubles: found.troubles.into(),
            timeline: self.timeline.points().to_vec(),
        }
    }
}

/// What all workers found.
#[derive(Debug, Default)]
struct Found {
    messages: Messages,
    bytes: u64,
    connections: Connections,
    troubles: Troubles,
    last: Now,
}

impl Found {
    fn add(&mut self, Left { tally, now }: Left) {
        self.messages.sent += tally.sent;
        self.messages.received += tally.received;
        self.messages.unsent += tally.owed;
        self.messages.unanswered += tally.unanswered;
        self.bytes += tally.bytes;
        self.connections.opened += tally.opened;
        self.connections.failed += tally.troubles.total();
        self.troubles.merge(tally.troubles);
        self.last = self.last.max(now);
    }
}

/// How far apart points are: a short run has some too.
fn interval(plan: &Plan) -> Duration {
    match plan.stop {
        Stop::After(length) => (length / 60).clamp(LOOK, Duration::from_secs(1)),
        Stop::Messages(_) => LOOK,
    }
}
