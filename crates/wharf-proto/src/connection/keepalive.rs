//! Signs of life: when to ask for one, and when to give up.

use crate::{config::Timeouts, error::Silence, time::Now};
use core::{num::NonZeroU64, time::Duration};

/// What a peer that lives would have shown by now. Traffic only stores a number.
#[derive(Debug)]
pub(crate) struct KeepAlive {
    /// When bytes came last: the only proof of life (checklist 76).
    received: Now,
    /// When the transport took bytes last, or had none to take.
    written: Now,
    /// The Ping that was not answered yet.
    asked: Option<Asked>,
    /// The last Ping that was answered, and how long that took.
    answered: Option<Answer>,
}

/// A Ping on its way; its payload is its number.
#[derive(Debug, Clone, Copy)]
struct Asked {
    id: PingId,
    at: Now,
    /// When the first of the Pings went out that nothing has come after.
    since: Now,
}

/// A Ping that was answered.
#[derive(Debug, Clone, Copy)]
struct Answer {
    id: PingId,
    /// In nanoseconds.
    round_trip: u64,
}

/// Names a Ping that this end sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PingId(NonZeroU64);

/// What is due.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Nothing,
    Ping,
    GiveUp(Silence),
}

impl PingId {
    /// The payload of the Ping.
    pub(crate) const fn payload(self) -> [u8; 8] {
        self.0.get().to_be_bytes()
    }
}

impl Answer {
    const fn round_trip(self) -> Duration {
        Duration::from_nanos(self.round_trip)
    }
}

impl KeepAlive {
    pub(crate) const fn new(now: Now) -> Self {
        Self { received: now, written: now, asked: None, answered: None }
    }

    pub(crate) fn on_received(&mut self, now: Now) {
        self.received = now;
    }

    /// Whether a Ping was not answered yet.
    pub(crate) const fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// The transport took bytes, or the first bytes were queued.
    pub(crate) fn on_progress(&mut self, now: Now) {
        self.written = now;
    }

    /// A Ping goes out.
    pub(crate) fn ask(&mut self, now: Now) -> PingId {
        let id = self.next_id();
        // Whoever asks again and again does not wait longer for the first sign of life.
        let since = self.unheard().map_or(now, |asked| asked.since);
        self.asked = Some(Asked { id, at: now, since });
        id
    }

    /// Numbers go up: the last that was given is the one that waits, or the one that was answered.
    fn next_id(&self) -> PingId {
        let last = self.asked.map(|asked| asked.id).or(self.answered.map(|answer| answer.id));
        PingId(last.map_or(NonZeroU64::MIN, |last| last.0.saturating_add(1)))
    }

    /// RFC 6455 §5.5.3: a Pong that carries the payload of our latest Ping answers it; any other answers
    /// nothing.
    pub(crate) fn on_pong(&mut self, payload: &[u8], now: Now) -> Option<Duration> {
        let asked = self.asked.take_if(|asked| payload == asked.id.payload())?;
        let round_trip = u64::try_from((now - asked.at).as_nanos()).unwrap_or(u64::MAX);
        let answer = Answer { id: asked.id, round_trip };
        self.answered = Some(answer);
        Some(answer.round_trip())
    }

    /// How long the answer to this Ping, or to a later one, took.
    pub(crate) fn round_trip(&self, id: PingId) -> Option<Duration> {
        self.answered.filter(|answer| answer.id >= id).map(Answer::round_trip)
    }

    pub(crate) fn last_round_trip(&self) -> Option<Duration> {
        self.answered.map(Answer::round_trip)
    }

    pub(crate) fn due(&self, timeouts: &Timeouts, queued: Queued, now: Now) -> Due {
        let over = |deadline: Option<Now>| deadline.is_some_and(|deadline| now >= deadline);
        if over(self.stall_at(timeouts, queued)) {
            Due::GiveUp(Silence::WriteStall)
        } else if over(self.no_pong_at(timeouts)) {
            Due::GiveUp(Silence::NoPong)
        } else if over(self.idle_at(timeouts)) {
            Due::GiveUp(Silence::Idle)
        } else if over(self.ping_at(timeouts)) {
            Due::Ping
        } else {
            Due::Nothing
        }
    }

    pub(crate) fn deadline(&self, timeouts: &Timeouts, queued: Queued) -> Option<Now> {
        let moments = [
            self.stall_at(timeouts, queued),
            self.no_pong_at(timeouts),
            self.idle_at(timeouts),
            self.ping_at(timeouts),
        ];
        moments.into_iter().flatten().min()
    }

    /// When a transport that takes no bytes is given up.
    pub(crate) fn stall_at(&self, timeouts: &Timeouts, queued: Queued) -> Option<Now> {
        match queued {
            Queued::Nothing => None,
            Queued::Bytes => timeouts.write_stall.map(|stall| self.written + stall),
        }
    }

    fn no_pong_at(&self, timeouts: &Timeouts) -> Option<Now> {
        self.unheard().map(|asked| asked.since + timeouts.pong_within)
    }

    /// The Ping that nothing has come after. Any byte is proof enough: the answer may stand behind a large
    /// message.
    fn unheard(&self) -> Option<Asked> {
        self.asked.filter(|asked| asked.at >= self.received)
    }

    fn idle_at(&self, timeouts: &Timeouts) -> Option<Now> {
        timeouts.idle.map(|idle| self.received + idle)
    }

    fn ping_at(&self, timeouts: &Timeouts) -> Option<Now> {
        timeouts.ping_every.filter(|_| self.unheard().is_none()).map(|every| self.received + every)
    }
}

/// Whether bytes wait for the transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queued {
    Nothing,
    Bytes,
}
