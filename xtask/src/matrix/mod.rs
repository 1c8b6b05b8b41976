//! `wharf check` of the libraries of others, side by side, and the Autobahn suite beside it.

mod agreement;
mod ask;
pub(crate) mod beside;
mod findings;
mod page;
mod peer;

use crate::{
    failure::{Failure, Outcome},
    foreign::{self, Foreign},
    paths,
    process::{command, run as run_to_end},
    say,
};
use ask::{Asked, Cases, Report, WHARF};
use findings::Findings;
use peer::Role;
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    thread,
};

/// Who takes part, in the order of the tables.
const PEERS: [&str; 14] = [
    "wharf",
    "tokio-tungstenite",
    "fastwebsockets",
    "tokio-websockets",
    "sockudo-ws",
    "yawc",
    "ws",
    "bun",
    "websockets",
    "aiohttp",
    "picows",
    "gorilla",
    "nhooyr",
    "libwebsockets",
];
/// Runs at a time: most of their time they wait.
const WORKERS: usize = 5;

/// `matrix [name…]`: asks these, or all, and writes both pages; of the others the reports of the last run will do.
pub(crate) fn run(names: &[&str]) -> Outcome {
    let names = if names.is_empty() { &PEERS } else { names };
    if let Some(unknown) = names.iter().find(|name| !PEERS.contains(name)) {
        let all = PEERS.join(", ");
        return Err(Failure::new(format!("no peer `{unknown}`; there are {all}")));
    }
    let peers = foreign::install_unwinding(&PEERS)?;
    ask::build()?;
    let folder = folder()?;
    let found: Vec<Findings> =
        ask_all(&peers, names, &folder)?.into_iter().map(Findings::read).collect::<Outcome<_>>()?;
    side_by_side(&found, &folder)?;
    page::write_matrix(&found)
}

/// Where reports are kept.
fn folder() -> Outcome<PathBuf> {
    let folder = paths::root().join("reports/matrix");
    paths::make(&folder)?;
    Ok(folder)
}

/// Every peer in every role, some at a time; the clients first, which take longer.
fn ask_all(peers: &[Foreign], names: &[&str], folder: &Path) -> Outcome<Vec<Asked>> {
    let pairs = |role| peers.iter().map(move |peer| (peer, role));
    let waiting = Mutex::new(pairs(Role::Client).chain(pairs(Role::Server)));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || -> Outcome<Vec<Asked>> {
        let mut mine = Vec::new();
        while let Some((peer, role)) = next() {
            say::line(format!("{} {}", peer.name, role.name()));
            let again = names.contains(&peer.name);
            let wanted = if again { Report::New } else { Report::OrOld };
            mine.extend(ask::ask(peer, role, folder, Cases::Usual, wanted)?);
        }
        Ok(mine)
    };
    let lists: Vec<Outcome<Vec<Asked>>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join().expect("no worker panics"));
        joined.collect()
    });
    let mut all: Vec<Asked> = lists.into_iter().collect::<Outcome<Vec<_>>>()?.concat();
    let place = |asked: &Asked| PEERS.iter().position(|name| *name == asked.name);
    all.sort_by_key(|asked| (asked.role == Role::Client, place(asked)));
    Ok(all)
}

/// One page of all of them.
fn side_by_side(found: &[Findings], folder: &Path) -> Outcome {
    let reports: Vec<PathBuf> =
        found.iter().map(|findings| findings.asked.report.clone()).collect();
    let page = folder.join("matrix.html");
    let mut line = command(WHARF, ["check", "--matrix"]);
    run_to_end(line.args(reports).arg("--output").arg(&page))?;
    say::line(format!("written: {}", page.display()));
    Ok(())
}
