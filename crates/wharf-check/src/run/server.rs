//! The suite against a server: the tester is the client.

use super::{
    case::{Attempt, as_client, conclude, is_silence},
    miss::Miss,
    pace::Pace,
    plan::Plan,
    progress::Progress,
    survey,
    target::{Target, TargetError},
};
use crate::{
    case::{Case, build::echo, kinds::Group},
    verdict::{Outcome, Report},
    wire::role::Role,
};
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{sync::Semaphore, task::JoinSet, time::Instant};

/// How long the first connection may take.
const FIRST: Duration = Duration::from_secs(10);
/// Echoes that are timed before the first case.
const ECHOES: u32 = 5;

/// Asks a server everything that the plan has. `told` hears each outcome as it comes.
pub async fn check_server(
    target: Target,
    plan: &Plan,
    mut told: impl FnMut(&Outcome, Progress),
) -> Result<Report, TargetError> {
    let began = SystemTime::now();
    let started = Instant::now();
    let pace = Pace::new(round_trip(&target).await?).with_patience(plan.patience);
    let cases = plan.cases(Role::Server);
    let mut survey = survey::Survey::new(cases.len(), plan.level);
    let mut tasks = tasks(cases, target.clone(), plan.jobs, pace);
    while let Some(done) = tasks.join_next().await {
        let (index, case, attempt, attempts) = done.expect("no case panics");
        let (outcome, facts) = conclude(&case, attempt, attempts);
        survey.add(index, case, outcome, facts, &mut told);
    }
    Ok(report(target.url(), Role::Server, began, started.elapsed(), survey.finish(Role::Server)))
}

type Done = (usize, Case, Attempt, u32);

fn tasks(cases: Vec<Case>, target: Target, jobs: usize, pace: Pace) -> JoinSet<Done> {
    let (permits, target) = (Arc::new(Semaphore::new(jobs.max(1))), Arc::new(target));
    let mut tasks = JoinSet::new();
    for (index, case) in cases.into_iter().enumerate() {
        let (permits, target) = (Arc::clone(&permits), Arc::clone(&target));
        tasks.spawn(async move {
            let _permit = permits.acquire_owned().await.expect("nobody closes it");
            let (attempt, attempts) = try_twice(&case, &target, pace).await;
            (index, case, attempt, attempts)
        });
    }
    tasks
}

/// Silence is asked again with a longer bound: a slow target is not a wrong one.
async fn try_twice(case: &Case, target: &Target, pace: Pace) -> (Attempt, u32) {
    let first = attempt(case, target, pace).await;
    if !is_silence(&first) {
        return (first, 1);
    }
    (attempt(case, target, pace.longer()).await, 2)
}

async fn attempt(case: &Case, target: &Target, pace: Pace) -> Attempt {
    match target.connect(Instant::now() + pace.bound()).await {
        Ok(pipe) => Box::pin(as_client(case, pipe, target.place(), pace)).await,
        Err(error) => Attempt::without_stream(format!("no connection: {error}")),
    }
}

/// The longest of some round trips, by echoes.
async fn round_trip(target: &Target) -> Result<Duration, TargetError> {
    let patient = Pace::new(FIRST / 20);
    let pipe = target.reach(Instant::now() + FIRST).await?;
    let script = (0..ECHOES).flat_map(|number| echo(format!("round trip {number}")));
    let case = Case::new(Group::Frames, "round-trip", "").script(script);
    let attempt = Box::pin(as_client(&case, pipe, target.place(), patient)).await;
    match attempt.end {
        super::case::End::Passed => Ok(attempt.took / (ECHOES + 1)),
        super::case::End::Missed(Miss { told, .. }) | super::case::End::NotApplicable(told) => {
            Err(TargetError::NoEcho(told))
        }
    }
}

/// Puts a report together.
pub(crate) fn report(
    target: &str,
    role: Role,
    began: SystemTime,
    took: Duration,
    outcomes: Vec<Outcome>,
) -> Report {
    Report {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        target: target.to_owned(),
        role,
        began: began.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        outcomes,
    }
}
