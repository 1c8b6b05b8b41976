//! A transport that does what a script says, and tells what was done to it.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    io::{self, ErrorKind, IoSlice},
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What one read meets. A script that is used up waits until its handle adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// These bytes; a read with less room leaves the rest for the next.
    Bytes(Vec<u8>),
    /// Not ready, and ready again at once: one trip through the runtime.
    Pending,
    /// The end, from now on.
    Eof,
    /// An error, such as a reset; from now on.
    Fail(ErrorKind),
}

/// What one write meets. A script that is used up takes all there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// At most so many bytes.
    Take(usize),
    /// Not ready, and ready again at once.
    Pending,
    /// Not ready until [`ScriptHandle::resume`].
    Stall,
    /// An error, from now on.
    Fail(ErrorKind),
}

/// Whether the transport takes several slices at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slices {
    /// Only the first one.
    One,
    /// All, and it says so.
    Many,
}

/// What was done to the transport, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A read that gave so many bytes; 0 at the end.
    Read(usize),
    /// A read that has to wait.
    ReadPending,
    /// A write that took so many bytes out of so many slices.
    Write {
        /// Bytes taken.
        bytes: usize,
        /// Slices offered.
        slices: usize,
    },
    /// A write that has to wait.
    WritePending,
    /// A flush.
    Flush,
    /// The writing half was ended.
    Shutdown,
    /// A read, write, flush or shutdown that was made to wait by [`ScriptHandle::pending_at`].
    Injected,
    /// An error was given.
    Failed(ErrorKind),
    /// The transport was dropped.
    Dropped,
}

/// The transport.
#[derive(Debug)]
pub struct ScriptIo(Arc<Mutex<State>>);

/// Looks at a [`ScriptIo`] from outside, and adds to its script.
#[derive(Debug, Clone)]
pub struct ScriptHandle(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    reads: VecDeque<Read>,
    writes: VecDeque<Write>,
    vectored: bool,
    written: Vec<u8>,
    log: Vec<Step>,
    polls: usize,
    pending_at: Vec<usize>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl ScriptIo {
    /// A transport that gives `reads`, then waits; it takes what is written, several slices at once.
    pub fn new(reads: impl IntoIterator<Item = Read>) -> (Self, ScriptHandle) {
        let state =
            State { reads: reads.into_iter().collect(), vectored: true, ..State::default() };
        let state = Arc::new(Mutex::new(state));
        (Self(Arc::clone(&state)), ScriptHandle(state))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

impl ScriptHandle {
    /// Adds to what reads meet, and wakes who waits for it.
    pub fn read(&self, next: Read) {
        let mut state = lock(&self.0);
        state.reads.push_back(next);
        wake(&mut state.reader);
    }

    /// Adds bytes to be read.
    pub fn feed(&self, bytes: impl Into<Vec<u8>>) {
        self.read(Read::Bytes(bytes.into()));
    }

    /// Ends what is read.
    pub fn eof(&self) {
        self.read(Read::Eof);
    }

    /// Resets the connection: reads and writes fail from now on, and what was not read is lost.
    pub fn reset(&self) {
        let mut state = lock(&self.0);
        state.reads = [Read::Fail(ErrorKind::ConnectionReset)].into();
        state.writes = [Write::Fail(ErrorKind::ConnectionReset)].into();
        wake(&mut state.reader);
        wake(&mut state.writer);
    }

    /// Adds to what writes meet.
    pub fn write(&self, next: Write) {
        lock(&self.0).writes.push_back(next);
    }

    /// Ends a [`Write::Stall`].
    pub fn resume(&self) {
        let mut state = lock(&self.0);
        if state.writes.front() == Some(&Write::Stall) {
            state.writes.pop_front();
        }
        wake(&mut state.writer);
    }

    /// Whether several slices are taken at once.
    pub fn set_slices(&self, slices: Slices) {
        lock(&self.0).vectored = slices == Slices::Many;
    }

    /// Makes the transport's poll number `poll`, counted from 0 over all its methods, wait once: a place
    /// where a future can be dropped. Ask [`polls`](Self::polls) after a run without it for how many there
    /// are.
    pub fn pending_at(&self, poll: usize) {
        lock(&self.0).pending_at.push(poll);
    }

    /// How often the transport was polled, by reads, writes, flushes and shutdowns.
    pub fn polls(&self) -> usize {
        lock(&self.0).polls
    }

    /// All that was written.
    pub fn written(&self) -> Vec<u8> {
        lock(&self.0).written.clone()
    }

    /// What was written since the last call.
    pub fn take_written(&self) -> Vec<u8> {
        std::mem::take(&mut lock(&self.0).written)
    }

    /// Bytes of the script that were not read yet.
    pub fn unread(&self) -> usize {
        let state = lock(&self.0);
        let len = |read: &Read| if let Read::Bytes(bytes) = read { bytes.len() } else { 0 };
        state.reads.iter().map(len).sum()
    }

    /// What was done, in order.
    pub fn log(&self) -> Vec<Step> {
        lock(&self.0).log.clone()
    }

    /// How many writes took bytes.
    pub fn writes(&self) -> usize {
        let log = self.log();
        log.iter().filter(|step| matches!(step, Step::Write { .. })).count()
    }

    /// Whether the writing half was ended.
    pub fn is_shut_down(&self) -> bool {
        self.log().contains(&Step::Shutdown)
    }

    /// Whether the transport was dropped.
    pub fn is_dropped(&self) -> bool {
        self.log().contains(&Step::Dropped)
    }
}

impl State {
    /// Counts a poll; `None` if it must wait.
    fn begin(&mut self, cx: &Context<'_>) -> Option<()> {
        let poll = self.polls;
        self.polls += 1;
        if self.pending_at.contains(&poll) {
            self.log.push(Step::Injected);
            cx.waker().wake_by_ref();
            return None;
        }
        Some(())
    }

    fn fail<T>(&mut self, kind: ErrorKind) -> Poll<io::Result<T>> {
        self.log.push(Step::Failed(kind));
        Poll::Ready(Err(kind.into()))
    }

    fn poll_read(&mut self, cx: &Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.reads.front_mut() {
            Some(Read::Bytes(bytes)) => {
                let count = bytes.len().min(buf.remaining());
                buf.put_slice(&bytes[..count]);
                bytes.drain(..count);
                if bytes.is_empty() {
                    self.reads.pop_front();
                }
                self.log.push(Step::Read(count));
                Poll::Ready(Ok(()))
            }
            Some(Read::Eof) => {
                self.log.push(Step::Read(0));
                Poll::Ready(Ok(()))
            }
            Some(&mut Read::Fail(kind)) => self.fail(kind),
            Some(Read::Pending) => {
                self.reads.pop_front();
                self.log.push(Step::ReadPending);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            None => {
                self.log.push(Step::ReadPending);
                self.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn poll_write(&mut self, cx: &Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let most = match self.writes.front() {
            None => usize::MAX,
            Some(&Write::Take(most)) => most,
            Some(&Write::Fail(kind)) => return self.fail(kind),
            Some(Write::Pending) => {
                self.writes.pop_front();
                self.log.push(Step::WritePending);
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Some(Write::Stall) => {
                self.log.push(Step::WritePending);
                self.writer = Some(cx.waker().clone());
                return Poll::Pending;
            }
        };
        self.writes.pop_front();
        let before = self.written.len();
        for slice in slices {
            let room = most - (self.written.len() - before);
            self.written.extend_from_slice(&slice[..slice.len().min(room)]);
        }
        let bytes = self.written.len() - before;
        self.log.push(Step::Write { bytes, slices: slices.len() });
        Poll::Ready(Ok(bytes))
    }

    fn poll_end(&mut self, step: Step) -> Poll<io::Result<()>> {
        if let Some(&Write::Fail(kind)) = self.writes.front() {
            return self.fail(kind);
        }
        self.log.push(step);
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for ScriptIo {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.state();
        match state.begin(cx) {
            Some(()) => state.poll_read(cx, buf),
            None => Poll::Pending,
        }
    }
}

impl AsyncWrite for ScriptIo {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut state = self.state();
        let taken = if state.vectored { slices.len() } else { slices.len().min(1) };
        match state.begin(cx) {
            Some(()) => state.poll_write(cx, &slices[..taken]),
            None => Poll::Pending,
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.state().vectored
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.state();
        match state.begin(cx) {
            Some(()) => state.poll_end(Step::Flush),
            None => Poll::Pending,
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.state();
        match state.begin(cx) {
            Some(()) => state.poll_end(Step::Shutdown),
            None => Poll::Pending,
        }
    }
}

impl Drop for ScriptIo {
    fn drop(&mut self) {
        self.state().log.push(Step::Dropped);
    }
}

/// Polls `future` until it is ready or has been pending `polls` times, then drops it: `None` if that came
/// first. Between polls it waits to be woken, as any task does.
pub async fn drop_after<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => {
                left -= 1;
                if left == 0 { Poll::Ready(None) } else { Poll::Pending }
            }
        }
    })
    .await
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

/// A test that panicked elsewhere must not hide behind a second panic here.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noop() -> Context<'static> {
        Context::from_waker(Waker::noop())
    }

    fn read(io: &mut ScriptIo, room: usize) -> Poll<io::Result<Vec<u8>>> {
        let mut storage = vec![0; room];
        let mut buf = ReadBuf::new(&mut storage);
        let polled = Pin::new(io).poll_read(&mut noop(), &mut buf);
        polled.map_ok(|()| buf.filled().to_vec())
    }

    fn write(io: &mut ScriptIo, slices: &[&[u8]]) -> Poll<io::Result<usize>> {
        let slices: Vec<_> = slices.iter().map(|slice| IoSlice::new(slice)).collect();
        Pin::new(io).poll_write_vectored(&mut noop(), &slices)
    }

    #[test]
    fn reads_follow_the_script_and_then_wait() {
        let (mut io, handle) = ScriptIo::new([Read::Pending, Read::Bytes(b"abc".to_vec())]);
        assert!(read(&mut io, 2).is_pending());
        assert!(matches!(read(&mut io, 2), Poll::Ready(Ok(bytes)) if bytes == b"ab"));
        assert_eq!(handle.unread(), 1);
        assert!(matches!(read(&mut io, 2), Poll::Ready(Ok(bytes)) if bytes == b"c"));
        assert!(read(&mut io, 2).is_pending());
        handle.eof();
        assert!(matches!(read(&mut io, 2), Poll::Ready(Ok(bytes)) if bytes.is_empty()));
        let done =
            [Step::ReadPending, Step::Read(2), Step::Read(1), Step::ReadPending, Step::Read(0)];
        assert_eq!(handle.log(), done);
    }

    #[test]
    fn writes_follow_the_script_and_are_recorded() {
        let (mut io, handle) = ScriptIo::new([]);
        handle.write(Write::Take(3));
        handle.write(Write::Stall);
        assert!(matches!(write(&mut io, &[b"ab", b"cd"]), Poll::Ready(Ok(3))));
        assert!(write(&mut io, &[b"d"]).is_pending());
        handle.resume();
        handle.set_slices(Slices::One);
        assert!(matches!(write(&mut io, &[b"d", b"e"]), Poll::Ready(Ok(1))));
        assert_eq!(handle.written(), b"abcd");
        handle.reset();
        assert!(matches!(write(&mut io, &[b"e"]), Poll::Ready(Err(_))));
        drop(io);
        assert!(handle.is_dropped());
    }

    #[test]
    fn any_poll_can_be_made_to_wait_once() {
        let (mut io, handle) = ScriptIo::new([Read::Bytes(b"a".to_vec())]);
        handle.pending_at(1);
        assert!(matches!(write(&mut io, &[b"x"]), Poll::Ready(Ok(1))));
        assert!(read(&mut io, 1).is_pending());
        assert!(read(&mut io, 1).is_ready());
        assert_eq!(handle.polls(), 3);
    }

    #[test]
    fn a_future_is_dropped_after_so_many_waits() {
        let (mut io, handle) = ScriptIo::new([Read::Pending, Read::Bytes(b"a".to_vec())]);
        for (polls, ready) in [(1, false), (1, true)] {
            let reading = poll_fn(|_| read(&mut io, 1));
            let dropped = pin!(drop_after(reading, polls));
            assert_eq!(matches!(dropped.poll(&mut noop()), Poll::Ready(Some(_))), ready);
        }
        assert_eq!(handle.log(), [Step::ReadPending, Step::Read(1)]);
    }
}
