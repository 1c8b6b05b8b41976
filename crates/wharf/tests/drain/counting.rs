//! Who counts, and until when.

use super::support::{client, connection, counted, over, rest, seconds, serve};
use tokio::{
    io::duplex,
    time::{Instant, sleep},
};
use wharf::{CloseCode, CloseReason, Drain, DrainPhase, DrainPlan, Role};

/// From the handshake to the end of the socket, or until it is dropped.
#[tokio::test(start_paused = true)]
async fn a_socket_counts_from_its_handshake_to_its_end() {
    let drain = Drain::new();
    let pass = drain.admit().unwrap();
    assert_eq!(drain.connections(), 1);
    drop(pass);
    assert_eq!(drain.connections(), 0, "the handshake failed");

    let (socket, far) = counted(&drain);
    let _sender = socket.sender(); // Does not keep it open.
    assert_eq!(drain.connections(), 1);
    drop(socket);
    assert_eq!(drain.connections(), 0, "it was dropped");
    drop(far);

    let (mut socket, far) = counted(&drain);
    drop(far);
    socket.drive().await;
    assert_eq!(drain.connections(), 0, "it has ended, and is not dropped");
    drain.empty().await;
    assert_eq!(drain.progress().phase, DrainPhase::Serving);
}

/// A socket may be counted by several drains.
#[tokio::test(start_paused = true)]
async fn two_drains_may_count_one_socket() {
    let drains = [Drain::new(), Drain::new(), Drain::new()];
    let (near, far) = duplex(256);
    let mut socket = over(near, Role::Server);
    for drain in &drains {
        drain.admit().unwrap().open(&mut socket);
    }
    let client = client(far);
    let served = serve(socket);
    let summary = drains[1].start(DrainPlan::default()).finished().await;
    assert_eq!((summary.clean, summary.total()), (1, 1));
    assert!(client.await.unwrap().0.is_clean());
    served.await.unwrap();
    assert!(drains.iter().all(|drain| drain.connections() == 0));
}

/// Nobody is let in while it drains and after it.
#[tokio::test(start_paused = true)]
async fn newcomers_are_told_when_to_come_back() {
    let drain = Drain::new();
    let (_socket, _far) = counted(&drain);
    let run = drain.start(DrainPlan::new(seconds(60)));
    assert!(drain.is_draining());
    let waits: Vec<_> = (0..100).map(|_| drain.admit().unwrap_err().retry_after()).collect();
    assert!(waits.iter().all(|wait| (seconds(60)..=seconds(70)).contains(wait)), "{waits:?}");
    let spread = *waits.iter().max().unwrap() - *waits.iter().min().unwrap();
    assert!(spread > seconds(5), "they must not come back together: {spread:?}");

    run.cut();
    assert_eq!(run.finished().await.cut, 1);
    let late = drain.admit().unwrap_err();
    assert!(late.retry_after() <= seconds(10));
    assert_eq!(late.response().status(), 503);
}

/// What the plan says of `Retry-After` is said.
#[tokio::test(start_paused = true)]
async fn the_plan_may_say_when_to_come_back() {
    let drain = Drain::new();
    let _ = drain.start(DrainPlan::default().retry_after(seconds(7)));
    assert_eq!(drain.admit().unwrap_err().response().headers()["retry-after"], "7");
}

/// A handshake that was let in before and is done after is closed at once.
#[tokio::test(start_paused = true)]
async fn a_socket_that_opens_too_late_is_closed_at_once() {
    let drain = Drain::new();
    let pass = drain.admit().unwrap();
    let run = drain.start(DrainPlan::new(seconds(60)));
    let (near, far) = duplex(256);
    let mut socket = over(near, Role::Server);
    let start = Instant::now();
    pass.open(&mut socket);
    assert!(!socket.sender().is_open());
    let client = client(far);
    serve(socket);
    assert_eq!(client.await.unwrap().0.code(), 1001);
    assert_eq!((run.finished().await.clean, start.elapsed()), (1, seconds(0)));
}

/// The first plan holds.
#[tokio::test(start_paused = true)]
async fn a_drain_that_has_begun_is_not_begun_again() {
    let drain = Drain::new();
    let client = connection(&drain);
    let first = drain.start(DrainPlan::default().reason(CloseCode::SERVICE_RESTART));
    let second = drain.start(DrainPlan::default());
    let (first, second) = tokio::join!(first.finished(), second.finished());
    assert_eq!((first.clean, first), (1, second));
    assert_eq!(client.await.unwrap().0.code(), 1012);
}

/// The reason is told as it is.
#[tokio::test(start_paused = true)]
async fn the_plan_says_why() {
    let drain = Drain::new();
    let client = connection(&drain);
    let reason = CloseReason::new(CloseCode::SERVICE_RESTART, "version 2").unwrap();
    let _ = drain.start(DrainPlan::default().reason(reason.clone()));
    drain.drained().await;
    assert_eq!(client.await.unwrap().0.reason(), Some(&reason));
}

/// Started and over are told to whoever waits for them, in whichever order.
#[tokio::test(start_paused = true)]
async fn whoever_waits_is_told() {
    let drain = Drain::new();
    let client = connection(&drain);
    let waiting = tokio::spawn({
        let drain = drain.clone();
        async move {
            drain.started().await;
            drain.drained().await
        }
    });
    sleep(seconds(1)).await;
    assert!(!waiting.is_finished());
    let run = drain.start(DrainPlan::default());
    let mut told = Vec::new();
    run.watch(|progress| told.push((progress.phase, progress.open, progress.summary.clean))).await;
    assert_eq!(told.first(), Some(&(DrainPhase::Draining, 1, 0)));
    assert_eq!(told.last(), Some(&(DrainPhase::Over, 0, 1)));
    assert_eq!(waiting.await.unwrap().clean, 1);
    client.await.unwrap();
}

/// Outside of a runtime nothing panics; whoever waits for the end does the work.
#[test]
fn a_drain_may_be_started_outside_of_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let drain = Drain::new();
    let client = {
        let _inside = runtime.enter();
        connection(&drain)
    };
    let run = drain.start(DrainPlan::default());
    assert_eq!(runtime.block_on(run.finished()).clean, 1);
    assert!(runtime.block_on(client).unwrap().0.is_clean());
}

/// A handler that does not read cannot hold up the Close, and is cut at the deadline, not before.
#[tokio::test(start_paused = true)]
async fn who_does_not_read_is_told_and_cut_at_the_deadline() {
    let drain = Drain::new();
    let (mut socket, far) = counted(&drain);
    let start = Instant::now();
    let run = drain.start(DrainPlan::new(seconds(30)));
    let (heard, summary) = tokio::join!(rest(far), run.finished());
    assert_eq!(heard, b"\x88\x02\x03\xe9");
    assert_eq!((summary.clean, summary.unclean, summary.cut), (0, 0, 1));
    assert_eq!(start.elapsed(), seconds(30));
    assert!(socket.recv().await.unwrap().is_none(), "it hears of its end");
    assert!(!socket.ending().unwrap().is_clean());
}

/// A peer that does not answer has its closing handshake's time; that is unclean, and no cut.
#[tokio::test(start_paused = true)]
async fn who_does_not_answer_ends_unclean_before_the_deadline() {
    let drain = Drain::new();
    let (socket, _far) = counted(&drain);
    serve(socket);
    let start = Instant::now();
    let summary = drain.start(DrainPlan::new(seconds(30))).finished().await;
    assert_eq!((summary.clean, summary.unclean, summary.cut), (0, 1, 0));
    assert_eq!(start.elapsed().as_secs(), 5, "Timeouts::close");
}
