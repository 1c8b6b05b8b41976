//! One write per batch, and nothing that was accepted sleeps.

use crate::support::{batch, echo, frames, open, server, until, until_idle};
use std::future::pending;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Builder,
    sync::oneshot,
};
use wharf::{Config, Message, Role, WebSocket};
use wharf_testkit::{Frame, Read, Step, join};

fn texts(count: usize) -> Vec<Frame> {
    (0..count).map(|number| Frame::text(format!("message {number}"))).collect()
}

fn masked(frames: Vec<Frame>) -> Vec<Frame> {
    frames.into_iter().map(|frame| frame.masked([5, 6, 7, 8])).collect()
}

fn reads(log: &[Step]) -> usize {
    log.iter().filter(|step| matches!(step, Step::Read(1..))).count()
}

/// 16 echoes cost one receive that brings bytes and one send.
#[tokio::test(start_paused = true)]
async fn pipelined_echoes_cost_one_receive_and_one_send() {
    let (socket, handle) = server([batch(texts(16))]);
    tokio::spawn(echo(socket));
    until_idle().await;
    assert_eq!(frames(&handle), texts(16));
    assert_eq!((reads(&handle.log()), handle.writes()), (1, 1), "{:?}", handle.log());
}

/// The same when each message is answered while it is lent.
#[tokio::test(start_paused = true)]
async fn pipelined_echoes_by_lending_cost_one_send() {
    let (socket, handle) = server([batch(texts(16))]);
    tokio::spawn(async move {
        let (sender, mut receiver) = socket.split();
        while let Some(message) = receiver.recv_ref().await.unwrap() {
            sender.send(message).await.unwrap();
        }
    });
    until_idle().await;
    assert_eq!(frames(&handle), texts(16));
    assert_eq!((reads(&handle.log()), handle.writes()), (1, 1), "{:?}", handle.log());
}

/// A batch whose end is a part of a frame is no reason to wait for the rest of it.
#[tokio::test(start_paused = true)]
async fn a_batch_that_ends_inside_a_frame_is_answered_at_once() {
    let mut bytes = join(&masked(texts(3)));
    bytes.truncate(bytes.len() - 4);
    let (socket, handle) = server([Read::Bytes(bytes)]);
    tokio::spawn(echo(socket));
    until_idle().await;
    assert_eq!(frames(&handle), texts(2));
    assert_eq!(handle.writes(), 1);
}

/// Reads the first of two messages, answers it, and never touches the socket again.
async fn answer_and_sleep(mut socket: WebSocket) {
    let first = socket.recv().await.unwrap().unwrap();
    socket.send(first).await.unwrap();
    pending().await
}

/// The reader hands its first message to another task, which answers; then both sleep.
async fn answer_elsewhere_and_sleep(socket: WebSocket) {
    let (sender, mut receiver) = socket.split();
    let (hand_over, handed) = oneshot::channel::<Message>();
    tokio::spawn(async move {
        sender.send(handed.await.unwrap()).await.unwrap();
        pending::<()>().await;
    });
    hand_over.send(receiver.recv().await.unwrap().unwrap()).unwrap();
    pending().await
}

/// As above, but the other task holds a clone and offers without waiting.
async fn answer_by_a_clone_and_sleep(mut socket: WebSocket) {
    let sender = socket.sender();
    let first = socket.recv().await.unwrap().unwrap();
    tokio::spawn(async move {
        sender.try_send(first).unwrap();
        pending::<()>().await;
    });
    pending().await
}

async fn first_answer_arrives<F>(task: impl FnOnce(WebSocket) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (socket, handle) = server([batch(texts(2))]);
    tokio::spawn(task(socket));
    until(|| !handle.written().is_empty()).await;
    assert_eq!(frames(&handle), texts(1));
}

async fn first_answers_arrive() {
    first_answer_arrives(answer_and_sleep).await;
    first_answer_arrives(answer_elsewhere_and_sleep).await;
    first_answer_arrives(answer_by_a_clone_and_sleep).await;
}

/// What is sent in the middle of a batch is on its way when the task yields, whoever sent it.
#[tokio::test]
async fn nothing_sent_in_a_batch_sleeps_on_one_thread() {
    first_answers_arrive().await;
}

/// The same where tasks run at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sent_in_a_batch_sleeps_on_several_threads() {
    first_answers_arrive().await;
}

/// The same over a socket of the system's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_sent_in_a_batch_sleeps_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (io, _) = listener.accept().await.unwrap();
    peer.write_all(&join(&masked(texts(2)))).await.unwrap();
    tokio::spawn(answer_and_sleep(open(io, Config::new(Role::Server), Role::Server)));
    let mut answer = vec![0; texts(1)[0].bytes().len()];
    peer.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, texts(1)[0].bytes());
}

/// The same in the runtime's first task, which no scheduler wakes.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nothing_sent_in_a_batch_sleeps_in_the_main_task() {
    let (mut socket, handle) = server([batch(texts(2))]);
    let first = socket.recv().await.unwrap().unwrap();
    socket.send(first).await.unwrap();
    until(|| !handle.written().is_empty()).await;
    assert_eq!(frames(&handle), texts(1));
}

/// A runtime that stops in the middle of a turn takes nothing along.
#[test]
fn a_turn_that_a_runtime_never_ended_does_not_hold_the_next_one() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (socket, handle) = runtime.block_on(async { server([]) });
    runtime.block_on(async { socket.feed("one").unwrap() });
    runtime.block_on(async {
        socket.feed("two").unwrap();
        until(|| !handle.written().is_empty()).await;
    });
    assert_eq!(frames(&handle), [Frame::text("one"), Frame::text("two")]);
}

/// Messages that are fed leave together.
#[tokio::test(start_paused = true)]
async fn what_is_fed_leaves_with_the_next_message() {
    let (socket, handle) = server([]);
    socket.feed("one").unwrap();
    socket.feed("two").unwrap();
    assert_eq!(handle.writes(), 0);
    socket.try_send("three").unwrap();
    assert_eq!(handle.writes(), 1);
    socket.feed("four").unwrap();
    until_idle().await;
    assert_eq!(frames(&handle).len(), 4);
    assert_eq!(handle.writes(), 2);
}

/// Checklist 72: who looks at a Ping and then sleeps has answered it.
#[tokio::test(start_paused = true)]
async fn a_ping_that_was_shown_is_answered_though_nobody_polls() {
    let (mut socket, handle) = server([batch([Frame::ping("p")])]);
    tokio::spawn(async move {
        socket.recv_event().await.unwrap();
        pending::<()>().await;
    });
    until_idle().await;
    assert_eq!(frames(&handle), [Frame::pong("p")]);
}
