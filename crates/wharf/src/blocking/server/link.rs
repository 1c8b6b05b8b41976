//! A connection during its handshake.

use crate::{
    blocking::{
        clock::Until,
        tls::Sealed,
        transport::{Broken, Transport},
    },
    server::{
        error::{AcceptError, AcceptStage},
        sync::{Terms, failed, spell},
    },
};
use bytes::Bytes;
use http::{Method, Response};
use std::time::Duration;

/// The stream that a request comes on, and the terms it is accepted on.
pub(super) struct Link {
    pub(super) transport: Transport,
    pub(super) sealed: Sealed,
    pub(super) terms: Terms,
}

/// How long a peer that has its answer may take to go.
const LINGER: Duration = Duration::from_secs(2);
/// How much more it may say in that time.
const LINGER_BYTES: usize = 64 << 10;

impl Link {
    /// An error of this stage.
    pub(super) fn by(&self, stage: AcceptStage, broken: Broken) -> AcceptError {
        match broken {
            Broken::TimedOut => AcceptError::TimedOut(stage, self.terms.within()),
            Broken::Io(error) => failed(stage, error),
        }
    }

    pub(super) fn read(&mut self, room: &mut [u8], until: Until) -> Result<usize, Broken> {
        self.transport.read_some(&mut self.sealed, room, until)
    }

    /// Writes an answer that ends the connection, and sees the peer off.
    pub(super) fn end_with(
        &mut self,
        response: &Response<Bytes>,
        method: Option<&Method>,
    ) -> Result<(), AcceptError> {
        let until = Until::within(self.terms.within());
        let written = self.transport.write_all(&spell(response, method), until);
        let finished = written.and_then(|()| self.transport.finish(until));
        finished.map_err(|broken| self.by(AcceptStage::Answer, broken))?;
        self.linger();
        Ok(())
    }

    /// The same where something else went wrong first, which says more than what the answer meets.
    pub(super) fn try_to_end_with(&mut self, response: &Response<Bytes>, method: Option<&Method>) {
        if let Err(error) = self.end_with(response, method) {
            tracing::debug!(%error, "the answer did not go out");
        }
    }

    /// Reads on until the peer is gone too. Closing a socket with unread bytes resets it, and a reset can overtake the
    /// answer (RFC 9112 §9.6).
    fn linger(&mut self) {
        let (until, mut left) = (Until::within(LINGER), LINGER_BYTES);
        let mut unread = [0; 2048];
        while let Ok(count @ 1..) = self.read(&mut unread, until) {
            left = left.saturating_sub(count);
            if left == 0 {
                return;
            }
        }
    }
}
