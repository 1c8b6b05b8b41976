//! Bytes over a transport, written down.

use super::{
    event::End,
    stream::Stream,
    transcript::{Actor, Transcript},
};
use std::{future::poll_fn, io, pin::Pin, task::Poll};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf},
    time::{Duration, Instant, timeout, timeout_at},
};

/// What is read at once.
const CHUNK: usize = 64 << 10;

/// A transport with its transcript.
#[derive(Debug)]
pub(crate) struct Pipe {
    stream: Stream,
    buffer: Vec<u8>,
    /// What came and was not taken yet.
    pub(crate) inbox: Vec<u8>,
    /// When bytes came for the last time.
    pub(crate) heard: Option<Instant>,
    /// How the target's side ended.
    pub(crate) ended: Option<End>,
    /// Why nothing can be written any more.
    pub(crate) blocked: Option<String>,
    pub(crate) transcript: Transcript,
}

/// A turn of the transport.
enum Turn {
    Wrote(usize),
    Flushed,
    Read(usize),
    Failed(io::Error),
}

impl Pipe {
    /// Over this transport.
    pub(crate) fn new(stream: Stream, transcript: Transcript) -> Self {
        Self {
            stream,
            buffer: vec![0; CHUNK],
            inbox: Vec::new(),
            heard: None,
            ended: None,
            blocked: None,
            transcript,
        }
    }

    /// The transport below.
    pub(crate) const fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Writes all of it, and reads what comes meanwhile: a target that answers early must not block both.
    pub(crate) async fn write(&mut self, note: &str, bytes: &[u8], until: Instant) {
        if self.blocked.is_some() {
            self.transcript.note(Actor::Runner, format!("not sent, the stream is closed: {note}"));
            return;
        }
        self.transcript.bytes(Actor::Tester, note, bytes);
        match timeout_at(until, self.write_all(bytes)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.block(format!("the target takes no more bytes: {error}")),
            Err(_) => self.block("the target takes no more bytes within the bound".to_owned()),
        }
    }

    /// Writes all of it and reads nothing, unless nothing is taken for so long.
    pub(crate) async fn write_deaf(&mut self, note: &str, bytes: &[u8], still: Duration) -> Taken {
        self.transcript.bytes(Actor::Tester, note, bytes);
        let mut rest = bytes;
        while !rest.is_empty() {
            match timeout(still, self.stream.write(rest)).await {
                Ok(Ok(count)) if count > 0 => rest = &rest[count..],
                Ok(_) => self.block("the target has closed the stream".to_owned()),
                Err(_) => self.block(format!("the target takes no more bytes for {still:?}")),
            }
            if self.blocked.is_some() {
                return Taken::No;
            }
        }
        Taken::All
    }

    fn block(&mut self, why: String) {
        self.transcript.note(Actor::Runner, &why);
        self.blocked = Some(why);
    }

    async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        loop {
            match self.turn(rest).await {
                Turn::Wrote(count) => rest = &rest[count..],
                Turn::Flushed => return Ok(()),
                Turn::Read(count) => self.came(count),
                Turn::Failed(error) => return Err(error),
            }
        }
    }

    async fn turn(&mut self, rest: &[u8]) -> Turn {
        let Self { stream, buffer, ended, .. } = self;
        poll_fn(|cx| {
            let wrote = if rest.is_empty() {
                Pin::new(&mut *stream).poll_flush(cx).map_ok(|()| Turn::Flushed)
            } else {
                Pin::new(&mut *stream).poll_write(cx, rest).map_ok(Turn::Wrote)
            };
            if let Poll::Ready(wrote) = wrote {
                return Poll::Ready(wrote.unwrap_or_else(Turn::Failed));
            }
            if ended.is_some() {
                return Poll::Pending;
            }
            let mut room = ReadBuf::new(buffer);
            match Pin::new(&mut *stream).poll_read(cx, &mut room) {
                Poll::Ready(Ok(())) => Poll::Ready(Turn::Read(room.filled().len())),
                Poll::Ready(Err(error)) => Poll::Ready(Turn::Failed(error)),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    /// Waits for bytes or the end; false if neither comes in time.
    pub(crate) async fn read(&mut self, until: Instant) -> Waited {
        if self.ended.is_some() {
            return Waited::Came;
        }
        let Self { stream, buffer, .. } = self;
        let reading = poll_fn(|cx| {
            let mut room = ReadBuf::new(buffer);
            let polled = Pin::new(&mut *stream).poll_read(cx, &mut room);
            polled.map_ok(|()| room.filled().len())
        });
        match timeout_at(until, reading).await {
            Ok(Ok(count)) => self.came(count),
            Ok(Err(error)) => {
                self.transcript.note(Actor::Target, format!("ended the stream: {error}"));
                let unclean = error.kind() == io::ErrorKind::UnexpectedEof;
                // A peer of TLS that sends FIN without close_notify did end it.
                self.ended = Some(if unclean { End::Fin } else { End::Reset });
            }
            Err(_) => return Waited::InVain,
        }
        Waited::Came
    }

    fn came(&mut self, count: usize) {
        if count == 0 {
            self.transcript.note(Actor::Target, "ended the stream");
            self.ended = Some(End::Fin);
        } else {
            self.heard = Some(Instant::now());
            self.inbox.extend(&self.buffer[..count]);
        }
    }

    /// Ends the tester's side.
    pub(crate) async fn shutdown(&mut self, until: Instant) {
        if self.blocked.is_none() {
            self.transcript.note(Actor::Tester, "ends its side of the stream");
            let _ = timeout_at(until, self.stream.shutdown()).await;
            self.blocked = Some("the tester has ended its side".to_owned());
        }
    }
}

/// Whether all bytes were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    All,
    No,
}

/// Whether something came in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waited {
    Came,
    InVain,
}
