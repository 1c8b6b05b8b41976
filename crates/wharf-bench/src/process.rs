//! What a process uses, as far as this system tells.

use serde::{Deserialize, Serialize};
use std::{fs, io, path::PathBuf, time::Duration};

/// A process.
#[derive(Debug, Clone)]
pub(crate) struct Process(PathBuf);

/// Memory of a process, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// What is in memory of it, shared pages among it.
    pub resident: u64,
    /// What is in memory and no other process has; 0 if the system does not tell.
    pub private: u64,
}

impl Process {
    /// The one with this number.
    ///
    /// # Errors
    /// There is none, it is another user's, or this is not Linux.
    pub(crate) fn new(id: u32) -> io::Result<Self> {
        let process = Self(format!("/proc/{id}").into());
        process.processor()?;
        Ok(process)
    }

    /// Ourselves.
    pub(crate) fn own() -> Self {
        Self("/proc/self".into())
    }

    /// Time that its threads have run; that of threads which have ended is not in it. In nanoseconds by the
    /// scheduler: `/proc/PID/stat` counts in hundredths of a second.
    pub(crate) fn processor(&self) -> io::Result<Duration> {
        let mut nanos = 0;
        for task in fs::read_dir(self.0.join("task"))? {
            // A thread may have ended since it was listed.
            if let Ok(line) = fs::read_to_string(task?.path().join("schedstat")) {
                nanos += line.split(' ').next().and_then(|field| field.parse().ok()).unwrap_or(0);
            }
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// How many threads it has.
    pub(crate) fn threads(&self) -> Option<usize> {
        Some(fs::read_dir(self.0.join("task")).ok()?.count())
    }

    /// What it holds.
    pub(crate) fn memory(&self) -> Option<Memory> {
        let rollup = fs::read_to_string(self.0.join("smaps_rollup"));
        if let Some(memory) = rollup.ok().and_then(|text| from_rollup(&text)) {
            return Some(memory);
        }
        let status = fs::read_to_string(self.0.join("status")).ok()?;
        Some(Memory { resident: field(&status, "VmRSS:")?, private: 0 })
    }
}

fn from_rollup(text: &str) -> Option<Memory> {
    let private = field(text, "Private_Clean:")? + field(text, "Private_Dirty:")?;
    Some(Memory { resident: field(text, "Rss:")?, private })
}

/// A line such as `Rss:  1234 kB`.
fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::{Memory, from_rollup};

    /// The kernel's kB are 1,024 bytes (proc(5)).
    #[test]
    fn a_rollup_is_read() {
        let text = "55d0-7ffc ---p 00000000 00:00 0 [rollup]\nRss:    1000 kB\nPss:  10 kB\n\
                    Private_Clean:   4 kB\nPrivate_Dirty:  16 kB\n";
        assert_eq!(from_rollup(text), Some(Memory { resident: 1_024_000, private: 20_480 }));
        assert_eq!(from_rollup("Rss: 5 kB\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_uses_processor_and_memory() {
        let process = super::Process::new(std::process::id()).unwrap();
        assert!(process.processor().unwrap() > std::time::Duration::ZERO);
        assert!(process.memory().unwrap().resident > 1 << 16);
        assert!(process.threads().unwrap() >= 1);
        assert!(super::Process::new(u32::MAX).is_err());
    }
}
