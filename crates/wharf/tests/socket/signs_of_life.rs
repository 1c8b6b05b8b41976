//! Pings, deadlines, and users who do something else meanwhile.

use crate::support::{batch, frames, open, server, server_with, until_idle};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use wharf::{Config, Event, Message, Role};
use wharf_testkit::{Frame, Read, Write};

/// Checklist 73: who does not read, but drives, answers.
#[tokio::test(start_paused = true)]
async fn pings_are_answered_while_the_user_only_drives() {
    let (mut socket, handle) = server([]);
    let driving = tokio::spawn(async move { socket.drive().await });
    for number in 0..3 {
        handle.feed(Frame::ping([number]).masked([3; 4]).bytes());
        until_idle().await;
        assert_eq!(frames(&handle).last(), Some(&Frame::pong([number])));
    }
    handle.eof();
    assert_eq!(driving.await.unwrap().code(), 1006);
}

/// Checklist 74 and 143: of many Pings that a peer sends without reading, the latest is answered, and the
/// answers take one place.
#[tokio::test(start_paused = true)]
async fn pongs_that_cannot_leave_take_one_place() {
    let mut config = Config::new(Role::Server);
    config.limits.control_burst = 1000;
    let (mut socket, handle) = server_with(config, []);
    handle.write(Write::Stall);
    let sender = socket.sender();
    let driving = tokio::spawn(async move { socket.drive().await });
    for number in 0..200_u8 {
        handle.feed(Frame::ping([number; 100]).masked([3; 4]).bytes());
        until_idle().await;
        assert!(sender.queued_bytes() <= 32 * 102, "32 Pongs wait");
    }
    handle.resume();
    until_idle().await;
    let pongs = frames(&handle);
    assert_eq!(pongs.len(), 32);
    assert_eq!(pongs.last(), Some(&Frame::pong([199; 100])));
    driving.abort();
}

/// Checklist 90: who was slow himself is not told that his transport stalled.
#[tokio::test(start_paused = true)]
async fn a_user_who_dawdles_in_a_batch_is_not_taken_for_a_stalled_peer() {
    let (mut socket, handle) =
        server([batch([Frame::text("slow"), Frame::ping("p"), Frame::text("next")])]);
    assert!(socket.recv().await.unwrap().is_some());
    sleep(Duration::from_secs(3600)).await;
    for _ in 0..4 {
        handle.write(Write::Pending);
    }
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("next")));
    handle.feed(Frame::text("last").masked([1; 4]).bytes());
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("last")));
    until_idle().await;
    assert_eq!(frames(&handle), [Frame::pong("p")]);
}

/// Checklist 76: a peer whose answers were not looked at, because the user only sends, is not silent.
#[tokio::test(start_paused = true)]
async fn who_only_sends_to_a_slow_peer_is_not_cut() {
    let (near, far) = tokio::io::duplex(4096);
    let mut config = Config::new(Role::Client);
    config.limits.outbox = 1000;
    let mut client = open(near, config, Role::Client);
    let mut server = open(far, Config::new(Role::Server), Role::Server);
    tokio::spawn(async move {
        while let Ok(Some(mut reader)) = server.recv_reader().await {
            while let Ok(Some(_)) = reader.chunk().await {
                sleep(Duration::from_secs(1)).await;
            }
        }
    });
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(300) {
        client.send(vec![7; 20_000]).await.unwrap();
    }
    client.flush().await.unwrap();
}

/// What came while the user was sending is there when he reads.
#[tokio::test(start_paused = true)]
async fn what_comes_while_sending_is_read_later() {
    let mut config = Config::new(Role::Server);
    config.limits.outbox = 100;
    let (mut socket, handle) = server_with(config, [batch([Frame::text("early")])]);
    handle.write(Write::Stall);
    socket.try_send(vec![1; 200]).unwrap();
    let sending = tokio::spawn(async move {
        socket.send("late").await.unwrap();
        socket
    });
    until_idle().await;
    assert_eq!(handle.unread(), 0);
    handle.resume();
    let mut socket = sending.await.unwrap();
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("early")));
    handle.feed(Frame::text("more").masked([2; 4]).bytes());
    assert_eq!(socket.recv().await.unwrap(), Some(Message::from("more")));
}

/// A sender that waits for a transport whose peer has gone learns it though nobody reads.
#[tokio::test(start_paused = true)]
async fn who_waits_to_send_sees_the_peer_go() {
    let (mut socket, handle) = server([]);
    handle.write(Write::Stall);
    socket.try_send(vec![1; 2 << 20]).unwrap();
    let start = Instant::now();
    let sending = tokio::spawn(async move { socket.send("late").await });
    until_idle().await;
    handle.eof();
    assert!(sending.await.unwrap().is_err());
    assert!(start.elapsed() < Duration::from_secs(1), "no deadline was needed");
}

/// Checklist 76: a Ping from another task is waited for no longer than `pong_within`, though the reader's
/// timer was set for the next Ping of keep-alive.
#[tokio::test(start_paused = true)]
async fn a_ping_of_another_task_brings_the_deadline_nearer() {
    let (mut socket, _handle) = server([]);
    let sender = socket.sender();
    let start = Instant::now();
    let reading = tokio::spawn(async move { socket.recv().await });
    until_idle().await;
    assert!(sender.ping().await.unwrap_err().is_closed());
    assert!(reading.await.unwrap().unwrap_err().is_timeout());
    assert_eq!(start.elapsed().as_secs(), 10 + 5);
}

/// Checklist 90: the same for bytes that another task queued and the transport does not take.
#[tokio::test(start_paused = true)]
async fn bytes_of_another_task_that_stall_are_noticed() {
    let mut config = Config::new(Role::Server);
    (config.timeouts.idle, config.timeouts.ping_every) = (None, None);
    let (mut socket, handle) = server_with(config, []);
    let sender = socket.sender();
    let reading = tokio::spawn(async move { socket.recv().await });
    until_idle().await;
    handle.write(Write::Stall);
    sender.send("stuck").await.unwrap();
    let start = Instant::now();
    assert!(reading.await.unwrap().unwrap_err().is_timeout());
    assert_eq!(start.elapsed().as_secs(), 30);
}

/// Checklist 75: a Pong that answers no Ping is shown to who wants to see it, and nothing else happens.
#[tokio::test(start_paused = true)]
async fn an_unasked_pong_is_only_shown() {
    let (mut socket, handle) = server([batch([Frame::pong("?")]), Read::Eof]);
    assert_eq!(socket.recv_event().await.unwrap(), Some(Event::Pong("?".into())));
    assert_eq!(socket.recv_event().await.unwrap(), None);
    assert!(frames(&handle).is_empty());
}
