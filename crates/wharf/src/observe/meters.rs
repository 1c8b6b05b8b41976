//! Numbers for the `metrics` facade.
//!
//! The recorder is asked for each handle anew. That costs a look-up, at most every five seconds for a connection, and
//! needs no memory; and a recorder that is installed late, is replaced, or forgets what was idle, misses nothing that
//! is told from then on.

use super::{
    names::{
        ATTEMPTS, CLOSES, COMPRESSED, CONNECTIONS, DOWNS, DURATION, ERRORS, HANDSHAKE_DURATION,
        HANDSHAKE_WAITS, HANDSHAKES, IN_PROGRESS, MESSAGES, OPENED, PAYLOAD, PLAIN, QUEUED,
        ROUND_TRIP,
    },
    registered,
    span::{Blame, by_name, role_name},
};
use metrics::{counter, gauge, histogram};
use std::time::{Duration, Instant};
use wharf_proto::{Ending, Received, Role, Sent, Stats};

/// Whether anything is told.
pub(crate) const ARE_ON: bool = true;

/// What was told of one open connection.
pub(crate) struct Meter {
    /// In a box: a connection on which nothing but Pings was exchanged has told nothing.
    told: Option<Box<Told>>,
}

/// Traffic of one connection is told no more often, in seconds.
const EVERY: u32 = 5;

#[derive(Default)]
struct Told {
    /// Not before is more told; in seconds since the connection was opened.
    due: u32,
    received: Flow,
    sent: Flow,
    queued: usize,
}

/// One direction.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Flow {
    messages: u64,
    payload: u64,
    compressed: u64,
    plain: u64,
}

impl Meter {
    pub(crate) fn open(role: Role, transport: &'static str) -> Self {
        let role = role_name(role);
        gauge!(CONNECTIONS, "role" => role).increment(1);
        counter!(OPENED, "role" => role, "transport" => transport).increment(1);
        Self { told: None }
    }

    /// When traffic is told again, in seconds since the connection was opened.
    #[inline]
    pub(crate) fn due(&self) -> u32 {
        self.told.as_ref().map_or(EVERY, |told| told.due)
    }

    /// Nothing is queued any more.
    pub(crate) fn end(&mut self, role: Role, stats: &Stats, ending: &Ending, age: Duration) {
        self.report(role, stats, 0, age);
        let (role, by, code) =
            (role_name(role), by_name(ending.by()), registered::label(ending.code()));
        counter!(CLOSES, "role" => role, "by" => by, "code" => code).increment(1);
        histogram!(DURATION, "role" => role).record(age);
        gauge!(CONNECTIONS, "role" => role).decrement(1);
    }

    /// Tells what was counted since the last time.
    pub(crate) fn report(&mut self, role: Role, stats: &Stats, queued: usize, age: Duration) {
        let Stats { received, sent, .. } = stats;
        let data = received.frames > received.control || sent.bytes > 0 || sent.messages > 0;
        if !data && queued == 0 && self.told.is_none() {
            return;
        }
        let due = u32::try_from(age.as_secs()).unwrap_or(u32::MAX).saturating_add(EVERY);
        let now = Told { due, received: Flow::of(received), sent: Flow::to(sent), queued };
        let told = self.told.get_or_insert_default();
        let role = role_name(role);
        now.received.tell(&told.received, role, "received");
        now.sent.tell(&told.sent, role, "sent");
        if now.queued != told.queued {
            gauge!(QUEUED, "role" => role).increment(now.queued as f64 - told.queued as f64);
        }
        **told = now;
    }
}

impl Flow {
    const fn of(received: &Received) -> Self {
        let Received { messages, bytes: payload, deflated, .. } = received;
        let (compressed, plain) = (deflated.compressed, deflated.plain);
        Self { messages: *messages, payload: *payload, compressed, plain }
    }

    /// What was sent is counted before compression: here it is as on the wire.
    const fn to(sent: &Sent) -> Self {
        let Sent { messages, bytes, deflated, .. } = sent;
        let payload = *bytes - deflated.plain + deflated.compressed;
        let (compressed, plain) = (deflated.compressed, deflated.plain);
        Self { messages: *messages, payload, compressed, plain }
    }

    fn tell(&self, before: &Self, role: &'static str, direction: &'static str) {
        for (name, now, before) in [
            (MESSAGES, self.messages, before.messages),
            (PAYLOAD, self.payload, before.payload),
            (COMPRESSED, self.compressed, before.compressed),
            (PLAIN, self.plain, before.plain),
        ] {
            if now > before {
                counter!(name, "role" => role, "direction" => direction).increment(now - before);
            }
        }
    }
}

/// When a handshake began.
pub(crate) struct HandshakeMeter(Instant);

impl HandshakeMeter {
    pub(crate) fn begin(role: Role) -> Self {
        gauge!(IN_PROGRESS, "role" => role_name(role)).increment(1);
        Self(Instant::now())
    }

    pub(crate) fn end(&self, role: Role, outcome: &'static str, reason: &'static str) {
        let role = role_name(role);
        gauge!(IN_PROGRESS, "role" => role).decrement(1);
        counter!(HANDSHAKES, "role" => role, "outcome" => outcome, "reason" => reason).increment(1);
        histogram!(HANDSHAKE_DURATION, "role" => role, "outcome" => outcome)
            .record(self.0.elapsed());
    }
}

pub(crate) fn round_trip(role: Role, time: Duration) {
    histogram!(ROUND_TRIP, "role" => role_name(role)).record(time);
}

pub(crate) fn error(role: Role, blame: Blame) {
    let (role, blame, kind) = (role_name(role), blame.blame(), blame.kind());
    counter!(ERRORS, "role" => role, "blame" => blame, "kind" => kind).increment(1);
}

/// A connection waits before its handshake.
pub(crate) fn handshake_waits() {
    counter!(HANDSHAKE_WAITS, "role" => "server").increment(1);
}

pub(crate) fn reconnect_attempt() {
    counter!(ATTEMPTS, "role" => "client").increment(1);
}

pub(crate) fn reconnect_down(reason: &'static str, retry: Retry) {
    let retry = match retry {
        Retry::Follows => "yes",
        Retry::Never => "no",
    };
    counter!(DOWNS, "role" => "client", "reason" => reason, "retry" => retry).increment(1);
}

/// Whether another attempt follows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Retry {
    Follows,
    Never,
}
