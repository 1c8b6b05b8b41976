//! The audit finds what is wrong with a peer, and nothing that matters with one that is right.

use crate::{
    catches::TURN,
    fault::Fault,
    peer::{Server, Setup},
};
use std::{sync::PoisonError, thread, time::Duration};
use wharf_check::{
    Audit, AuditPlan, Bomb, Certainty, PingFlood, Severity, Subject, Target, Trust, audit,
};

/// Longer than the deadline of our peers' handshake.
const PATIENT: Duration = Duration::from_secs(8);
/// Where the handshake's deadline is of no interest.
const HASTY: Duration = Duration::from_millis(50);

/// A fault, and the probe that finds it.
const FOUND: [(Fault, &str, Severity); 18] = [
    (Fault::AcceptsAnyOrigin, "origin/foreign", Severity::Medium),
    (Fault::AcceptsAnyOrigin, "origin/foreign-cookie", Severity::High),
    (Fault::AcceptsNullOrigin, "origin/null", Severity::Medium),
    (Fault::AcceptsNullOrigin, "origin/null-cookie", Severity::High),
    (Fault::AcceptsOriginSuffix, "origin/suffix-cookie", Severity::High),
    (Fault::AcceptsOriginPrefix, "origin/prefix-cookie", Severity::High),
    (Fault::IgnoresOriginPort, "origin/other-port-cookie", Severity::Medium),
    (Fault::IgnoresOriginScheme, "origin/extension", Severity::Low),
    (Fault::AcceptsBadOrigin, "origin/list", Severity::Medium),
    (Fault::NoHeadLimit, "handshake/head-64k", Severity::Low),
    (Fault::AcceptsAnyVersion, "handshake/version", Severity::Low),
    (Fault::AcceptsNoKey, "handshake/no-key", Severity::Low),
    (Fault::AcceptsUnmasked, "frames/unmasked", Severity::Medium),
    (Fault::AcceptsReservedData, "frames/reserved-opcode", Severity::Low),
    (Fault::NoCloseOnError, "frames/unmasked", Severity::Info),
    (Fault::NoHandshakeTimeout, "timers/half-a-handshake", Severity::Low),
    (Fault::NoHandshakeTimeout, "timers/dripping-handshake", Severity::Low),
    (Fault::NoHeaderCount, "handshake/200-headers", Severity::Low),
];

fn look(setup: Setup, plan: &AuditPlan) -> Audit {
    let server = Server::start(setup).expect("loopback has ports");
    let url = format!("ws://{}/", server.address());
    let target = Target::new(&url, &Trust::Anybody).expect("this is a URL");
    let subject = Subject { target, careful: None };
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().expect("a runtime");
    let audit = runtime.block_on(audit(&subject, plan, |_, _| {}));
    audit.expect("the first connection is served well")
}

fn plan(patience: Duration) -> AuditPlan {
    AuditPlan { cookie: Some("sid=1".to_owned()), patience, ..AuditPlan::default() }
}

/// Whoever keeps the rules is left alone, even if everything is asked.
#[test]
fn a_correct_peer_has_nothing_that_matters() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let plan = AuditPlan {
        bomb: Bomb::Sent,
        ping_flood: PingFlood::Sent,
        idle: Some(PATIENT),
        ..plan(PATIENT)
    };
    let audit = look(Setup::CORRECT, &plan);
    assert!(audit.worst() <= Some(Severity::Info), "{:#?}", audit.findings);
    assert!(audit.observations.iter().all(|seen| !seen.seen.starts_with("not asked")));
    assert!(audit.findings.iter().all(|finding| finding.certainty == Certainty::Certain));
}

/// Each fault that the audit is there for is found, and matters as much as the table says.
#[test]
fn each_fault_is_found() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| {
        for (fault, id, severity) in FOUND {
            scope.spawn(move || {
                let patience = if fault == Fault::NoHandshakeTimeout { PATIENT } else { HASTY };
                let audit = look(Setup::broken(fault), &plan(patience));
                let found = audit.findings.iter().find(|finding| finding.id == id);
                assert_eq!(
                    found.map(|finding| finding.severity),
                    Some(severity),
                    "{fault:?} {:#?}",
                    audit.observations
                );
            });
        }
    });
}

/// What says everything is said once: the other tricks have nothing to add.
#[test]
fn an_open_door_is_told_once() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let audit = look(Setup::broken(Fault::AcceptsAnyOrigin), &plan(HASTY));
    let ids = audit.findings.iter().map(|finding| finding.id.as_str());
    let tricks: Vec<&str> = ids.filter(|id| id.starts_with("origin/")).collect();
    assert_eq!(
        tricks,
        ["origin/foreign-cookie", "origin/foreign", "origin/missing-cookie", "origin/missing"]
    );
}

/// The bomb goes off in a peer without a limit, and a peer that answers each Ping shows that it takes them all.
#[test]
fn what_floods_a_peer_is_found_if_it_is_asked_for() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let floods = AuditPlan { bomb: Bomb::Sent, ping_flood: PingFlood::Sent, ..plan(HASTY) };
    let severity = |setup: Setup, id: &str| {
        let audit = look(setup, &floods);
        audit.findings.iter().find(|finding| finding.id == id).map(|finding| finding.severity)
    };
    let endless = Setup { message: usize::MAX, ..Setup::CORRECT };
    assert_eq!(severity(endless, "flood/bomb"), Some(Severity::Medium));
    assert_eq!(severity(Setup::CORRECT, "flood/bomb"), None);
    assert_eq!(severity(Setup::CORRECT, "flood/pings"), Some(Severity::Info));
    assert_eq!(severity(Setup::broken(Fault::NoPong), "flood/pings"), None);
}

/// Whoever has no limits is told so.
#[test]
fn missing_limits_are_found() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let setup = Setup { message: usize::MAX, fragments: u32::MAX, ..Setup::CORRECT };
    let audit = look(setup, &plan(HASTY));
    let has = |id: &str| audit.findings.iter().any(|finding| finding.id == id);
    assert!(
        has("frames/announced-1g") && has("frames/8192-fragments"),
        "{:#?}",
        audit.observations
    );
}
