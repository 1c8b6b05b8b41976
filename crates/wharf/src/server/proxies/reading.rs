//! Reading a PROXY header off a fresh stream.

use super::{
    either_preface::read,
    error::ProxyHeaderError,
    preface::{Preface, SHORTEST, Source},
};
use std::{io, net::SocketAddr};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Takes the header, and no byte behind it; the client, if the proxy names one.
pub(in crate::server) async fn take(
    io: &mut (impl AsyncRead + Unpin),
) -> io::Result<Result<Option<SocketAddr>, ProxyHeaderError>> {
    let (mut bytes, mut missing) = (Vec::new(), SHORTEST);
    loop {
        // What is announced reserves nothing.
        let mut room = [0; 128];
        let room = &mut room[..missing.min(128)];
        let count = io.read(room).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&room[..count]);
        match read(&bytes) {
            Ok(Preface::Needs(more)) => missing = more,
            Ok(Preface::Done(Source::Client(client))) => return Ok(Ok(Some(client))),
            Ok(Preface::Done(Source::Own)) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error)),
        }
    }
}
