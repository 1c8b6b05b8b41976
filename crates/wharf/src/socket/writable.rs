//! Writes on when a transport takes bytes again.

use crate::transport::Transport;
use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::Wake,
};
use tokio::runtime::Handle;

/// Who writes to the transport.
pub(crate) trait WriteOn: Send + Sync {
    /// The transport may take bytes.
    fn write_on(&self);

    /// As [`write_on`](Self::write_on); and a stream that reads in order to write may have registered the
    /// writer in the reader's place.
    fn write_and_read_on(&self);
}

/// The waker that a transport gets which takes no bytes now.
///
/// It never writes by itself: it may be woken under a lock of the transport's, or under our own. A task of
/// its own writes.
pub(crate) struct Writable {
    writer: Weak<dyn WriteOn>,
    /// Where the transport first took no more bytes.
    runtime: Option<Handle>,
    origin: Origin,
    scheduled: AtomicBool,
}

/// Whose code runs when the transport is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    System,
    Foreign,
}

impl Origin {
    pub(crate) fn of(transport: &Transport) -> Self {
        if transport.is_foreign() { Self::Foreign } else { Self::System }
    }
}

/// A task that was asked for, as long as it lives: a runtime that is shut down drops it unpolled.
struct Scheduled(Arc<Writable>);

impl Writable {
    pub(crate) fn new(writer: Weak<dyn WriteOn>, origin: Origin) -> Self {
        let runtime = Handle::try_current().ok();
        Self { writer, runtime, origin, scheduled: AtomicBool::new(false) }
    }

    /// Writes soon, in a task of its own. Outside of any runtime that is left to who polls next.
    pub(crate) fn schedule(self: &Arc<Self>) {
        if self.scheduled.swap(true, Ordering::AcqRel) {
            return;
        }
        let scheduled = Scheduled(Arc::clone(self));
        let runtime = Handle::try_current().ok();
        if let Some(runtime) = runtime.as_ref().or(self.runtime.as_ref()) {
            runtime.spawn(async move { scheduled.run() });
        }
    }
}

impl Scheduled {
    fn run(self) {
        // What is woken from now on must be seen.
        self.0.scheduled.store(false, Ordering::Release);
        let Some(writer) = self.0.writer.upgrade() else { return };
        match self.0.origin {
            Origin::System => writer.write_on(),
            Origin::Foreign => writer.write_and_read_on(),
        }
    }
}

impl Drop for Scheduled {
    fn drop(&mut self) {
        self.0.scheduled.store(false, Ordering::Release);
    }
}

impl Wake for Writable {
    fn wake(self: Arc<Self>) {
        self.schedule();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.schedule();
    }
}
