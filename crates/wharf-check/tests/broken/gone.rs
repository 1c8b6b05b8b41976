//! A target that dies, hangs or stays away is told to be gone, and not asked for ever.

use crate::peer::{Life, Server, Setup};
use std::future::Future;
use wharf_check::{ClientCommand, Clients, Plan, Report, Target, Trust, Verdict, check_server};

/// One after the other, so that one case is to blame.
fn plan() -> Plan {
    Plan { only: vec!["frames".to_owned()], jobs: 1, ..Plan::default() }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime").block_on(future)
}

fn server(life: Life) -> Report {
    let server = Server::start_for(Setup::CORRECT, life).expect("loopback has ports");
    let url = format!("ws://{}/", server.address());
    let target = Target::new(&url, &Trust::Anybody).expect("this is a URL");
    let report = block_on(check_server(target, &plan(), |_, _| {}));
    report.expect("the first connection is served well")
}

/// The first connection looks for an echo, the next three are cases, and the fourth case is the last that is asked.
fn assert_fourth_is_blamed(report: &Report) {
    let fourth = &report.outcomes[3];
    let stopped = report.stopped.as_deref().expect("it stopped");
    assert_eq!(stopped, format!("the target stopped answering in {}", fourth.id));
    assert_eq!(fourth.verdict, Verdict::Fail);
    assert_eq!(report.count(Verdict::Pass), 3);
    let rest = &report.outcomes[4..];
    let is_unasked =
        |verdict, told: &str| verdict == Verdict::Skipped && told.starts_with("not asked");
    assert!(rest.iter().all(|outcome| is_unasked(outcome.verdict, &outcome.told)));
}

#[test]
fn a_server_that_dies_is_not_asked_the_rest() {
    assert_fourth_is_blamed(&server(Life::Dies(4)));
}

#[test]
fn a_server_that_hangs_is_not_asked_the_rest() {
    assert_fourth_is_blamed(&server(Life::Hangs(4)));
}

/// Whoever lives is not told to be dead, whatever else is wrong.
#[test]
fn a_server_that_lives_is_asked_everything() {
    let report = server(Life::Long);
    assert_eq!(report.stopped, None);
    assert_eq!(report.count(Verdict::Skipped), 0);
}

/// How time passes.
#[derive(PartialEq, Eq)]
enum Clock {
    Real,
    /// It jumps to the next deadline when nobody has anything to do: the bound is what is asked, not the clock.
    Jumping,
}

fn client(words: &[&str], clock: Clock) -> Report {
    block_on(async {
        let clients =
            Clients::listen(([127, 0, 0, 1], 0).into()).await.expect("loopback has ports");
        let words = words.iter().map(ToString::to_string).collect();
        if clock == Clock::Jumping {
            tokio::time::pause();
        }
        match ClientCommand::new(words) {
            Some(command) => clients.check_command(&command, &plan(), |_, _| {}).await,
            None => clients.check_loop(&plan(), |_, _| {}).await,
        }
    })
}

fn assert_nothing_was_asked(report: &Report, why: &str) {
    let stopped = report.stopped.as_deref().expect("it stopped");
    assert!(stopped.contains(why), "{stopped}");
    assert_eq!(report.count(Verdict::Skipped), report.outcomes.len());
    assert!(!report.outcomes.is_empty());
}

#[test]
fn a_command_that_never_connects_is_started_once() {
    assert_nothing_was_asked(
        &client(&["sh", "-c", "exec sleep 600", "{url}"], Clock::Jumping),
        "did not connect within 20 s",
    );
}

#[test]
fn a_command_that_ends_at_once_is_told_with_its_status() {
    assert_nothing_was_asked(
        &client(&["false"], Clock::Real),
        "the command ended (exit status: 1)",
    );
}

#[test]
fn a_command_that_does_not_exist_is_told() {
    assert_nothing_was_asked(
        &client(&["/no/such/program"], Clock::Real),
        "the command does not start",
    );
}

#[test]
fn a_client_that_never_comes_is_waited_for_a_minute() {
    assert_nothing_was_asked(&client(&[], Clock::Jumping), "no client came within 60 s");
}
