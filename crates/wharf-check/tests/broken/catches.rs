//! Each fault is caught by the cases that are there for it, and each case catches some fault.

use crate::{
    ask,
    fault::Fault,
    peer::Setup,
    table::{EXCUSED, Row, rows},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};
use wharf_check::{Plan, Report, Role, Scope};

/// Runs at a time: most of them wait most of the time.
const RUNS: usize = 40;

/// Peers that are asked everything: two fail at what any peer must do, and the third refuses nothing, so that
/// each case in which something must be refused finds it lax.
const BLUNT: [Fault; 3] = [Fault::ClosesAtOnce, Fault::EchoesWrongPayload, Fault::IgnoresErrors];

/// Groups in which a case may take its time: of these only the cases that the table names are asked.
const SLOW: [&str; 2] = ["limits", "timers"];

/// Many bytes that say nothing new of a fault.
const VOLUMES: &str = "*/volume-*";

/// Our peers have short timers.
fn plan(scope: Scope, only: &[&str]) -> Plan {
    let only = only.iter().map(|only| (*only).to_owned()).collect();
    Plan { scope, only, patience: Some(Duration::from_secs(7)), ..Plan::default() }
}

/// One after the other: a tester that waits for a processor finds a peer's timers too short.
pub(crate) static TURN: Mutex<()> = Mutex::new(());

fn run(setup: Setup, role: Role, plan: &Plan) -> Report {
    match role {
        Role::Server => ask::server(setup, plan),
        Role::Client => ask::client(setup, plan),
    }
}

/// What a correct peer is told is the truth: a case that it does not pass is wrong.
#[test]
fn a_correct_peer_passes_every_case() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
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
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let runs = all_runs();
    let missed = missed(&runs);
    let uncaught = uncaught(&runs);
    assert!(missed.is_empty(), "these cases let their fault pass: {missed:#?}");
    assert!(uncaught.is_empty(), "no broken peer fails these cases: {uncaught:#?}");
}

/// The table leaves out no fault.
#[test]
fn each_fault_has_a_row() {
    for fault in Fault::ALL {
        let has_row = rows().any(|row| row.fault == *fault && !row.cases.is_empty());
        assert!(has_row, "no case is there for {fault:?}");
    }
}

/// Peers that say nothing where something must be said, so that each case waits for as long as it can.
const SILENT: [Fault; 5] = [
    Fault::NeverAnswers,
    Fault::HangsOnError,
    Fault::KeepsTcpOpen,
    Fault::IgnoresClose,
    Fault::GoesOnAfterClose,
];

struct Run {
    fault: Fault,
    report: Report,
}

/// All rows of the table, and the blunt faults, each on its own server or client.
fn all_runs() -> Vec<Run> {
    let mut waiting: Vec<(Fault, Role, Plan)> = Vec::new();
    for row in rows() {
        let plan = Plan { skip: vec![VOLUMES.to_owned()], ..plan(effort(row), &scope(row)) };
        waiting.extend(row.roles.iter().map(|role| (row.fault, *role, plan.clone())));
    }
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

/// The cases of a row, and unless that takes too long, the groups that they stand in.
fn scope(row: &Row) -> Vec<&'static str> {
    let cases = row.cases.iter().copied();
    if SILENT.contains(&row.fault) {
        return cases.collect();
    }
    let groups = cases.clone().filter_map(|id| id.split_once('/')).map(|(group, _)| group);
    cases.chain(groups.filter(|group| !SLOW.contains(group))).collect()
}

/// Big messages are asked for only where a row names them.
fn effort(row: &Row) -> Scope {
    let is_slow = |id: &&str| SLOW.iter().any(|group| id.starts_with(group));
    if row.cases.iter().any(is_slow) { Scope::Big } else { Scope::Usual }
}

/// Who closes at once is soon done with big messages, too. A peer that refuses nothing passes volumes, and waits
/// for what limits and timers are there for.
fn everything(fault: Fault) -> Plan {
    let skip = match fault {
        Fault::IgnoresErrors => {
            [VOLUMES].iter().chain(&SLOW).map(|skip| (*skip).to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let scope = if fault == Fault::ClosesAtOnce { Scope::Big } else { Scope::Usual };
    Plan { skip, ..plan(scope, &[]) }
}

/// Cases of the table that a broken peer passed.
fn missed(runs: &[Run]) -> Vec<String> {
    let mut missed = Vec::new();
    for row in rows() {
        for role in row.roles {
            let cases = row.cases.iter().filter(|id| !is_failed(runs, row.fault, *role, id));
            missed.extend(cases.map(|id| format!("{:?} {role:?} {id}", row.fault)));
        }
    }
    missed
}

fn is_failed(runs: &[Run], fault: Fault, role: Role, id: &str) -> bool {
    let runs = runs.iter().filter(|run| run.fault == fault && run.report.role == role);
    let mut outcomes = runs.flat_map(|run| &run.report.outcomes).filter(|outcome| outcome.id == id);
    outcomes.any(|outcome| outcome.verdict.is_bad())
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
    let is_excused = |asked: &str| EXCUSED.iter().any(|(known, _)| *known == asked);
    caught.retain(|asked, caught| *caught == is_excused(asked));
    caught.into_keys().collect()
}
