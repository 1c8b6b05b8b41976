//! The WebSocket protocol without I/O (RFC 6455, RFC 7692).
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod close;
mod config;
mod connection;
#[cfg(feature = "deflate")]
mod deflate;
mod error;
mod frame;
mod handshake;
mod message;
mod role;
mod time;

pub use bytes::Bytes;
pub use close::{CloseCode, CloseReason, ReasonTooLong};
#[cfg(feature = "deflate")]
pub use config::Compression;
pub use config::{Config, Limits, Timeouts};
pub use connection::{
    closing::Shutdown,
    ending::{EndedBy, Ending},
    event::Event,
    fault::Fault,
    found::{Delivery, End, Found, Piece, Place, Progress, Whole},
    inbound::Inbound,
    input::Input,
    joined::Connection,
    keepalive::PingId,
    outbound::Outbound,
    outbox::Outbox,
    refusal::{NotSent, WhyNot},
    stats::{Received, Sent, Stats},
};
#[cfg(feature = "deflate")]
pub use deflate::{
    agreement::{Context, DeflateAgreement, Direction, WindowBits},
    params::{DeflateOffer, DeflateParamsError, DeflateResponse, PERMESSAGE_DEFLATE},
    policy::Deflate,
};
pub use error::{ControlTooLong, Limit, Misdeed, ProtocolError, Silence};
pub use frame::control::ControlPayload;
pub use handshake::{
    agreement::Agreement,
    subprotocol::{InvalidSubprotocol, Subprotocol},
};
#[cfg(feature = "std")]
pub use handshake::{
    examine::examine,
    fault::FieldFault,
    fields::HeaderRefused,
    http1::{
        body::{BodyProgress, BodyReader},
        client::ResponseReader,
        error::{HeadError, HeadLimit, Malformed},
        server::RequestReader,
        write::{write_request, write_response, write_switch},
    },
    key::{Accept, Key},
    limits::HandshakeLimits,
    offer::{Offer, OfferError, SubprotocolRule},
    offered::{Choice, NotOffered, Offered},
    origin::{InvalidOriginPattern, OriginPolicy},
    refusal::Refusal,
    response::ResponseError,
};
pub use message::{
    outgoing::Outgoing,
    types::{Kind, Message, MessageRef},
};
pub use role::Role;
pub use time::Now;
pub use wharf_bytes::{InvalidUtf8, NotUtf8, PayloadTail, Text};
