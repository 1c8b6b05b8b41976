//! Broken peers: each case of the suite must be failed by one of them.

mod fault;
mod peer;

use fault::Fault;
use peer::{Server, Setup};
use wharf_check::{Plan, Report, Scope, Target, Trust, check_server};

fn ask(setup: Setup, plan: &Plan) -> Report {
    let server = Server::start(setup).expect("loopback has ports");
    let target =
        Target::new(&format!("ws://{}/", server.address()), &Trust::Anybody).expect("a URL");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime
        .block_on(check_server(target, plan, |_, _| {}))
        .expect("the first connection is served well")
}

#[test]
fn the_correct_server_passes_everything() {
    let plan = Plan { scope: Scope::Quick, ..Plan::default() };
    let report = ask(Setup::CORRECT, &plan);
    println!("{} ms", report.millis);
    for outcome in &report.outcomes {
        if outcome.verdict != wharf_check::Verdict::Pass {
            println!("{} {:?} {}", outcome.id, outcome.verdict, outcome.told);
        }
    }
    println!("{} cases", report.outcomes.len());
}
