//! One sends, all receive.

use crate::support::{Served, carry_out, clean, number, payload, plan, serve};
use std::{num::NonZeroUsize, sync::Arc};
use tokio::sync::broadcast;
use wharf::{Message, WebSocket};
use wharf_bench::{Load, Pace, Plan, Stop};

/// What a server does with the message of this number.
type Change = fn(u64, Message) -> Option<Message>;

/// Sends what anybody sends to all, the sender among them.
fn broadcasting(change: Change) -> Served {
    let all = Arc::new(broadcast::Sender::new(4_096));
    serve(move |socket| member(socket, Arc::clone(&all), change))
}

async fn member(mut socket: WebSocket, all: Arc<broadcast::Sender<Message>>, change: Change) {
    let (mut heard, mut number) = (all.subscribe(), 0);
    loop {
        tokio::select! {
            said = socket.recv() => match said {
                Ok(Some(message)) => {
                    if let Some(message) = change(number, message) {
                        let _ = all.send(message);
                    }
                    number += 1;
                }
                Ok(None) | Err(_) => return,
            },
            message = heard.recv() => match message {
                Ok(message) => if socket.send(message).await.is_err() { return },
                Err(_) => return,
            },
        }
    }
}

fn fan_out(url: &str) -> Plan {
    Plan {
        load: Load::FanOut,
        threads: NonZeroUsize::MIN,
        stop: Stop::Messages(200),
        payload: payload("uniform:16..300"),
        ..plan(url)
    }
}

/// Every message reaches the six others, once and in order.
#[test]
fn every_delivery_is_counted() {
    let served = broadcasting(|_, message| Some(message));
    for pace in [
        Pace::Closed { in_flight: number(5) },
        Pace::Open { rate: 10_000.0, in_flight: number(64) },
    ] {
        let report = clean(Plan { pace, ..fan_out(&served.url) });
        assert_eq!((report.messages.sent, report.messages.received), (200, 6 * 200));
    }
}

/// A message that is left out is noticed by everybody who waits for it.
#[test]
fn a_gap_is_noticed() {
    let served = broadcasting(|number, message| (number != 100).then_some(message));
    let report = carry_out(fan_out(&served.url)).unwrap();
    let [trouble] = report.troubles.as_slice() else { panic!("{:?}", report.troubles) };
    assert!(trouble.what.starts_with("a message is missing"), "{trouble:?}");
    assert_eq!((trouble.count, report.messages.received), (6, 6 * 100));
}
