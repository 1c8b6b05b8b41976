//! Waking up in time.

use mio::{Registry, Token};
use std::{io, time::Duration};

/// A timer of nanoseconds; where there is none, the poll's milliseconds have to do.
#[derive(Debug)]
pub(crate) struct Alarm {
    #[cfg(target_os = "linux")]
    timer: std::os::fd::OwnedFd,
}

impl Alarm {
    /// An alarm that wakes the poll of `registry`.
    #[cfg(target_os = "linux")]
    pub(crate) fn new(registry: &Registry, token: Token) -> io::Result<Self> {
        use mio::{Interest, unix::SourceFd};
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        use std::os::fd::AsRawFd as _;
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        registry.register(&mut SourceFd(&timer.as_raw_fd()), token, Interest::READABLE)?;
        Ok(Self { timer })
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn new(_registry: &Registry, _token: Token) -> io::Result<Self> {
        Ok(Self {})
    }

    /// Wakes the poll after `wait`, once: how long the poll may wait.
    #[cfg(target_os = "linux")]
    pub(crate) fn set(&self, wait: Duration, limit: Duration) -> io::Result<Duration> {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        if wait.is_zero() || wait >= limit {
            return Ok(wait.min(limit));
        }
        let value = Timespec { tv_sec: 0, tv_nsec: wait.subsec_nanos().into() };
        let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &once)?;
        Ok(limit)
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn set(&self, wait: Duration, limit: Duration) -> io::Result<Duration> {
        Ok(wait.min(limit))
    }
}
