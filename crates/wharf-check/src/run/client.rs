//! The suite against a client: the tester is the server.

use super::{
    away::Started,
    case::{Attempt, conclude, is_silence},
    command::ClientCommand,
    identity::identity,
    pace::Pace,
    plan::Plan,
    progress::Progress,
    reception::{Reception, Told},
    rest::unasked,
    server::report,
    survey::Survey,
    target::TargetError,
};
use crate::{
    case::Case,
    verdict::{Outcome, Report},
    wire::role::Role,
};
use rustls::ServerConfig;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{
    net::TcpListener,
    sync::mpsc,
    time::{Instant, sleep_until, timeout_at},
};

/// What a client on this machine may take for a round trip.
const ROUND_TRIP: Duration = Duration::from_millis(10);
/// How long a client that loops may stay away.
const AWAY: Duration = Duration::from_secs(60);
/// How long the last cases may take when the client has asked for the report.
const LAST: Duration = Duration::from_secs(60);
/// Commands in a row that do not connect, though others did.
const STRAYS: u32 = 3;
/// Commands at a time: each is a process.
const COMMANDS: usize = 8;
/// Outcomes that wait to be told.
const QUEUE: usize = 64;

/// A client to be tested.
#[derive(Debug)]
pub struct Clients {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
}

impl Clients {
    /// Listens for clients.
    pub async fn listen(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, tls: None })
    }

    /// Over TLS, with this chain of certificates and this key, both in PEM. Clients have to trust it.
    pub fn with_tls(self, chain: &[u8], key: &[u8]) -> Result<Self, TargetError> {
        let tls = Some(identity(chain, key).map_err(TargetError::Trust)?);
        Ok(Self { tls, ..self })
    }

    /// Where clients have to go.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        format!("{scheme}://{}", self.address)
    }

    /// Starts the command for each case of the plan. `told` hears each outcome as it comes.
    ///
    /// A command that does not connect is not started for ever: [`Report::stopped`] says so.
    pub async fn check_command(
        self,
        command: &ClientCommand,
        plan: &Plan,
        told: impl FnMut(&Outcome, Progress),
    ) -> Report {
        let mut run = self.begin(plan, Pace::new(ROUND_TRIP), told);
        let stopped = run.commands(command, plan.jobs.clamp(1, COMMANDS)).await;
        run.report(&command.shown(), stopped)
    }

    /// Lets one client ask for one case after another, as the Autobahn suite does, until it asks for the report.
    ///
    /// A client that stays away is not waited for: [`Report::stopped`] says so.
    pub async fn check_loop(self, plan: &Plan, told: impl FnMut(&Outcome, Progress)) -> Report {
        // No case is tried twice here, so that each gets the longer bound.
        let mut run = self.begin(plan, Pace::new(ROUND_TRIP).longer(), told);
        let stopped = run.visits().await;
        let name = run.reception.agent().unwrap_or_else(|| "client".to_owned());
        run.report(&name, stopped)
    }

    fn begin<F: FnMut(&Outcome, Progress)>(self, plan: &Plan, pace: Pace, told: F) -> Run<F> {
        let pace = pace.with_patience(plan.patience);
        let cases = plan.cases(Role::Client);
        let (tell, heard) = mpsc::channel(QUEUE);
        let url = self.url();
        let authority = self.address.to_string();
        let reception = Reception::new(cases.clone(), authority, self.tls, pace, tell);
        let serving = Serving(tokio::spawn(Arc::clone(&reception).serve(self.listener)));
        let survey = Survey::new(cases.len(), plan.level);
        let began = (SystemTime::now(), Instant::now());
        Run { began, cases, url, reception, heard, survey, serving, pace, told }
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
    began: (SystemTime, Instant),
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

/// What a client that loops was seen to do last.
#[derive(Debug, Clone, Copy)]
enum Latest {
    Nobody,
    /// It came, for no case yet.
    Visit,
    Case(usize),
}

impl Latest {
    const fn or_visit(self) -> Self {
        match self {
            Self::Nobody | Self::Visit => Self::Visit,
            Self::Case(_) => self,
        }
    }
}

/// What became of a command.
enum Heard {
    Tried(usize, Attempt),
    /// It did not connect, or its case has no end.
    Absent(usize, String),
}

impl<F: FnMut(&Outcome, Progress)> Run<F> {
    /// Gives why it ended early, if it did.
    async fn commands(&mut self, command: &ClientCommand, jobs: usize) -> Option<String> {
        let mut waiting: VecDeque<(usize, u32)> =
            (0..self.cases.len()).map(|index| (index, 1)).collect();
        let mut again = Vec::new();
        let mut running: HashMap<usize, Started> = HashMap::new();
        // Nobody has connected yet: the first who does not is one too many.
        let mut strays = STRAYS - 1;
        loop {
            while running.len() < jobs
                && let Some((index, attempts)) = waiting.pop_front()
            {
                match command.start(&format!("{}/case?n={}", self.url, index + 1)) {
                    Ok(child) => _ = running.insert(index, Started::new(child, attempts)),
                    Err(error) => return Some(format!("the command does not start: {error}")),
                }
            }
            if running.is_empty() {
                if again.is_empty() {
                    return None;
                }
                // Silence is asked again with a longer bound: a slow target is not a wrong one.
                self.reception.set_pace(self.pace.longer());
                waiting.extend(again.drain(..));
                continue;
            }
            let (index, attempt) = match self.hear(&mut running).await {
                Heard::Tried(index, attempt) => {
                    strays = 0;
                    (index, attempt)
                }
                Heard::Absent(_, told) if strays + 1 >= STRAYS => return Some(told),
                Heard::Absent(index, told) => {
                    strays += 1;
                    (index, Attempt::without_stream(told))
                }
            };
            let Some(started) = running.remove(&index) else { continue };
            if is_silence(&attempt) && started.attempts == 1 {
                again.push((index, 2));
            } else {
                self.add(index, attempt, started.attempts);
            }
        }
    }

    /// What comes next of the commands that run.
    async fn hear(&mut self, running: &mut HashMap<usize, Started>) -> Heard {
        loop {
            let next = running.values().map(Started::next_glance).min().expect("one runs");
            match timeout_at(next, self.heard.recv()).await {
                Ok(Some(Told::Tried { index, attempt })) => return Heard::Tried(index, attempt),
                Ok(Some(Told::Begun { index })) => {
                    if let Some(started) = running.get_mut(&index) {
                        started.asked();
                    }
                }
                Ok(Some(Told::Visit | Told::Report)) => {}
                Ok(None) | Err(_) => {
                    let mut absent = running.iter_mut();
                    if let Some((index, told)) =
                        absent.find_map(|(index, started)| Some((*index, started.glance()?)))
                    {
                        return Heard::Absent(index, told);
                    }
                }
            }
        }
    }

    /// Gives why it ended early, if it did.
    async fn visits(&mut self) -> Option<String> {
        let mut under_way = HashSet::new();
        let mut latest = Latest::Nobody;
        let mut until = Instant::now() + AWAY;
        let stopped = loop {
            let told = tokio::select! {
                told = self.heard.recv() => told,
                // While a case is under way the client is there.
                () = sleep_until(until), if under_way.is_empty() => break Some(self.away(latest)),
            };
            match told {
                Some(Told::Begun { index }) => {
                    latest = Latest::Case(index);
                    under_way.insert(index);
                }
                Some(Told::Tried { index, attempt }) => {
                    under_way.remove(&index);
                    self.add(index, attempt, 1);
                }
                Some(Told::Visit) => latest = latest.or_visit(),
                Some(Told::Report) | None => break None,
            }
            until = Instant::now() + AWAY;
        };
        self.last(under_way).await;
        let all_asked = self.survey.missing().is_empty();
        if stopped.is_none() {
            self.leave_out("the client did not ask for it");
        }
        stopped.filter(|_| !all_asked)
    }

    /// A client may ask for the report before its last connections have come to their end here.
    async fn last(&mut self, mut under_way: HashSet<usize>) {
        let until = Instant::now() + LAST;
        while !under_way.is_empty()
            && let Ok(Some(told)) = timeout_at(until, self.heard.recv()).await
        {
            if let Told::Tried { index, attempt } = told {
                under_way.remove(&index);
                self.add(index, attempt, 1);
            }
        }
    }

    fn away(&self, latest: Latest) -> String {
        let seconds = AWAY.as_secs();
        match latest {
            Latest::Case(index) => {
                let id = &self.cases[index].id;
                format!("the client stopped asking after {id}, {seconds} s ago")
            }
            Latest::Visit => format!("a client came, and asked for no case within {seconds} s"),
            Latest::Nobody => format!("no client came within {seconds} s"),
        }
    }

    fn leave_out(&mut self, why: &str) {
        for index in self.survey.missing() {
            let outcome = unasked(&self.cases[index], why);
            self.survey.replace(index, &self.cases[index], outcome, &mut self.told);
        }
    }

    fn add(&mut self, index: usize, attempt: Attempt, attempts: u32) {
        let case = self.cases[index].clone();
        let (outcome, facts) = conclude(&case, attempt, attempts);
        self.reception.judged(index, outcome.verdict);
        self.survey.add(index, case, outcome, facts, &mut self.told);
    }

    fn report(mut self, name: &str, stopped: Option<String>) -> Report {
        if let Some(why) = &stopped {
            self.leave_out(why);
        }
        let (began, started) = self.began;
        let outcomes = self.survey.finish(Role::Client);
        Report { stopped, ..report(name, Role::Client, began, started.elapsed(), outcomes) }
    }
}
