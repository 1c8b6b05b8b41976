//! Heads and responses as the bytes of HTTP/1.1.

use alloc::{format, vec::Vec};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};

/// A request as the bytes of HTTP/1.1. Its target is the path and query of its URI.
pub fn write_request(request: &Request<()>) -> Vec<u8> {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut bytes = format!("{} {target} HTTP/1.1\r\n", request.method()).into_bytes();
    write_fields(&mut bytes, request.headers());
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// The 101 of [`Offered::accept`](crate::Offered::accept) as the bytes of HTTP/1.1; frames follow it.
pub fn write_switch(response: &Response<()>) -> Vec<u8> {
    let mut bytes = status_line(response.status());
    write_fields(&mut bytes, response.headers());
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// Any other response as the bytes of HTTP/1.1, after which the server ends the connection.
///
/// `Content-Length` and `Connection: close` are written as they must be, whatever the response says. A 1xx,
/// which would leave the client waiting for more, becomes 500.
pub fn write_response(response: &Response<Bytes>) -> Vec<u8> {
    let status = final_status(response.status());
    let mut bytes = status_line(status);
    write_fields(&mut bytes, response.headers().iter().filter(|(name, _)| !is_framing(name)));
    // RFC 9110 §7.8: whoever sends Upgrade names it in Connection.
    let upgrades = response.headers().contains_key(header::UPGRADE);
    bytes.extend_from_slice(if upgrades {
        b"connection: close, upgrade\r\n"
    } else {
        b"connection: close\r\n".as_slice()
    });
    write_body(&mut bytes, status, response.body());
    bytes
}

fn status_line(status: StatusCode) -> Vec<u8> {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("HTTP/1.1 {} {reason}\r\n", status.as_str()).into_bytes()
}

/// `http` has seen to it that no name or value holds a line end.
fn write_fields<'a>(
    bytes: &mut Vec<u8>,
    fields: impl IntoIterator<Item = (&'a HeaderName, &'a HeaderValue)>,
) {
    for (name, value) in fields {
        write_field(bytes, name, value.as_bytes());
    }
}

pub(crate) fn write_field(bytes: &mut Vec<u8>, name: &HeaderName, value: &[u8]) {
    for part in [name.as_str().as_bytes(), b": ", value, b"\r\n"] {
        bytes.extend_from_slice(part);
    }
}

fn write_body(bytes: &mut Vec<u8>, status: StatusCode, body: &[u8]) {
    // RFC 9110 §6.4.1, §8.6: these have no body, and 204 no length either.
    if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        bytes.extend_from_slice(b"\r\n");
    } else {
        bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
        bytes.extend_from_slice(body);
    }
}

fn final_status(status: StatusCode) -> StatusCode {
    if status.is_informational() { StatusCode::INTERNAL_SERVER_ERROR } else { status }
}

fn is_framing(name: &HeaderName) -> bool {
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING].contains(name)
}
