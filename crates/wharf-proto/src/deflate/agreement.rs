//! What two ends agreed on for permessage-deflate (RFC 7692 §7.1).

use crate::role::Role;

/// The base-2 logarithm of an LZ77 sliding window, 8 to 15 (RFC 7692 §7.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WindowBits(u8); // INVARIANT: 8..=15

impl WindowBits {
    /// 32 KiB, what holds when nothing is said.
    pub const MAX: Self = Self(15);
    /// 256 bytes.
    pub const MIN: Self = Self(8);

    /// `bits`, if they are 8 to 15.
    pub const fn new(bits: u8) -> Option<Self> {
        if bits >= 8 && bits <= 15 { Some(Self(bits)) } else { None }
    }

    /// The logarithm.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The window in bytes.
    pub const fn bytes(self) -> usize {
        1 << self.0
    }
}

/// Whether a message may refer to the messages before it (RFC 7692 §7.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// It may: smaller messages, and the window is kept from one to the next.
    Takeover,
    /// Each message stands alone: nothing is kept between messages.
    NoTakeover,
}

impl Context {
    /// `NoTakeover` if one of both is.
    pub(super) const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Takeover, Self::Takeover) => Self::Takeover,
            _ => Self::NoTakeover,
        }
    }
}

/// One direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Direction {
    /// The compressor looks back no farther.
    pub window: WindowBits,
    /// Whether the window survives the end of a message.
    pub context: Context,
}

impl Direction {
    /// What holds when nothing is said: 32 KiB, kept.
    pub const DEFAULT: Self = Self { window: WindowBits::MAX, context: Context::Takeover };
}

/// What both ends agreed on; each direction is named after the end that compresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeflateAgreement {
    /// Client to server: `client_max_window_bits`, `client_no_context_takeover`.
    pub client: Direction,
    /// Server to client: `server_max_window_bits`, `server_no_context_takeover`.
    pub server: Direction,
}

impl DeflateAgreement {
    /// The direction in which `role` compresses.
    pub const fn sent_by(&self, role: Role) -> Direction {
        match role {
            Role::Client => self.client,
            Role::Server => self.server,
        }
    }
}
