//! 200 clients, and a server that is killed twenty times, and told to leave four times.

use super::{
    Outcome,
    account::{Account, Sum},
    client::{self, ATTEMPT, FIRST, LONGEST, Pattern, Standing},
    curve::curve,
    ledger,
    process::{PATIENCE, Process},
};
use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    time::{Duration, Instant},
};
use tokio::{sync::watch, time::timeout};
use wharf::Unsent;
use wharf_testkit::lasting_port;

const CLIENTS: u32 = 200;

/// How often a server is ended; one of six is told to leave, the others are killed.
const RESTARTS: usize = 24;

/// A server begins when so many attempts have met nobody.
const REFUSED: usize = 40;

/// What may lie between an event and our note of it, on a machine that has much to do. It is well below [`FIRST`], or
/// little would be left to judge.
const NOTED: Duration = Duration::from_millis(500);

/// How a server ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Killed,
    Told,
}

impl End {
    const fn of(restart: usize) -> Self {
        if restart % 6 == 5 { Self::Told } else { Self::Killed }
    }
}

/// When a server began to listen, and when it was ended.
#[derive(Debug)]
struct Reign {
    from: Instant,
    until: Instant,
}

/// What all that happens is told by.
struct Stage<'a> {
    ledger: &'a Path,
    program: String,
    standing: watch::Sender<Standing>,
    reigns: Vec<Reign>,
}

/// Plays it all, and tells how it went.
pub(crate) async fn play(ledger: &Path) -> Outcome<String> {
    drop(fs::remove_file(ledger));
    let program = env::current_exe()?.to_string_lossy().into_owned();
    let standing = watch::Sender::new(Standing::default());
    let mut stage = Stage { ledger, program, standing, reigns: Vec::new() };
    let mut server = stage.server(lasting_port()).await?;
    let (stop, stopped) = watch::channel(false);
    let url = server.url.clone();
    let start = |client: u32| {
        let account = Account::new(client, pattern(client));
        let (url, standing) = (format!("{url}{client}"), stage.standing.clone());
        tokio::spawn(client::run(url, account, standing, stopped.clone()))
    };
    let clients: Vec<_> = (0..CLIENTS).map(start).collect();
    let port = url.trim_end_matches('/').rsplit(':').next().ok_or("a URL without port")?.parse()?;
    for restart in 0..RESTARTS {
        server = stage.restart(server, End::of(restart), port).await?;
    }
    stage.all_are_served().await?;
    stop.send(true)?;
    let mut accounts = Vec::new();
    for client in clients {
        accounts.push(timeout(PATIENCE, client).await??);
    }
    server.kill().await?;
    stage.judge(&accounts)
}

/// Half of them drop what they cannot send.
const fn pattern(client: u32) -> Pattern {
    let unsent = if client.is_multiple_of(2) { Unsent::Keep } else { Unsent::Drop };
    Pattern { unsent, every: Duration::from_millis(10 + client as u64 % 20) }
}

impl Stage<'_> {
    async fn server(&mut self, port: u16) -> Outcome<Process> {
        let ledger = self.ledger.to_string_lossy();
        let server = Process::start(&self.program, &["server", &port.to_string(), &ledger]).await?;
        let now = Instant::now();
        self.reigns.push(Reign { from: now, until: now });
        Ok(server)
    }

    /// Ends the server in the middle of its work, lets some knock in vain, and starts another.
    async fn restart(&mut self, mut server: Process, end: End, port: u16) -> Outcome<Process> {
        self.all_are_served().await?;
        self.standing.send_modify(|standing| standing.refused = 0);
        self.reigns.last_mut().ok_or("no server")?.until = Instant::now();
        match end {
            End::Killed => server.kill().await?,
            End::Told => {
                server.terminate().await?;
                server.ended(PATIENCE).await?;
            }
        }
        self.wait("knock in vain", |standing| standing.refused >= REFUSED).await?;
        self.server(port).await
    }

    /// Every client is connected, and has had an echo of this server.
    async fn all_are_served(&self) -> Outcome {
        self.wait("are served", |standing| standing.served.len() == CLIENTS as usize).await
    }

    async fn wait(&self, what: &str, enough: impl FnMut(&Standing) -> bool) -> Outcome {
        let mut standing = self.standing.subscribe();
        let waited = timeout(PATIENCE, standing.wait_for(enough)).await.map(drop);
        let Err(_) = waited else { return Ok(()) };
        let (served, refused) = (standing.borrow().served.len(), standing.borrow().refused);
        Err(format!("too few {what}: {served} served, {refused} refused").into())
    }

    fn judge(&self, accounts: &[Account]) -> Outcome<String> {
        let mut arrived: HashMap<u32, Vec<u64>> = HashMap::new();
        for entry in ledger::read(self.ledger)? {
            arrived.entry(entry.client).or_default().push(entry.number);
        }
        let (mut keeping, mut dropping, mut back) = (Sum::default(), Sum::default(), Vec::new());
        for account in accounts {
            let of_client = arrived.get(&account.client).map_or(&[][..], Vec::as_slice);
            let sum = account.check(of_client)?;
            *if account.keeps() { &mut keeping } else { &mut dropping } += sum;
            back.extend(self.returns(account)?);
        }
        if keeping.lost + dropping.lost == 0 || dropping.dropped == 0 {
            return Err("nothing was lost: servers that end without harm prove little".into());
        }
        Ok(summary(keeping, dropping, &mut back))
    }

    /// How long after each server began this client was back: it came once to each, and within its bound.
    fn returns(&self, account: &Account) -> Outcome<Vec<Duration>> {
        let client = account.client;
        if account.ups.len() != self.reigns.len() {
            let (times, servers) = (account.ups.len(), self.reigns.len());
            return Err(format!("client {client} came {times} times to {servers} servers").into());
        }
        for down in &account.downs {
            let window = FIRST.saturating_mul(2_u32.saturating_pow(down.failures - 1)).min(LONGEST);
            if down.retry_in >= window {
                return Err(format!("client {client}: {down:?} is beyond {window:?}").into());
            }
            // An attempt that began while a server listened must have met it.
            let next = account.next_after(down);
            let met = |reign: &Reign| down.due() > reign.from + NOTED && next < reign.until;
            if account.is_failure(next) && self.reigns.iter().any(met) {
                return Err(format!("client {client} failed although a server listened").into());
            }
            if next > down.due() + ATTEMPT + NOTED {
                let late = next.saturating_duration_since(down.due());
                return Err(format!("client {client}: {late:?} past {down:?}").into());
            }
        }
        let pairs = account.ups.iter().zip(&self.reigns).skip(1);
        Ok(pairs.map(|(up, reign)| up.saturating_duration_since(reign.from)).collect())
    }
}

impl Account {
    /// When something was known of the attempt after this loss.
    fn next_after(&self, down: &super::account::Down) -> Instant {
        let downs = self.downs.iter().map(|down| down.at);
        let later = self.ups.iter().copied().chain(downs).filter(|at| *at > down.at);
        later.min().expect("each client has come back to the last server")
    }

    fn is_failure(&self, at: Instant) -> bool {
        self.downs.iter().any(|down| down.at == at)
    }
}

fn summary(keeping: Sum, dropping: Sum, back: &mut [Duration]) -> String {
    let row = |name: &str, sum: Sum| {
        let Sum { accepted, arrived, dropped, doubted, lost } = sum;
        format!(
            "{name:<22}{accepted:>9} accepted = {arrived:>9} arrived + {dropped:>7} dropped + {lost:>7} lost; \
             {doubted} of the arrived were told as uncertain\n"
        )
    };
    back.sort_unstable();
    let (middle, last) = (back[back.len() / 2], back[back.len() - 1]);
    let told = (0..RESTARTS).filter(|restart| End::of(*restart) == End::Told).count();
    let killed = RESTARTS - told;
    format!(
        "{CLIENTS} clients, {killed} times SIGKILL, {told} times SIGTERM: no duplicate, nothing out of order, no loss \
         untold, every client back within its window\n{}{}back after a server listens: half within {middle:?}, all \
         within {last:?}\n{}",
        row("messages that wait", keeping),
        row("messages that do not", dropping),
        curve(back, last)
    )
}
