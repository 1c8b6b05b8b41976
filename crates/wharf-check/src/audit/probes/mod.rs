//! All probes, as values.

mod flood;
mod frames;
mod handshake;
mod origin;
mod timers;
mod tls;

use super::{plan::AuditPlan, probe::Probe, welcome::Welcome};

/// What the plan allows, in order.
pub(crate) fn all(plan: &AuditPlan, scheme: &str, welcome: &Welcome) -> Vec<Probe> {
    [
        origin::probes(plan, scheme),
        handshake::probes(welcome),
        frames::probes(),
        flood::probes(plan),
        tls::probes(scheme),
        timers::probes(plan),
    ]
    .concat()
}
