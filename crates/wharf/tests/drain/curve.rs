//! How the closes are spread.

use super::support::{client, connection, counted, seconds, serve};
use std::time::Duration;
use tokio::time::Instant;
use wharf::{CloseCode, Drain, DrainPlan, DrainSummary};

/// When each of so many clients heard the Close, in order, and how the drain ended. All must hear the code.
async fn drained(count: usize, plan: DrainPlan, code: u16) -> (Vec<Duration>, DrainSummary) {
    let drain = Drain::new();
    let clients: Vec<_> = (0..count).map(|_| connection(&drain)).collect();
    assert_eq!(drain.connections(), count);
    let start = Instant::now();
    let summary = drain.start(plan).finished().await;
    let mut moments = Vec::new();
    for client in clients {
        let (ending, at) = client.await.unwrap();
        assert_eq!((ending.code(), ending.is_clean()), (code, true));
        moments.push(at - start);
    }
    moments.sort_unstable();
    (moments, summary)
}

/// How many came in each second.
fn curve(moments: &[Duration]) -> Vec<usize> {
    let mut curve = Vec::new();
    for moment in moments {
        let second = usize::try_from(moment.as_secs()).unwrap();
        curve.resize(curve.len().max(second + 1), 0);
        curve[second] += 1;
    }
    curve
}

/// 10,000 connections in 30 s: 23.5 s of closes, as many in each second, and in each tenth of one no crowd;
/// everybody hears the code and says good-bye in order, and nobody is cut.
#[tokio::test(start_paused = true)]
async fn ten_thousand_leave_at_an_even_pace() {
    let plan = DrainPlan::new(seconds(30)).reason(CloseCode::SERVICE_RESTART);
    let (moments, summary) = drained(10_000, plan, 1012).await;
    assert_eq!((summary.clean, summary.total()), (10_000, 10_000));
    let curve = curve(&moments);
    assert_eq!(curve.len(), 24);
    // An even pace is 426 in a second; a batch more or less may fall on either side of its edge.
    assert!(curve[..23].iter().all(|&closes| (350..=500).contains(&closes)), "{curve:?}");
    let crowd = |start: &Duration| {
        let end = *start + Duration::from_millis(100);
        moments.iter().filter(|moment| (*start..end).contains(moment)).count()
    };
    let crowd = moments.iter().step_by(50).map(crowd).max();
    assert!(crowd <= Some(150), "{crowd:?} in a tenth of a second");
}

/// Few do not wait for the sake of it: 100 in a second.
#[tokio::test(start_paused = true)]
async fn few_leave_at_the_rate() {
    let (moments, _) = drained(300, DrainPlan::new(seconds(60)), 1001).await;
    // The last of 3 s is any moment of their last hundredth, and timers round up.
    let last = *moments.last().unwrap();
    assert!((2_990..=3_010).contains(&last.as_millis()), "{last:?}");
    // A batch may fall on either side of an edge.
    let curve = curve(&moments);
    assert!(curve[..3].iter().all(|closes| (65..=135).contains(closes)), "{curve:?}");
    let (one, _) = drained(1, DrainPlan::new(seconds(60)), 1001).await;
    assert!(one[0] <= Duration::from_millis(20), "{one:?}");
}

/// All at once, on request and where there is no time.
#[tokio::test(start_paused = true)]
async fn all_may_leave_at_once() {
    for plan in [DrainPlan::new(seconds(60)).at_once(), DrainPlan::new(seconds(3))] {
        let (moments, summary) = drained(2_000, plan, 1001).await;
        assert_eq!((moments.last(), summary.clean), (Some(&seconds(0)), 2_000));
    }
}

/// The order is not the order of coming.
#[tokio::test(start_paused = true)]
async fn the_order_is_random() {
    let drain = Drain::new();
    let clients: Vec<_> = (0..200).map(|_| connection(&drain)).collect();
    drain.start(DrainPlan::new(seconds(60)).rate(1)).finished().await;
    let mut moments = Vec::new();
    for client in clients {
        moments.push(client.await.unwrap().1);
    }
    let late = moments.windows(2).filter(|two| two[0] > two[1]).count();
    assert!((50..150).contains(&late), "{late} of 199 leave before one that came earlier");
}

/// The slowest: nobody answers the Close, and still nobody is cut before his time.
#[tokio::test(start_paused = true)]
async fn the_last_batch_has_time_for_its_handshake() {
    let drain = Drain::new();
    let mut peers = Vec::new();
    for _ in 0..2_000 {
        let (socket, far) = counted(&drain);
        serve(socket);
        peers.push(far);
    }
    let start = Instant::now();
    let summary = drain.start(DrainPlan::new(seconds(10))).finished().await;
    assert_eq!((summary.unclean, summary.total()), (2_000, 2_000));
    assert!((9_000..10_000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

/// Who goes by himself meanwhile leaves no gap that anybody waits for.
#[tokio::test(start_paused = true)]
async fn a_drain_is_over_when_everybody_has_gone() {
    let drain = Drain::new();
    let mut wires = Vec::new();
    for _ in 0..100 {
        let (socket, far) = counted(&drain);
        serve(socket);
        wires.push(far);
    }
    let start = Instant::now();
    let run = drain.start(DrainPlan::new(seconds(3600)).rate(1));
    for wire in wires {
        client(wire).abort();
    }
    let summary = run.finished().await;
    assert_eq!((summary.total(), start.elapsed() < seconds(1)), (100, true));
}
