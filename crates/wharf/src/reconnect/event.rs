//! What a client that stays connected tells.

use super::queue::Gap;
use crate::{client::error::ConnectError, error::Error};
use http::Response;
use std::{error, fmt, time::Duration};
use wharf_proto::{Ending, Message};

/// What happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReconnectEvent {
    /// A connection is open, and what was to happen first has happened
    /// ([`on_open`](crate::ReconnectingBuilder::on_open)).
    #[non_exhaustive]
    Up {
        /// Which connection it is, from 1.
        connection: u64,
        /// The response that opened it.
        response: Box<Response<()>>,
    },
    /// A message came.
    Message(Message),
    /// A connection was lost, or an attempt came to nothing.
    #[non_exhaustive]
    Down {
        /// Why.
        reason: DownReason,
        /// When the next attempt begins; `None` if there will be none, and no event either.
        retry_in: Option<Duration>,
        /// Messages that may be lost with it, or are.
        gap: Gap,
    },
}

/// Why there is no connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum DownReason {
    /// None was opened.
    NotOpened(ConnectError),
    /// What was to happen first failed: the error is that of
    /// [`on_open`](crate::ReconnectingBuilder::on_open).
    NotResumed(Box<dyn error::Error + Send + Sync>),
    /// What was to happen first took longer than this.
    ResumeTimedOut(Duration),
    /// It ended.
    Ended(Ending),
    /// It failed: the peer broke a rule or fell silent, or the transport failed.
    Failed(Error),
}

impl DownReason {
    /// In a word, which holds nothing of what anybody said.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::NotOpened(_) => "not_opened",
            Self::NotResumed(_) => "not_resumed",
            Self::ResumeTimedOut(_) => "resume_timed_out",
            Self::Ended(_) => "ended",
            Self::Failed(_) => "failed",
        }
    }
}

impl fmt::Display for DownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOpened(error) => error.fmt(f),
            Self::NotResumed(error) => write!(f, "the connection could not be taken up: {error}"),
            Self::ResumeTimedOut(limit) => {
                write!(f, "the connection was not taken up within {limit:?} (on_open)")
            }
            Self::Ended(ending) => ending.fmt(f),
            Self::Failed(error) => error.fmt(f),
        }
    }
}
