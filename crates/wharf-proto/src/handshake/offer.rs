//! What a client asks for.

use super::{
    authority::Authority,
    fields::{ExtraHeaders, HeaderRefused},
    key::Key,
    subprotocol::Subprotocol,
};
#[cfg(feature = "deflate")]
use crate::deflate::{params::DeflateOffer, policy::Deflate};
#[cfg(feature = "deflate")]
use alloc::string::ToString;
use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, vec::Vec};
use core::fmt;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header, uri::PathAndQuery};

/// A client's request for a WebSocket (RFC 6455 §4.1), good for any number of attempts.
///
/// [`request`](Self::request) spells it with a fresh [`Key`]; [`check`](Self::check) says what the answer agreed
/// to.
#[derive(Debug, Clone)]
pub struct Offer {
    host: HeaderValue,
    target: PathAndQuery,
    pub(super) subprotocols: Vec<Subprotocol>,
    pub(super) subprotocol_rule: SubprotocolRule,
    #[cfg(feature = "deflate")]
    pub(super) deflate: Option<DeflateOffer>,
    headers: ExtraHeaders,
}

/// What it means when a client offered subprotocols and the server chose none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SubprotocolRule {
    /// The connection opens without one (RFC 6455 §4.1).
    #[default]
    Optional,
    /// The handshake fails, as in browsers (WHATWG WebSockets §2.2).
    Required,
}

impl Offer {
    /// A request for `target` (path and query; `/` if empty) at `authority`: the host, an IPv6 address in
    /// brackets, and the port unless it is the default of the scheme. Names beyond ASCII must have been
    /// converted (IDNA).
    ///
    /// # Errors
    /// [`OfferError::Authority`] and [`OfferError::Target`], for a fragment too (RFC 6455 §3).
    pub fn new(authority: &str, target: &str) -> Result<Self, OfferError> {
        Ok(Self {
            host: parse_host(authority)
                .ok_or_else(|| OfferError::Authority(authority.to_owned()))?,
            target: parse_target(target).ok_or_else(|| OfferError::Target(target.to_owned()))?,
            subprotocols: Vec::new(),
            subprotocol_rule: SubprotocolRule::Optional,
            #[cfg(feature = "deflate")]
            deflate: None,
            headers: ExtraHeaders::default(),
        })
    }

    /// Offers these subprotocols, the most wanted first. Default: none.
    ///
    /// # Errors
    /// [`OfferError::SubprotocolRepeated`]: they must be unique (RFC 6455 §4.1, item 10).
    pub fn subprotocols(
        mut self,
        names: impl IntoIterator<Item = Subprotocol>,
    ) -> Result<Self, OfferError> {
        self.subprotocols = names.into_iter().collect();
        let mut seen = BTreeSet::new();
        match self.subprotocols.iter().find(|name| !seen.insert(*name)) {
            Some(repeated) => Err(OfferError::SubprotocolRepeated(repeated.clone())),
            None => Ok(self),
        }
    }

    /// What to do when the server chooses none of the offered subprotocols. Default: open without.
    #[must_use]
    pub fn subprotocol_rule(self, rule: SubprotocolRule) -> Self {
        Self { subprotocol_rule: rule, ..self }
    }

    /// Offers permessage-deflate. Default: not offered.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn deflate(self, policy: Option<Deflate>) -> Self {
        Self { deflate: policy.map(|policy| policy.offer()), ..self }
    }

    /// Adds a header, such as `Origin`, `Authorization` or `Cookie`.
    ///
    /// # Errors
    /// [`OfferError::Header`] for those that the handshake writes.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Result<Self, OfferError> {
        self.headers.append(name, value).map_err(OfferError::Header)?;
        Ok(self)
    }

    /// The request of one attempt (RFC 6455 §4.1). Each attempt needs a key of its own.
    ///
    /// Send nothing after it until the response has been read.
    pub fn request(&self, key: &Key) -> Request<()> {
        let mut request = Request::new(());
        *request.uri_mut() = Uri::from(self.target.clone());
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host.clone());
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::SEC_WEBSOCKET_KEY, key.into());
        headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        self.insert_subprotocols(headers);
        #[cfg(feature = "deflate")]
        self.insert_deflate(headers);
        self.headers.append_to(headers);
        request
    }

    fn insert_subprotocols(&self, headers: &mut HeaderMap) {
        let names: Vec<_> = self.subprotocols.iter().map(Subprotocol::as_str).collect();
        if !names.is_empty() {
            let list = HeaderValue::from_str(&names.join(", "));
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, list.expect("tokens are visible ASCII"));
        }
    }
}

#[cfg(feature = "deflate")]
impl Offer {
    fn insert_deflate(&self, headers: &mut HeaderMap) {
        if let Some(offer) = &self.deflate {
            let value = HeaderValue::try_from(offer.to_string());
            headers.insert(
                header::SEC_WEBSOCKET_EXTENSIONS,
                value.expect("an offer is visible ASCII"),
            );
        }
    }
}

fn parse_host(authority: &str) -> Option<HeaderValue> {
    Authority::parse(authority)?;
    HeaderValue::from_str(authority).ok()
}

/// `http` would silently drop a fragment.
fn parse_target(target: &str) -> Option<PathAndQuery> {
    match target {
        "" => Some(PathAndQuery::from_static("/")),
        _ if target.contains('#') => None,
        _ if target.starts_with('/') => PathAndQuery::try_from(target).ok(),
        _ if target.starts_with('?') => PathAndQuery::try_from(["/", target].concat()).ok(),
        _ => None,
    }
}

/// What cannot be asked for: a mistake of the caller, found before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OfferError {
    /// Not a host with or without a port.
    Authority(String),
    /// Not a path and query.
    Target(String),
    /// A subprotocol stands in the list twice.
    SubprotocolRepeated(Subprotocol),
    /// A header that the user cannot set.
    Header(HeaderRefused),
}

impl fmt::Display for OfferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authority(text) => {
                write!(f, "{text:?} is no host with or without a port (RFC 9110 §7.2)")
            }
            Self::Target(text) => write!(
                f,
                "{text:?} is no path and query: it starts with / and writes # as %23 (RFC 6455 §3)"
            ),
            Self::SubprotocolRepeated(name) => {
                write!(f, "subprotocol {name} is offered twice (RFC 6455 §4.1)")
            }
            Self::Header(refused) => refused.fmt(f),
        }
    }
}

impl core::error::Error for OfferError {}
