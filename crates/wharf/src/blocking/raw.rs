//! A byte stream that two threads use at once.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::sleep,
    time::Duration,
};

/// A stream: reading and writing borrow it, and each waits for a bounded time.
pub(crate) struct Raw {
    io: Io,
    read_wait: Wait,
    write_wait: Wait,
}

enum Io {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixStream),
    /// Streams that know no timeouts; `None` once they were cut.
    Foreign {
        reader: Half<dyn Read + Send>,
        writer: Half<dyn Write + Send>,
    },
}

type Half<T> = Mutex<Option<Box<T>>>;

/// What a read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// So many bytes, one at least.
    Bytes(usize),
    /// Nothing yet: the time is over, or only a part of something came.
    Nothing,
    /// The end.
    End,
}

/// A stream that does not block is asked again after this.
const NAP: Duration = Duration::from_millis(1);

impl Raw {
    /// What it is, in a word.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.io {
            Io::Tcp(_) => "tcp",
            #[cfg(unix)]
            Io::Unix(_) => "unix",
            Io::Foreign { .. } => "stream",
        }
    }

    /// Whether its code is the system's alone.
    pub(crate) const fn is_system(&self) -> bool {
        !matches!(self.io, Io::Foreign { .. })
    }

    /// A TCP stream. Small frames must not wait for the acknowledgement of earlier ones (Nagle's algorithm).
    pub(crate) fn tcp(tcp: TcpStream) -> Self {
        if let Err(error) = tcp.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was not set");
        }
        Self::tcp_as_set(tcp)
    }

    /// A TCP stream whose options somebody has chosen.
    pub(crate) const fn tcp_as_set(tcp: TcpStream) -> Self {
        Self::new(Io::Tcp(tcp))
    }

    #[cfg(unix)]
    pub(crate) fn unix(unix: std::os::unix::net::UnixStream) -> Self {
        Self::new(Io::Unix(unix))
    }

    pub(crate) fn foreign(
        reader: impl Read + Send + 'static,
        writer: impl Write + Send + 'static,
    ) -> Self {
        let (reader, writer) = (Box::new(reader) as _, Box::new(writer) as _);
        Self::new(Io::Foreign {
            reader: Mutex::new(Some(reader)),
            writer: Mutex::new(Some(writer)),
        })
    }

    const fn new(io: Io) -> Self {
        Self { io, read_wait: Wait::unset(), write_wait: Wait::unset() }
    }

    /// Reads what is there, or waits for it so long.
    pub(crate) fn read(&self, room: &mut [u8], within: Duration) -> io::Result<Input> {
        let read = match &self.io {
            Io::Tcp(tcp) => {
                self.read_wait.arm(within, |wait| tcp.set_read_timeout(wait))?;
                (&*tcp).read(room)
            }
            #[cfg(unix)]
            Io::Unix(unix) => {
                self.read_wait.arm(within, |wait| unix.set_read_timeout(wait))?;
                (&*unix).read(room)
            }
            Io::Foreign { reader, .. } => match lock(reader).as_mut() {
                Some(reader) => napping(reader.read(room)),
                None => Ok(0),
            },
        };
        match read {
            Ok(0) => Ok(Input::End),
            Ok(count) => Ok(Input::Bytes(count)),
            Err(error) if is_wait(&error) => Ok(Input::Nothing),
            Err(error) => Err(error),
        }
    }

    /// Writes what is taken within that time; 0 if nothing is.
    pub(crate) fn write(&self, bytes: &[u8], within: Duration) -> io::Result<usize> {
        let written = match &self.io {
            Io::Tcp(tcp) => {
                self.write_wait.arm(within, |wait| tcp.set_write_timeout(wait))?;
                (&*tcp).write(bytes)
            }
            #[cfg(unix)]
            Io::Unix(unix) => {
                self.write_wait.arm(within, |wait| unix.set_write_timeout(wait))?;
                (&*unix).write(bytes)
            }
            Io::Foreign { writer, .. } => match lock(writer).as_mut() {
                Some(writer) => napping(write_through(writer, bytes)),
                None => Err(ErrorKind::BrokenPipe.into()),
            },
        };
        match written {
            Ok(0) if !bytes.is_empty() => Err(ErrorKind::WriteZero.into()),
            Err(error) if is_wait(&error) => Ok(0),
            written => written,
        }
    }

    /// Ends the writing half: the peer reads its end.
    pub(crate) fn end_writing(&self) -> io::Result<()> {
        match &self.io {
            Io::Tcp(tcp) => tcp.shutdown(Shutdown::Write),
            #[cfg(unix)]
            Io::Unix(unix) => unix.shutdown(Shutdown::Write),
            Io::Foreign { writer, .. } => {
                lock(writer).take();
                Ok(())
            }
        }
    }

    /// Ends both halves: whoever reads or writes in another thread comes back.
    pub(crate) fn cut(&self) {
        // What was cut already cannot be cut, and need not.
        let _ = match &self.io {
            Io::Tcp(tcp) => tcp.shutdown(Shutdown::Both),
            #[cfg(unix)]
            Io::Unix(unix) => unix.shutdown(Shutdown::Both),
            Io::Foreign { reader, writer } => {
                // A thread that is inside cannot be interrupted; it finds the end when it comes back.
                reader.try_lock().ok().and_then(|mut reader| reader.take());
                writer.try_lock().ok().and_then(|mut writer| writer.take());
                Ok(())
            }
        };
    }
}

/// A timeout of the system's, as it was set last: in nanoseconds, 0 for none.
struct Wait(AtomicU64);

impl Wait {
    const fn unset() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Sets it if what is set is not about as long. A call that comes back early is made again, and one that
    /// comes back late is late by a sixty-fourth: so most reads need no second system call.
    fn arm(
        &self,
        within: Duration,
        set: impl FnOnce(Option<Duration>) -> io::Result<()>,
    ) -> io::Result<()> {
        let wait = within.max(NAP);
        let wanted = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        let armed = self.0.load(Ordering::Relaxed);
        if armed < wanted / 2 || armed > wanted.saturating_add(wanted / 64) {
            set(Some(wait))?;
            self.0.store(wanted, Ordering::Relaxed);
        }
        Ok(())
    }
}

fn is_wait(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}

/// Keeps a stream that never blocks from being asked again at once.
fn napping(done: io::Result<usize>) -> io::Result<usize> {
    done.inspect_err(|error| {
        if is_wait(error) {
            sleep(NAP);
        }
    })
}

fn write_through(writer: &mut (impl Write + ?Sized), bytes: &[u8]) -> io::Result<usize> {
    let count = writer.write(bytes)?;
    writer.flush()?;
    Ok(count)
}

/// Nothing is left half done by a stream that panics: the connection has failed then.
fn lock<T: ?Sized>(half: &Half<T>) -> MutexGuard<'_, Option<Box<T>>> {
    half.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A stream whose two halves take turns.
pub(crate) struct Turns<T>(Arc<Mutex<T>>);

impl<T> Turns<T> {
    pub(crate) fn halves(io: T) -> (Self, Self) {
        let io = Arc::new(Mutex::new(io));
        (Self(Arc::clone(&io)), Self(io))
    }

    fn turn(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Read> Read for Turns<T> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.turn().read(room)
    }
}

impl<T: Write> Write for Turns<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.turn().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.turn().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// How often the system is asked, for waits one after the other.
    fn calls(waits: &[u64]) -> usize {
        let (wait, count) = (Wait::unset(), Cell::new(0));
        for &millis in waits {
            let set = |_| {
                count.set(count.get() + 1);
                Ok(())
            };
            wait.arm(Duration::from_millis(millis), set).unwrap();
        }
        count.get()
    }

    #[test]
    fn a_timeout_is_set_again_only_if_it_would_fire_late_or_far_too_early() {
        assert_eq!(calls(&[5000, 4999, 4950, 5000, 9000]), 1);
        assert_eq!(calls(&[5000, 4000]), 2);
        assert_eq!(calls(&[1000, 5000]), 2);
    }

    /// A stream that has nothing to give.
    struct Silent;

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(ErrorKind::WouldBlock.into())
        }
    }

    #[test]
    fn a_stream_that_does_not_block_gives_nothing_and_no_error() {
        let raw = Raw::foreign(Silent, io::sink());
        assert_eq!(raw.read(&mut [0; 4], Duration::ZERO).unwrap(), Input::Nothing);
        raw.cut();
        assert_eq!(raw.read(&mut [0; 4], Duration::ZERO).unwrap(), Input::End);
        assert!(raw.write(b"x", Duration::ZERO).is_err());
    }
}
