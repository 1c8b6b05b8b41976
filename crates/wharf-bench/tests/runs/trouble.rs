//! Servers that do not do what a bench needs.

use crate::support::{carry_out, echo, number, plan, serve};
use std::time::Duration;
use wharf::{CloseCode, Message, WebSocket};
use wharf_bench::{Plan, RunError, TroubleKind, Verify};

fn unopened(plan: Plan) -> (TroubleKind, String, u64) {
    let error = carry_out(plan).unwrap_err();
    let RunError::Unopened(troubles) = error else { panic!("{error}") };
    let (trouble, count) = troubles.into_iter().next().unwrap();
    (trouble.kind, trouble.text, count)
}

/// Nobody listens: told once, with how many.
#[test]
fn refused_connections_are_counted() {
    // A port that was just given back may be another test's by now; this one is nobody's.
    let (kind, text, count) = unopened(plan("ws://127.0.0.1:1/"));
    assert_eq!((kind, count), (TroubleKind::Unreachable, 7), "{text}");
    assert!(text.to_lowercase().contains("refused"), "{text}");
}

/// A server that accepts and says nothing ends with the deadline.
#[test]
fn a_silent_server_is_not_waited_for() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let (kind, text, count) = unopened(Plan { patience: Duration::from_millis(50), ..plan(&url) });
    assert_eq!((kind, count, text.as_str()), (TroubleKind::Timeout, 7, "not open after 50ms"));
}

fn spoilt(message: Message) -> Message {
    let mut bytes = message.into_bytes().to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes.into()
}

/// What comes back is not taken for an echo because it came back.
#[test]
fn a_server_that_changes_messages_is_no_echo() {
    let served = serve(|socket| echo(socket, |_, message| spoilt(message)));
    let (kind, text, _) = unopened(plan(&served.url));
    assert_eq!(
        (kind, text.as_str()),
        (TroubleKind::Wrong, "an answer differs from the message: is this an echo?")
    );
    let served = serve(|socket| echo(socket, |_, message| Message::from(format!("{message:?}"))));
    let (kind, text, _) = unopened(plan(&served.url));
    assert_eq!(
        (kind, text.as_str()),
        (TroubleKind::Wrong, "text came back as binary, or binary as text")
    );
}

/// The first answers are right, a later one is not: only who compares all can know.
#[test]
fn a_late_change_is_found_by_comparing_all() {
    let served = serve(|socket| {
        echo(socket, |number, message| if number == 50 { spoilt(message) } else { message })
    });
    let report = carry_out(Plan { verify: Verify::All, ..plan(&served.url) }).unwrap();
    assert_eq!(
        (report.connections.failed, report.troubles[0].count),
        (7, 7),
        "{:?}",
        report.troubles
    );
    assert!(report.messages.received < 1_000);
}

/// Bytes that are counted must be those of answers.
#[test]
fn strays_are_noticed_where_bytes_are_counted() {
    let served = serve(chatty);
    let report = carry_out(Plan {
        pace: wharf_bench::Pace::Closed { in_flight: number(1) },
        ..plan(&served.url)
    });
    let report = report.unwrap();
    assert!(report.troubles[0].what.contains("--verify all"), "{:?}", report.troubles);
}

/// Echoes, and says something of its own with the tenth answer.
async fn chatty(mut socket: WebSocket) {
    let mut number = 0;
    while let Ok(Some(message)) = socket.recv().await {
        number += 1;
        if number == 10 && socket.feed("by the way").is_err() {
            break;
        }
        if socket.send(message).await.is_err() {
            break;
        }
    }
}

/// A server that leaves in the middle is told with its code, and what came before counts.
#[test]
fn a_server_that_closes_is_told() {
    let served = serve(|mut socket: WebSocket| async move {
        for _ in 0..20 {
            let Ok(Some(message)) = socket.recv().await else { return };
            if socket.send(message).await.is_err() {
                return;
            }
        }
        socket.close(CloseCode::GOING_AWAY).await;
    });
    let report = carry_out(Plan { verify: Verify::All, ..plan(&served.url) }).unwrap();
    assert_eq!(report.troubles.len(), 1);
    assert!(
        report.troubles[0].what.starts_with("the server closed with 1001"),
        "{:?}",
        report.troubles
    );
    // The first answer of each proved it, and is not counted.
    assert_eq!((report.connections.failed, report.messages.received), (7, 7 * 19));
    assert!(report.messages.unanswered > 0);
}

/// No number of a process that is not there.
#[test]
fn a_process_that_is_not_there_is_told() {
    let error =
        carry_out(Plan { server: Some(u32::MAX), ..plan("ws://127.0.0.1:1/") }).unwrap_err();
    assert!(error.to_string().contains("process 4294967295"), "{error}");
}
