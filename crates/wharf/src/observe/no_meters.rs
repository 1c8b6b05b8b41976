//! The twin of `meters.rs` in a build without the feature `metrics`: nothing, at no cost.

use super::span::Blame;
use std::time::Duration;
use wharf_proto::{Ending, Role, Stats};

/// Whether anything is told.
pub(crate) const ARE_ON: bool = false;

pub(crate) struct Meter;

#[expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "its twin remembers")]
impl Meter {
    pub(crate) const fn open(_: Role, _: &'static str) -> Self {
        Self
    }

    pub(crate) const fn due(&self) -> u32 {
        u32::MAX
    }

    pub(crate) const fn report(&mut self, _: Role, _: &Stats, _: usize, _: Duration) {}

    pub(crate) const fn end(&mut self, _: Role, _: &Stats, _: &Ending, _: Duration) {}
}

pub(crate) struct HandshakeMeter;

#[expect(clippy::unused_self, reason = "its twin knows when it began")]
impl HandshakeMeter {
    pub(crate) const fn begin(_: Role) -> Self {
        Self
    }

    pub(crate) const fn end(&self, _: Role, _: &'static str, _: &'static str) {}
}

pub(crate) const fn round_trip(_: Role, _: Duration) {}

pub(crate) const fn error(_: Role, _: Blame) {}

pub(crate) const fn handshake_waits() {}

pub(crate) const fn reconnect_attempt() {}

pub(crate) const fn reconnect_down(_: &'static str, _: Retry) {}

/// Whether another attempt follows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Retry {
    Follows,
    Never,
}
