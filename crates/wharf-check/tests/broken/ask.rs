//! Runs the suite against our own peers.

use crate::peer::{Client, Server, Setup};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::runtime::Runtime;
use wharf_check::{Clients, Plan, Report, Target, Trust, check_server};

/// Clients at a time.
const CLIENTS: usize = 16;

/// What the suite says of a server.
pub(crate) fn server(setup: Setup, plan: &Plan) -> Report {
    let server = Server::start(setup).expect("loopback has ports");
    let url = format!("ws://{}/", server.address());
    let target = Target::new(&url, &Trust::Anybody).expect("this is a URL");
    let report = runtime().block_on(check_server(target, plan, |_, _| {}));
    report.expect("the first connection is served well")
}

/// What the suite says of a client that connects for each case.
pub(crate) fn client(setup: Setup, plan: &Plan) -> Report {
    let runtime = runtime();
    let clients = runtime.block_on(Clients::listen(([127, 0, 0, 1], 0).into()));
    let clients = clients.expect("loopback has ports");
    let address = clients.url().trim_start_matches("ws://").parse().expect("an address");
    let done = Arc::new(AtomicUsize::new(0));
    let all_done = Arc::clone(&done);
    let driver = thread::spawn(move || drive(setup, address, &all_done));
    let report = runtime.block_on(clients.check_loop(plan, |_, progress| {
        done.store(progress.done, Ordering::Release);
        driver.thread().unpark();
    }));
    driver.join().expect("the clients do not panic");
    report
}

/// For one test.
pub(crate) fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

/// Connects for each case, and asks for the report when all were told. A client that hangs is left behind.
fn drive(setup: Setup, address: SocketAddr, done: &AtomicUsize) {
    let correct =
        |target: &str| Client { setup: Setup::CORRECT, address, target: target.to_owned() };
    let count = correct("/getCaseCount").hear().and_then(|count| count.parse().ok());
    let count: usize = count.expect("the number of cases");
    let next = Arc::new(AtomicUsize::new(1));
    for _ in 0..CLIENTS.min(count) {
        let next = Arc::clone(&next);
        thread::spawn(move || visit(setup, address, &next, count));
    }
    while done.load(Ordering::Acquire) < count {
        thread::park_timeout(Duration::from_secs(1));
    }
    correct("/updateReports").run();
}

/// One client after the other.
fn visit(setup: Setup, address: SocketAddr, next: &AtomicUsize, count: usize) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number > count {
            return;
        }
        Client { setup, address, target: format!("/case?n={number}") }.run();
    }
}
