//! The client's side of the opening handshake (RFC 6455 §4.1).
#![cfg(feature = "std")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use http::{HeaderName, HeaderValue, Response, StatusCode, Version, header};
use wharf_proto::{
    Agreement, FieldFault, HandshakeLimits, HeaderRefused, Key, Offer, OfferError, ResponseError,
    ResponseReader, Subprotocol, SubprotocolRule, write_request,
};

/// The nonce of RFC 6455 §1.3.
const NONCE: [u8; 16] = *b"the sample nonce";
const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

fn key() -> Key {
    Key::new(NONCE)
}

fn offer() -> Offer {
    Offer::new("server.example.com", "/chat").unwrap()
}

fn names<const N: usize>(names: [&str; N]) -> [Subprotocol; N] {
    names.map(|name| Subprotocol::new(name).unwrap())
}

fn spelled(offer: &Offer) -> String {
    String::from_utf8(write_request(&offer.request(&key()))).unwrap()
}

/// The response at once.
fn response(head: &str) -> Response<()> {
    let mut reader = ResponseReader::new(HandshakeLimits::default());
    reader.receive(head.as_bytes()).unwrap().expect("the head is complete").0
}

/// What the client says to a 101 with these lines added.
fn check_with(offer: &Offer, lines: &str) -> Result<Agreement, ResponseError> {
    offer.check(&key(), &response(&format!("{SWITCH}{lines}\r\n")))
}

/// What the client says to a 101 in which `from` became `to`.
fn check_altered(from: &str, to: &str) -> Result<Agreement, ResponseError> {
    let altered = SWITCH.replace(from, to);
    assert_ne!(altered, SWITCH);
    offer().check(&key(), &response(&format!("{altered}\r\n")))
}

mod request {
    use super::*;

    /// RFC 6455 §4.1, items 1–9, checklist 4, 11, 12, 13, 14, 18: all of it once, and no Origin unasked.
    #[test]
    fn a_plain_request_is_what_the_rfc_asks_for() {
        let expected = "GET /chat HTTP/1.1\r\n\
            host: server.example.com\r\n\
            upgrade: websocket\r\n\
            connection: Upgrade\r\n\
            sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            sec-websocket-version: 13\r\n\r\n";
        assert_eq!(spelled(&offer()), expected);
    }

    /// RFC 6455 §4.1, checklist 13: a second attempt has a key of its own and is otherwise the same.
    #[test]
    fn every_attempt_has_its_own_key() {
        let other = offer().request(&Key::new([7; 16]));
        assert_ne!(other.headers()[header::SEC_WEBSOCKET_KEY], "dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(other.headers().get_all(header::SEC_WEBSOCKET_KEY).iter().count(), 1);
    }

    /// RFC 6455 §3, checklist 3: `/` if empty, the query if there is one, percent-encoding as it was.
    #[test]
    fn the_target_is_path_and_query_as_given() {
        let cases = [
            ("", "/"),
            ("/", "/"),
            ("?a=b", "/?a=b"),
            ("/a%20b/%23?x=%2F&y", "/a%20b/%23?x=%2F&y"),
            ("//a", "//a"),
        ];
        for (target, expected) in cases {
            let request = spelled(&Offer::new("a", target).unwrap());
            assert!(request.starts_with(&format!("GET {expected} HTTP/1.1\r\n")), "{request}");
        }
    }

    /// RFC 6455 §3, checklist 2, 17: no fragment, and nothing that would end the line.
    #[test]
    fn a_target_that_is_no_path_is_refused() {
        for target in ["/a#b", "#", "a", "/a b", "/a\r\nx: y", "/\0", "http://a/", "*"] {
            let error = Offer::new("a", target).unwrap_err();
            assert_eq!(error, OfferError::Target(target.into()));
        }
    }

    /// RFC 6455 §4.1, item 4, checklist 4: the port if given, brackets kept.
    #[test]
    fn the_host_is_the_authority_as_given() {
        for authority in ["example.com", "example.com:8080", "[::1]", "[2001:db8::1]:9001"] {
            let request = spelled(&Offer::new(authority, "/").unwrap());
            assert!(request.contains(&format!("\r\nhost: {authority}\r\n")), "{request}");
        }
    }

    /// Checklist 4, 17.
    #[test]
    fn an_authority_that_is_no_host_is_refused() {
        for authority in
            ["", "user@a", "a/b", "a:b", "::1", "bücher.example", "a\r\nx: y", "a:0x50"]
        {
            let error = Offer::new(authority, "/").unwrap_err();
            assert_eq!(error, OfferError::Authority(authority.into()));
        }
    }

    /// RFC 6455 §4.1, item 10, checklist 15: one line, in order of preference.
    #[test]
    fn subprotocols_are_offered_in_order() {
        let offer = offer().subprotocols(names(["superchat", "chat"])).unwrap();
        assert!(spelled(&offer).contains("\r\nsec-websocket-protocol: superchat, chat\r\n"));
    }

    /// RFC 6455 §4.1, item 10, checklist 15: not empty, tokens, unique.
    #[test]
    fn subprotocols_that_may_not_be_offered_are_refused() {
        for name in ["", "a b", "a,b", "a\r\n", "é", "a/b", "\"a\""] {
            assert!(Subprotocol::new(name).is_err(), "{name}");
        }
        let error = offer().subprotocols(names(["a", "b", "a"])).unwrap_err();
        assert_eq!(error, OfferError::SubprotocolRepeated(names(["a"])[0].clone()));
        assert!(offer().subprotocols(names(["a", "A"])).is_ok(), "case counts");
    }

    /// Checklist 18: Origin and the like go out as given.
    #[test]
    fn headers_of_the_user_are_added() {
        let offer = offer()
            .header(header::ORIGIN, HeaderValue::from_static("https://example.com"))
            .and_then(|offer| offer.header(header::COOKIE, HeaderValue::from_static("a=1")))
            .and_then(|offer| offer.header(header::COOKIE, HeaderValue::from_static("b=2")));
        let request = spelled(&offer.unwrap());
        assert!(
            request
                .ends_with("\r\norigin: https://example.com\r\ncookie: a=1\r\ncookie: b=2\r\n\r\n")
        );
    }

    /// Checklist 13, 17: what the handshake writes, or what would frame a body, is not the user's.
    #[test]
    fn headers_of_the_handshake_cannot_be_set() {
        let reserved = [
            "Host",
            "Upgrade",
            "Connection",
            "Content-Length",
            "Transfer-Encoding",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Protocol",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Anything",
        ];
        for name in reserved {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            let error = offer().header(name.clone(), HeaderValue::from_static("x")).unwrap_err();
            assert_eq!(error, OfferError::Header(HeaderRefused::Reserved(name)));
        }
    }

    /// Checklist 17: the type of a value holds no line end and no NUL, whoever makes one.
    #[test]
    fn a_header_value_cannot_hold_a_line_end() {
        for value in ["a\r\nb: c", "a\nb", "a\rb", "a\0b"] {
            assert!(HeaderValue::from_str(value).is_err(), "{value:?}");
        }
    }

    /// A map of `http` would panic when it is full.
    #[test]
    fn there_is_an_end_to_the_headers_of_the_user() {
        let mut offer = offer();
        for _ in 0..1000 {
            offer = offer.header(header::COOKIE, HeaderValue::from_static("a")).unwrap();
        }
        let error = offer.header(header::COOKIE, HeaderValue::from_static("a")).unwrap_err();
        assert_eq!(error, OfferError::Header(HeaderRefused::TooMany));
    }

    /// RFC 7692 §7.1, checklist 16.
    #[cfg(feature = "deflate")]
    #[test]
    fn permessage_deflate_is_offered_on_request() {
        let offer = offer().deflate(Some(wharf_proto::Deflate::CLIENT));
        let line = "\r\nsec-websocket-extensions: permessage-deflate; client_max_window_bits\r\n";
        assert!(spelled(&offer).contains(line));
    }
}

mod check {
    use super::*;

    /// RFC 6455 §1.3, §4.1, checklist 22, 23, 24: the sample.
    #[test]
    fn the_sample_of_the_rfc_opens_the_connection() {
        assert_eq!(check_with(&offer(), ""), Ok(Agreement::default()));
    }

    /// RFC 6455 §4.1, item 1, checklist 20.
    #[test]
    fn any_status_but_101_is_a_refusal() {
        for status in ["200 OK", "301 Moved", "401 Unauthorized", "426 Upgrade", "500 Oh", "999 ?"]
        {
            let head = SWITCH.replace("101 Switching Protocols", status) + "\r\n";
            let code = StatusCode::from_bytes(&status.as_bytes()[..3]).unwrap();
            let answer = offer().check(&key(), &response(&head));
            assert_eq!(answer, Err(ResponseError::Refused(code)));
        }
    }

    /// RFC 6455 §4.1, item 2, checklist 22: exactly this value, in whatever case.
    #[test]
    fn upgrade_must_be_websocket() {
        assert!(check_altered("Upgrade: websocket", "Upgrade:   WebSocket\t").is_ok());
        let missing = check_altered("Upgrade: websocket\r\n", "");
        assert_eq!(missing, Err(ResponseError::Upgrade(FieldFault::Missing)));
        for other in ["h2c", "websocket, h2c", "websocket/13", "web socket", ""] {
            let answer = check_altered("Upgrade: websocket", &format!("Upgrade: {other}"));
            assert_eq!(answer, Err(ResponseError::Upgrade(FieldFault::Invalid)), "{other}");
        }
        let twice = check_with(&offer(), "Upgrade: websocket\r\n");
        assert_eq!(twice, Err(ResponseError::Upgrade(FieldFault::Repeated)));
    }

    /// RFC 6455 §4.1, item 3, checklist 23: a list, on any of several lines, in whatever case.
    #[test]
    fn connection_must_list_upgrade() {
        let from = "Connection: Upgrade";
        for fine in ["keep-alive, UPGRADE", "x,upgrade ,y", "keep-alive\r\nConnection: upgrade"] {
            assert!(check_altered(from, &format!("Connection: {fine}")).is_ok(), "{fine}");
        }
        for wrong in ["close", "", "upgrades", "keep-alive upgrade"] {
            let answer = check_altered(from, &format!("Connection: {wrong}"));
            assert_eq!(answer, Err(ResponseError::Connection), "{wrong}");
        }
        let missing = check_altered("Connection: Upgrade\r\n", "");
        assert_eq!(missing, Err(ResponseError::Connection));
    }

    /// RFC 6455 §4.1, item 4, checklist 24: once, and the answer to this key; spaces around it do not count.
    #[test]
    fn accept_must_answer_the_key() {
        let line = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
        assert!(check_altered(line, &line.replace(": ", ": \t ")).is_ok());
        let missing = check_altered(&format!("{line}\r\n"), "");
        assert_eq!(missing, Err(ResponseError::Accept(FieldFault::Missing)));
        let twice = check_with(&offer(), &format!("{line}\r\n"));
        assert_eq!(twice, Err(ResponseError::Accept(FieldFault::Repeated)));
        for wrong in [
            "",
            "dGhlIHNhbXBsZSBub25jZQ==",
            "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo",
        ] {
            let answer = check_altered("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", wrong);
            assert_eq!(answer, Err(ResponseError::Accept(FieldFault::Invalid)), "{wrong}");
        }
        let head = response(&format!("{SWITCH}\r\n"));
        let other = offer().check(&Key::new([0; 16]), &head);
        assert_eq!(other, Err(ResponseError::Accept(FieldFault::Invalid)), "another key");
    }

    /// RFC 6455 §4.1, item 5, §11.3.2, checklist 25: what was not offered, and a repeated line.
    #[test]
    fn an_extension_that_was_not_offered_fails() {
        let line = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
        let unasked = check_with(&offer(), line);
        let name = "permessage-deflate".to_owned();
        assert_eq!(unasked, Err(ResponseError::ExtensionNotOffered(name)));
        let twice = check_with(&offer(), &line.repeat(2));
        assert_eq!(twice, Err(ResponseError::Extensions(FieldFault::Repeated)));
        let malformed = check_with(&offer(), "Sec-WebSocket-Extensions: a;;b\r\n");
        assert_eq!(malformed, Err(ResponseError::Extensions(FieldFault::Invalid)));
        let empty = check_with(&offer(), "Sec-WebSocket-Extensions:\r\n");
        assert_eq!(empty, Err(ResponseError::Extensions(FieldFault::Invalid)));
    }

    /// RFC 7692 §7.1, checklist 25, 101.
    #[cfg(feature = "deflate")]
    #[test]
    fn permessage_deflate_is_agreed_when_it_was_offered() {
        use wharf_proto::{Context, Deflate, WindowBits};
        let offer = offer().deflate(Some(Deflate::CLIENT));
        let check =
            |value: &str| check_with(&offer, &format!("Sec-WebSocket-Extensions: {value}\r\n"));
        let agreement = check("permessage-deflate; client_max_window_bits=\"1\\0\"").unwrap();
        let deflate = agreement.deflate.expect("it was agreed");
        assert_eq!(deflate.client.window, WindowBits::new(10).unwrap());
        assert_eq!(deflate.server.context, Context::Takeover);
        for wrong in ["permessage-deflate; x", "permessage-deflate; server_max_window_bits=7"] {
            assert!(matches!(check(wrong), Err(ResponseError::Deflate(_))), "{wrong}");
        }
        for twice in ["permessage-deflate, permessage-deflate", "permessage-deflate, x"] {
            assert!(matches!(check(twice), Err(ResponseError::ExtensionNotOffered(_))), "{twice}");
        }
    }

    /// RFC 6455 §4.1, item 6, §11.3.4, checklist 26: one of those offered, with its case.
    #[test]
    fn a_subprotocol_must_be_one_of_those_offered() {
        let offer = offer().subprotocols(names(["chat", "superchat"])).unwrap();
        let check =
            |value: &str| check_with(&offer, &format!("Sec-WebSocket-Protocol: {value}\r\n"));
        assert_eq!(check("superchat").unwrap().subprotocol.as_deref(), Some("superchat"));
        for other in ["Chat", "other"] {
            assert_eq!(check(other), Err(ResponseError::SubprotocolNotOffered(other.into())));
        }
        for wrong in ["", "chat, superchat", "chat, chat", "a b"] {
            let expected = Err(ResponseError::Subprotocol(FieldFault::Invalid));
            assert_eq!(check(wrong), expected, "{wrong}");
        }
        let twice = check("chat\r\nSec-WebSocket-Protocol: chat");
        assert_eq!(twice, Err(ResponseError::Subprotocol(FieldFault::Repeated)));
    }

    /// RFC 6455 §4.1, item 6, checklist 26.
    #[test]
    fn a_subprotocol_without_any_offer_fails() {
        let answer = check_with(&offer(), "Sec-WebSocket-Protocol: chat\r\n");
        assert_eq!(answer, Err(ResponseError::SubprotocolNotOffered("chat".into())));
    }

    /// WHATWG WebSockets §2.2, RFC 6455 §4.1, checklist 27: a switch.
    #[test]
    fn no_subprotocol_is_fine_unless_one_is_required() {
        let offer = offer().subprotocols(names(["chat"])).unwrap();
        assert_eq!(check_with(&offer, ""), Ok(Agreement::default()));
        let strict = offer.subprotocol_rule(SubprotocolRule::Required);
        assert_eq!(check_with(&strict, ""), Err(ResponseError::SubprotocolMissing));
        let nothing_offered = strict.subprotocols([]).unwrap();
        assert_eq!(check_with(&nothing_offered, ""), Ok(Agreement::default()));
    }

    /// RFC 9110 §15.2, checklist 30: a 101 has no body.
    #[test]
    fn a_101_that_announces_a_body_fails() {
        for (name, value) in [(header::CONTENT_LENGTH, "0"), (header::TRANSFER_ENCODING, "chunked")]
        {
            let answer = check_with(&offer(), &format!("{name}: {value}\r\n"));
            assert_eq!(answer, Err(ResponseError::Framed(name)));
        }
    }

    /// RFC 6455 §4.1, item 1: there is no Upgrade in HTTP/1.0.
    #[test]
    fn a_101_in_http_1_0_fails() {
        let answer = check_altered("HTTP/1.1", "HTTP/1.0");
        assert_eq!(answer, Err(ResponseError::HttpVersion(Version::HTTP_10)));
    }
}
