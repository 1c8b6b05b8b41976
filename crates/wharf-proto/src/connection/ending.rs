//! How a connection ended.

use crate::close::CloseReason;
use core::fmt;

/// How a connection ended: a value, not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub(crate) by: EndedBy,
    pub(crate) received: ReceivedClose,
    pub(crate) clean: bool,
}

/// Who began to end a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndedBy {
    /// This end sent the first Close.
    Local,
    /// The peer sent the first Close.
    Peer,
    /// The transport ended without a Close from either.
    Transport,
}

/// What the peer's Close said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReceivedClose {
    /// None came.
    Nothing,
    /// One came, without a code.
    Empty,
    /// One came.
    Reason(CloseReason),
}

impl Ending {
    /// Who began.
    pub const fn by(&self) -> EndedBy {
        self.by
    }

    /// The close code as RFC 6455 §7.1.5 reports it: the peer's, 1005 if its Close had none, 1006 if no
    /// Close came.
    pub const fn code(&self) -> u16 {
        match &self.received {
            ReceivedClose::Nothing => 1006,
            ReceivedClose::Empty => 1005,
            ReceivedClose::Reason(reason) => reason.code().get(),
        }
    }

    /// What the peer's Close said, if it came and said anything.
    pub const fn reason(&self) -> Option<&CloseReason> {
        match &self.received {
            ReceivedClose::Reason(reason) => Some(reason),
            ReceivedClose::Nothing | ReceivedClose::Empty => None,
        }
    }

    /// Whether both ends sent a Close before the transport ended (RFC 6455 §7.1.4).
    pub const fn is_clean(&self) -> bool {
        self.clean
    }
}

impl ReceivedClose {
    pub(crate) fn of(reason: Option<CloseReason>) -> Self {
        reason.map_or(Self::Empty, Self::Reason)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self.by {
            EndedBy::Local => "closed by this end",
            EndedBy::Peer => "closed by the peer",
            EndedBy::Transport => "transport ended",
        };
        match &self.received {
            ReceivedClose::Nothing => write!(f, "{by}, no Close received (1006)")?,
            ReceivedClose::Empty => write!(f, "{by}, no code (1005)")?,
            ReceivedClose::Reason(reason) => write!(f, "{by}, {reason}")?,
        }
        f.write_str(if self.clean { "" } else { ", not clean" })
    }
}
