//! The closing handshake (RFC 6455 §7), as one state that one place moves.

use super::ending::{EndedBy, Ending, ReceivedClose};
use crate::{close::CloseReason, role::Role, time::Now};
use alloc::boxed::Box;
use core::mem;

/// Where the closing handshake stands. What is known at the end is in a box: most connections are open.
#[derive(Debug)]
pub(crate) enum Closing {
    /// No Close was sent or received.
    Open,
    /// We sent the first Close, or can write no more; the peer's must come by then.
    Sent { until: Now, by: EndedBy },
    /// Nothing more is exchanged; the transport must end by then.
    Draining { ending: Box<Ending>, until: Now, half: Half },
    /// The transport ended, or must be cut.
    Ended { ending: Box<Ending>, cut: Half },
}

/// Whether something that is done once was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// It must not be done (yet).
    NotMine,
    Due,
    Done,
}

/// What the caller must do with the transport, once the outbox is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// End the writing half: FIN, close_notify, END_STREAM. Go on reading, until the end of the input is
    /// told: a transport that is dropped with unread input is reset, and a reset can eat the Close frame.
    Write,
    /// Both Closes went, and ending the transport is ours (RFC 6455 §7.1.1): the peer may send nothing more. If
    /// nothing was received behind its Close, tell the end of the input and drop the transport; if something
    /// was, or could not be seen, do as for [`Write`](Self::Write).
    Close,
    /// Drop it now.
    Abort,
}

/// What a Close from the peer asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// RFC 6455 §5.5.1: a Close in answer, which echoes the code.
    Close(Option<CloseReason>),
    Nothing,
}

impl Closing {
    /// This end closes.
    pub(crate) fn close(&mut self, until: Now) {
        *self = Self::Sent { until, by: EndedBy::Local };
    }

    /// Nothing more can be written. What the peer has sent, a Close perhaps, can still be read.
    pub(crate) fn lose_output(&mut self, until: Now) {
        match self {
            Self::Open => *self = Self::Sent { until, by: EndedBy::Transport },
            Self::Sent { by, .. } => *by = EndedBy::Transport,
            Self::Draining { ending, half, .. } => (ending.clean, *half) = (false, Half::NotMine),
            Self::Ended { .. } => {}
        }
    }

    /// This end fails the connection (RFC 6455 §7.1.7): it sends a Close and awaits nothing.
    ///
    /// Once the peer's Close came, that is how the connection ended, whatever else is found.
    pub(crate) fn fail(&mut self, until: Now) {
        if let Self::Draining { .. } | Self::Ended { .. } = self {
            return;
        }
        let ending = Ending { by: EndedBy::Local, received: ReceivedClose::Nothing, clean: false };
        *self = Self::Draining { ending: Box::new(ending), until, half: Half::Due };
    }

    /// The peer's first Close came.
    pub(crate) fn on_close(
        &mut self,
        reason: Option<CloseReason>,
        role: Role,
        until: Now,
    ) -> Reply {
        let (by, until, reply, clean) = match self {
            Self::Open => (EndedBy::Peer, until, Reply::Close(reason.clone()), true),
            Self::Sent { until, by: EndedBy::Transport } => {
                (EndedBy::Peer, *until, Reply::Nothing, false)
            }
            Self::Sent { until, by } => (*by, *until, Reply::Nothing, true),
            Self::Draining { .. } | Self::Ended { .. } => return Reply::Nothing,
        };
        // RFC 6455 §7.1.1: the server ends the transport first.
        let half = match role {
            Role::Client => Half::NotMine,
            Role::Server => Half::Due,
        };
        let ending = Ending { by, received: ReceivedClose::of(reason), clean };
        *self = Self::Draining { ending: Box::new(ending), until, half };
        reply
    }

    /// The input ended; `written` tells whether all that was queued was written before.
    pub(crate) fn on_eof(&mut self, written: Written) {
        let lost = |by| Ending { by, received: ReceivedClose::Nothing, clean: false };
        let ending = match mem::replace(self, Self::Open) {
            Self::Open => Box::new(lost(EndedBy::Transport)),
            Self::Sent { by, .. } => Box::new(lost(by)),
            Self::Draining { mut ending, .. } => {
                ending.clean &= written == Written::All;
                ending
            }
            ended @ Self::Ended { .. } => {
                *self = ended;
                return;
            }
        };
        *self = Self::Ended { ending, cut: Half::Due };
    }

    /// The time for the closing handshake is over.
    pub(crate) fn on_timeout(&mut self, now: Now, written: Written) {
        if self.deadline().is_some_and(|until| now >= until) {
            self.on_eof(written);
        }
    }

    pub(crate) const fn deadline(&self) -> Option<Now> {
        match self {
            Self::Sent { until, .. } | Self::Draining { until, .. } => Some(*until),
            Self::Open | Self::Ended { .. } => None,
        }
    }

    /// What to do with the transport, once; to be asked when the outbox is empty.
    pub(crate) fn poll_shutdown(&mut self) -> Option<Shutdown> {
        match self {
            Self::Draining { ending, half, .. } if *half == Half::Due => {
                *half = Half::Done;
                Some(if ending.clean { Shutdown::Close } else { Shutdown::Write })
            }
            Self::Ended { cut, .. } if *cut == Half::Due => {
                *cut = Half::Done;
                Some(Shutdown::Abort)
            }
            Self::Open | Self::Sent { .. } | Self::Draining { .. } | Self::Ended { .. } => None,
        }
    }

    pub(crate) const fn ending(&self) -> Option<&Ending> {
        match self {
            Self::Ended { ending, .. } => Some(ending),
            Self::Open | Self::Sent { .. } | Self::Draining { .. } => None,
        }
    }

    /// RFC 6455 §5.5.2: a Ping is answered until the peer's Close comes, also behind a Close of our own.
    pub(crate) const fn answers_pings(&self) -> bool {
        matches!(self, Self::Open | Self::Sent { by: EndedBy::Local, .. })
    }

    pub(crate) const fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

/// Whether the outbox was written to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    All,
    Part,
}
