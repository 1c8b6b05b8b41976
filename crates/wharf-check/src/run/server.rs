//! The suite against a server: the tester is the client.

use super::{
    case::{Attempt, as_client, conclude, is_silence, is_unanswered},
    pace::Pace,
    plan::Plan,
    progress::Progress,
    rest::{Doubt, Span, unasked},
    survey::Survey,
    target::{Target, TargetError},
    vigil::{Vigil, round_trip},
};
use crate::{
    case::Case,
    verdict::{Outcome, Report},
    wire::role::Role,
};
use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{sync::Semaphore, task::JoinSet, time::Instant};

/// Asks a server everything that the plan has. `told` hears each outcome as it comes.
///
/// A server that stops answering is not asked the rest: [`Report::stopped`] says so.
pub async fn check_server(
    target: Target,
    plan: &Plan,
    mut told: impl FnMut(&Outcome, Progress),
) -> Result<Report, TargetError> {
    let began = SystemTime::now();
    let started = Instant::now();
    let pace = Pace::new(round_trip(&target).await?).with_patience(plan.patience);
    let cases = Arc::new(plan.cases(Role::Server));
    let vigil = Arc::new(Vigil::new(target.clone()));
    let mut survey = Survey::new(cases.len(), plan.level);
    let mut spans = Vec::new();
    let mut tasks = tasks(&cases, &target, plan.jobs, pace, &vigil);
    while let Some(done) = tasks.join_next().await {
        let Done { index, span, tried } = done.expect("no case panics");
        spans.extend(span.map(|span| (index, span)));
        if let Some((attempt, attempts)) = tried {
            let case = cases[index].clone();
            let (outcome, facts) = conclude(&case, attempt, attempts);
            survey.add(index, case, outcome, facts, &mut told);
        }
    }
    if !vigil.is_over() && survey.has_bad() {
        vigil.look().await;
    }
    let stopped = vigil.is_over().then(|| stop(&cases, &spans, &mut survey, &mut told));
    let outcomes = survey.finish(Role::Server);
    let report = report(target.url(), Role::Server, began, started.elapsed(), outcomes);
    Ok(Report { stopped, ..report })
}

/// What became of a case. Without a span it was not asked; without an attempt it was broken off.
struct Done {
    index: usize,
    span: Option<Span>,
    tried: Option<(Attempt, u32)>,
}

fn tasks(
    cases: &Arc<Vec<Case>>,
    target: &Target,
    jobs: usize,
    pace: Pace,
    vigil: &Arc<Vigil>,
) -> JoinSet<Done> {
    let (permits, target) = (Arc::new(Semaphore::new(jobs.max(1))), Arc::new(target.clone()));
    let mut tasks = JoinSet::new();
    for index in 0..cases.len() {
        let (permits, target) = (Arc::clone(&permits), Arc::clone(&target));
        let (cases, vigil) = (Arc::clone(cases), Arc::clone(vigil));
        tasks.spawn(async move {
            let _permit = permits.acquire_owned().await.expect("nobody closes it");
            if vigil.is_over() {
                return Done { index, span: None, tried: None };
            }
            let began = Instant::now();
            let tried = tokio::select! {
                tried = try_twice(&cases[index], &target, pace, &vigil) => Some(tried),
                () = vigil.over() => None,
            };
            let (heard, ended) = match &tried {
                Some((attempt, _)) => (attempt.heard, attempt.ended),
                None => (None, Instant::now()),
            };
            let span = Some(Span { began, heard, ended });
            Done { index, span, tried }
        });
    }
    tasks
}

/// Silence is asked again with a longer bound: a slow target is not a wrong one. One that does not even answer a
/// handshake may be gone.
async fn try_twice(case: &Case, target: &Target, pace: Pace, vigil: &Vigil) -> (Attempt, u32) {
    let first = attempt(case, target, pace).await;
    if !is_silence(&first) {
        return (first, 1);
    }
    let mut second = attempt(case, target, pace.longer()).await;
    second.heard = second.heard.or(first.heard);
    if is_unanswered(&second) {
        vigil.look().await;
    }
    (second, 2)
}

async fn attempt(case: &Case, target: &Target, pace: Pace) -> Attempt {
    match target.connect(Instant::now() + pace.bound()).await {
        Ok(pipe) => Box::pin(as_client(case, pipe, target.place(), pace)).await,
        Err(error) => Attempt::without_stream(format!("no connection: {error}")),
    }
}

/// The target is gone: what was asked behind its last sign of life has no verdict, and the rest is not asked.
fn stop(
    cases: &[Case],
    spans: &[(usize, Span)],
    survey: &mut Survey,
    told: &mut impl FnMut(&Outcome, Progress),
) -> String {
    let doubt = Doubt::of(spans);
    for &index in &doubt.suspects {
        survey.replace(index, &cases[index], doubt.suspect(&cases[index]), told);
    }
    let mut rest = |survey: &mut Survey, indices: &[usize]| {
        for &index in indices {
            let outcome = unasked(&cases[index], "the target had stopped answering");
            survey.replace(index, &cases[index], outcome, told);
        }
    };
    rest(survey, &doubt.late);
    let missing = survey.missing();
    rest(survey, &missing);
    doubt.told(cases)
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
        stopped: None,
    }
}
