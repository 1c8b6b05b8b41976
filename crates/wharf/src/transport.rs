//! The byte stream under a WebSocket.

use std::{
    any::Any,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// A byte stream. The common ones are taken out whole, so that the hot path has no virtual call.
pub(crate) enum Transport {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
    Other(Box<dyn Stream>),
}

/// Any other stream.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Transport {
    pub(crate) fn new<T: AsyncRead + AsyncWrite + Send + Unpin + 'static>(io: T) -> Self {
        let mut io = Some(io);
        if let Some(tcp) = taken::<T, TcpStream>(&mut io) {
            return Self::Tcp(tcp);
        }
        #[cfg(unix)]
        if let Some(unix) = taken::<T, tokio::net::UnixStream>(&mut io) {
            return Self::Unix(unix);
        }
        match io {
            Some(io) => Self::Other(Box::new(io)),
            None => Self::Other(Box::new(tokio::io::empty())), // taken() leaves it unless it returned it
        }
    }

    /// Whether written bytes may wait inside until a flush.
    pub(crate) const fn buffers(&self) -> bool {
        matches!(self, Self::Other(_))
    }

    /// Whether its code is not the runtime's: what it does when it is polled is not known.
    pub(crate) const fn is_foreign(&self) -> bool {
        matches!(self, Self::Other(_))
    }

    /// What it is, in a word: a stream is one of TLS, or the caller's own.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Tcp(_) => "tcp",
            #[cfg(unix)]
            Self::Unix(_) => "unix",
            Self::Other(_) => "stream",
        }
    }

    /// Writes what the system takes at once. A foreign stream cannot tell that without a waker: it never
    /// takes anything here.
    pub(crate) fn try_write(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        match (self, pieces) {
            (Self::Tcp(tcp), [piece]) => tcp.try_write(piece),
            (Self::Tcp(tcp), _) => tcp.try_write_vectored(pieces),
            #[cfg(unix)]
            (Self::Unix(unix), [piece]) => unix.try_write(piece),
            #[cfg(unix)]
            (Self::Unix(unix), _) => unix.try_write_vectored(pieces),
            (Self::Other(_), _) => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    /// Writes one piece, or several at once.
    pub(crate) fn poll_write_pieces(
        &mut self,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match pieces {
            [piece] => Pin::new(self).poll_write(cx, piece),
            _ => Pin::new(self).poll_write_vectored(cx, pieces),
        }
    }

    fn stream(&mut self) -> Pin<&mut dyn Stream> {
        match self {
            Self::Tcp(tcp) => Pin::new(tcp),
            #[cfg(unix)]
            Self::Unix(unix) => Pin::new(unix),
            Self::Other(other) => Pin::new(other),
        }
    }
}

/// Takes `T` out if it is a `U`.
fn taken<T: 'static, U: 'static>(io: &mut Option<T>) -> Option<U> {
    let any: &mut dyn Any = io;
    any.downcast_mut::<Option<U>>().and_then(Option::take)
}

impl AsyncRead for Transport {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Tcp(tcp) => Pin::new(tcp).poll_read(cx, buf),
            #[cfg(unix)]
            Self::Unix(unix) => Pin::new(unix).poll_read(cx, buf),
            Self::Other(other) => Pin::new(other).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Self::Tcp(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            #[cfg(unix)]
            Self::Unix(unix) => Pin::new(unix).poll_write(cx, bytes),
            Self::Other(other) => Pin::new(other).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut *self {
            Self::Tcp(tcp) => Pin::new(tcp).poll_write_vectored(cx, bufs),
            #[cfg(unix)]
            Self::Unix(unix) => Pin::new(unix).poll_write_vectored(cx, bufs),
            Self::Other(other) => Pin::new(other).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(tcp) => tcp.is_write_vectored(),
            #[cfg(unix)]
            Self::Unix(unix) => unix.is_write_vectored(),
            Self::Other(other) => other.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(cx)
    }
}
