//! Broken peers: each case of the suite must be failed by one of them.

mod ask;
mod fault;
mod peer;

use peer::Setup;
use wharf_check::{Plan, Scope, Verdict};

#[test]
fn the_correct_peer_passes_everything() {
    let plan = Plan { scope: Scope::Quick, ..Plan::default() };
    for report in [ask::server(Setup::CORRECT, &plan), ask::client(Setup::CORRECT, &plan)] {
        println!("{:?} {} ms", report.role, report.millis);
        for outcome in &report.outcomes {
            if outcome.verdict != Verdict::Pass {
                println!("{} {:?} {}", outcome.id, outcome.verdict, outcome.told);
            }
        }
        println!("{} cases", report.outcomes.len());
    }
}
