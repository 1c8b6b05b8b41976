//! 200 clients over loopback, and a server that is killed twenty times: each message is accounted for.

use std::{
    collections::{HashMap, HashSet},
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::{oneshot, watch},
    time::timeout,
};
use wharf::{Acceptor, Backoff, Client, CloseCode, Gap, ReconnectEvent, Reconnecting};
use wharf_testkit::lasting_port;

const CLIENTS: usize = 200;
const RESTARTS: usize = 20;

/// What a server takes before it is killed.
const MESSAGES: usize = 2_000;

/// Far more than anything here takes; only a failure takes so long.
const PATIENCE: Duration = Duration::from_secs(300);

/// How often each message of each client was received, by all servers together.
type Ledger = Arc<Mutex<HashMap<(usize, u64), usize>>>;

/// How a server goes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    /// As its process would: its sockets are closed by the system.
    Quiet,
    /// What it had not read, and what it had not sent, is thrown away.
    Reset,
}

/// Who has sent something to a server, and how much it has taken.
#[derive(Debug, Default)]
struct Business {
    present: HashSet<usize>,
    received: usize,
}

/// A server in a thread with a runtime of its own, so that all of it can be torn down at once.
struct Server {
    port: u16,
    kill: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
    business: watch::Receiver<Business>,
}

impl Server {
    async fn start(port: u16, death: Death, ledger: &Ledger) -> Self {
        let (kill, killed) = oneshot::channel();
        let (told, business) = watch::channel(Business::default());
        let (bound, port_bound) = oneshot::channel();
        let ledger = Arc::clone(ledger);
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
                bound.send(listener.local_addr().unwrap().port()).unwrap();
                tokio::select! {
                    () = serve(listener, death, ledger, Arc::new(told)) => {}
                    _ = killed => {}
                }
            });
        });
        let port = port_bound.await.unwrap();
        Self { port, kill, thread, business }
    }

    /// Waits until every client is there and enough has come.
    async fn has_done_its_share(&mut self) {
        let enough = |business: &Business| {
            business.present.len() == CLIENTS && business.received >= MESSAGES
        };
        let waiting = timeout(PATIENCE, self.business.wait_for(enough));
        let in_time = waiting.await.is_ok();
        let business = self.business.borrow();
        assert!(in_time, "{} clients, {} messages", business.present.len(), business.received);
    }

    async fn kill(self) {
        self.kill.send(()).unwrap();
        let thread = self.thread;
        tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    }
}

async fn serve(
    listener: TcpListener,
    death: Death,
    ledger: Ledger,
    told: Arc<watch::Sender<Business>>,
) {
    let acceptor = Acceptor::builder().build();
    loop {
        let (io, _) = listener.accept().await.unwrap();
        if death == Death::Reset {
            socket2::SockRef::from(&io).set_linger(Some(Duration::ZERO)).unwrap();
        }
        tokio::spawn(echo(acceptor.clone(), io, Arc::clone(&ledger), Arc::clone(&told)));
    }
}

/// Takes messages of one client and sends them back. A client that leaves is no failure.
async fn echo(
    acceptor: Acceptor,
    io: TcpStream,
    ledger: Ledger,
    told: Arc<watch::Sender<Business>>,
) {
    let Ok(request) = acceptor.accept(io).await else { return };
    let client = request.uri().path()[1..].parse().unwrap();
    let Ok(mut socket) = request.accept().await else { return };
    while let Ok(Some(message)) = socket.recv().await {
        let number = u64::from_le_bytes(message.as_bytes()[..8].try_into().unwrap());
        *ledger.lock().unwrap().entry((client, number)).or_default() += 1;
        told.send_modify(|business| {
            business.present.insert(client);
            business.received += 1;
        });
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

/// What a client knows at its end.
#[derive(Debug, Default)]
struct Account {
    accepted: u64,
    connections: usize,
    gaps: Vec<Gap>,
}

impl Account {
    fn send(&mut self, link: &Reconnecting) {
        let payload = [self.accepted.to_le_bytes().as_slice(), &[0; 200]].concat();
        assert_eq!(link.try_send(payload), Ok(self.accepted));
        self.accepted += 1;
    }

    /// Each message was received once, or a gap tells it; none twice.
    fn check(&self, client: usize, ledger: &HashMap<(usize, u64), usize>) {
        let mut told = HashSet::new();
        for gap in &self.gaps {
            for number in gap.uncertain().chain(gap.dropped()) {
                assert!(told.insert(number), "client {client}: {number} is told twice");
            }
        }
        for number in 0..self.accepted {
            let received = ledger.get(&(client, number)).copied().unwrap_or_default();
            assert!(received <= 1, "client {client}: {number} came {received} times");
            let known = received == 1 || told.contains(&number);
            assert!(known, "client {client}: {number} of {} is lost unnoticed", self.accepted);
        }
        assert!(self.connections > RESTARTS, "client {client} came {} times", self.connections);
    }
}

/// Sends with each connection and each echo, until it is told to stop.
async fn client(client: usize, server: SocketAddr, mut stop: watch::Receiver<bool>) -> Account {
    let backoff =
        Backoff::new().first(Duration::from_millis(20)).longest(Duration::from_millis(200));
    let url = format!("ws://{server}/{client}");
    let link = Client::default().reconnecting(url).backoff(backoff);
    let mut link = link.confirm_every(Duration::from_millis(20)).build();
    let mut account = Account::default();
    let mut due = None;
    loop {
        let event = tokio::select! {
            event = link.next() => event.expect("it does not give up"),
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match event {
            ReconnectEvent::Up { .. } => {
                account.connections += 1;
                (0..3).for_each(|_| account.send(&link));
            }
            ReconnectEvent::Message(_) => account.send(&link),
            ReconnectEvent::Down { retry_in, gap, .. } => {
                account.gaps.push(gap);
                due = Some(Instant::now() + retry_in.expect("it does not give up"));
                continue;
            }
            _ => panic!("an event that is not known"),
        }
        if let Some(due) = due.take() {
            // Its time had come, and the machine had 199 others to serve.
            assert!(Instant::now() < due + PATIENCE, "it is late");
        }
    }
    account.gaps.push(link.close(CloseCode::NORMAL).await);
    account
}

/// Checklist 95.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_twenty_times_loses_nothing_unnoticed() {
    let ledger = Ledger::default();
    let mut server = Server::start(lasting_port(), Death::Quiet, &ledger).await;
    let (stop, stopped) = watch::channel(false);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port));
    let clients: Vec<_> =
        (0..CLIENTS).map(|one| tokio::spawn(client(one, address, stopped.clone()))).collect();
    for restart in 0..RESTARTS {
        server.has_done_its_share().await;
        server.kill().await;
        let death = if restart % 2 == 0 { Death::Reset } else { Death::Quiet };
        server = Server::start(address.port(), death, &ledger).await;
    }
    server.has_done_its_share().await;
    stop.send(true).unwrap();
    let mut accounts = Vec::new();
    for client in clients {
        accounts.push(timeout(PATIENCE, client).await.unwrap().unwrap());
    }
    server.kill().await;
    let ledger = ledger.lock().unwrap();
    for (client, account) in accounts.iter().enumerate() {
        account.check(client, &ledger);
    }
    let lost: usize = accounts
        .iter()
        .flat_map(|account| &account.gaps)
        .map(|gap| gap.uncertain().count() + gap.dropped().count())
        .sum();
    assert!(ledger.len() >= MESSAGES * (RESTARTS + 1));
    assert!(lost > 0, "twenty deaths under load that caught nothing on its way prove little");
}
