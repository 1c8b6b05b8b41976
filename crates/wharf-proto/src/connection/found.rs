//! What an inbound half found: where it lies, not what it is, so that it borrows nothing.

use crate::{close::CloseReason, error::ProtocolError, message::types::Kind};
use core::ops::Range;

/// What [`Inbound::advance`](crate::Inbound::advance) did.
#[derive(Debug)]
#[must_use = "what was found must be acted on"]
pub struct Progress {
    /// How many bytes of the input were used up.
    pub used: usize,
    /// What they held; `None` if they ran out first.
    pub found: Option<Found>,
}

/// Something complete.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found {
    /// A message: get it by [`Inbound::lend`](crate::Inbound::lend) or
    /// [`Inbound::take`](crate::Inbound::take).
    Message(Whole),
    /// A piece of a message that is read in chunks; the first one is empty and tells its start. Get it by
    /// [`Inbound::payload`](crate::Inbound::payload).
    Chunk(Piece),
    /// A Ping; tell the outbound half by [`Outbound::on_ping`](crate::Outbound::on_ping).
    Ping(Place),
    /// A Pong; tell the outbound half by [`Outbound::on_pong`](crate::Outbound::on_pong).
    Pong(Place),
    /// A Close; nothing that follows it is read. Tell the outbound half by
    /// [`Outbound::on_close`](crate::Outbound::on_close).
    Close(Option<CloseReason>),
    /// The peer broke a rule; nothing that follows is read. Tell the outbound half by
    /// [`Outbound::fail`](crate::Outbound::fail).
    Failed(ProtocolError),
}

/// A whole message that waits to be lent or taken.
#[derive(Debug)]
pub struct Whole {
    pub(crate) kind: Kind,
    pub(crate) packing: Packing,
    pub(crate) place: Place,
}

/// A piece of a message that is read in chunks.
#[derive(Debug)]
pub struct Piece {
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    pub(crate) end: End,
}

/// Where bytes lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the input, at this range of it, unmasked.
    Input(Range<usize>),
    /// In the inbound half itself, until its next call.
    Held,
}

/// Whether a message's payload is as it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    /// By permessage-deflate.
    Deflated,
}

/// Whether a piece is the last of its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// More is to come.
    More,
    /// The message is complete.
    Last,
}

/// How messages are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Assembled, as [`Found::Message`].
    Whole,
    /// As they come, as [`Found::Chunk`]: for messages larger than memory.
    Chunks,
}

impl Piece {
    /// What the message holds.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Where the piece lies; see [`Inbound::payload`](crate::Inbound::payload). A piece of a text may end
    /// inside a code point.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Whether it is the last of its message.
    pub const fn end(&self) -> End {
        self.end
    }
}

impl Whole {
    /// What the message holds.
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}
