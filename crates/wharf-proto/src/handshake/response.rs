//! The client's check of the server's answer (RFC 6455 §4.1).

use super::{
    agreement::Agreement,
    fault::{FieldFault, at_most_one, only},
    grammar::{extensions, lists_word, same_word, tokens},
    key::Key,
    negotiate::{Unconfirmed, confirm_extensions},
    offer::{Offer, SubprotocolRule},
    subprotocol::Subprotocol,
};
#[cfg(feature = "deflate")]
use crate::deflate::params::DeflateParamsError;
use alloc::{borrow::ToOwned, string::String};
use core::fmt;
use http::{HeaderMap, HeaderName, Response, StatusCode, Version, header};

impl Offer {
    /// What the server agreed to by its `response` to the [`request`](Self::request) with this `key`.
    ///
    /// # Errors
    /// [`ResponseError::Refused`] for every status but 101; any other error: the server broke a rule, end the
    /// connection.
    pub fn check<B>(&self, key: &Key, response: &Response<B>) -> Result<Agreement, ResponseError> {
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(ResponseError::Refused(response.status()));
        }
        let headers = response.headers();
        check_switch(response.version(), headers)?;
        check_accept(key, headers)?;
        Ok(Agreement {
            subprotocol: self.agreed_subprotocol(headers)?,
            ..self.agreed_extensions(headers)?
        })
    }

    fn agreed_subprotocol(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<Subprotocol>, ResponseError> {
        let value = at_most_one(headers, &header::SEC_WEBSOCKET_PROTOCOL)
            .map_err(ResponseError::Subprotocol)?;
        match (value.map(|value| tokens([value])), self.subprotocol_rule) {
            (Some(names), _) => match names.as_deref() {
                Some([name]) => self.offered_subprotocol(name).map(Some),
                _ => Err(ResponseError::Subprotocol(FieldFault::Invalid)),
            },
            (None, SubprotocolRule::Required) if !self.subprotocols.is_empty() => {
                Err(ResponseError::SubprotocolMissing)
            }
            (None, _) => Ok(None),
        }
    }

    fn offered_subprotocol(&self, name: &str) -> Result<Subprotocol, ResponseError> {
        let offered = self.subprotocols.iter().find(|offered| offered.as_str() == name);
        offered.cloned().ok_or_else(|| ResponseError::SubprotocolNotOffered(name.to_owned()))
    }

    fn agreed_extensions(&self, headers: &HeaderMap) -> Result<Agreement, ResponseError> {
        let field = at_most_one(headers, &header::SEC_WEBSOCKET_EXTENSIONS)
            .map_err(ResponseError::Extensions)?;
        let Some(value) = field else { return Ok(Agreement::default()) };
        let extensions =
            extensions([value]).ok_or(ResponseError::Extensions(FieldFault::Invalid))?;
        #[cfg(feature = "deflate")]
        let agreement = confirm_extensions(self.deflate.as_ref(), &extensions)?;
        #[cfg(not(feature = "deflate"))]
        let agreement = confirm_extensions(&extensions)?;
        Ok(agreement)
    }
}

fn check_switch(version: Version, headers: &HeaderMap) -> Result<(), ResponseError> {
    if version != Version::HTTP_11 {
        return Err(ResponseError::HttpVersion(version));
    }
    let upgrade = only(headers, &header::UPGRADE).map_err(ResponseError::Upgrade)?;
    if !same_word(upgrade.as_bytes(), "websocket") {
        return Err(ResponseError::Upgrade(FieldFault::Invalid));
    }
    if !lists_word(headers.get_all(header::CONNECTION), "upgrade") {
        return Err(ResponseError::Connection);
    }
    // RFC 9110 §8.6, RFC 9112 §6.1: neither may stand in a 1xx.
    let framing = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
    match framing.into_iter().find(|name| headers.contains_key(name)) {
        Some(name) => Err(ResponseError::Framed(name)),
        None => Ok(()),
    }
}

fn check_accept(key: &Key, headers: &HeaderMap) -> Result<(), ResponseError> {
    let accept = only(headers, &header::SEC_WEBSOCKET_ACCEPT).map_err(ResponseError::Accept)?;
    if key.accept().matches(accept.as_bytes()) {
        Ok(())
    } else {
        Err(ResponseError::Accept(FieldFault::Invalid))
    }
}

impl From<Unconfirmed> for ResponseError {
    fn from(unconfirmed: Unconfirmed) -> Self {
        match unconfirmed {
            Unconfirmed::NotOffered(name) => Self::ExtensionNotOffered(name),
            #[cfg(feature = "deflate")]
            Unconfirmed::Deflate(error) => Self::Deflate(error),
        }
    }
}

/// Why there is no WebSocket after a response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseError {
    /// The server does not want to: its status is not 101. Headers and body may say why.
    Refused(StatusCode),
    /// A 101 in another version of HTTP than 1.1.
    HttpVersion(Version),
    /// `Upgrade` is not `websocket`.
    Upgrade(FieldFault),
    /// `Connection` does not list `upgrade`.
    Connection,
    /// `Sec-WebSocket-Accept` does not answer the key.
    Accept(FieldFault),
    /// A 101 with a header that announces a body.
    Framed(HeaderName),
    /// `Sec-WebSocket-Protocol` is not one name.
    Subprotocol(FieldFault),
    /// A subprotocol that was not offered.
    SubprotocolNotOffered(String),
    /// None of the offered subprotocols was chosen, and [`SubprotocolRule::Required`] asks for one.
    SubprotocolMissing,
    /// `Sec-WebSocket-Extensions` cannot be read.
    Extensions(FieldFault),
    /// An extension that was not offered, or the same one twice.
    ExtensionNotOffered(String),
    /// Parameters of permessage-deflate that do not answer the offer.
    #[cfg(feature = "deflate")]
    Deflate(DeflateParamsError),
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(status) => {
                write!(f, "server refused with status {status} (RFC 6455 §4.1)")
            }
            Self::HttpVersion(version) => {
                write!(f, "server switched protocols in {version:?}, not HTTP/1.1 (RFC 9110 §7.8)")
            }
            Self::Upgrade(fault) => {
                write!(f, "server {fault} Upgrade: it must be \"websocket\" (RFC 6455 §4.1, item 2)")
            }
            Self::Connection => f.write_str(
                "server sent no \"upgrade\" in Connection (RFC 6455 §4.1, item 3)",
            ),
            Self::Accept(fault) => write!(
                f,
                "server {fault} Sec-WebSocket-Accept: it must answer our key (RFC 6455 §4.1, item 4)"
            ),
            Self::Framed(name) => {
                write!(f, "server sent {name} with status 101, which has no body (RFC 9110 §15.2)")
            }
            Self::Subprotocol(fault) => write!(
                f,
                "server {fault} Sec-WebSocket-Protocol: it must be one name (RFC 6455 §11.3.4)"
            ),
            Self::SubprotocolNotOffered(name) => write!(
                f,
                "server chose subprotocol {name:?}, which was not offered (RFC 6455 §4.1, item 6)"
            ),
            Self::SubprotocolMissing => f.write_str(
                "server chose none of the offered subprotocols, and one is required (WHATWG WebSockets §2.2)",
            ),
            Self::Extensions(fault) => write!(
                f,
                "server {fault} Sec-WebSocket-Extensions: it must be one list (RFC 6455 §9.1, §11.3.2)"
            ),
            Self::ExtensionNotOffered(name) => write!(
                f,
                "server chose extension {name:?}, which was not offered, or not twice (RFC 6455 §4.1, item 5)"
            ),
            #[cfg(feature = "deflate")]
            Self::Deflate(error) => write!(f, "server answered wrongly to {error}"),
        }
    }
}

impl core::error::Error for ResponseError {}
