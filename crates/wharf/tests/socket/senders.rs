//! Many tasks send over one connection.

use crate::support::{echo, open};
use std::collections::HashMap;
use tokio::net::{TcpListener, TcpStream};
use wharf::{CloseCode, Config, Message, Role, Sender};

const TASKS: usize = 8;
const EACH: usize = 50;

/// A message that tells who sent it, as which, and whether it is whole.
fn message(task: usize, number: usize) -> String {
    format!("{task} {number} {}", "x".repeat(number * 17 % 400))
}

/// Every third message goes out in fragments.
async fn send_all(sender: Sender, task: usize) {
    for number in 0..EACH {
        let text = message(task, number);
        if number.is_multiple_of(3) {
            let mut writer = sender.write_text().await.unwrap();
            for piece in text.as_bytes().chunks(100) {
                writer.write(std::str::from_utf8(piece).unwrap()).await.unwrap();
                tokio::task::yield_now().await;
            }
            writer.finish().await.unwrap();
        } else {
            sender.send(text).await.unwrap();
        }
    }
}

/// Checklist 65: over a pipe that holds 100 bytes, on several threads, no message is torn or lost, and each
/// sender's order is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_many_senders_never_mix() {
    let (near, far) = tokio::io::duplex(100);
    let mut config = Config::new(Role::Client);
    config.limits.outbox = 1500;
    let client = open(near, config, Role::Client);
    let mut server = open(far, Config::new(Role::Server), Role::Server);
    let (sender, mut receiver) = client.split();
    let driving = tokio::spawn(async move { receiver.drive().await });
    let tasks: Vec<_> =
        (0..TASKS).map(|task| tokio::spawn(send_all(sender.clone(), task))).collect();
    tokio::spawn(async move {
        for task in tasks {
            task.await.unwrap();
        }
        sender.close(CloseCode::NORMAL);
    });
    let mut next = HashMap::new();
    while let Some(got) = server.recv().await.unwrap() {
        let task: usize = got.as_text().unwrap().split(' ').next().unwrap().parse().unwrap();
        let number = next.entry(task).or_insert(0);
        assert_eq!(got.as_text().unwrap(), message(task, *number));
        *number += 1;
    }
    assert_eq!(next, (0..TASKS).map(|task| (task, EACH)).collect());
    assert!(driving.await.unwrap().is_clean());
}

/// Over sockets of the system's, with more on its way than they hold in both directions: small messages in
/// batches, and large ones that block.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_comes_back_in_order_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (far, _) = listener.accept().await.unwrap();
    let echo = tokio::spawn(echo(open(far, Config::new(Role::Server), Role::Server)));
    let (sender, mut receiver) = open(near, Config::new(Role::Client), Role::Client).split();
    let payload = |number: usize| {
        let size = if number.is_multiple_of(10) { 700_000 } else { number % 200 };
        vec![number.to_le_bytes()[0]; size]
    };
    let sending = tokio::spawn(async move {
        for number in 0..500 {
            sender.send(payload(number)).await.unwrap();
        }
    });
    for number in 0..500 {
        let echoed = receiver.recv().await.unwrap();
        assert!(echoed == Some(Message::from(payload(number))), "message {number}");
    }
    sending.await.unwrap();
    assert!(receiver.close(CloseCode::NORMAL).await.is_clean());
    assert!(echo.await.unwrap().is_clean());
}
