//! A TCP stream with a buffer, and a deadline for each wait.

use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    sync::mpsc::{Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// As long as any peer waits, however broken: no thread stays for ever.
pub(super) const FOR_EVER: Duration = Duration::from_secs(90);

const SEGMENT: usize = 16 << 10;

/// Why there is nothing more to read or to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// The peer ended its half.
    Eof,
    /// The peer was silent for too long.
    Late,
    /// TCP broke.
    Broken,
}

/// How long a read may take.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// All reads together.
    Until(Instant),
    /// Each read.
    Each(Duration),
}

impl Patience {
    pub(super) fn within(wait: Duration) -> Self {
        Self::Until(Instant::now() + wait)
    }

    fn left(self) -> Option<Duration> {
        match self {
            Self::Until(deadline) => deadline.checked_duration_since(Instant::now()),
            Self::Each(wait) => Some(wait),
        }
        .filter(|left| !left.is_zero())
    }
}

pub(super) struct Wire {
    tcp: TcpStream,
    unread: Vec<u8>,
    later: Option<Sender<Vec<u8>>>,
    pub(super) patience: Patience,
}

impl Wire {
    pub(super) fn new(tcp: TcpStream, patience: Patience) -> Result<Self, Gone> {
        tcp.set_nodelay(true).map_err(|_| Gone::Broken)?;
        tcp.set_write_timeout(Some(Duration::from_secs(5))).map_err(|_| Gone::Broken)?;
        Ok(Self { tcp, unread: Vec::new(), later: None, patience })
    }

    /// What was read and not yet taken.
    pub(super) fn unread(&self) -> &[u8] {
        &self.unread
    }

    /// Drops what was read and not yet taken.
    pub(super) fn forget(&mut self) {
        self.unread.clear();
    }

    /// Reads at least a byte more.
    pub(super) fn fill(&mut self) -> Result<(), Gone> {
        let left = self.patience.left().ok_or(Gone::Late)?;
        self.tcp.set_read_timeout(Some(left)).map_err(|_| Gone::Broken)?;
        let mut segment = [0; SEGMENT];
        match self.tcp.read(&mut segment) {
            Ok(0) => Err(Gone::Eof),
            Ok(count) => {
                self.unread.extend_from_slice(&segment[..count]);
                Ok(())
            }
            Err(error) => Err(match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => Gone::Late,
                _ => Gone::Broken,
            }),
        }
    }

    /// Takes exactly `N` bytes.
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], Gone> {
        while self.unread.len() < N {
            self.fill()?;
        }
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.unread[..N]);
        self.unread.drain(..N);
        Ok(bytes)
    }

    /// Takes what has come, at least one byte and at most `most`.
    pub(super) fn some(&mut self, most: usize) -> Result<Vec<u8>, Gone> {
        if self.unread.is_empty() {
            self.fill()?;
        }
        let count = self.unread.len().min(most);
        Ok(self.unread.drain(..count).collect())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        self.tcp.write_all(bytes).map_err(|_| Gone::Broken)
    }

    /// Never waits: what the peer does not read is kept, however much it is.
    pub(super) fn write_later(&mut self, bytes: Vec<u8>) -> Result<(), Gone> {
        if self.later.is_none() {
            self.tcp.set_write_timeout(Some(FOR_EVER)).map_err(|_| Gone::Broken)?;
            let mut tcp = self.tcp.try_clone().map_err(|_| Gone::Broken)?;
            let (later, held) = channel::<Vec<u8>>();
            thread::spawn(move || held.iter().try_for_each(|bytes| tcp.write_all(&bytes)));
            self.later = Some(later);
        }
        let sent = self.later.as_ref().map(|later| later.send(bytes));
        if matches!(sent, Some(Ok(()))) { Ok(()) } else { Err(Gone::Broken) }
    }

    /// Ends our half, then reads and drops until the peer has ended its own.
    pub(super) fn finish(mut self) {
        let _ = self.tcp.shutdown(Shutdown::Write);
        self.drain();
    }

    /// Reads and drops until the peer ends its half, or patience does.
    pub(super) fn drain(&mut self) {
        self.forget();
        while self.fill().is_ok() {
            self.forget();
        }
    }
}
