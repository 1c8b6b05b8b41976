//! The suite against a client: the tester is the server.

use super::{
    case::{Attempt, conclude, is_silence},
    command::ClientCommand,
    pace::Pace,
    plan::Plan,
    progress::Progress,
    reception::{Reception, Told},
    server::report,
    survey::Survey,
};
use crate::{
    case::Case,
    verdict::{Outcome, Report, Verdict},
    wire::role::Role,
};
use std::{
    collections::{HashMap, VecDeque},
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{
    net::TcpListener,
    process::Child,
    sync::mpsc,
    time::{Instant, sleep_until, timeout_at},
};

/// What a client on this machine may take for a round trip.
const ROUND_TRIP: Duration = Duration::from_millis(10);
/// What a command may take until it connects.
const START: Duration = Duration::from_secs(20);
/// How long a client that loops may stay away.
const AWAY: Duration = Duration::from_secs(60);
/// Commands at a time: each is a process.
const COMMANDS: usize = 8;
/// Outcomes that wait to be told.
const QUEUE: usize = 64;

/// A client to be tested.
#[derive(Debug)]
pub struct Clients {
    listener: TcpListener,
    address: SocketAddr,
}

impl Clients {
    /// Listens for clients.
    pub async fn listen(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where clients have to go.
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Starts the command for each case of the plan. `told` hears each outcome as it comes.
    pub async fn check_command(
        self,
        command: &ClientCommand,
        plan: &Plan,
        told: impl FnMut(&Outcome, Progress),
    ) -> Report {
        let (began, started) = (SystemTime::now(), Instant::now());
        let mut run = self.begin(plan, Pace::new(ROUND_TRIP), told);
        let jobs = plan.jobs.clamp(1, COMMANDS);
        run.commands(command, jobs).await;
        let name = command.shown();
        report(&name, Role::Client, began, started.elapsed(), run.survey.finish(Role::Client))
    }

    /// Lets one client ask for one case after another, as the Autobahn suite does, until it asks for the report.
    pub async fn check_loop(self, plan: &Plan, told: impl FnMut(&Outcome, Progress)) -> Report {
        let (began, started) = (SystemTime::now(), Instant::now());
        // No case is tried twice here, so that each gets the longer bound.
        let mut run = self.begin(plan, Pace::new(ROUND_TRIP).longer(), told);
        run.visits().await;
        let name = run.reception.agent().unwrap_or_else(|| "client".to_owned());
        report(&name, Role::Client, began, started.elapsed(), run.survey.finish(Role::Client))
    }

    fn begin<F: FnMut(&Outcome, Progress)>(self, plan: &Plan, pace: Pace, told: F) -> Run<F> {
        let pace = pace.with_patience(plan.patience);
        let cases = plan.cases(Role::Client);
        let (tell, heard) = mpsc::channel(QUEUE);
        let authority = self.address.to_string();
        let reception = Reception::new(cases.clone(), authority, pace, tell);
        let serving = tokio::spawn(Arc::clone(&reception).serve(self.listener));
        let survey = Survey::new(cases.len(), plan.level);
        let url = format!("ws://{}", self.address);
        Run { cases, url, reception, heard, survey, serving: Serving(serving), pace, told }
    }
}

/// Ends the reception with the run.
#[derive(Debug)]
struct Serving(tokio::task::JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A run under way.
struct Run<F> {
    cases: Vec<Case>,
    url: String,
    reception: Arc<Reception>,
    heard: mpsc::Receiver<Told>,
    survey: Survey,
    #[expect(dead_code, reason = "ends the reception when it is dropped")]
    serving: Serving,
    pace: Pace,
    told: F,
}

/// A command that runs.
#[derive(Debug)]
struct Started {
    /// Killed when this is dropped.
    _child: Child,
    until: Instant,
    attempts: u32,
}

impl<F: FnMut(&Outcome, Progress)> Run<F> {
    async fn commands(&mut self, command: &ClientCommand, jobs: usize) {
        let mut waiting: VecDeque<(usize, u32)> =
            (0..self.cases.len()).map(|index| (index, 1)).collect();
        let mut again = Vec::new();
        let mut running: HashMap<usize, Started> = HashMap::new();
        loop {
            while running.len() < jobs
                && let Some((index, attempts)) = waiting.pop_front()
            {
                self.start(command, index, attempts, &mut running);
            }
            if running.is_empty() {
                if again.is_empty() {
                    return;
                }
                // Silence is asked again with a longer bound: a slow target is not a wrong one.
                self.reception.set_pace(self.pace.longer());
                waiting.extend(again.drain(..));
                continue;
            }
            let (index, attempt) = self.hear(&running).await;
            let Some(started) = running.remove(&index) else { continue };
            if is_silence(&attempt) && started.attempts == 1 {
                again.push((index, 2));
            } else {
                self.add(index, attempt, started.attempts);
            }
        }
    }

    fn start(
        &mut self,
        command: &ClientCommand,
        index: usize,
        attempts: u32,
        running: &mut HashMap<usize, Started>,
    ) {
        let url = format!("{}/case?n={}", self.url, index + 1);
        match command.start(&url) {
            Ok(child) => {
                let until = Instant::now() + START * attempts + Duration::from_secs(60);
                running.insert(index, Started { _child: child, until, attempts });
            }
            Err(error) => {
                let attempt =
                    Attempt::without_stream(format!("the command does not start: {error}"));
                self.add(index, attempt, attempts);
            }
        }
    }

    /// The next attempt; one whose client never came is made up.
    async fn hear(&mut self, running: &HashMap<usize, Started>) -> (usize, Attempt) {
        let first = running.iter().min_by_key(|(_, started)| started.until);
        let (index, until) =
            first.map(|(index, started)| (*index, started.until)).expect("one runs");
        loop {
            match timeout_at(until, self.heard.recv()).await {
                Ok(Some(Told::Tried { index, attempt })) => return (index, attempt),
                Ok(Some(Told::Visit | Told::Report)) => {}
                Ok(None) | Err(_) => {
                    let told = "the command did not connect and get to an end";
                    return (index, Attempt::without_stream(told));
                }
            }
        }
    }

    async fn visits(&mut self) {
        let mut until = Instant::now() + AWAY;
        loop {
            tokio::select! {
                told = self.heard.recv() => match told {
                    Some(Told::Tried { index, attempt }) => self.add(index, attempt, 1),
                    Some(Told::Visit) => {}
                    Some(Told::Report) | None => break,
                },
                () = sleep_until(until) => break,
            }
            until = Instant::now() + AWAY;
        }
        let untried: Vec<usize> = self.survey.missing();
        for index in untried {
            let case = self.cases[index].clone();
            let outcome =
                Outcome::untried(&case, Verdict::Skipped, "the client did not ask for it");
            self.survey.add(index, case, outcome, Default::default(), &mut self.told);
        }
    }

    fn add(&mut self, index: usize, attempt: Attempt, attempts: u32) {
        let case = self.cases[index].clone();
        let (outcome, facts) = conclude(&case, attempt, attempts);
        self.reception.judged(index, outcome.verdict);
        self.survey.add(index, case, outcome, facts, &mut self.told);
    }
}
