//! Each fault is caught by the cases that are there for it, and each case catches some fault.

use crate::{ask, fault::Fault, peer::Setup, table::TABLE};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    thread,
    time::Duration,
};
use wharf_check::{Outcome, Plan, Report, Role, Scope, Verdict};

/// Runs at a time: most of them wait most of the time.
const RUNS: usize = 24;

/// Peers that fail what a peer must be able to do, whatever is asked. That says nothing of cases in which
/// something must be refused: those must find a peer lax, or fail one with a fault of its own.
const BLUNT: [Fault; 4] =
    [Fault::ClosesAtOnce, Fault::EchoesWrongPayload, Fault::IgnoresErrors, Fault::IgnoresClose];

/// Our peers have short timers.
fn plan(scope: Scope, only: &[&str]) -> Plan {
    let only = only.iter().map(|only| (*only).to_owned()).collect();
    Plan { scope, only, patience: Some(Duration::from_secs(4)), ..Plan::default() }
}

fn run(setup: Setup, role: Role, plan: &Plan) -> Report {
    match role {
        Role::Server => ask::server(setup, plan),
        Role::Client => ask::client(setup, plan),
    }
}
