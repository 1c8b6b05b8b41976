//! Each fault is caught by the cases that are there for it, and each case catches some fault.

use crate::{
    ask,
    fault::Fault,
    peer::Setup,
    table::{TABLE, UNCAUGHT},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
    thread,
    time::Duration,
};
use wharf_check::{Plan, Report, Role, Scope};

/// Runs at a time: most of them wait most of the time.
const RUNS: usize = 24;

/// Peers that are asked everything: two fail at what any peer must do, and the third refuses nothing, so that
/// each case in which something must be refused finds it lax.
const BLUNT: [Fault; 3] = [Fault::ClosesAtOnce, Fault::EchoesWrongPayload, Fault::IgnoresErrors];

/// Groups in which a case may take its time: of these only the cases that the table names are asked.
const SLOW: [&str; 2] = ["limits", "timers"];

/// Our peers have short timers.
fn plan(scope: Scope, only: &[&str]) -> Plan {
    let only = only.iter().map(|only| (*only).to_owned()).collect();
    Plan { scope, only, patience: Some(Duration::from_secs(7)), ..Plan::default() }
}

fn run(setup: Setup, role: Role, plan: &Plan) -> Report {
    match role {
        Role::Server => ask::server(setup, plan),
        Role::Client => ask::client(setup, plan),
    }
}

/// What a correct peer is told is the truth: a case that it does not pass is wrong.
#[test]
fn a_correct_peer_passes_every_case() {
    let mut bad = Vec::new();
    for role in [Role::Server, Role::Client] {
        for plan in [plan(Scope::Quick, &[]), plan(Scope::Big, &SLOW)] {
            let report = run(Setup::CORRECT, role, &plan);
            assert!(!report.outcomes.is_empty());
            let failed = report.outcomes.into_iter().filter(|outcome| outcome.verdict.is_bad());
            bad.extend(failed.map(|outcome| format!("{role:?} {}: {}", outcome.id, outcome.told)));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

/// checklist K: a case that no broken peer can fail is not a case.
#[test]
fn each_fault_is_caught_and_each_case_catches_one() {
    let runs = all_runs();
    let missed = missed(&runs);
    let uncaught = uncaught(&runs);
    assert!(missed.is_empty(), "these cases let their fault pass: {missed:#?}");
    assert!(uncaught.is_empty(), "no broken peer fails these cases: {uncaught:#?}");
}

/// The table leaves out no fault, and names no case twice for one.
#[test]
fn each_fault_has_a_row() {
    for fault in Fault::ALL {
        let rows = TABLE.iter().filter(|row| row.0 == *fault);
        let mut seen = BTreeSet::new();
        let ids: Vec<_> = rows.flat_map(|row| row.2.iter().map(move |id| (row.1, id))).collect();
        assert!(!ids.is_empty(), "no case is there for {fault:?}");
        assert!(
            ids.iter().all(|id| seen.insert((format!("{:?}", id.0), id.1))),
            "{fault:?} names a case twice"
        );
    }
}

struct Run {
    fault: Fault,
    report: Report,
}

/// All rows of the table, and the blunt faults, each on its own server or client.
fn all_runs() -> Vec<Run> {
    let mut waiting: Vec<(Fault, Role, Plan)> = TABLE
        .iter()
        .map(|(fault, role, ids)| (*fault, *role, plan(Scope::Big, &scope(ids))))
        .collect();
    for fault in BLUNT {
        waiting.extend([Role::Server, Role::Client].map(|role| (fault, role, everything(fault))));
    }
    let (waiting, done) = (Mutex::new(waiting), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..RUNS {
            scope.spawn(|| {
                while let Some((fault, role, plan)) = take(&waiting) {
                    let report = run(Setup::broken(fault), role, &plan);
                    done.lock().expect("no run panics").push(Run { fault, report });
                }
            });
        }
    });
    done.into_inner().expect("no run panics")
}

fn take<T>(waiting: &Mutex<Vec<T>>) -> Option<T> {
    waiting.lock().expect("no run panics").pop()
}

/// The groups of these cases, and these cases.
fn scope(ids: &[&'static str]) -> Vec<&'static str> {
    let groups = ids.iter().map(|id| id.split_once('/').map_or(*id, |(group, _)| group));
    groups.filter(|group| !SLOW.contains(group)).chain(ids.iter().copied()).collect()
}

/// Volumes say nothing new of a peer that refuses nothing.
fn everything(fault: Fault) -> Plan {
    let mut plan = plan(Scope::Big, &[]);
    if fault == Fault::IgnoresErrors {
        plan.skip = vec!["*/volume-*".to_owned(), "limits".to_owned(), "timers".to_owned()];
    }
    plan
}

/// Cases of the table that a broken peer passed.
fn missed(runs: &[Run]) -> Vec<String> {
    let mut missed = Vec::new();
    for (fault, role, ids) in TABLE {
        for id in *ids {
            let mut verdicts = runs
                .iter()
                .filter(|run| run.fault == *fault && run.report.role == *role)
                .flat_map(|run| &run.report.outcomes)
                .filter(|outcome| outcome.id == *id)
                .map(|outcome| outcome.verdict);
            if !verdicts.any(|verdict| verdict.is_bad()) {
                missed.push(format!("{fault:?} {role:?} {id}"));
            }
        }
    }
    missed
}

/// Cases that no run failed and nobody excused, and those that were excused for nothing.
fn uncaught(runs: &[Run]) -> BTreeSet<String> {
    let mut caught: BTreeMap<String, bool> = BTreeMap::new();
    for run in runs {
        for outcome in &run.report.outcomes {
            let asked = format!("{:?} {}", run.report.role, outcome.id);
            *caught.entry(asked).or_default() |= outcome.verdict.is_bad();
        }
    }
    let is_excused = |asked: &str| UNCAUGHT.iter().any(|(known, _)| *known == asked);
    caught.retain(|asked, caught| *caught == is_excused(asked));
    caught.into_keys().collect()
}
