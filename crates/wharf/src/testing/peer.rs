//! A peer made of bytes.

use super::{end::End, frame::Frame};
use bytes::{Buf, BytesMut};
use std::{fmt, io};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wharf_proto::Role;

/// A peer that does what the test says, and nothing by itself: it answers no Ping and no Close.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use wharf::testing::{Frame, Pair};
///
/// let (mut server, mut client, _wire) = Pair::new().open_server();
/// let serving = tokio::spawn(async move { server.recv().await });
/// client.send(b"\x81\x05Hello").await?; // not masked: RFC 6455 §5.1 forbids it to a client
/// assert_eq!(client.frame().await?.and_then(|frame| frame.close_code()), Some(1002));
/// client.end().await?;
/// assert!(serving.await.unwrap().is_err());
/// # Ok(())
/// # }
/// ```
pub struct Peer {
    io: End,
    role: Role,
    unread: BytesMut,
}

/// A key that is easily read in a dump.
const KEY: [u8; 4] = [1, 2, 3, 4];

impl Peer {
    /// A peer in this role at this end.
    pub fn new(io: End, role: Role) -> Self {
        Self { io, role, unread: BytesMut::new() }
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// The wire was reset, or the other end is gone.
    ///
    /// # Cancel safety
    /// A part may have been sent.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.io.write_all(bytes.as_ref()).await
    }

    /// Sends a frame; masked, if the peer is a client.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// A part may have been sent.
    pub async fn send_frame(&mut self, mut frame: Frame) -> io::Result<()> {
        if self.role == Role::Client {
            frame.key.get_or_insert(KEY);
        }
        self.send(frame.bytes()).await
    }

    /// The next frame, whatever it is; `None` at the end. Its key is not kept: each is a new one.
    ///
    /// # Errors
    /// The wire was reset, or the end came inside a frame.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub async fn frame(&mut self) -> io::Result<Option<Frame>> {
        loop {
            if let Some((frame, used)) = Frame::read(&self.unread) {
                self.unread.advance(used);
                return Ok(Some(Frame { key: None, ..frame }));
            }
            if self.io.read_buf(&mut self.unread).await? == 0 {
                let inside = !self.unread.is_empty();
                return if inside { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(None) };
            }
        }
    }

    /// Receives frames, each of which must be as expected.
    ///
    /// # Panics
    /// One is not, or the wire ends first: the test has failed.
    ///
    /// # Cancel safety
    /// Frames that were received are gone.
    pub async fn expect(&mut self, frames: impl IntoIterator<Item = Frame>) {
        for (number, expected) in frames.into_iter().enumerate() {
            match self.frame().await {
                Ok(Some(frame)) => assert_eq!(frame, expected, "frame {number}"),
                Ok(None) => panic!("frame {number}: the end instead of {expected:?}"),
                Err(error) => panic!("frame {number}: {error} instead of {expected:?}"),
            }
        }
    }

    /// Ends what this peer sends: the other end reads on, up to the end.
    ///
    /// # Errors
    /// None so far.
    ///
    /// # Cancel safety
    /// It never waits.
    pub async fn end(&mut self) -> io::Result<()> {
        self.io.shutdown().await
    }

    /// All bytes that were received and not taken as frames, up to an empty line: the head of a request or a response.
    pub(crate) async fn head(&mut self) -> io::Result<BytesMut> {
        loop {
            let end = self.unread.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                return Ok(self.unread.split_to(end + 4));
            }
            if self.io.read_buf(&mut self.unread).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// The head of an answer as text, such as `HTTP/1.1 101 Switching Protocols` and its headers.
    ///
    /// # Errors
    /// The wire ended first.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub async fn answer(&mut self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&self.head().await?).into_owned())
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer").field("role", &self.role).finish_non_exhaustive()
    }
}
