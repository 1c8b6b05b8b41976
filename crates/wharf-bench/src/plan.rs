//! What to do: data, and no behaviour.

use crate::{payload::Payload, target::Target};
use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

/// A run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Whom to load.
    pub target: Target,
    /// With what.
    pub load: Load,
    /// How fast.
    pub pace: Pace,
    /// How long.
    pub stop: Stop,
    /// How long the load runs before it is measured; for [`Stop::After`] only.
    pub warm_up: Duration,
    /// Connections in all.
    pub connections: NonZeroU32,
    /// Threads that share them.
    pub threads: NonZeroUsize,
    /// What messages hold.
    pub payload: Payload,
    /// How much of what comes back is looked at.
    pub verify: Verify,
    /// How long a connection may take to open, and the last answers to come.
    pub patience: Duration,
    /// The server's process, if its use of processor and memory is to be told.
    pub server: Option<u32>,
}

/// What a connection is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// The server sends every message back.
    Echo,
    /// One connection sends; the server sends every message to all.
    FanOut,
    /// Connections are opened, closed, and opened again.
    Connect,
    /// Connections are opened and held.
    Idle(Touch),
}

/// What an idle connection has done before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touch {
    /// Nothing but its handshake.
    Handshake,
    /// An echo.
    Echo,
    /// An echo, and then as many at once as may be in flight.
    Burst,
}

/// How fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// A message is sent when an answer has come: so many are under way on each connection.
    Closed {
        /// Messages without an answer, on each connection.
        in_flight: NonZeroU32,
    },
    /// Messages are sent by the clock, whatever the server does. Latency counts from when a message was due.
    Open {
        /// Messages a second, over all connections; positive and finite.
        rate: f64,
        /// Beyond so many without an answer on one connection, what is due waits (and its clock runs).
        in_flight: NonZeroU32,
    },
}

impl Pace {
    /// Messages without an answer, at most, on each connection.
    pub const fn in_flight(self) -> NonZeroU32 {
        match self {
            Self::Closed { in_flight } | Self::Open { in_flight, .. } => in_flight,
        }
    }
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Measured for this long.
    After(Duration),
    /// Until so many messages were answered, or connections opened.
    Messages(u64),
}

/// How much of what comes back is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// The first message of each connection; then bytes are counted, where all answers have one length.
    First,
    /// Every message.
    All,
}
