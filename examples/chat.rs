//! A chat with rooms: `cargo run -p wharf-examples --bin chat [ADDRESS]`, on 127.0.0.1:9010 unless told otherwise.
//!
//! Come in with `wharf connect 'ws://127.0.0.1:9010/lobby?name=ann'`. Each line goes to everybody else in the room.
//! Nobody waits for the slowest: whoever does not read is sent away when 256 KiB wait for them.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use anyhow::Context;
use http::{Response, StatusCode, Uri};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use wharf::{
    Accept, Acceptor, CloseCode, CloseReason, Config, Message, Request, Role, Sender, Server, Text,
    WhyNot,
};

/// Bytes that may wait for one member.
const OUTBOX: usize = 256 << 10;
/// Bytes of one line.
const LINE: usize = 16 << 10;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9010".to_owned());
    let server = Server::bind(&address).await.with_context(|| format!("listening on {address}"))?;
    println!("ws://{}/lobby?name=you", server.local_addr()?);

    let mut config = Config::new(Role::Server);
    config.limits.message = LINE;
    config.limits.frame = LINE;
    config.limits.outbox = OUTBOX;
    let acceptor = Acceptor::builder().accept(Accept::new().config(config)).build();

    let rooms = Arc::<Rooms>::default();
    let summary = server
        .with_acceptor(acceptor)
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .serve_requests(move |request| attend(Arc::clone(&rooms), request))
        .await;
    println!("{} said good-bye, {} were cut", summary.closed, summary.cut);
    Ok(())
}

/// One member, from the request to the end.
async fn attend(rooms: Arc<Rooms>, request: Request) -> anyhow::Result<()> {
    let Some((room, name)) = who(request.uri()) else {
        let hint = "ask for /ROOM?name=NAME, each of 1 to 32 characters\n";
        let answer = Response::builder().status(StatusCode::BAD_REQUEST).body(hint.into())?;
        return Ok(request.refuse(answer).await?);
    };
    let mut socket = request.accept().await?;
    let seat = rooms.enter(&room, &name, socket.sender());
    let ended = loop {
        match socket.recv().await {
            Ok(Some(Message::Text(line))) => seat.say(&format!("{name}: {line}")),
            Ok(Some(Message::Binary(_))) => {
                let reason = CloseReason::truncated(CloseCode::UNSUPPORTED, "text only");
                break socket.close(reason).await.to_string();
            }
            Ok(None) => break socket.ending().map(|ending| ending.to_string()).unwrap_or_default(),
            Err(error) => break error.to_string(),
        }
    };
    println!("{name} left {room}: {ended}");
    Ok(())
}

/// The room and the name that a URL asks for.
fn who(uri: &Uri) -> Option<(String, String)> {
    let room = uri.path().strip_prefix('/')?;
    let mut pairs = url::form_urlencoded::parse(uri.query()?.as_bytes());
    let (_, name) = pairs.find(|(key, _)| key == "name")?;
    let fits =
        |word: &str| (1..=32).contains(&word.chars().count()) && !word.contains(char::is_control);
    (fits(room) && fits(&name)).then(|| (room.to_owned(), name.into_owned()))
}

/// Who is where.
#[derive(Default)]
struct Rooms {
    members: Mutex<HashMap<String, Vec<Member>>>,
    next: AtomicU64,
}

#[derive(Clone)]
struct Member {
    id: u64,
    sender: Sender,
}

/// A place in a room, until it is dropped.
struct Seat {
    rooms: Arc<Rooms>,
    room: String,
    name: String,
    id: u64,
}

impl Rooms {
    fn enter(self: &Arc<Self>, room: &str, name: &str, sender: Sender) -> Seat {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let member = Member { id, sender };
        self.lock().entry(room.to_owned()).or_default().push(member.clone());
        let seat =
            Seat { rooms: Arc::clone(self), room: room.to_owned(), name: name.to_owned(), id };
        seat.say(&format!("* {name} is here"));
        // Who reads this misses nothing that is said from here on.
        member.hear(&Text::from(format!("* you are in {room}")));
        seat
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Member>>> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Says a line to everybody else in the room: made once, shared by all.
    fn say(&self, line: &str) {
        let line = Text::from(line);
        // The lock is not held while anything is written.
        let others = self.rooms.lock().get(&self.room).cloned().unwrap_or_default();
        others.iter().filter(|member| member.id != self.id).for_each(|member| member.hear(&line));
    }
}

impl Member {
    /// Queues the line and does not wait.
    fn hear(&self, line: &Text) {
        let Err(refused) = self.sender.try_send(line.clone()) else { return };
        // Who is closed already is on the way out, and its own task sees to that.
        if refused.reason == WhyNot::Full {
            let reason = CloseReason::truncated(CloseCode::POLICY_VIOLATION, "you read too slowly");
            self.sender.close(reason);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut rooms = self.rooms.lock();
        if let Some(members) = rooms.get_mut(&self.room) {
            members.retain(|member| member.id != self.id);
            if members.is_empty() {
                rooms.remove(&self.room);
            }
        }
        drop(rooms);
        self.say(&format!("* {} has left", self.name));
    }
}
