//! Servers, and a plan to begin with.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};
use tokio::runtime::Runtime;
use wharf::{Accept, Acceptor, Deflate, Message, Server, WebSocket};
use wharf_bench::{
    Content, Load, Pace, Payload, Plan, Report, RunError, Stop, Stopper, Target, Verify, Wishes,
    run,
};

/// A server that lives as long as this.
pub(crate) struct Served {
    pub(crate) url: String,
    _runtime: Runtime,
}

/// Serves each connection so.
pub(crate) fn serve<F, R>(handler: F) -> Served
where
    F: Fn(WebSocket) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let acceptor = Acceptor::builder().accept(Accept::new().deflate(Deflate::SERVER)).build();
    let server = runtime.block_on(Server::bind("127.0.0.1:0")).unwrap().with_acceptor(acceptor);
    let url = format!("ws://{}/", server.local_addr().unwrap());
    runtime.spawn(server.serve(handler));
    Served { url, _runtime: runtime }
}

/// Sends every message back, changed so.
pub(crate) async fn echo(mut socket: WebSocket, change: impl Fn(u64, Message) -> Message) {
    let mut number = 0;
    while let Ok(Some(message)) = socket.recv().await {
        if socket.send(change(number, message)).await.is_err() {
            break;
        }
        number += 1;
    }
}

pub(crate) fn echoing() -> Served {
    serve(|socket| echo(socket, |_, message| message))
}

pub(crate) fn target(url: &str, wishes: Wishes) -> Target {
    Target::new(url, wishes, || Err("no TLS here")).unwrap()
}

/// 7 connections on 2 threads, 3 in flight, 1,000 messages of 100 bytes.
pub(crate) fn plan(url: &str) -> Plan {
    Plan {
        target: target(url, Wishes::default()),
        load: Load::Echo,
        pace: Pace::Closed { in_flight: number(3) },
        stop: Stop::Messages(1_000),
        warm_up: Duration::ZERO,
        connections: number(7),
        threads: NonZeroUsize::new(2).unwrap(),
        payload: payload("100"),
        verify: Verify::First,
        patience: Duration::from_secs(60),
        server: None,
    }
}

pub(crate) fn payload(sizes: &str) -> Payload {
    Payload { kind: wharf::Kind::Binary, content: Content::Random, sizes: sizes.parse().unwrap() }
}

pub(crate) fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

pub(crate) fn carry_out(plan: Plan) -> Result<Report, RunError> {
    run(plan, &Stopper::default(), &mut |_| {})
}

/// A run without any trouble.
pub(crate) fn clean(plan: Plan) -> Report {
    let report = carry_out(plan).unwrap();
    assert_eq!(
        (report.troubles.len(), report.errors(), report.messages.unsent),
        (0, 0, 0),
        "{report:#?}"
    );
    report
}
