//! The opening handshake over a stream (RFC 6455 §4.1).

use super::dial::timed_out;
use crate::{
    blocking::{
        clock::Until,
        tls::Sealed,
        transport::{Broken, Transport},
    },
    client::{
        error::Cause,
        exchange::{CHUNK, Unanswered, later},
        refusal::{BODY, BODY_PATIENCE},
        settings::Settings,
    },
    entropy::random,
};
use bytes::Bytes;
use http::Response;
use wharf_proto::{
    Agreement, BodyProgress, BodyReader, Key, Offer, ResponseError, ResponseReader, write_request,
};

/// A stream and how long it may take.
pub(super) struct Wire<'a> {
    pub(super) transport: &'a Transport,
    pub(super) sealed: &'a mut Sealed,
    pub(super) until: Until,
}

/// What was agreed, the response that says so, and the first frames, if they came along with it.
pub(super) struct Upgraded {
    pub(super) agreement: Agreement,
    pub(super) response: Response<()>,
    pub(super) leftover: Bytes,
}

/// Asks for a WebSocket; nothing more is sent before the answer is there.
pub(super) fn upgrade(
    wire: &mut Wire<'_>,
    offer: &Offer,
    settings: &Settings,
) -> Result<Upgraded, Cause> {
    let key = Key::new(random()?);
    let request = offer.request(&key);
    settings.watch.show(&request);
    let sent = match wire.transport.write_all(&write_request(&request), wire.until) {
        Err(Broken::TimedOut) => return Err(timed_out(wire.until)),
        Err(Broken::Io(error)) => Err(error),
        Ok(()) => Ok(()),
    };
    let received = wire.read_response(ResponseReader::new(settings.limits))?;
    let (response, rest) = received.map_err(|unanswered| later(sent, unanswered))?;
    match offer.check(&key, &response) {
        Ok(agreement) => Ok(Upgraded { agreement, response, leftover: rest }),
        Err(ResponseError::Refused(_)) => Err(wire.refusal(response, &rest)),
        Err(error) => Err(Cause::Response(error)),
    }
}

impl Wire<'_> {
    /// The response's head and what came behind it, or why there is none; an error if time ran out.
    fn read_response(
        &mut self,
        mut reader: ResponseReader,
    ) -> Result<Result<(Response<()>, Bytes), Unanswered>, Cause> {
        let mut chunk = [0; CHUNK];
        loop {
            let count = match self.read(&mut chunk) {
                Ok(0) => return Ok(Err(Unanswered::Head(reader.ended()))),
                Ok(count) => count,
                Err(Broken::TimedOut) => return Err(timed_out(self.until)),
                Err(Broken::Io(error)) => return Ok(Err(error.into())),
            };
            let received = reader.receive(&chunk[..count]).map_err(Unanswered::Head);
            if let Some(done) = received.transpose() {
                return Ok(done);
            }
        }
    }

    /// The refusal with as much of its body as comes in good time: it explains, so what is there is worth more than an
    /// error about the rest.
    fn refusal(&mut self, response: Response<()>, start: &[u8]) -> Cause {
        let mut body = BodyReader::new(&response, BODY);
        let patience = self.until.left().unwrap_or_default().min(BODY_PATIENCE);
        self.until = Until::within(patience);
        let (mut chunk, mut progress) = ([0; CHUNK], body.receive(start));
        while progress == BodyProgress::More {
            let Ok(count @ 1..) = self.read(&mut chunk) else { break };
            progress = body.receive(&chunk[..count]);
        }
        Cause::Refused(Box::new(response.map(|()| body.into_bytes())))
    }

    fn read(&mut self, chunk: &mut [u8]) -> Result<usize, Broken> {
        self.transport.read_some(self.sealed, chunk, self.until)
    }
}

/// What broke a stage that had so much time.
pub(super) fn cause(broken: Broken, until: Until) -> Cause {
    match broken {
        Broken::TimedOut => timed_out(until),
        Broken::Io(error) => error.into(),
    }
}
