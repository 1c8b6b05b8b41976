//! The stream that hyper was given, out of the boxes that it hands over.

use crate::transport::Transport;
use ::hyper::upgrade::Upgraded;
use bytes::{Bytes, BytesMut};
use hyper_util::{rt::TokioIo, server::conn::auto};
use std::sync::Arc;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
#[cfg(feature = "rustls")]
use tokio_rustls::server::TlsStream;

/// The stream, and what hyper has read behind the request.
pub(super) struct Taken {
    pub(super) transport: Transport,
    pub(super) leftover: Bytes,
    pub(super) way: Way,
}

/// How the stream came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As it was given to hyper.
    Whole,
    /// Inside hyper's box: nobody knows its type.
    Boxed,
}

/// Takes the stream out, if it has the type that this is for.
type Known = fn(Upgraded) -> Result<Taken, Upgraded>;

/// The same for a type that only the user knows.
pub(super) type Own = Arc<dyn Fn(Upgraded) -> Result<Taken, Upgraded> + Send + Sync>;

/// What HTTP servers listen on.
const KNOWN: &[Known] = &[
    |upgraded| whole(upgraded, prompt),
    #[cfg(feature = "rustls")]
    |upgraded| whole(upgraded, |tls: &TlsStream<TcpStream>| prompt(tls.get_ref().0)),
    #[cfg(unix)]
    |upgraded| whole(upgraded, |_: &UnixStream| {}),
];

/// The stream by the shortest way there is. A comparison of types costs next to nothing.
pub(super) fn take_out(mut upgraded: Upgraded, own: &[Own]) -> Taken {
    for known in KNOWN {
        upgraded = match known(upgraded) {
            Ok(taken) => return taken,
            Err(back) => back,
        };
    }
    for own in own {
        upgraded = match own(upgraded) {
            Ok(taken) => return taken,
            Err(back) => back,
        };
    }
    let transport = Transport::new(TokioIo::new(upgraded));
    Taken { transport, leftover: Bytes::new(), way: Way::Boxed }
}

fn whole<S>(upgraded: Upgraded, settle: impl Fn(&S)) -> Result<Taken, Upgraded>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (stream, leftover) = served(upgraded)?;
    settle(&stream);
    Ok(Taken { transport: Transport::new(stream), leftover, way: Way::Whole })
}

/// What is inside of a wrapper, and behind what hyper has read what the wrapper has.
pub(super) fn unwrapped<S, T>(
    upgraded: Upgraded,
    take: impl Fn(S) -> (T, Bytes),
) -> Result<Taken, Upgraded>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (wrapper, first) = served(upgraded)?;
    let (stream, second) = take(wrapper);
    let transport = Transport::new(stream);
    if let Transport::Tcp(tcp) = &transport {
        prompt(tcp);
    }
    Ok(Taken { transport, leftover: joined(first, second), way: Way::Whole })
}

/// An `S`, if hyper or hyper-util's `auto` served it as tokio's.
fn served<S>(upgraded: Upgraded) -> Result<(S, Bytes), Upgraded>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    match upgraded.downcast::<TokioIo<S>>() {
        Ok(parts) => Ok((parts.io.into_inner(), parts.read_buf)),
        Err(back) => {
            let parts = auto::upgrade::downcast::<TokioIo<S>>(back)?;
            Ok((parts.io.into_inner(), parts.read_buf))
        }
    }
}

fn joined(first: Bytes, second: Bytes) -> Bytes {
    if second.is_empty() {
        return first;
    }
    let mut both = BytesMut::from(first);
    both.extend_from_slice(&second);
    both.freeze()
}

/// As for connections that wharf accepts: a frame is written whole, and waits for nothing.
fn prompt(tcp: &TcpStream) {
    if let Err(error) = tcp.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was not set");
    }
}
