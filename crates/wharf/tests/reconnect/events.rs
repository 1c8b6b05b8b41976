//! What is told, and when.

use crate::board::{down, link, up};
use std::{future::pending, io, time::Duration};
use tokio::time::{Instant, timeout};
use wharf::{
    Backoff, CloseCode, DownReason, Message, NotQueued, ReconnectEvent, Stage, Verdict, WebSocket,
};

const SECOND: Duration = Duration::from_secs(1);

/// Checklist 95.
#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_told_and_followed_by_another_one() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let start = Instant::now();
    let mut server = up(&mut link, &mut calls).await;
    assert_eq!(start.elapsed(), Duration::ZERO, "the first attempt does not wait");

    server.send("hello").await.unwrap();
    let Some(ReconnectEvent::Message(message)) = link.next().await else { panic!() };
    assert_eq!(message, Message::from("hello"));

    let closing = tokio::spawn(async move { server.close(CloseCode::SERVICE_RESTART).await });
    let (reason, retry_in, gap) = down(&mut link).await;
    closing.await.unwrap();
    assert!(matches!(&reason, DownReason::Ended(ending) if ending.code() == 1012), "{reason}");
    assert!(gap.is_empty());
    let (lost, retry_in) = (Instant::now(), retry_in.unwrap());
    assert!(retry_in < 5 * SECOND);

    let (event, _server) = tokio::join!(link.next(), calls.open());
    let Some(ReconnectEvent::Up { connection, response, .. }) = event else { panic!("{event:?}") };
    assert_eq!((connection, response.status().as_u16()), (2, 101));
    // The runtime's timers are exact to a millisecond.
    assert!(lost.elapsed().abs_diff(retry_in) <= Duration::from_millis(1));
}

async fn closed_with(code: CloseCode) -> Option<Duration> {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let mut server = up(&mut link, &mut calls).await;
    let closing = tokio::spawn(async move { server.close(code).await });
    let (_, retry_in, _) = down(&mut link).await;
    closing.await.unwrap();
    retry_in
}

/// RFC 6455 §7.4.1; checklist 95.
#[tokio::test(start_paused = true)]
async fn close_codes_say_whether_to_come_back() {
    for code in [1000, 1002, 1003, 1007, 1008, 1009, 3000, 3003] {
        assert_eq!(closed_with(CloseCode::new(code).unwrap()).await, None, "{code}");
    }
    for code in [1001, 1011, 1012, 1013, 1014, 3001, 4000] {
        assert!(closed_with(CloseCode::new(code).unwrap()).await.is_some(), "{code}");
    }
}

/// Checklist 95: an end for good is told once, and whoever sends hears of it.
#[tokio::test(start_paused = true)]
async fn after_giving_up_there_is_nothing_more() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let sender = link.sender();
    let refusing = async {
        calls.refuse("403 Forbidden").await;
    };
    let (event, ()) = tokio::join!(down(&mut link), refusing);
    let (DownReason::NotOpened(error), None, _) = event else { panic!("{event:?}") };
    assert_eq!((error.stage(), error.response().unwrap().status().as_u16()), (Stage::Upgrade, 403));
    assert!(link.next().await.is_none());
    assert_eq!(sender.send("x").await, Err(NotQueued::Over));
    assert_eq!(sender.try_send("x"), Err(NotQueued::Over));
}

/// RFC 9110 §10.2.3; checklist 95.
#[tokio::test(start_paused = true)]
async fn a_server_that_names_a_time_is_not_asked_before() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    for status in ["503 Busy", "429 Slow down"] {
        let head = format!("{status}\r\nRetry-After: 70");
        let ((_, retry_in, _), ()) = tokio::join!(down(&mut link), calls.refuse(&head));
        assert!((70 * SECOND..80 * SECOND).contains(&retry_in.unwrap()), "{retry_in:?}");
    }
}

/// Checklist 95.
#[tokio::test(start_paused = true)]
async fn attempts_that_come_to_nothing_are_counted_and_timed() {
    let (builder, calls) = link();
    drop(calls);
    let mut link = builder.backoff(Backoff::new().attempts(2)).build();
    for expected in [true, true, false] {
        let (reason, retry_in, _) = down(&mut link).await;
        assert!(matches!(reason, DownReason::NotOpened(_)));
        assert_eq!(retry_in.is_some(), expected);
    }

    let (builder, calls) = self::link();
    drop(calls);
    let mut link = builder.backoff(Backoff::new().give_up_after(60 * SECOND)).build();
    let start = Instant::now();
    while down(&mut link).await.1.is_some() {}
    assert!(start.elapsed() <= 61 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_caller_has_the_last_word_on_what_follows() {
    let (builder, calls) = link();
    drop(calls);
    let judge = |_: &DownReason, verdict| {
        assert_eq!(verdict, Verdict::Retry);
        Verdict::GiveUp
    };
    let mut link = builder.judge(judge).build();
    assert_eq!(down(&mut link).await.1, None);
}

#[tokio::test(start_paused = true)]
async fn each_connection_is_taken_up_before_it_is_told() {
    let (builder, mut calls) = link();
    let mut link = builder
        .on_open(|mut socket, resume| async move {
            let hello = format!("resume {} {:?}", resume.connection, resume.gap.uncertain());
            socket.send(hello).await?;
            let answer = socket.recv().await?;
            assert_eq!(answer, Some(Message::from("welcome")));
            Ok::<_, wharf::Error>(socket)
        })
        .build();
    link.try_send("waiting").unwrap();
    for expected in ["resume 1 0..0", "resume 2 0..1"] {
        let serving = async {
            let mut server = calls.open().await;
            assert_eq!(server.recv().await.unwrap(), Some(Message::from(expected)));
            server.send("welcome").await.unwrap();
            server
        };
        let (event, server) = tokio::join!(link.next(), serving);
        assert!(matches!(event, Some(ReconnectEvent::Up { .. })), "{event:?}");
        // What waited is handed over as soon as it is polled again, and nobody reads it.
        assert!(timeout(SECOND, link.next()).await.is_err());
        drop(server);
        down(&mut link).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_cannot_be_taken_up_is_lost() {
    let (builder, mut calls) = link();
    let failing = |_: WebSocket, _| async { Err::<WebSocket, _>(io::Error::other("no ticket")) };
    let mut link = builder.on_open(failing).build();
    let ((reason, retry_in, _), _server) = tokio::join!(down(&mut link), calls.open());
    assert_eq!(reason.to_string(), "the connection could not be taken up: no ticket");
    assert!(retry_in.is_some());

    let (builder, mut calls) = self::link();
    let hanging = |socket: WebSocket, _| async {
        let _socket = socket;
        pending::<Result<WebSocket, io::Error>>().await
    };
    let mut link = builder.on_open(hanging).build();
    let start = Instant::now();
    let ((reason, ..), mut server) = tokio::join!(down(&mut link), calls.open());
    assert!(matches!(reason, DownReason::ResumeTimedOut(_)), "{reason}");
    assert_eq!(start.elapsed().as_secs(), 10);
    assert_eq!(server.recv().await.unwrap(), None, "its socket is dropped");
}

/// Cancel safety of `next`.
#[tokio::test(start_paused = true)]
async fn a_dropped_wait_goes_on_where_it_was() {
    let (builder, mut calls) = link();
    let mut link = builder.build();
    let tick = Duration::from_millis(300);
    assert!(timeout(tick, link.next()).await.is_err());
    let io = calls.take().await;
    let accepting = async { wharf::Acceptor::builder().build().accept(io).await.unwrap() };
    let (none, request) = tokio::join!(timeout(tick, link.next()), accepting);
    assert!(none.is_err());
    let (event, server) = tokio::join!(link.next(), request.accept());
    assert!(matches!(event, Some(ReconnectEvent::Up { connection: 1, .. })), "{event:?}");
    drop(server);
    let (_, retry_in, _) = down(&mut link).await;
    let lost = Instant::now();
    let server = loop {
        let opened = async { timeout(tick, calls.open()).await };
        if let (Ok(Some(event)), Ok(server)) = tokio::join!(timeout(tick, link.next()), opened) {
            assert!(matches!(event, ReconnectEvent::Up { connection: 2, .. }), "{event:?}");
            break server;
        }
    };
    assert!(lost.elapsed() <= retry_in.unwrap() + tick);
    drop(server);
}
