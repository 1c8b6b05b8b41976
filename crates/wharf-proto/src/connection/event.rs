//! What a connection tells its caller.

use super::found::End;
use crate::{
    close::CloseReason,
    error::ProtocolError,
    message::types::{Kind, MessageRef},
};

/// What the peer sent. Payloads are lent from the input or from the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A message.
    Message(MessageRef<'a>),
    /// A piece of a message, when they are handed out in chunks. A piece of a text may end inside a code
    /// point.
    Chunk(Kind, &'a [u8], End),
    /// A Ping. It is answered already.
    Ping(&'a [u8]),
    /// A Pong.
    Pong(&'a [u8]),
    /// A Close. It is answered already, if it was no answer itself.
    Close(Option<CloseReason>),
    /// The peer broke a rule. It is told already, and nothing that follows is read.
    Failed(ProtocolError),
}
