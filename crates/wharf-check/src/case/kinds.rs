//! The words that sort cases.

use crate::wire::role::Role;
use serde::{Deserialize, Serialize};

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// What a server does with a request.
    Request,
    /// What a client sends as a request, and what it does with a response.
    Response,
    /// Opcodes, reserved bits, sizes.
    Frames,
    /// Who masks, and with which keys.
    Masking,
    /// How lengths are written.
    Lengths,
    /// Messages of up to 16 MiB, and many of them.
    Sizes,
    /// Messages in several frames.
    Fragmentation,
    /// Ping and Pong.
    Control,
    /// Text is UTF-8.
    Utf8,
    /// Codes and reasons of Close frames.
    CloseCodes,
    /// Who closes when.
    Closing,
    /// permessage-deflate is agreed on.
    DeflateNegotiation,
    /// Compressed messages.
    DeflateStreams,
    /// Bounds, bombs and floods.
    Limits,
    /// What happens when nothing happens.
    Timers,
    /// Whose pages may connect.
    Origin,
}

impl Group {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 16] = [
        Self::Request,
        Self::Response,
        Self::Frames,
        Self::Masking,
        Self::Lengths,
        Self::Sizes,
        Self::Fragmentation,
        Self::Control,
        Self::Utf8,
        Self::CloseCodes,
        Self::Closing,
        Self::DeflateNegotiation,
        Self::DeflateStreams,
        Self::Limits,
        Self::Timers,
        Self::Origin,
    ];

    /// The first part of the ids of its cases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Frames => "frames",
            Self::Masking => "masking",
            Self::Lengths => "lengths",
            Self::Sizes => "sizes",
            Self::Fragmentation => "fragmentation",
            Self::Control => "control",
            Self::Utf8 => "utf8",
            Self::CloseCodes => "close-codes",
            Self::Closing => "closing",
            Self::DeflateNegotiation => "deflate-negotiation",
            Self::DeflateStreams => "deflate-streams",
            Self::Limits => "limits",
            Self::Timers => "timers",
            Self::Origin => "origin",
        }
    }

    /// A heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Request => "Handshake requests",
            Self::Response => "Handshake responses",
            Self::Frames => "Frames",
            Self::Masking => "Masking",
            Self::Lengths => "Lengths",
            Self::Sizes => "Large messages, and many",
            Self::Fragmentation => "Fragmentation",
            Self::Control => "Ping and Pong",
            Self::Utf8 => "UTF-8",
            Self::CloseCodes => "Close codes",
            Self::Closing => "Close handshake and TCP",
            Self::DeflateNegotiation => "permessage-deflate: negotiation",
            Self::DeflateStreams => "permessage-deflate: streams",
            Self::Limits => "Limits and bombs",
            Self::Timers => "Timers",
            Self::Origin => "Origin",
        }
    }
}

/// How binding a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// An RFC demands it.
    Must,
    /// An RFC recommends it.
    Should,
    /// No RFC says it; bugs of the field do.
    Practice,
}

impl Level {
    /// `MUST`, `SHOULD` or `practice`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::Practice => "practice",
        }
    }
}

/// Who can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Targets {
    /// Servers and clients.
    Both,
    /// Only those that play this role.
    Only(Role),
}

impl Targets {
    /// Whether a target of this role can be asked.
    pub(crate) fn include(self, target: Role) -> bool {
        match self {
            Self::Both => true,
            Self::Only(role) => role == target,
        }
    }
}

/// What a target must do with what it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Take it. Anything else is a fail.
    Accept,
    /// Take it, but a refusal harms nobody: it is strict.
    Tolerate,
    /// Refuse it. To go on is lax.
    Refuse,
}

/// How long a case takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effort {
    /// Some round trips.
    Quick,
    /// More, or many bytes: not in a quick run.
    Usual,
    /// Messages of megabytes, by the hundred: only if asked for.
    Big,
}
