//! The figures.

use serde_json::{Value, json};
use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// Counts, and reads what the system knows.
pub(crate) struct Meter {
    started: Instant,
    viewers: AtomicU64,
    messages: AtomicU64,
}

/// Is counted as long as it lives.
pub(crate) struct Viewer(Arc<Meter>);

impl Meter {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), viewers: AtomicU64::new(0), messages: AtomicU64::new(0) }
    }

    pub(crate) fn viewer(self: &Arc<Self>) -> Viewer {
        self.viewers.fetch_add(1, Ordering::Relaxed);
        Viewer(Arc::clone(self))
    }

    /// What the page shows; null where the system does not tell.
    pub(crate) fn read(&self) -> Value {
        json!({
            "uptime": self.started.elapsed().as_secs_f64(),
            "viewers": self.viewers.load(Ordering::Relaxed),
            "messages": self.messages.load(Ordering::Relaxed),
            "load": load(),
            "memory": memory(),
        })
    }
}

impl Viewer {
    /// A message went to it.
    pub(crate) fn sent(&self) {
        self.0.messages.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.0.viewers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Processes that run or want to, over the last minute; Linux tells.
fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// Memory of this process, in KiB; Linux tells.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
