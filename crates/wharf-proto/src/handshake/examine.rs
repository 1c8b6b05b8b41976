//! The server's check of a request (RFC 6455 §4.2.1).

#[cfg(feature = "deflate")]
use super::negotiate::find_deflate;
use super::{
    authority::Authority,
    fault::{FieldFault, at_most_one, only},
    grammar::{Extension, extensions, lists_word, same_word, tokens},
    key::Key,
    offered::Offered,
    origin::OriginPolicy,
    refusal::Refusal,
    subprotocol::Subprotocol,
};
use alloc::{borrow::ToOwned, collections::BTreeSet, string::String, vec::Vec};
use http::{HeaderMap, HeaderName, Method, Request, Uri, Version, header};

/// What a request offers, if it asks for a WebSocket and breaks no rule (RFC 6455 §4.2.1).
///
/// It looks at the method, the version, the URI and the headers; a request of any HTTP library will do. Whether
/// the path means anything is for the application to say.
///
/// # Errors
/// [`Refusal::NotWebSocket`]: a request for something else, to be answered by whoever answers those. Any other:
/// answer with [`Refusal::response`].
pub fn examine<B>(request: &Request<B>, origins: &OriginPolicy) -> Result<Offered, Refusal> {
    let headers = request.headers();
    if !lists_word(headers.get_all(header::UPGRADE), "websocket") {
        return Err(Refusal::NotWebSocket);
    }
    check_request_line(request)?;
    let host = host(request.uri(), headers)?;
    check_upgrade(headers)?;
    let key = key(headers)?;
    let origin = origin(headers)?;
    if !origins.admits(origin.as_deref(), &host, headers) {
        return Err(Refusal::Origin(origin));
    }
    #[cfg(not(feature = "deflate"))]
    offered_extensions(headers)?;
    Ok(Offered {
        accept: key.accept(),
        subprotocols: subprotocols(headers)?,
        #[cfg(feature = "deflate")]
        deflate: find_deflate(&offered_extensions(headers)?),
        origin,
    })
}

fn check_request_line<B>(request: &Request<B>) -> Result<(), Refusal> {
    if request.version() != Version::HTTP_11 {
        return Err(Refusal::HttpVersion(request.version()));
    }
    if request.method() != Method::GET {
        return Err(Refusal::Method(request.method().clone()));
    }
    // RFC 9112 §3.2: origin-form or absolute-form; a lone authority or "*" is for other methods.
    if request.uri().path().starts_with('/') { Ok(()) } else { Err(Refusal::Target) }
}

/// RFC 9112 §3.2.2: the host of an absolute URI goes before the header, which must be there all the same.
fn host(uri: &Uri, headers: &HeaderMap) -> Result<Authority, Refusal> {
    let field = only(headers, &header::HOST).map_err(Refusal::Host)?;
    let host = match uri.authority() {
        Some(authority) => Authority::parse(authority.as_str()),
        None => field.to_str().ok().and_then(Authority::parse),
    };
    host.ok_or(Refusal::Host(FieldFault::Invalid))
}

fn check_upgrade(headers: &HeaderMap) -> Result<(), Refusal> {
    if !lists_word(headers.get_all(header::CONNECTION), "upgrade") {
        return Err(Refusal::Connection);
    }
    let version = only(headers, &header::SEC_WEBSOCKET_VERSION).map_err(Refusal::Version)?;
    if !same_word(version.as_bytes(), "13") {
        return Err(Refusal::Version(FieldFault::Invalid));
    }
    match announced_body(headers) {
        Some(name) => Err(Refusal::Body(name)),
        None => Ok(()),
    }
}

fn announced_body(headers: &HeaderMap) -> Option<HeaderName> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Some(header::TRANSFER_ENCODING);
    }
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).into_iter();
    lengths.any(|length| !same_word(length.as_bytes(), "0")).then_some(header::CONTENT_LENGTH)
}

fn key(headers: &HeaderMap) -> Result<Key, Refusal> {
    let value = only(headers, &header::SEC_WEBSOCKET_KEY).map_err(Refusal::Key)?;
    let key = value.to_str().ok().and_then(|text| Key::parse(text.trim_ascii()));
    key.ok_or(Refusal::Key(FieldFault::Invalid))
}

fn origin(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let value = at_most_one(headers, &header::ORIGIN).map_err(Refusal::OriginHeader)?;
    let text = value.map(|value| value.to_str().map(str::trim_ascii).map(str::to_owned));
    text.transpose().map_err(|_| Refusal::OriginHeader(FieldFault::Invalid))
}

/// RFC 6455 §4.1, item 10: tokens, all of them unique.
fn subprotocols(headers: &HeaderMap) -> Result<Vec<Subprotocol>, Refusal> {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL);
    if lines.iter().next().is_none() {
        return Ok(Vec::new());
    }
    let names = tokens(lines).ok_or(Refusal::Subprotocols(FieldFault::Invalid))?;
    let mut seen = BTreeSet::new();
    if !names.iter().all(|name| seen.insert(*name)) {
        return Err(Refusal::Subprotocols(FieldFault::Repeated));
    }
    let names = names.into_iter().map(Subprotocol::new).collect::<Result<_, _>>();
    names.map_err(|_| Refusal::Subprotocols(FieldFault::Invalid))
}

fn offered_extensions(headers: &HeaderMap) -> Result<Vec<Extension<'_>>, Refusal> {
    let lines = headers.get_all(header::SEC_WEBSOCKET_EXTENSIONS);
    match lines.iter().next() {
        Some(_) => extensions(lines).ok_or(Refusal::Extensions),
        None => Ok(Vec::new()),
    }
}
