//! Every limit and timeout of a connection, in one place.

use crate::{close::CloseCode, rate::Rate, role::Role};
use core::time::Duration;

/// Limits, timeouts and behaviour of one connection. Share one value among connections in an `Arc`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// What a connection may hold.
    pub limits: Limits,
    /// What a connection waits for, and how long.
    pub timeouts: Timeouts,
    /// Payload bytes of one frame of a message that we send; longer messages are fragmented. Default:
    /// `None`, a message is one frame. A ping or pong can only pass between frames (RFC 6455 §5.4).
    pub fragment: Option<usize>,
    /// How messages are compressed where permessage-deflate was agreed.
    #[cfg(feature = "deflate")]
    pub compression: Compression,
}

/// What a connection may hold. All sizes are in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest frame that the peer may declare; checked before any memory is reserved. Default: 1 MiB
    /// for a server, 16 MiB for a client. A breach closes with 1009. Does not apply to a message read in
    /// chunks.
    pub frame: usize,
    /// The longest message, after reassembly and inflation. Default as for `frame`. A breach closes with
    /// 1009. Worst-case memory of an unread message is twice this. Does not apply to a message read in
    /// chunks.
    pub message: usize,
    /// The most frames one message may come in. Default: 4,096. A breach closes with 1008. A fragment costs
    /// no memory of its own; the limit bounds work and empty fragments.
    pub fragments: u32,
    /// The most bytes that may be queued for sending. Default: 1 MiB. A message that does not fit is given
    /// back; one longer than the limit is taken when nothing else is queued.
    pub outbox: usize,
    /// What becomes of a message for which there is no room in the outbox. Default: [`OnFull::Wait`].
    pub on_full: OnFull,
    /// How much the peer may send in a second. Default: `None`, as much as is asked for. A breach waits or
    /// closes with 1008, as [`Rate::over`] says. Costs 16 bytes per connection if it is off, 100 more if it is
    /// on.
    pub rate: Option<Rate>,
    /// Control frames that the peer may send within one second without data among them. Default: 128. A
    /// breach closes with 1008.
    pub control_burst: u32,
    /// How many times its compressed size a message above 64 KiB may inflate to. Default: `None`; honest,
    /// very repetitive data reaches 1,000. A breach closes with 1009. The limit on messages holds always.
    #[cfg(feature = "deflate")]
    pub inflate_ratio: Option<u32>,
}

/// What becomes of a message for which there is no room in the outbox, because the peer reads too slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnFull {
    /// It is given back: the sender waits, or does without. A task that serves many waits with it.
    #[default]
    Wait,
    /// It counts as sent and is forgotten: for messages that the next one makes up for, such as prices. How
    /// many were forgotten, [`Sent::dropped`](crate::Sent::dropped) tells. Messages that are written in
    /// fragments wait all the same. Not for a client that reconnects, whose messages each have one fate.
    Drop,
    /// It is given back, and the connection is closed with this code behind what is queued: for peers that
    /// must not miss a message. [`TRY_AGAIN_LATER`](CloseCode::TRY_AGAIN_LATER) asks them to come back,
    /// [`POLICY_VIOLATION`](CloseCode::POLICY_VIOLATION) does not. Messages that are written in fragments wait
    /// all the same.
    Close(CloseCode),
}

/// What a connection waits for. `None` switches a timer off.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Nothing at all received for this long: close with 1001. Default: 60 s.
    pub idle: Option<Duration>,
    /// Nothing received for this long: send a Ping. Default: 30 s.
    pub ping_every: Option<Duration>,
    /// No byte received for this long after a Ping: close with 1011. Default: 10 s.
    pub pong_within: Duration,
    /// The closing handshake, from our first or the peer's Close to the end of the transport. Default: 5 s.
    pub close: Duration,
    /// Bytes are queued and the transport takes none for this long: the connection is cut. Default: 30 s.
    pub write_stall: Option<Duration>,
    /// How old a connection may become: then it is closed in order, with 1001. Default: `None`.
    ///
    /// It bounds how long a connection outlives its credentials, its server's version, its balancer's choice.
    pub lifetime: Option<Duration>,
    /// How much earlier than `lifetime` a connection may be closed, at random, in percent of it; more than 100
    /// is 100. Default: 10, so that those who came together do not leave together.
    pub lifetime_jitter: u8,
}

/// How messages are compressed where permessage-deflate was agreed (RFC 7692).
#[cfg(feature = "deflate")]
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compression {
    /// Shorter messages go out uncompressed. Default: 64 bytes.
    pub threshold: usize,
    /// As zlib's, 1 (fastest) to 9 (smallest). Default: 1, which makes messages about as short as zlib's 6
    /// does, up to 16 KiB; what more costs stands in `docs/compression.md`.
    pub level: u8,
}

impl Config {
    /// The defaults for an end in this role.
    pub fn new(role: Role) -> Self {
        let size = match role {
            Role::Client => 16 << 20,
            Role::Server => 1 << 20,
        };
        Self {
            limits: Limits {
                frame: size,
                message: size,
                fragments: 4096,
                outbox: 1 << 20,
                on_full: OnFull::Wait,
                rate: None,
                control_burst: 128,
                #[cfg(feature = "deflate")]
                inflate_ratio: None,
            },
            timeouts: Timeouts {
                idle: Some(Duration::from_secs(60)),
                ping_every: Some(Duration::from_secs(30)),
                pong_within: Duration::from_secs(10),
                close: Duration::from_secs(5),
                write_stall: Some(Duration::from_secs(30)),
                lifetime: None,
                lifetime_jitter: 10,
            },
            fragment: None,
            #[cfg(feature = "deflate")]
            compression: Compression { threshold: 64, level: 1 },
        }
    }
}
