//! An open connection.

use super::{
    meters::{self, Meter},
    span::{Blame, ConnectionSpan},
};
use std::{io, time::Duration};
use wharf_proto::{Fault, Inbound, Now, Outbound, ProtocolError, Role, Stats};

/// Watches one open connection. It belongs to the one who drives, who has all that there is to count.
pub(crate) struct Observer {
    role: Role,
    meter: Meter,
    ended: Ended,
}

/// Whether the end was seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    No,
    Yes,
}

impl Observer {
    /// The connection is open, over a transport of this kind.
    pub(crate) fn open(role: Role, transport: &'static str) -> Self {
        Self { role, meter: Meter::open(role, transport), ended: Ended::No }
    }

    /// Bytes came: tells what was counted, if that was not done lately.
    #[inline]
    pub(crate) fn look(&mut self, now: Now, inbound: &Inbound, outbound: &Outbound) {
        if self.meter.is_due(now) {
            self.meter.report(self.role, inbound, outbound, now);
        }
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

    /// The connection has ended, after so long; the first time this tells how.
    pub(crate) fn end(
        &mut self,
        span: &ConnectionSpan,
        (inbound, outbound): (&Inbound, &Outbound),
        failure: Option<&io::Error>,
        age: impl FnOnce() -> Duration,
    ) {
        let (Some(ending), Ended::No) = (outbound.ending(), self.ended) else { return };
        self.ended = Ended::Yes;
        // Whoever has said good-bye has ended the connection, whatever the transport did then.
        let failure = failure.filter(|_| ending.code() == 1006);
        if let Some(fault) = outbound.fault() {
            self.fail(span, blame(fault), fault);
        } else if let Some(error) = failure {
            self.fail(span, Blame::Io, error);
        }
        span.ended(ending, &Stats::new(inbound.stats(), outbound.stats()));
        self.meter.end(self.role, inbound, outbound, ending, age());
    }

    fn fail(&self, span: &ConnectionSpan, blame: Blame, error: &dyn std::fmt::Display) {
        span.failed(blame, error);
        meters::error(self.role, blame);
    }
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
