//! An open connection.

use super::{
    meters::{self, Meter},
    span::{Blame, ConnectionSpan},
};
use std::{io, time::Duration};
use wharf_proto::{Ending, Fault, Inbound, Now, Outbound, ProtocolError, Role, Stats};

/// Watches one open connection. It belongs to the one who drives, who has all that there is to count.
pub(crate) struct Observer {
    role: Role,
    ended: Ended,
    /// Traffic is not told before; in seconds since the connection was opened, as an idle one has no room to waste.
    due: u32,
    meter: Meter,
}

/// Traffic of one connection is told no more often, in seconds.
const EVERY: u32 = 5;

/// Whether the end was seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    No,
    Yes,
}

impl Observer {
    /// The connection is open, over a transport of this kind.
    pub(crate) fn open(role: Role, transport: &'static str) -> Self {
        let meter = Meter::open(role, transport);
        Self { role, ended: Ended::No, due: EVERY, meter }
    }

    /// Bytes came: tells what was counted, if that was not done lately.
    #[inline]
    pub(crate) fn look(&mut self, now: Now, inbound: &Inbound, outbound: &Outbound) {
        if meters::ARE_ON && now.since_epoch().as_secs() >= u64::from(self.due) {
            self.report(now, inbound, outbound);
        }
    }

    #[inline(never)]
    fn report(&mut self, now: Now, inbound: &Inbound, outbound: &Outbound) {
        let second = u32::try_from(now.since_epoch().as_secs()).unwrap_or(u32::MAX);
        self.due = second.saturating_add(EVERY);
        let stats = Stats::new(inbound.stats(), outbound.stats());
        self.meter.report(self.role, &stats, outbound.queued_bytes());
    }

    /// The driver wakes up for another reason. The clock is read if anybody wants to know the time.
    #[inline]
    pub(crate) fn tick(
        &mut self,
        now: impl FnOnce() -> Now,
        inbound: &Inbound,
        outbound: &Outbound,
    ) {
        if meters::ARE_ON {
            self.look(now(), inbound, outbound);
        }
    }

    /// A Pong came; whether it answers a Ping, and how fast.
    pub(crate) fn pong(&self, round_trip: Option<Duration>) {
        if let Some(round_trip) = round_trip {
            meters::round_trip(self.role, round_trip);
        }
    }

    /// How the connection ended, if that was not told yet. It is taken under the connection's lock, and told by
    /// [`end`](Self::end) without: a subscriber may do what it likes.
    pub(crate) fn note(
        &self,
        inbound: &Inbound,
        outbound: &Outbound,
        failure: Option<&io::Error>,
        now: Now,
    ) -> Option<Note> {
        let (Some(ending), Ended::No) = (outbound.ending(), self.ended) else { return None };
        // Whoever has said good-bye has ended the connection, whatever the transport did then.
        let failure = failure.filter(|_| ending.code() == 1006);
        let fault = outbound.fault().map(|fault| (blame(fault), fault.to_string()));
        Some(Note {
            fault: fault.or_else(|| failure.map(|error| (Blame::Io, error.to_string()))),
            ending: ending.clone(),
            stats: Stats::new(inbound.stats(), outbound.stats()),
            age: now.since_epoch(),
        })
    }

    /// The connection has ended.
    pub(crate) fn end(&mut self, span: &ConnectionSpan, note: Note) {
        let Note { fault, ending, stats, age } = note;
        self.ended = Ended::Yes;
        if let Some((blame, error)) = fault {
            span.failed(blame, &error);
            meters::error(self.role, blame);
        }
        span.ended(&ending, &stats);
        self.meter.end(self.role, &stats, &ending, age);
    }
}

/// How a connection ended.
pub(crate) struct Note {
    fault: Option<(Blame, String)>,
    ending: Ending,
    stats: Stats,
    age: Duration,
}

fn blame(fault: &Fault) -> Blame {
    match fault {
        Fault::Protocol(ProtocolError::NotUtf8) => Blame::NotUtf8,
        Fault::Protocol(ProtocolError::NotDeflate) => Blame::NotDeflate,
        Fault::Protocol(ProtocolError::TooBig(_)) => Blame::Limit,
        Fault::Silence(_) => Blame::Silence,
        Fault::Protocol(_) | _ => Blame::Protocol,
    }
}
