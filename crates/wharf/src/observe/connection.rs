//! An open connection.

use super::{
    meters::{self, Meter},
    span::{Blame, ConnectionSpan},
};
use std::{io, time::Duration};
use wharf_proto::{Ending, Fault, Inbound, Now, Outbound, ProtocolError, Role, Stats};

/// Watches one open connection. It belongs to the one who drives, who has all that there is to count.
///
/// It is as small as a pointer: an idle connection has no room to waste.
pub(crate) struct Observer {
    meter: Meter,
}

impl Observer {
    /// The connection is open, over a transport of this kind.
    pub(crate) fn open(role: Role, transport: &'static str) -> Self {
        Self { meter: Meter::open(role, transport) }
    }

    /// Bytes came: tells what was counted, if that was not done lately.
    #[inline]
    pub(crate) fn look(&mut self, now: Now, inbound: &Inbound, outbound: &Outbound) {
        if meters::ARE_ON && now.since_epoch().as_secs() >= u64::from(self.meter.due()) {
            self.report(now, inbound, outbound);
        }
    }

    #[inline(never)]
    fn report(&mut self, now: Now, inbound: &Inbound, outbound: &Outbound) {
        let stats = Stats::new(inbound.stats(), outbound.stats());
        self.meter.report(outbound.role(), &stats, outbound.queued_bytes(), now.since_epoch());
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
    pub(crate) fn pong(role: Role, round_trip: Option<Duration>) {
        if let Some(round_trip) = round_trip {
            meters::round_trip(role, round_trip);
        }
    }

    /// How the connection ended, if it has. It is taken under the connection's lock, and told by
    /// [`end`](Self::end) without: a subscriber may do what it likes.
    pub(crate) fn note(
        inbound: &Inbound,
        outbound: &Outbound,
        failure: Option<&io::Error>,
        now: Now,
    ) -> Option<Note> {
        let ending = outbound.ending()?;
        // Whoever has said good-bye has ended the connection, whatever the transport did then.
        let failure = failure.filter(|_| ending.code() == 1006);
        let fault = outbound.fault().map(|fault| (blame(fault), fault.to_string()));
        Some(Note {
            role: outbound.role(),
            fault: fault.or_else(|| failure.map(|error| (Blame::Io, error.to_string()))),
            ending: ending.clone(),
            stats: Stats::new(inbound.stats(), outbound.stats()),
            age: now.since_epoch(),
        })
    }

    /// The connection has ended; to be told once.
    pub(crate) fn end(&mut self, span: &ConnectionSpan, note: Note) {
        let Note { role, fault, ending, stats, age } = note;
        if let Some((blame, error)) = fault {
            span.failed(blame, &error);
            meters::error(role, blame);
        }
        span.ended(&ending, &stats);
        self.meter.end(role, &stats, &ending, age);
    }
}

/// How a connection ended.
pub(crate) struct Note {
    role: Role,
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
