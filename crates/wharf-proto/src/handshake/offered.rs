//! What a client offered, and the server's choice from it.

use super::{
    agreement::Agreement,
    fields::{ExtraHeaders, HeaderRefused},
    http1::write::write_field,
    key::Accept,
    negotiate::choose_subprotocol,
    subprotocol::Subprotocol,
};
#[cfg(feature = "deflate")]
use crate::deflate::{agreement::DeflateAgreement, params::DeflateOffer, policy::Deflate};
#[cfg(feature = "deflate")]
use alloc::string::ToString;
use alloc::{string::String, vec::Vec};
use core::fmt;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

/// A 101 up to the answer to the key; field names are spelled as `http` spells them.
const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
    sec-websocket-accept: ";

/// A request for a WebSocket that broke no rule; what remains is to say yes or no.
///
/// To say no, answer with any response of your own.
#[derive(Debug, Clone)]
pub struct Offered {
    pub(super) accept: Accept,
    pub(super) subprotocols: Vec<Subprotocol>,
    #[cfg(feature = "deflate")]
    pub(super) deflate: Option<DeflateOffer>,
    pub(super) origin: Option<String>,
}

impl Offered {
    /// The subprotocols, as the client prefers them.
    pub fn subprotocols(&self) -> &[Subprotocol] {
        &self.subprotocols
    }

    /// The first of `supported` that the client offered: the server's preference decides.
    pub fn choose_subprotocol<'a>(&self, supported: &'a [Subprotocol]) -> Option<&'a Subprotocol> {
        choose_subprotocol(supported, &self.subprotocols)
    }

    /// permessage-deflate as the client offered it: the first offer that can be accepted.
    #[cfg(feature = "deflate")]
    pub fn deflate(&self) -> Option<&DeflateOffer> {
        self.deflate.as_ref()
    }

    /// `Origin`, if the client sent it: the page that connects, if the client is a browser.
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Says yes: the 101 to send, and what the connection needs to know (RFC 6455 §4.2.2).
    ///
    /// # Errors
    /// The chosen subprotocol was not offered.
    pub fn accept(&self, choice: &Choice) -> Result<(Response<()>, Agreement), NotOffered> {
        let (agreement, extensions) = self.settle(choice)?;
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, HeaderValue::from(&self.accept));
        if let Some(name) = &agreement.subprotocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from(name));
        }
        if let Some(answer) = extensions {
            headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, answer);
        }
        choice.headers.append_to(headers);
        Ok((response, agreement))
    }

    /// Says yes in HTTP/1.1: what [`write_switch`](crate::write_switch) makes of the response of
    /// [`accept`](Self::accept), without that response in between.
    ///
    /// # Errors
    /// The chosen subprotocol was not offered.
    pub fn switch(&self, choice: &Choice) -> Result<(Vec<u8>, Agreement), NotOffered> {
        let (agreement, extensions) = self.settle(choice)?;
        let mut head = Vec::with_capacity(256);
        for part in [SWITCH, self.accept.as_str(), "\r\n"] {
            head.extend_from_slice(part.as_bytes());
        }
        if let Some(name) = &agreement.subprotocol {
            write_field(&mut head, &header::SEC_WEBSOCKET_PROTOCOL, name.as_str().as_bytes());
        }
        if let Some(answer) = extensions {
            write_field(&mut head, &header::SEC_WEBSOCKET_EXTENSIONS, answer.as_bytes());
        }
        for (name, value) in choice.headers.iter() {
            write_field(&mut head, name, value.as_bytes());
        }
        head.extend_from_slice(b"\r\n");
        Ok((head, agreement))
    }

    /// What is agreed, and how `Sec-WebSocket-Extensions` says so.
    fn settle(&self, choice: &Choice) -> Result<(Agreement, Option<HeaderValue>), NotOffered> {
        let subprotocol = self.checked(choice)?;
        #[cfg(feature = "deflate")]
        let (deflate, extensions) = self.choose_deflate(choice).unzip();
        #[cfg(not(feature = "deflate"))]
        let extensions = None;
        let agreement = Agreement {
            subprotocol,
            #[cfg(feature = "deflate")]
            deflate,
        };
        Ok((agreement, extensions))
    }

    fn checked(&self, choice: &Choice) -> Result<Option<Subprotocol>, NotOffered> {
        match &choice.subprotocol {
            Some(name) if !self.subprotocols.contains(name) => Err(NotOffered(name.clone())),
            name => Ok(name.clone()),
        }
    }
}

#[cfg(feature = "deflate")]
impl Offered {
    fn choose_deflate(&self, choice: &Choice) -> Option<(DeflateAgreement, HeaderValue)> {
        let (agreement, answer) = choice.deflate?.choose(self.deflate.as_ref()?);
        let value = HeaderValue::try_from(answer.to_string());
        Some((agreement, value.expect("an answer is visible ASCII")))
    }
}

/// What a server wants of a connection that it accepts. Default: no subprotocol, no extension.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    subprotocol: Option<Subprotocol>,
    #[cfg(feature = "deflate")]
    deflate: Option<Deflate>,
    headers: ExtraHeaders,
}

impl Choice {
    /// Accepts with nothing but frames.
    pub fn new() -> Self {
        Self::default()
    }

    /// Speaks this subprotocol, or none.
    #[must_use]
    pub fn subprotocol(self, name: Option<Subprotocol>) -> Self {
        Self { subprotocol: name, ..self }
    }

    /// Accepts permessage-deflate, if the client offered it in a form that can be accepted. Default: declined.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn deflate(self, policy: Option<Deflate>) -> Self {
        Self { deflate: policy, ..self }
    }

    /// Adds a header to the 101, such as `Set-Cookie`.
    ///
    /// # Errors
    /// For those that the handshake writes.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Result<Self, HeaderRefused> {
        self.headers.append(name, value)?;
        Ok(self)
    }
}

/// A server chose a subprotocol that the client had not offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotOffered(pub Subprotocol);

impl fmt::Display for NotOffered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "subprotocol {} was not offered: choose one of the client's, or none (RFC 6455 §4.2.2)",
            self.0
        )
    }
}

impl core::error::Error for NotOffered {}
