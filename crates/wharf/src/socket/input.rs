//! Reading from the transport.

use super::{buffer::ReadBuffer, shared::Shared, state::State};
use crate::transport::Transport;
use bytes::BufMut;
use std::{
    future::Future,
    io,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use wharf_proto::Inbound;

/// Where bytes were read to, and how many.
pub(crate) enum Read {
    /// Into the buffer.
    Buffer(usize),
    /// Into the message that they belong to.
    Message(usize),
}

impl Read {
    pub(crate) const fn count(&self) -> usize {
        match self {
            Self::Buffer(count) | Self::Message(count) => *count,
        }
    }
}

/// Reads the middle of a large message into its place, and all else into the buffer.
pub(crate) fn poll(
    transport: &mut Transport,
    inbound: &mut Inbound,
    buffer: &mut ReadBuffer,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Read>> {
    let Some(mut room) = inbound.landing() else {
        return poll_read(transport, buffer.room(), cx).map_ok(Read::Buffer);
    };
    // What was read before it is part of the message.
    buffer.release();
    let before = room.remaining_mut();
    let read = pin!(transport.read_buf(&mut room)).poll(cx);
    let count = before - room.remaining_mut();
    read.map_ok(|_| Read::Message(count))
}

pub(crate) fn poll_read(
    transport: &mut Transport,
    room: &mut [u8],
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut room = ReadBuf::new(room);
    ready!(Pin::new(transport).poll_read(cx, &mut room))?;
    Poll::Ready(Ok(room.filled().len()))
}

/// The input ended, with an error or without. What still waits to be written gets its chance.
///
/// A TLS peer that leaves without a `close_notify` says no more than a bare end.
pub(crate) fn end(shared: &Shared, state: &mut State, error: Option<io::Error>) {
    if let Some(error) = error.filter(|error| error.kind() != io::ErrorKind::UnexpectedEof) {
        state.failure.get_or_insert(error);
    }
    let now = state.clock.now();
    state.outbound.on_eof(now);
    shared.write(state);
}
