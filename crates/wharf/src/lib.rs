//! WebSockets on tokio.
#![forbid(unsafe_code)]

mod entropy;
mod error;
mod socket;
mod transport;
mod upgrade;

pub use error::{Error, SendError};
pub use socket::{
    event::Event,
    reader::MessageReader,
    receiver::Receiver,
    sender::{Ping, Sender},
    websocket::WebSocket,
    writer::{BinaryWriter, TextWriter},
};
pub use wharf_proto::{
    Agreement, Bytes, CloseCode, CloseReason, Config, ControlPayload, EndedBy, Ending,
    InvalidSubprotocol, Kind, Limit, Limits, Message, MessageRef, Misdeed, NotSent, NotUtf8,
    Outgoing, PingId, ProtocolError, ReasonTooLong, Received, Role, Sent, Silence, Stats,
    Subprotocol, Text, Timeouts, WhyNot,
};
