//! One attempt at one case.

use super::{
    event,
    facts::Facts,
    interpret,
    link::{Came, Link},
    miss::Miss,
    open::{self, Opened, Place},
    pace::Pace,
    pipe::Pipe,
    transcript::Entry,
    wait::{doomed, farewell},
};
use crate::{
    case::Case,
    verdict::{Outcome, Verdict},
    wire::{http, role::Role},
};
use std::time::{Duration, Instant};

/// What came of an attempt.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) end: End,
    pub(crate) facts: Facts,
    pub(crate) transcript: Vec<Entry>,
    pub(crate) took: Duration,
    /// When the target was heard for the last time.
    pub(crate) heard: Option<tokio::time::Instant>,
    pub(crate) ended: tokio::time::Instant,
}

/// How it ended.
#[derive(Debug)]
pub(crate) enum End {
    Passed,
    Missed(Miss),
    NotApplicable(String),
}

impl Attempt {
    /// That found no stream to work on.
    pub(crate) fn without_stream(told: impl Into<String>) -> Self {
        Self {
            end: End::Missed(Miss::unanswered(told)),
            facts: Facts::default(),
            transcript: Vec::new(),
            took: Duration::ZERO,
            heard: None,
            ended: tokio::time::Instant::now(),
        }
    }
}

/// Tries a case as client, over a transport that is connected.
pub(crate) async fn as_client(
    case: &Case,
    mut pipe: Pipe,
    place: Place<'_>,
    pace: Pace,
) -> Attempt {
    let began = Instant::now();
    let opened = open::as_client(&mut pipe, place, &case.opening, pace).await;
    go_on(case, pipe, Role::Client, pace, opened, (Facts::default(), began)).await
}

/// Tries a case as server, over a transport whose request was read.
pub(crate) async fn as_server(
    case: &Case,
    mut pipe: Pipe,
    request: &http::Came,
    authority: &str,
    pace: Pace,
) -> Attempt {
    let began = Instant::now();
    let mut facts = Facts::default();
    if let Some(key) = request.all("Sec-WebSocket-Key").next() {
        facts.handshake_key(key);
    }
    let opened = open::as_server(&mut pipe, request, authority, &case.opening, pace).await;
    go_on(case, pipe, Role::Server, pace, opened, (facts, began)).await
}

async fn go_on(
    case: &Case,
    pipe: Pipe,
    tester: Role,
    pace: Pace,
    opened: Result<Opened, Miss>,
    (facts, began): (Facts, Instant),
) -> Attempt {
    let (end, mut link) = match opened {
        Ok(Opened::Open(codec)) => {
            let mut link = Link::new(pipe, tester, pace, codec, facts);
            let outcome = interpret::run(&mut link, &case.script).await;
            (outcome.map_or_else(End::Missed, |()| End::Passed), link)
        }
        Ok(Opened::Doomed(leaver)) => {
            let mut link = Link::new(pipe, tester, pace, None, facts);
            let outcome = doomed(&mut link, leaver).await;
            farewell(&mut link).await;
            (outcome.map_or_else(End::Missed, |()| End::Passed), link)
        }
        Ok(Opened::Done) => (End::Passed, unopened(pipe, tester, pace, facts)),
        Ok(Opened::NotApplicable(told)) => {
            let mut link = Link::new(pipe, tester, pace, None, facts);
            farewell(&mut link).await;
            (End::NotApplicable(told), link)
        }
        Err(miss) => (End::Missed(miss), unopened(pipe, tester, pace, facts)),
    };
    let facts = std::mem::take(&mut link.facts);
    let ended = tokio::time::Instant::now();
    let heard = if is_alive(&link, &end) { Some(ended) } else { link.pipe.heard };
    let transcript = link.pipe.transcript.finish();
    Attempt { end, facts, transcript, took: began.elapsed(), heard, ended }
}

/// Whether the target was there to the end: it answered all of a handshake, or closed as one does.
fn is_alive(link: &Link, end: &End) -> bool {
    match link.pipe.ended {
        None => matches!(end, End::Passed) && link.pipe.heard.is_some(),
        Some(how) => how == event::End::Fin && link.closing.came == Came::Close,
    }
}

/// A connection that never opened: what came is HTTP, and no frame.
fn unopened(mut pipe: Pipe, tester: Role, pace: Pace, facts: Facts) -> Link {
    pipe.inbox.clear();
    Link::new(pipe, tester, pace, None, facts)
}

/// What is said of the target after this attempt, the `attempts`-th.
pub(crate) fn conclude(case: &Case, attempt: Attempt, attempts: u32) -> (Outcome, Facts) {
    let Attempt { end, facts, transcript, took, .. } = attempt;
    let mut level = case.level;
    let (verdict, told) = match end {
        End::Passed if attempts > 1 => (Verdict::Pass, "slow: it took the longer bound".to_owned()),
        End::Passed => (Verdict::Pass, String::new()),
        End::Missed(miss) => {
            // Levels go from the most binding to the least.
            level = level.max(miss.level.unwrap_or(level));
            (Verdict::of(&miss, case.nature), miss.told)
        }
        End::NotApplicable(told) => (Verdict::NotApplicable, told),
    };
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let untried = Outcome::untried(case, verdict, told);
    let outcome = Outcome { level, millis, attempts, transcript, ..untried };
    (outcome, facts)
}

/// Whether the target may be gone.
pub(crate) fn is_unanswered(attempt: &Attempt) -> bool {
    matches!(&attempt.end, End::Missed(miss) if miss.kind == super::miss::Kind::Unanswered)
}

/// Whether a longer bound may change the verdict.
pub(crate) fn is_silence(attempt: &Attempt) -> bool {
    use super::miss::Kind;
    matches!(&attempt.end, End::Missed(miss) if matches!(miss.kind, Kind::Silent | Kind::Unanswered))
}
