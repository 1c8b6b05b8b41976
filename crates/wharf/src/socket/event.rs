//! What a reader may see.

use bytes::Bytes;
use wharf_proto::Message;

/// What came, control frames among it: for those who want to see them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A message.
    Message(Message),
    /// A Ping; it is answered already.
    Ping(Bytes),
    /// A Pong.
    Pong(Bytes),
}
