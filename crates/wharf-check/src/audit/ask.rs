//! Asks a probe: one connection, one bound, and no other host than the one that was named.

use super::{
    hello::{OldTls, Reply, greet},
    probe::{After, Ask, Probe, Session},
    seen::{How, Seen},
    session,
    welcome::Welcome,
};
use crate::{
    case::opening::Stall,
    run::{
        open::head,
        pace::Pace,
        pipe::{Pipe, Waited},
        target::Target,
    },
    wire::{
        frame::{Frame, opcode},
        http::{Came, Head},
        key::{fresh_key, random},
        role::Role,
    },
};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The code of a normal end (RFC 6455 §7.4.1).
const NORMAL: u16 = 1000;
/// From octet to octet, for a head that drips.
const DRIP: Duration = Duration::from_millis(250);
/// What half a head may be answered with at most.
const ANSWER: usize = 256 << 10;

/// Asks one server, and counts the connections.
#[derive(Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) target: &'a Target,
    pub(crate) pace: Pace,
    pub(crate) connections: u32,
}

impl Asker<'_> {
    /// What the server does.
    pub(crate) async fn ask(&mut self, probe: &Probe, welcome: &Welcome) -> Seen {
        self.connections += 1;
        if let Ask::Hello(version) = &probe.ask {
            return self.hello(*version).await;
        }
        let mut pipe = match self.target.connect(Instant::now() + self.pace.bound()).await {
            Ok(pipe) => pipe,
            Err(error) => return Seen::unasked(format!("no connection: {error}")),
        };
        let seen = match &probe.ask {
            Ask::Request(head) => self.request(&mut pipe, head).await,
            Ask::Stalled(stall, patience) => {
                self.stalled(&mut pipe, welcome, *stall, *patience).await
            }
            Ask::Session(session) => self.session(&mut pipe, welcome, *session).await,
            Ask::Hello(version) => self.hello(*version).await,
        };
        self.leave(pipe, &seen).await;
        seen
    }

    async fn request(&self, pipe: &mut Pipe, wanted: &Head) -> Seen {
        let began = Instant::now();
        let how = match self.answer(pipe, wanted).await {
            Ok(came) => told(&came),
            Err(how) => how,
        };
        Seen { how, after: began.elapsed() }
    }

    /// Sends a request, and reads the head of the answer.
    pub(crate) async fn answer(&self, pipe: &mut Pipe, wanted: &Head) -> Result<Came, How> {
        let bytes = self.bytes(wanted);
        pipe.write("the request", &bytes, Instant::now() + self.pace.bound_for(bytes.len())).await;
        match head(pipe, self.pace).await {
            Ok(Some(came)) => Ok(came),
            Ok(None) => Err(How::Ended),
            Err(_) => Err(How::Silent),
        }
    }

    fn bytes(&self, head: &Head) -> Vec<u8> {
        let place = self.target.place();
        let head =
            place.fields.iter().fold(head.clone(), |head, (name, value)| head.add(name, value));
        head.bytes(&place.fill(&fresh_key()))
    }

    /// Whether the server answers the hello of an old TLS, on a connection without one.
    async fn hello(&self, version: OldTls) -> Seen {
        let began = Instant::now();
        let asked = async {
            let mut tcp = self.target.dial().await?;
            greet(&mut tcp, version, self.target.name(), random()).await
        };
        let how = match timeout_at(began + self.pace.bound(), asked).await {
            Ok(Ok(Reply::Spoken)) => How::Greeted,
            Ok(Ok(Reply::Alert(number))) => How::Turned(Some(number)),
            Ok(Ok(Reply::Other)) => How::Turned(None),
            Ok(Err(_)) => How::Ended,
            Err(_) => How::Silent,
        };
        Seen { how, after: began.elapsed() }
    }

    async fn stalled(
        &self,
        pipe: &mut Pipe,
        welcome: &Welcome,
        stall: Stall,
        patience: Duration,
    ) -> Seen {
        let mut bytes = self.bytes(&welcome.head(None));
        bytes.truncate(bytes.len() - 2);
        if stall == Stall::Dripping {
            bytes.extend(b"X-Audit: ");
        }
        let began = Instant::now();
        pipe.write("a head without its end", &bytes, began + self.pace.bound()).await;
        let how = loop {
            if let Some(came) = Came::parse(&pipe.inbox) {
                break told(&came);
            }
            if pipe.inbox.len() > ANSWER {
                break How::Talked;
            }
            if pipe.ended.is_some() {
                break How::Ended;
            }
            let until = match stall {
                Stall::Silent => began + patience,
                Stall::Dripping => (began + patience).min(Instant::now() + DRIP),
            };
            if pipe.read(until).await == Waited::Came {
                continue;
            }
            if began.elapsed() >= patience {
                break How::Silent;
            }
            pipe.write("one octet more", b"x", began + patience).await;
        };
        Seen { how, after: began.elapsed() }
    }

    async fn session(&self, pipe: &mut Pipe, welcome: &Welcome, wanted: Session) -> Seen {
        let came = match self.answer(pipe, &welcome.head(wanted.offer)).await {
            Ok(came) if came.status() == Some(101) => came,
            Ok(came) => return Seen::unasked(format!("answered with {:?}", came.first)),
            Err(_) => return Seen::unasked("no answer of HTTP came"),
        };
        if let Some(offer) = wanted.offer
            && !came.all("Sec-WebSocket-Extensions").any(|value| value.starts_with(offer))
        {
            return Seen::unasked(format!("the server does not agree on {offer}"));
        }
        let bound = match wanted.after {
            After::Idle(idle) => idle,
            After::Ping | After::Wait | After::Pongs(_) => self.pace.bound(),
        };
        session::hold(pipe, wanted, bound).await
    }

    /// As a client takes its leave; what comes back is of no interest.
    pub(crate) async fn leave(&self, mut pipe: Pipe, seen: &Seen) {
        let until = Instant::now() + self.pace.farewell();
        if matches!(seen.how, How::Upgraded | How::Answered(_) | How::Pinged) {
            let close = Frame::new(opcode::CLOSE, &NORMAL.to_be_bytes()).bytes(Role::Client);
            pipe.write("a Close", &close, until).await;
        }
        pipe.shutdown(until).await;
    }
}

fn told(came: &Came) -> How {
    if came.status() == Some(101) {
        return How::Upgraded;
    }
    let versions = came.all("Sec-WebSocket-Version").next().map(ToOwned::to_owned);
    How::Refused { line: came.first.clone(), versions }
}
