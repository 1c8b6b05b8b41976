//! What the errors of the handshake say: whose fault, what, where it is written, what to do.
#![cfg(feature = "std")]

use http::{Method, StatusCode, Version, header};
use std::fmt::Display;
use wharf_proto::{
    FieldFault, HeadError, HeadLimit, HeaderRefused, InvalidOriginPattern, Malformed, NotOffered,
    OfferError, Refusal, ResponseError, Subprotocol,
};

fn lines<E: Display>(errors: impl IntoIterator<Item = E>) -> String {
    errors.into_iter().map(|error| format!("{error}\n")).collect()
}

/// RFC 9112: the peer's head.
#[test]
fn errors_of_a_head_name_the_rule_or_the_limit() {
    let malformed = [
        Malformed::StartLine,
        Malformed::BareLineFeed,
        Malformed::BareCarriageReturn,
        Malformed::ControlByte(0),
        Malformed::Folded,
        Malformed::Field,
        Malformed::Target,
    ];
    let limits = [
        HeadLimit::StartLine(8192),
        HeadLimit::Line(8192),
        HeadLimit::Headers(100),
        HeadLimit::Head(16384),
    ];
    let errors = malformed.map(HeadError::from).into_iter().chain(limits.map(HeadError::from));
    let errors = errors.chain([HeadError::Version, HeadError::Ended(17)]);
    insta::assert_snapshot!(lines(errors), @r#"
    peer sent a first line that is not HTTP/1.1 (RFC 9112 §3, §4)
    peer ended a line without a carriage return (RFC 9112 §2.2)
    peer sent a carriage return that does not end a line (RFC 9112 §2.2)
    peer sent the control character 0x00 in a head (RFC 9110 §5.5)
    peer folded a header over two lines (RFC 9112 §5.2)
    peer sent a header line that is not "name: value" (RFC 9112 §5)
    peer asked for something that is no path and no URI (RFC 9112 §3.2)
    peer passed our limit: 8192 bytes in the first line (limits.line)
    peer passed our limit: 8192 bytes in a header line (limits.line)
    peer passed our limit: 100 header lines (limits.headers)
    peer passed our limit: 16384 bytes in a head (limits.head)
    peer speaks a version of HTTP that is not 1.1 (RFC 6455 §4.1)
    peer ended the connection 17 bytes into the head of the handshake (RFC 9112 §8)
    "#);
}

/// RFC 6455 §4.1: the caller's mistakes.
#[test]
fn errors_of_an_offer_say_what_to_do() {
    let errors = [
        OfferError::Authority("a b".into()),
        OfferError::Target("/a#b".into()),
        OfferError::SubprotocolRepeated(Subprotocol::new("chat").unwrap()),
        OfferError::Header(HeaderRefused::Reserved(header::HOST)),
        OfferError::Header(HeaderRefused::TooMany),
    ];
    insta::assert_snapshot!(lines(errors), @r#"
    "a b" is no host with or without a port (RFC 9110 §7.2)
    "/a#b" is no path and query: it starts with / and writes # as %23 (RFC 6455 §3)
    subprotocol chat is offered twice (RFC 6455 §4.1)
    header host belongs to the handshake: leave it out, or use its own setting (RFC 6455 §4)
    more than 1000 headers were added: leave some out
    "#);
}

/// RFC 6455 §4.2.2, §10.2: the application's mistakes.
#[test]
fn errors_of_a_server_say_what_to_do() {
    let errors = [
        NotOffered(Subprotocol::new("chat").unwrap()).to_string(),
        InvalidOriginPattern("*".into()).to_string(),
    ];
    insta::assert_snapshot!(lines(errors), @r#"
    subprotocol chat was not offered: choose one of the client's, or none (RFC 6455 §4.2.2)
    "*" is no pattern of origins: write scheme://host, scheme://host:port or scheme://*.host, without a path (RFC 6454 §6.2)
    "#);
}

/// RFC 6455 §4.1: the server's faults.
#[test]
fn errors_of_a_response_name_the_rule() {
    let errors = [
        ResponseError::Refused(StatusCode::FORBIDDEN),
        ResponseError::HttpVersion(Version::HTTP_10),
        ResponseError::Upgrade(FieldFault::Missing),
        ResponseError::Connection,
        ResponseError::Accept(FieldFault::Invalid),
        ResponseError::Framed(header::CONTENT_LENGTH),
        ResponseError::Subprotocol(FieldFault::Repeated),
        ResponseError::SubprotocolNotOffered("chat".into()),
        ResponseError::SubprotocolMissing,
        ResponseError::Extensions(FieldFault::Invalid),
        ResponseError::ExtensionNotOffered("x-zip".into()),
    ];
    insta::assert_snapshot!(lines(errors), @r#"
    server refused with status 403 Forbidden (RFC 6455 §4.1)
    server switched protocols in HTTP/1.0, not HTTP/1.1 (RFC 9110 §7.8)
    server sent no Upgrade: it must be "websocket" (RFC 6455 §4.1, item 2)
    server sent no "upgrade" in Connection (RFC 6455 §4.1, item 3)
    server sent an invalid Sec-WebSocket-Accept: it must answer our key (RFC 6455 §4.1, item 4)
    server sent content-length with status 101, which has no body (RFC 9110 §15.2)
    server repeated Sec-WebSocket-Protocol: it must be one name (RFC 6455 §11.3.4)
    server chose subprotocol "chat", which was not offered (RFC 6455 §4.1, item 6)
    server chose none of the offered subprotocols, and one is required (WHATWG WebSockets §2.2)
    server sent an invalid Sec-WebSocket-Extensions: it must be one list (RFC 6455 §9.1, §11.3.2)
    server chose extension "x-zip", which was not offered, or not twice (RFC 6455 §4.1, item 5)
    "#);
}

/// RFC 7692 §7.1: the server's faults.
#[cfg(feature = "deflate")]
#[test]
fn errors_of_permessage_deflate_name_the_parameter() {
    let error = wharf_proto::DeflateParamsError::Unknown("x".into());
    insta::assert_snapshot!(ResponseError::Deflate(error), @r#"
    server answered wrongly to permessage-deflate: no parameter is called "x" (RFC 7692 §7.1)
    "#);
}

/// RFC 6455 §4.2.1: the client's faults, with the status that tells it.
#[test]
fn refusals_name_the_rule() {
    let refusals = [
        Refusal::NotWebSocket,
        Refusal::Head(HeadError::Malformed(Malformed::Folded)),
        Refusal::HttpVersion(Version::HTTP_10),
        Refusal::Method(Method::POST),
        Refusal::Target,
        Refusal::Host(FieldFault::Missing),
        Refusal::Connection,
        Refusal::Version(FieldFault::Invalid),
        Refusal::Key(FieldFault::Repeated),
        Refusal::Body(header::CONTENT_LENGTH),
        Refusal::Subprotocols(FieldFault::Repeated),
        Refusal::Extensions,
        Refusal::OriginHeader(FieldFault::Invalid),
        Refusal::Origin(Some("http://evil.test\n".into())),
        Refusal::Origin(None),
    ];
    let lines =
        lines(refusals.iter().map(|refusal| format!("{} {refusal}", refusal.status().as_u16())));
    insta::assert_snapshot!(lines, @r#"
    426 client sent no "websocket" in Upgrade: only WebSockets are served here (RFC 6455 §4.2.1, item 3)
    400 peer folded a header over two lines (RFC 9112 §5.2)
    505 client asked for an upgrade in HTTP/1.0: it takes HTTP/1.1 (RFC 6455 §4.2.1, item 1)
    405 client sent POST: it must be GET (RFC 6455 §4.2.1, item 1)
    400 client asked for no path (RFC 6455 §4.2.1, item 1; RFC 9112 §3.2)
    400 client sent no Host: it must be one host, and a port if need be (RFC 6455 §4.2.1, item 2)
    400 client sent no "upgrade" in Connection (RFC 6455 §4.2.1, item 4)
    426 client sent an invalid Sec-WebSocket-Version: it must be 13 (RFC 6455 §4.2.1, item 6)
    400 client repeated Sec-WebSocket-Key: it must be 16 bytes in base64, once (RFC 6455 §4.2.1, item 5)
    400 client sent content-length: a request for a WebSocket has no body (RFC 6455 §4.1)
    400 client repeated Sec-WebSocket-Protocol: it must list tokens, each once (RFC 6455 §4.1, item 10)
    400 client sent an invalid Sec-WebSocket-Extensions: it must list extensions (RFC 6455 §9.1)
    400 client sent an invalid Origin: it must be one line of ASCII (RFC 6454 §7)
    403 client comes from origin "http://evil.test\n", which may not connect (RFC 6455 §10.2)
    403 client sent no Origin, which is asked for here (RFC 6455 §10.2)
    "#);
}
