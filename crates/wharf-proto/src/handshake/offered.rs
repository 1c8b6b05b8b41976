//! What a client offered, and the server's choice from it.

use super::{
    agreement::Agreement,
    fields::{ExtraHeaders, HeaderRefused},
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
#[cfg(feature = "deflate")]
use http::HeaderMap;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

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
        let subprotocol = self.checked(choice)?;
        let mut response = Response::new(());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, HeaderValue::from(&self.accept));
        if let Some(name) = &subprotocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from(name));
        }
        #[cfg(feature = "deflate")]
        let deflate = self.insert_deflate(choice, headers);
        choice.headers.append_to(headers);
        let agreement = Agreement {
            subprotocol,
            #[cfg(feature = "deflate")]
            deflate,
        };
        Ok((response, agreement))
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
    fn insert_deflate(&self, choice: &Choice, headers: &mut HeaderMap) -> Option<DeflateAgreement> {
        let (agreement, answer) = choice.deflate?.choose(self.deflate.as_ref()?);
        let value = HeaderValue::try_from(answer.to_string());
        headers
            .insert(header::SEC_WEBSOCKET_EXTENSIONS, value.expect("an answer is visible ASCII"));
        Some(agreement)
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
