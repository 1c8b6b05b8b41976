//! What becomes of messages over a loss.

use crate::board::{down, link, up};
use std::time::Duration;
use tokio::time::{Instant, timeout};
use wharf::{CloseCode, Message, NotQueued, ReconnectEvent, Reconnecting, Unsent, WebSocket};

const SECOND: Duration = Duration::from_secs(1);

/// Polls the client for a while in which it has nothing to tell.
async fn idle(link: &mut Reconnecting, time: Duration) {
    let told = timeout(time, link.next()).await;
    assert!(told.is_err(), "{told:?}");
}

async fn received(server: &mut WebSocket, count: usize) -> Vec<Message> {
    let mut messages = Vec::new();
    while messages.len() < count {
        messages.push(server.recv().await.unwrap().unwrap());
    }
    messages
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_before_there_is_a_connection_waits_for_it() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let sender = link.sender();
    assert_eq!(link.try_send("a"), Ok(0));
    assert_eq!(sender.send("b").await, Ok(1));
    assert!(!sender.is_up());
    let mut server = up(&mut link, &mut calls).await;
    assert!(sender.is_up());
    assert_eq!(sender.send("c").await, Ok(2));
    let reading = received(&mut server, 3);
    let (messages, ()) = tokio::join!(reading, idle(&mut link, SECOND));
    assert_eq!(messages, ["a", "b", "c"].map(Message::from));
}

/// A message that is sent from another task wakes the one who drives.
#[tokio::test(start_paused = true)]
async fn a_message_leaves_while_nothing_else_happens() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let sender = link.sender();
    let mut server = up(&mut link, &mut calls).await;
    tokio::spawn(async move { while link.next().await.is_some() {} });
    tokio::time::sleep(SECOND).await;
    let start = Instant::now();
    sender.send("late").await.unwrap();
    assert_eq!(server.recv().await.unwrap(), Some(Message::from("late")));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// What was read before the loss is not uncertain: the answers to Pings say so (RFC 6455 §5.5.3).
#[tokio::test(start_paused = true)]
async fn what_has_arrived_is_no_gap() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let mut server = up(&mut link, &mut calls).await;
    let reading = tokio::spawn(async move {
        let messages = received(&mut server, 2).await;
        // Its Pings are answered until it is dropped.
        let _ = timeout(2 * SECOND, server.recv()).await;
        messages
    });
    link.try_send("a").unwrap();
    idle(&mut link, SECOND / 2).await;
    link.try_send("b").unwrap();
    let (_, _, gap) = down(&mut link).await;
    assert!(gap.is_empty(), "{gap:?}");
    assert_eq!(reading.await.unwrap().len(), 2);
}

/// A message that nobody is known to have read is told, and not sent again.
#[tokio::test(start_paused = true)]
async fn what_may_be_lost_is_told_and_not_sent_again() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let server = up(&mut link, &mut calls).await;
    link.try_send("lost?").unwrap();
    idle(&mut link, SECOND).await;
    drop(server);
    let (_, _, gap) = down(&mut link).await;
    assert_eq!((gap.uncertain(), gap.dropped()), (0..1, 0..0));
    link.try_send("next").unwrap();
    let mut server = up(&mut link, &mut calls).await;
    let (messages, ()) = tokio::join!(received(&mut server, 1), idle(&mut link, SECOND));
    assert_eq!(messages, [Message::from("next")]);
}

/// Fills the connection and the queue behind it with messages of 32 KiB.
async fn stuff(link: &mut Reconnecting, count: u64) {
    for number in 0..count {
        assert_eq!(link.try_send(vec![u8::try_from(number).unwrap(); 32 << 10]), Ok(number));
    }
    idle(link, SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_kept_for_the_next_connection() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let server = up(&mut link, &mut calls).await;
    stuff(&mut link, 10).await;
    drop(server);
    let (_, _, gap) = down(&mut link).await;
    let uncertain = gap.uncertain();
    // A batch went to the connection, and the rest did not.
    assert!(uncertain.start == 0 && (1..=3).contains(&uncertain.end), "{gap:?}");
    assert!(gap.dropped().is_empty());
    let mut server = up(&mut link, &mut calls).await;
    let left = usize::try_from(10 - uncertain.end).unwrap();
    let (messages, ()) = tokio::join!(received(&mut server, left), idle(&mut link, SECOND));
    let firsts = messages.iter().map(|message| u64::from(message.as_bytes()[0]));
    assert!(firsts.eq(uncertain.end..10));
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_dropped_and_told_if_it_is_not_to_be_kept() {
    let (builder, mut calls) = link();
    let mut link = builder.unsent(Unsent::Drop).build();
    assert_eq!(link.try_send("early"), Err(NotQueued::Down));
    assert_eq!(link.sender().send("early").await, Err(NotQueued::Down));
    let room = link.sender().room();
    let server = up(&mut link, &mut calls).await;
    stuff(&mut link, 10).await;
    drop(server);
    let (_, _, gap) = down(&mut link).await;
    assert_eq!(gap.uncertain().end, gap.dropped().start);
    assert_eq!(gap.dropped().end, 10);
    assert_eq!(link.sender().room(), room);
    assert_eq!(link.try_send("late"), Err(NotQueued::Down));
    let mut server = up(&mut link, &mut calls).await;
    link.try_send("now").unwrap();
    let (messages, ()) = tokio::join!(received(&mut server, 1), idle(&mut link, SECOND));
    assert_eq!(messages, [Message::from("now")]);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_makes_senders_wait() {
    let (builder, mut calls) = link();
    let mut link = builder.queue_limit(1_000).build();
    let sender = link.sender();
    assert_eq!(sender.try_send(vec![0; 937]), Err(NotQueued::TooLong(1_000)));
    sender.try_send(vec![0; 800]).unwrap();
    assert_eq!(sender.room(), 1_000 - 864);
    assert_eq!(sender.try_send(vec![0; 100]), Err(NotQueued::Full));
    // Given up, it takes no room and no number.
    assert!(timeout(SECOND, sender.send(vec![0; 100])).await.is_err());
    let waiting = tokio::spawn(async move { sender.send(vec![0; 100]).await });
    let mut server = up(&mut link, &mut calls).await;
    let (messages, ()) = tokio::join!(received(&mut server, 2), idle(&mut link, SECOND));
    assert_eq!(messages.len(), 2);
    assert_eq!(waiting.await.unwrap(), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn closing_sends_what_waits_and_knows_that_it_arrived() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let mut server = up(&mut link, &mut calls).await;
    let sender = link.sender();
    for number in 0..10 {
        link.try_send(vec![number; 32 << 10]).unwrap();
    }
    let reading = async {
        let messages = received(&mut server, 10).await;
        assert_eq!(server.recv().await.unwrap(), None);
        (messages.len(), server.ending().unwrap())
    };
    let (gap, (count, ending)) = tokio::join!(link.close(CloseCode::NORMAL), reading);
    assert!(gap.is_empty(), "{gap:?}");
    assert_eq!((count, ending.code(), ending.is_clean()), (10, 1000, true));
    assert_eq!(sender.try_send("x"), Err(NotQueued::Over));
}

#[tokio::test(start_paused = true)]
async fn closing_ends_in_time_and_tells_what_is_lost() {
    let (builder, mut calls) = link();
    let mut link = builder.close_within(3 * SECOND).build();
    let server = up(&mut link, &mut calls).await;
    stuff(&mut link, 10).await;
    let start = Instant::now();
    let gap = link.close(CloseCode::NORMAL).await;
    assert_eq!(start.elapsed(), 3 * SECOND);
    assert_eq!((gap.uncertain().start, gap.dropped().end), (0, 10));
    drop(server);

    let (builder, _calls) = self::link();
    let link = builder.build();
    link.try_send("never").unwrap();
    let gap = link.close(CloseCode::NORMAL).await;
    assert_eq!((gap.uncertain(), gap.dropped()), (0..0, 0..1));
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_room_hears_that_the_client_is_gone() {
    let (builder, _calls) = link();
    let link = builder.queue_limit(100).build();
    let sender = link.sender();
    sender.try_send(vec![0; 30]).unwrap();
    let waiting = tokio::spawn(async move { sender.send("x").await });
    tokio::task::yield_now().await;
    drop(link);
    assert_eq!(waiting.await.unwrap(), Err(NotQueued::Over));
}

/// Giving up tells what was kept, once.
#[tokio::test(start_paused = true)]
async fn giving_up_drops_what_was_kept_and_tells_it() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    link.try_send("kept").unwrap();
    let (event, ()) = tokio::join!(link.next(), calls.refuse("404 Not Found"));
    let Some(ReconnectEvent::Down { retry_in: None, gap, .. }) = event else { panic!("{event:?}") };
    assert_eq!((gap.uncertain(), gap.dropped()), (0..0, 0..1));
    assert!(link.close(CloseCode::NORMAL).await.is_empty());
}

/// Whoever takes a connection up may go on writing a message of his own: what waits goes behind it.
#[tokio::test(start_paused = true)]
async fn what_waits_goes_behind_a_message_that_is_being_written() {
    let (builder, mut calls) = link();
    let (give, mut given) = tokio::sync::mpsc::unbounded_channel();
    let taking_up = move |socket: WebSocket, _| {
        let give = give.clone();
        async move {
            let _ = give.send(socket.write_text().await?);
            Ok::<_, wharf::SendError>(socket)
        }
    };
    let mut link = builder.on_open(taking_up).build();
    let mut server = up(&mut link, &mut calls).await;
    link.try_send("behind").unwrap();
    idle(&mut link, SECOND).await;
    let mut writer = given.recv().await.unwrap();
    tokio::spawn(async move { while link.next().await.is_some() {} });
    tokio::time::sleep(SECOND).await;
    writer.write("first").await.unwrap();
    writer.finish().await.unwrap();
    let messages = received(&mut server, 2).await;
    assert_eq!(messages, ["first", "behind"].map(Message::from));
}
