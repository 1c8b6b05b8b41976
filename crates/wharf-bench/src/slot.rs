//! The place of a connection in a worker.

use crate::{
    connection::{Change, Connection},
    counting::Closed,
    flow::Flow,
    framed::Part,
    tally::Tally,
    tools::Tools,
    trouble::Trouble,
};
use mio::{Registry, Token};
use wharf_proto::Now;

/// A place, and whoever holds it.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) state: State,
    pub(crate) flow: Flow,
    /// When the state must have changed.
    pub(crate) deadline: Now,
    connection: Option<Connection>,
    part: Part,
}

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Not begun.
    Empty,
    /// Until the first message was answered.
    Opening,
    /// Doing what it is for.
    Ready,
    /// Closing.
    Leaving,
    /// Ended before it should.
    Lost,
}

impl Slot {
    pub(crate) const fn new(part: Part) -> Self {
        Self {
            state: State::Empty,
            flow: Flow::new(),
            deadline: Now::new(std::time::Duration::ZERO),
            connection: None,
            part,
        }
    }

    pub(crate) fn dial(
        &mut self,
        tools: &Tools,
        registry: &Registry,
        token: Token,
        deadline: Now,
    ) -> Result<(), Trouble> {
        self.connection = Some(Connection::dial(tools, registry, token)?);
        (self.state, self.deadline) = (State::Opening, deadline);
        Ok(())
    }

    /// Something may be read or written.
    pub(crate) fn on_ready(
        &mut self,
        closed: Closed,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<Change, Trouble> {
        match &mut self.connection {
            Some(connection) => {
                connection.on_ready(&mut self.flow, self.part, closed, tools, tally, now)
            }
            None => Ok(Change::None),
        }
    }

    pub(crate) fn send(
        &mut self,
        tools: &mut Tools,
        tally: &mut Tally,
        now: Now,
    ) -> Result<(), Trouble> {
        match &mut self.connection {
            Some(connection) => connection.send(&mut self.flow, tools, tally, now),
            None => Ok(()),
        }
    }

    /// Says good-bye, until the deadline.
    pub(crate) fn leave(&mut self, deadline: Now) -> Result<(), Trouble> {
        (self.state, self.deadline) = (State::Leaving, deadline);
        self.connection.as_mut().map_or(Ok(()), Connection::leave)
    }

    /// Closes the socket: which message a subscriber has not received.
    pub(crate) fn clear(&mut self, registry: &Registry, state: State) -> Option<u64> {
        self.state = state;
        let mut connection = self.connection.take()?;
        connection.deregister(registry);
        connection.subscribed()
    }
}
