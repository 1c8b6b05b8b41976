//! The opening handshake over a stream (RFC 6455 §4.1).

use super::{
    error::Cause,
    exchange::{Unanswered, exchange},
    refusal::with_body,
    settings::Settings,
};
use crate::{
    entropy::{mask_seed, random},
    socket::websocket::WebSocket,
    transport::Transport,
};
use bytes::Bytes;
use http::Response;
use std::sync::Arc;
use wharf_proto::{Agreement, Key, Offer, ResponseError, Role, write_request};

/// A socket, and the response that opened it.
pub(crate) type Opened = (WebSocket, Response<()>);

/// What a server made of a request.
pub(crate) enum Answer {
    Opened(Box<Opened>),
    Refused(Refusal),
}

/// A response that is no 101; its body may not have been read yet.
pub(crate) struct Refusal {
    io: Transport,
    response: Response<()>,
    start: Bytes,
}

impl Refusal {
    pub(crate) const fn response(&self) -> &Response<()> {
        &self.response
    }

    /// The refusal as an error, with the beginning of its body.
    pub(crate) async fn into_cause(mut self) -> Cause {
        Cause::Refused(Box::new(with_body(&mut self.io, self.response, &self.start).await))
    }
}

/// Asks for a WebSocket with a key of its own; nothing more is sent before the answer is there.
pub(crate) async fn upgrade(
    mut io: Transport,
    offer: &Offer,
    settings: &Settings,
) -> Result<Answer, Cause> {
    let key = Key::new(random()?);
    let request = offer.request(&key);
    settings.watch.show(&request);
    let (response, rest) = exchange(&mut io, &write_request(&request), settings.limits).await?;
    match offer.check(&key, &response) {
        Ok(agreement) => open(io, agreement, rest, settings)
            .map(|socket| Answer::Opened(Box::new((socket, response)))),
        Err(ResponseError::Refused(_)) => {
            Ok(Answer::Refused(Refusal { io, response, start: rest }))
        }
        Err(error) => Err(Cause::Response(error)),
    }
}

/// `leftover` are the first frames, if they came along with the response.
fn open(
    io: Transport,
    agreement: Agreement,
    leftover: Bytes,
    settings: &Settings,
) -> Result<WebSocket, Cause> {
    let (role, config) = (Role::Client, Arc::clone(&settings.config));
    Ok(WebSocket::new(io, role, agreement, leftover, config, mask_seed(role)?))
}

impl From<Unanswered> for Cause {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Io(error) => Self::Io(error),
            Unanswered::Head(error) => Self::Head(error),
        }
    }
}
