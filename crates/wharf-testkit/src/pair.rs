//! A client and a server in virtual time.

use crate::{
    endpoint::{Endpoint, Got, Writes},
    pipe::{Arrival, Pipe, Weather},
};
use std::time::Duration;
use wharf_proto::{Agreement, Config, Now, Role, Shutdown};

/// One end of a [`Pair`], and the pipe that it writes into.
#[derive(Debug)]
pub struct Side {
    /// The end.
    pub end: Endpoint,
    /// What it was told so far.
    pub got: Vec<Got>,
    out: Pipe,
    gone: bool,
}

/// Two connections and the pipes between them.
///
/// [`drive`](Self::drive) is the contract of the core as code: after any call take the events until there is
/// none, write the outbox, obey the shutdown, arm the deadline; only then wait.
#[derive(Debug)]
pub struct Pair {
    /// The client.
    pub client: Side,
    /// The server.
    pub server: Side,
    now: Now,
}

impl Pair {
    /// A pair with default limits over pipes that do no harm.
    pub fn new() -> Self {
        Self::with(&Agreement::default(), Config::new, &Weather::default(), 0)
    }

    /// A pair that agreed on this, over two pipes of this kind.
    pub fn with(
        agreed: &Agreement,
        config: impl Fn(Role) -> Config,
        weather: &Weather,
        seed: u64,
    ) -> Self {
        let side = |role, seed| {
            let end = Endpoint::with(role, agreed, config(role));
            Side { end, got: Vec::new(), out: Pipe::new(weather.clone(), seed), gone: false }
        };
        let (client, server) = (side(Role::Client, seed), side(Role::Server, !seed));
        let now = client.end.now();
        Self { client, server, now }
    }

    /// The time.
    pub const fn now(&self) -> Now {
        self.now
    }

    /// Works until nothing more happens at this moment.
    pub fn drive(&mut self) {
        let (client, server, now) = (&mut self.client, &mut self.server, self.now);
        while client.work(&mut server.out, now) | server.work(&mut client.out, now) {}
    }

    /// Lets time pass: pieces arrive and deadlines are met, each at its moment.
    pub fn advance(&mut self, time: Duration) {
        let until = self.now + time;
        self.drive();
        let mut steps = 0;
        while let Some(at) = self.next_at().filter(|at| *at <= until) {
            steps += 1;
            assert!(steps < 1_000_000, "time does not pass at {at:?}");
            self.now = self.now.max(at);
            self.client.meet_deadline(self.now);
            self.server.meet_deadline(self.now);
            self.drive();
        }
        self.now = until;
        self.client.end.set_now(until);
        self.server.end.set_now(until);
    }

    /// Breaks the connection at both ends.
    pub fn reset(&mut self) {
        self.client.out.reset(self.now);
        self.server.out.reset(self.now);
        self.drive();
    }

    fn next_at(&self) -> Option<Now> {
        let moments = [
            self.client.deadline(),
            self.server.deadline(),
            self.client.out.next_at(),
            self.server.out.next_at(),
        ];
        moments.into_iter().flatten().min()
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self::new()
    }
}

impl Side {
    /// Whether the transport was dropped.
    pub const fn is_gone(&self) -> bool {
        self.gone
    }

    fn deadline(&self) -> Option<Now> {
        if self.gone { None } else { self.end.connection.deadline() }
    }

    fn meet_deadline(&mut self, now: Now) {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.end.set_now(now);
            self.end.connection.handle_timeout(now);
        }
    }

    /// One round of the contract; whether anything happened.
    fn work(&mut self, input: &mut Pipe, now: Now) -> bool {
        self.end.set_now(now);
        let arrived = self.read(input, now);
        if self.gone {
            return arrived;
        }
        let wrote = self.write(now);
        self.obey(input, now) || arrived || wrote
    }

    fn read(&mut self, input: &mut Pipe, now: Now) -> bool {
        let Some(arrival) = input.arrive(now) else { return false };
        match arrival {
            _ if self.gone => {}
            Arrival::Bytes(bytes) => self.got.extend(self.end.feed(&bytes)),
            Arrival::Fin => self.end.connection.handle_eof(now),
            Arrival::Reset => {
                self.end.connection.handle_eof(now);
                self.out.reset(now);
            }
        }
        true
    }

    fn write(&mut self, now: Now) -> bool {
        let room = self.out.room();
        if room == 0 || self.end.connection.outbox().is_empty() {
            return false;
        }
        let written = self.end.write(Writes::Vectored(room));
        self.out.send(&written, now);
        true
    }

    fn obey(&mut self, input: &mut Pipe, now: Now) -> bool {
        let asked = self.end.take_shutdowns();
        for shutdown in &asked {
            match shutdown {
                Shutdown::Write | Shutdown::Close => self.out.finish(now),
                Shutdown::Abort => {
                    self.gone = true;
                    self.out.finish(now);
                    // What comes for a transport that is gone is answered by nobody.
                    while input.arrive(now).is_some() {}
                }
            }
        }
        !asked.is_empty()
    }
}
