//! Lines for somebody who may not read them: nobody waits until they are taken.

use std::io::{self, Write};

/// So much a pipe takes whole if it takes anything: the least that POSIX allows `PIPE_BUF` to be.
const AT_ONCE: usize = 512;

/// Tells whether a byte would be taken now.
pub(crate) trait Outlet: Write {
    fn takes(&self) -> bool;
}

#[cfg(unix)]
impl<W: Write + std::os::fd::AsFd> Outlet for W {
    fn takes(&self) -> bool {
        use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
        let mut asked = [PollFd::new(self.as_fd(), PollFlags::POLLOUT)];
        poll(&mut asked, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
    }
}

/// Elsewhere nobody can be asked.
#[cfg(not(unix))]
impl<W: Write> Outlet for W {
    fn takes(&self) -> bool {
        true
    }
}

/// Passes lines on, drops those that are not taken at once, and says how many that were when it can.
#[derive(Debug)]
pub(crate) struct Spillway<W> {
    to: W,
    spilt: u64,
}

impl<W> Spillway<W> {
    pub(crate) const fn new(to: W) -> Self {
        Self { to, spilt: 0 }
    }
}

impl<W: Outlet> Spillway<W> {
    fn line(&mut self, line: &[u8]) {
        if self.spilt > 0 {
            let told = format!("{} lines were dropped: nobody read them\n", self.spilt);
            if self.passes(told.as_bytes()) {
                self.spilt = 0;
            }
        }
        if self.spilt > 0 || !self.passes(line) {
            self.spilt += 1;
        }
    }

    fn passes(&mut self, line: &[u8]) -> bool {
        line.chunks(AT_ONCE).all(|piece| self.to.takes() && self.to.write_all(piece).is_ok())
    }
}

/// Each write is a line.
impl<W: Outlet> Write for Spillway<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.line(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::Read;

    /// What a pipe does not hold is counted, and told before the next line that it takes.
    #[test]
    fn a_full_pipe_keeps_nobody_waiting() {
        let (mut reader, writer) = io::pipe().unwrap();
        let mut spillway = Spillway::new(writer);
        let line = [&[b'x'; 99][..], b"\n"].concat();
        while spillway.spilt < 3 {
            spillway.write_all(&line).unwrap();
        }
        // Room for some.
        reader.read_exact(&mut [0; 50_000]).unwrap();
        spillway.write_all(b"at last\n").unwrap();
        assert_eq!(spillway.spilt, 0);
        drop(spillway);
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        let end = "x\n3 lines were dropped: nobody read them\nat last\n";
        assert!(rest.ends_with(end), "{rest}");
    }
}
