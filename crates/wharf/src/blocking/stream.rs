//! What a blocking WebSocket may run over.

use super::raw::{Raw, Turns};
use std::{
    fmt,
    io::{Read, Write},
    net::TcpStream,
};

/// A byte stream for a blocking WebSocket.
///
/// A [`TcpStream`] (`From`) or a unix stream gives everything that this module promises. Other streams give less,
/// because `Read` and `Write` know neither timeouts nor a second thread:
///
/// | made by | a reader and a writer at once | timeouts, and ending a blocked reader |
/// |---|---|---|
/// | `Stream::from(tcp)`, `Stream::from(unix)` | yes | yes |
/// | [`Stream::from_halves`] | yes | only as far as the halves come back by themselves |
/// | [`Stream::new`] | no: reads and writes take turns | only as far as the stream comes back by itself |
///
/// Such a stream may come back with `WouldBlock` or `TimedOut`: then deadlines are looked at, and it is asked again
/// after a millisecond.
pub struct Stream(pub(crate) Raw);

impl Stream {
    /// Any stream. While one thread waits in a read no other writes: do not
    /// [`split`](super::WebSocket::split) a WebSocket over it, unless its reads come back by themselves.
    pub fn new(io: impl Read + Write + Send + 'static) -> Self {
        let (reader, writer) = Turns::halves(io);
        Self::from_halves(reader, writer)
    }

    /// Two halves that may be used at the same time, such as the pipes of a child process. Closing drops them.
    pub fn from_halves(
        reader: impl Read + Send + 'static,
        writer: impl Write + Send + 'static,
    ) -> Self {
        Self(Raw::foreign(reader, writer))
    }
}

/// Nagle's algorithm is switched off.
impl From<TcpStream> for Stream {
    fn from(tcp: TcpStream) -> Self {
        Self(Raw::tcp(tcp))
    }
}

#[cfg(unix)]
impl From<std::os::unix::net::UnixStream> for Stream {
    fn from(unix: std::os::unix::net::UnixStream) -> Self {
        Self(Raw::unix(unix))
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}
