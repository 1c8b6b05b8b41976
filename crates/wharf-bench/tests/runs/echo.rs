//! Echoes, storms and idle connections.

use crate::support::{clean, echoing, number, payload, plan, target};
#[cfg(target_os = "linux")]
use std::process::Command;
use std::{num::NonZeroUsize, time::Duration};
use wharf::{Context, Deflate, Direction, Kind};
use wharf_bench::{Content, Load, Pace, Payload, Plan, Report, Stop, Touch, Verify, Wishes};

fn all_came(report: &Report, messages: u64) {
    assert_eq!((report.messages.sent, report.messages.received), (messages, messages));
    let latency = report.latency.as_ref().unwrap();
    assert!(0.0 < latency.min && latency.min <= latency.p50 && latency.p50 <= latency.max);
    assert!(report.rate > 0.0 && report.seconds > 0.0);
}

/// Answers that are counted by their bytes, and answers that are read one by one: not one too many or too few.
#[test]
fn every_message_is_answered_and_counted_once() {
    let served = echoing();
    for (verify, sizes) in [
        (Verify::First, "100"),
        (Verify::First, "0"),
        (Verify::First, "70000"),
        (Verify::First, "uniform:0..3000"),
        (Verify::All, "125"),
        (Verify::All, "10:90%,200K:10%"),
    ] {
        let report = clean(Plan { verify, payload: payload(sizes), ..plan(&served.url) });
        all_came(&report, 1_000);
        assert_eq!((report.connections.asked, report.connections.opened), (7, 7), "{sizes}");
    }
}

/// By the clock all messages go out too, and no earlier than they are due.
#[test]
fn a_rate_is_not_exceeded() {
    let served = echoing();
    let pace = Pace::Open { rate: 20_000.0, in_flight: number(64) };
    let report = clean(Plan { pace, ..plan(&served.url) });
    all_came(&report, 1_000);
    assert!(report.seconds >= 999.0 / 20_000.0, "{}", report.seconds);
}

/// RFC 7692: with and without context takeover, counted by headers and read one by one.
#[test]
fn compressed_echoes_come_back() {
    let served = echoing();
    let payload = Payload { kind: Kind::Text, content: Content::Json, ..payload("1000") };
    for context in [Context::Takeover, Context::NoTakeover] {
        for verify in [Verify::First, Verify::All] {
            let mut deflate = Deflate::CLIENT;
            let direction = Direction { context, ..deflate.send };
            (deflate.send, deflate.receive) = (direction, direction);
            let wishes = Wishes { deflate: Some(deflate), ..Wishes::default() };
            let target = target(&served.url, wishes);
            all_came(
                &clean(Plan { target, verify, payload: payload.clone(), ..plan(&served.url) }),
                1_000,
            );
        }
    }
}

/// More connections than messages, and more threads than connections: some have nothing to do.
#[test]
fn a_plan_may_be_smaller_than_its_means() {
    let served = echoing();
    let threads = NonZeroUsize::new(9).unwrap();
    all_came(&clean(Plan { threads, stop: Stop::Messages(3), ..plan(&served.url) }), 3);
    all_came(&clean(Plan { threads, connections: number(1), ..plan(&served.url) }), 1_000);
}

/// A storm counts handshakes, in a closed loop and by the clock.
#[test]
fn a_storm_counts_handshakes() {
    let served = echoing();
    for pace in [plan(&served.url).pace, Pace::Open { rate: 5_000.0, in_flight: number(1) }] {
        let report = clean(Plan {
            load: Load::Connect,
            stop: Stop::Messages(50),
            pace,
            ..plan(&served.url)
        });
        all_came(&report, 50);
        assert_eq!(report.connections.opened, 50);
    }
}

/// Idle connections are looked at after each step.
#[cfg(target_os = "linux")]
#[test]
fn idle_connections_are_held() {
    let served = echoing();
    let report = clean(Plan {
        load: Load::Idle(Touch::Burst),
        stop: Stop::After(Duration::ZERO),
        server: Some(std::process::id()),
        ..plan(&served.url)
    });
    let steps: Vec<&str> = report.memory.iter().map(|held| held.after.as_str()).collect();
    assert_eq!(steps, ["start", "handshake", "echo", "burst"]);
    assert!(report.memory.iter().all(|held| held.memory.resident > 0));
    assert_eq!((report.connections.opened, report.latency), (7, None));
}

/// The process that is named is measured, not our own, whose threads come and go with the tests.
#[cfg(target_os = "linux")]
#[test]
fn the_servers_use_of_the_processor_is_told() {
    let served = echoing();
    let mut busy = Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
    let stop = Stop::Messages(20_000);
    let report = clean(Plan { server: Some(busy.id()), stop, ..plan(&served.url) });
    busy.kill().and_then(|()| busy.wait()).unwrap();
    let server = report.server.unwrap();
    assert!(server.cpu_us_per_message > 0.0 && server.cpu_seconds > 0.0, "{server:?}");
    assert_eq!(server.threads, 1);
}
