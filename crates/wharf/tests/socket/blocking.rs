//! Transports that take little, late, or only when they are flushed.

use crate::support::{frames, open, server, until, until_idle};
use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use wharf::{CloseCode, Config, Role};
use wharf_testkit::{Frame, ScriptHandle, ScriptIo, Slices, Step, Write};

/// Takes everything, and writes it when it is flushed, as TLS does.
struct Hoarder {
    io: ScriptIo,
    held: Vec<u8>,
}

impl AsyncRead for Hoarder {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl AsyncWrite for Hoarder {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.held.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { io, held } = &mut *self;
        while !held.is_empty() {
            let count = ready!(Pin::new(&mut *io).poll_write(cx, held))?;
            held.drain(..count);
        }
        Pin::new(io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_flush(cx))?;
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// One byte at a time, and a pause before each.
fn drip(handle: &ScriptHandle, bytes: usize) {
    for _ in 0..bytes {
        handle.write(Write::Pending);
        handle.write(Write::Take(1));
    }
}

/// Nobody polls the socket, and yet all goes out: the transport's wakes alone drive it. The transport wakes
/// inside its own poll, under our lock.
#[tokio::test(start_paused = true)]
async fn a_transport_that_takes_a_byte_at_a_time_is_written_to_by_its_own_wakes() {
    let (socket, handle) = server([]);
    drip(&handle, 200);
    socket.try_send("one").unwrap();
    socket.try_send(vec![7; 100]).unwrap();
    until_idle().await;
    assert_eq!(frames(&handle), [Frame::text("one"), Frame::binary([7; 100])]);
    assert_eq!(socket.queued_bytes(), 0);
}

/// The same over several threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transport_that_takes_a_byte_at_a_time_is_written_to_on_several_threads() {
    let (socket, handle) = server([]);
    drip(&handle, 200);
    let sender = socket.sender();
    tokio::spawn(async move { sender.send(vec![7; 100]).await });
    until(|| handle.written().len() == 102).await;
    assert_eq!(frames(&handle), [Frame::binary([7; 100])]);
}

/// A transport that wakes while it holds a lock of its own, which its write wants too.
#[tokio::test(start_paused = true)]
async fn a_transport_that_wakes_under_its_own_lock_is_no_deadlock() {
    let (socket, handle) = server([]);
    handle.write(Write::Stall);
    socket.try_send("late").unwrap();
    until_idle().await;
    assert!(handle.written().is_empty());
    handle.resume();
    until_idle().await;
    assert_eq!(frames(&handle), [Frame::text("late")]);
}

/// What a thread outside of any runtime sends goes out as well.
#[tokio::test(start_paused = true)]
async fn a_thread_of_no_runtime_can_send() {
    let (socket, handle) = server([]);
    handle.write(Write::Pending);
    let sender = socket.sender();
    std::thread::spawn(move || {
        sender.feed("one").unwrap();
        sender.try_send("two").unwrap();
    })
    .join()
    .unwrap();
    until_idle().await;
    assert_eq!(frames(&handle), [Frame::text("one"), Frame::text("two")]);
}

/// Bytes that a transport took are not gone before it is flushed.
#[tokio::test(start_paused = true)]
async fn a_transport_that_buffers_is_flushed_by_itself() {
    let (io, handle) = ScriptIo::new([]);
    drip(&handle, 20);
    let io = Hoarder { io, held: Vec::new() };
    let mut socket = open(io, Config::new(Role::Server), Role::Server);
    socket.try_send("buffered").unwrap();
    until_idle().await;
    assert_eq!(frames(&handle), [Frame::text("buffered")]);
    handle.write(Write::Stall);
    socket.try_send("again").unwrap();
    {
        let mut flush = std::pin::pin!(socket.flush());
        let waits = std::future::poll_fn(|cx| Poll::Ready(flush.as_mut().poll(cx).is_pending()));
        assert!(waits.await, "flushed is what the system has");
        handle.resume();
        flush.await.unwrap();
    }
    assert_eq!(frames(&handle).len(), 2);
}

/// A large payload goes out by reference; where a transport takes one slice at a time, in order.
#[tokio::test(start_paused = true)]
async fn a_large_message_is_whole_over_one_slice_at_a_time() {
    for slices in [Slices::One, Slices::Many] {
        let (socket, handle) = server([]);
        handle.set_slices(slices);
        let large: Vec<u8> = (0..100_000_u32).map(|at| at.to_le_bytes()[0]).collect();
        for take in [1, 3, 7, 50_000] {
            handle.write(Write::Take(take));
        }
        socket.try_send("before").unwrap();
        socket.try_send(large.clone()).unwrap();
        socket.try_send("after").unwrap();
        until_idle().await;
        let sent = [Frame::text("before"), Frame::binary(large), Frame::text("after")];
        assert_eq!(frames(&handle), sent);
    }
}

/// RFC 6455 §7.1.1: a server ends its side behind the last byte, not before.
#[tokio::test(start_paused = true)]
async fn the_end_of_the_transport_comes_behind_the_last_byte() {
    let (mut socket, handle) = server([crate::support::batch([Frame::close(1000, "")])]);
    drip(&handle, 30);
    socket.try_send("last words").unwrap();
    let ending = socket.close(CloseCode::NORMAL).await;
    let log = handle.log();
    let shut = log.iter().position(|step| *step == Step::Shutdown).unwrap();
    let last = log.iter().rposition(|step| matches!(step, Step::Write { .. })).unwrap();
    assert!(last < shut);
    assert_eq!(frames(&handle), [Frame::text("last words"), Frame::close(1000, "")]);
    assert!(ending.is_clean());
}
