//! The server's side of the opening handshake (RFC 6455 §4.2).
#![cfg(feature = "std")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version, header};
use wharf_proto::{
    Agreement, Choice, FieldFault, HandshakeLimits, HeadError, HeadLimit, HeaderRefused, Key,
    Malformed, NotOffered, Offer, Offered, OriginPolicy, Refusal, RequestReader, ResponseReader,
    Subprotocol, examine, write_request, write_response, write_switch,
};

/// RFC 6455 §1.3, without the lines that are not needed.
const REQUEST: &str = "GET /chat HTTP/1.1\r\n\
    Host: server.example.com\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\n";

fn request(head: &str) -> Request<()> {
    let mut reader = RequestReader::new(HandshakeLimits::default());
    reader.receive(head.as_bytes()).unwrap().expect("the head is complete").0
}

fn examined(head: &str) -> Result<Offered, Refusal> {
    examine(&request(head), &OriginPolicy::default())
}

/// What the server says to a request with these lines added.
fn examine_with(lines: &str) -> Result<Offered, Refusal> {
    examined(&format!("{REQUEST}{lines}\r\n"))
}

/// What the server says to a request in which `from` became `to`.
fn examine_altered(from: &str, to: &str) -> Result<Offered, Refusal> {
    let altered = REQUEST.replace(from, to);
    assert_ne!(altered, REQUEST);
    examined(&format!("{altered}\r\n"))
}

fn refusal(result: Result<Offered, Refusal>) -> Refusal {
    result.expect_err("it is refused")
}

fn name(name: &str) -> Subprotocol {
    Subprotocol::new(name).unwrap()
}

mod requirements {
    use super::*;

    /// RFC 6455 §1.3, §4.2.1.
    #[test]
    fn the_sample_of_the_rfc_is_accepted() {
        let lines =
            "Origin: http://server.example.com\r\nSec-WebSocket-Protocol: chat, superchat\r\n";
        let offered = examine_with(lines).unwrap();
        assert_eq!(offered.subprotocols(), [name("chat"), name("superchat")]);
        assert_eq!(offered.origin(), Some("http://server.example.com"));
    }

    /// RFC 6455 §4.2.1, item 1, checklist 31: 405, and what is allowed.
    #[test]
    fn only_get_asks_for_a_websocket() {
        for method in ["POST", "HEAD", "get", "OPTIONS"] {
            let refusal = refusal(examine_altered("GET", method));
            assert_eq!(refusal, Refusal::Method(Method::from_bytes(method.as_bytes()).unwrap()));
            assert_eq!(refusal.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(refusal.response().headers()[header::ALLOW], "GET");
        }
    }

    /// RFC 6455 §4.2.1, item 1, checklist 31: 505.
    #[test]
    fn http_1_0_is_refused() {
        let refusal = refusal(examine_altered("HTTP/1.1", "HTTP/1.0"));
        assert_eq!(refusal, Refusal::HttpVersion(Version::HTTP_10));
        assert_eq!(refusal.status(), StatusCode::HTTP_VERSION_NOT_SUPPORTED);
    }

    /// RFC 9112 §3.2: a path, or a URI that has one.
    #[test]
    fn the_target_is_a_path_or_a_uri() {
        for target in ["/", "/chat?x=%20", "http://server.example.com/chat", "https://h:1"] {
            assert!(examine_altered("/chat", target).is_ok(), "{target}");
        }
        for target in ["server.example.com:80", "*"] {
            let refusal = refusal(examine_altered("/chat", target));
            assert_eq!((&refusal, refusal.status().as_u16()), (&Refusal::Target, 400), "{target}");
        }
    }

    /// RFC 6455 §4.2.1, item 2, checklist 32: exactly one host.
    #[test]
    fn there_is_exactly_one_host() {
        let line = "Host: server.example.com";
        let cases = [
            ("", FieldFault::Missing),
            ("Host: a\r\nHost: a\r\n", FieldFault::Repeated),
            ("Host:\r\n", FieldFault::Invalid),
            ("Host: a, b\r\n", FieldFault::Invalid),
            ("Host: user@a\r\n", FieldFault::Invalid),
            ("Host: a:b\r\n", FieldFault::Invalid),
            ("Host: é\r\n", FieldFault::Invalid),
        ];
        for (lines, fault) in cases {
            let refusal = refusal(examine_altered(&format!("{line}\r\n"), lines));
            assert_eq!(
                (&refusal, refusal.status().as_u16()),
                (&Refusal::Host(fault), 400),
                "{lines}"
            );
        }
        for host in ["localhost:8080", "[::1]:9001", "127.0.0.1"] {
            assert!(examine_altered(line, &format!("Host: {host}")).is_ok(), "{host}");
        }
    }

    /// RFC 6455 §4.2.1, item 3, checklist 33: without it, it is a request for something else; 426 says what to
    /// upgrade to (RFC 9110 §15.5.22).
    #[test]
    fn a_request_without_upgrade_is_no_websocket() {
        for lines in ["", "Upgrade: h2c\r\n", "Upgrade: websockets\r\n", "Upgrade:\r\n"] {
            let refusal = refusal(examine_altered("Upgrade: websocket\r\n", lines));
            assert_eq!(refusal, Refusal::NotWebSocket, "{lines}");
            let response = refusal.response();
            assert_eq!(response.status(), StatusCode::UPGRADE_REQUIRED);
            assert_eq!(response.headers()[header::UPGRADE], "websocket");
            assert_eq!(response.headers()[header::CONNECTION], "upgrade");
        }
        let plain = request("POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\n");
        assert_eq!(refusal(examine(&plain, &OriginPolicy::default())), Refusal::NotWebSocket);
    }

    /// RFC 6455 §4.2.1, items 3 and 4, checklist 33, 34: lists, several lines, any case.
    #[test]
    fn upgrade_and_connection_are_lists() {
        for lines in ["UPGRADE: h2c, WebSocket", "Upgrade: h2c\r\nUpgrade: websocket"] {
            assert!(examine_altered("Upgrade: websocket", lines).is_ok(), "{lines}");
        }
        for lines in ["keep-alive, Upgrade", "UPGRADE,", "keep-alive\r\nConnection: upgrade"] {
            let lines = format!("Connection: {lines}");
            assert!(examine_altered("Connection: Upgrade", &lines).is_ok(), "{lines}");
        }
        for lines in ["", "Connection: keep-alive\r\n", "Connection: up-grade\r\n"] {
            let refusal = refusal(examine_altered("Connection: Upgrade\r\n", lines));
            assert_eq!(
                (&refusal, refusal.status().as_u16()),
                (&Refusal::Connection, 400),
                "{lines}"
            );
        }
    }

    /// RFC 6455 §4.2.1, item 5, §11.3.1, checklist 35: once, 16 bytes in base64.
    #[test]
    fn the_key_is_sixteen_bytes_in_base64() {
        let line = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let cases = [
            (String::new(), FieldFault::Missing),
            (line.repeat(2), FieldFault::Repeated),
            (line.replace("ZQ==", "ZQ="), FieldFault::Invalid),
            (line.replace("ZQ==", "ZTE="), FieldFault::Invalid),
            (line.replace("dGhl", "d-_l"), FieldFault::Invalid),
            (line.replace("dGhlIHNhbXBsZSBub25jZQ==", ""), FieldFault::Invalid),
            (line.replace("dGhl", "é"), FieldFault::Invalid),
        ];
        for (lines, fault) in cases {
            let refusal = refusal(examine_altered(line, &lines));
            assert_eq!(
                (&refusal, refusal.status().as_u16()),
                (&Refusal::Key(fault), 400),
                "{lines}"
            );
        }
    }

    /// RFC 6455 §4.1, item 7, checklist 36: the RFC's other sample.
    #[test]
    fn a_key_with_trailing_bits_is_accepted() {
        let answer = examine_altered("dGhlIHNhbXBsZSBub25jZQ==", "AQIDBAUGBwgJCgsMDQ4PEC==");
        assert!(answer.is_ok());
    }

    /// RFC 6455 §4.2.2, §4.4, checklist 37: 426, with the version that would do.
    #[test]
    fn any_version_but_13_is_refused_with_13() {
        let line = "Sec-WebSocket-Version: 13\r\n";
        let cases = [
            ("", FieldFault::Missing),
            ("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n", FieldFault::Repeated),
            ("Sec-WebSocket-Version: 0\r\n", FieldFault::Invalid),
            ("Sec-WebSocket-Version: 8\r\n", FieldFault::Invalid),
            ("Sec-WebSocket-Version: 13, 8\r\n", FieldFault::Invalid),
            ("Sec-WebSocket-Version: 013\r\n", FieldFault::Invalid),
            ("Sec-WebSocket-Version: +13\r\n", FieldFault::Invalid),
            ("Sec-WebSocket-Version:\r\n", FieldFault::Invalid),
        ];
        for (lines, fault) in cases {
            let refusal = refusal(examine_altered(line, lines));
            assert_eq!(refusal, Refusal::Version(fault), "{lines}");
            let response = refusal.response();
            assert_eq!(response.status(), StatusCode::UPGRADE_REQUIRED);
            assert_eq!(response.headers()[header::SEC_WEBSOCKET_VERSION], "13");
            assert_eq!(response.headers()[header::UPGRADE], "websocket");
        }
    }

    /// RFC 6455 §4.1, item 10, §9.1, checklist 43: 400, never a crash.
    #[test]
    fn malformed_offers_are_refused() {
        let cases = [
            ("Sec-WebSocket-Protocol:", Refusal::Subprotocols(FieldFault::Invalid)),
            ("Sec-WebSocket-Protocol: a b", Refusal::Subprotocols(FieldFault::Invalid)),
            ("Sec-WebSocket-Protocol: a, b/c", Refusal::Subprotocols(FieldFault::Invalid)),
            ("Sec-WebSocket-Protocol: é", Refusal::Subprotocols(FieldFault::Invalid)),
            ("Sec-WebSocket-Protocol: a, b, a", Refusal::Subprotocols(FieldFault::Repeated)),
            (
                "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: a",
                Refusal::Subprotocols(FieldFault::Repeated),
            ),
            ("Sec-WebSocket-Extensions:", Refusal::Extensions),
            ("Sec-WebSocket-Extensions: a;", Refusal::Extensions),
            ("Sec-WebSocket-Extensions: a; b=\"", Refusal::Extensions),
            ("Sec-WebSocket-Extensions: a; b=\"c d\"", Refusal::Extensions),
            ("Sec-WebSocket-Extensions: a\r\nSec-WebSocket-Extensions: =", Refusal::Extensions),
        ];
        for (line, expected) in cases {
            let refusal = refusal(examine_with(&format!("{line}\r\n")));
            assert_eq!((&refusal, refusal.status().as_u16()), (&expected, 400), "{line}");
        }
    }

    /// Checklist 43: names that mean something elsewhere are names like any other.
    #[test]
    fn an_odd_but_well_formed_offer_is_an_offer() {
        let lines = "Sec-WebSocket-Extensions: constructor, __proto__; toString=1\r\n\
            Sec-WebSocket-Protocol: __proto__\r\n";
        assert_eq!(examine_with(lines).unwrap().subprotocols(), [name("__proto__")]);
    }

    /// Checklist 46: 400.
    #[test]
    fn a_body_is_refused() {
        let cases = [
            ("Content-Length: 1", header::CONTENT_LENGTH),
            ("Content-Length: -0", header::CONTENT_LENGTH),
            ("Content-Length: 0\r\nContent-Length: 5", header::CONTENT_LENGTH),
            ("Transfer-Encoding: chunked", header::TRANSFER_ENCODING),
            ("Transfer-Encoding: identity", header::TRANSFER_ENCODING),
        ];
        for (line, header) in cases {
            let refusal = refusal(examine_with(&format!("{line}\r\n")));
            assert_eq!(
                (&refusal, refusal.status().as_u16()),
                (&Refusal::Body(header), 400),
                "{line}"
            );
        }
        assert!(examine_with("Content-Length: 0\r\n").is_ok());
    }

    /// RFC 6455 §10.2, checklist 39: 403 for a page from elsewhere; the same host and no page at all may pass.
    #[test]
    fn a_foreign_origin_is_refused_by_default() {
        for origin in ["http://evil.test", "null", "http://server.example.com.evil.test", "x"] {
            let refusal = refusal(examine_with(&format!("Origin: {origin}\r\n")));
            assert_eq!(refusal, Refusal::Origin(Some(origin.into())));
            assert_eq!(refusal.status(), StatusCode::FORBIDDEN);
        }
        assert!(examine_with("").is_ok());
        assert!(examine_with("Origin: https://SERVER.example.com\r\n").is_ok());
    }

    /// RFC 9112 §3.2.2, checklist 39: the host of an absolute URI is the one that counts.
    #[test]
    fn the_host_of_an_absolute_target_goes_before_the_header() {
        let head = REQUEST.replace("/chat", "http://other.test/chat");
        assert!(examined(&format!("{head}Origin: http://other.test\r\n\r\n")).is_ok());
        let refused = examined(&format!("{head}Origin: http://server.example.com\r\n\r\n"));
        assert!(matches!(refused, Err(Refusal::Origin(_))));
    }

    /// RFC 6454 §7.3: one origin.
    #[test]
    fn several_lines_of_origin_are_refused() {
        let line = "Origin: http://server.example.com\r\n";
        let twice = refusal(examine_with(&line.repeat(2)));
        assert_eq!(twice, Refusal::OriginHeader(FieldFault::Repeated));
        let invalid = refusal(examine_with("Origin: é\r\n"));
        assert_eq!(invalid, Refusal::OriginHeader(FieldFault::Invalid));
    }

    /// Requests of any HTTP library are examined alike, whatever their body's type.
    #[test]
    fn a_request_of_another_library_is_examined() {
        let request = Request::get("/")
            .header("host", "a")
            .header("upgrade", "websocket")
            .header("connection", "upgrade")
            .header("sec-websocket-key", " dGhlIHNhbXBsZSBub25jZQ== ")
            .header("sec-websocket-version", "13 ")
            .body("a stream")
            .unwrap();
        assert!(examine(&request, &OriginPolicy::default()).is_ok());
    }
}

mod accepting {
    use super::*;

    /// RFC 6455 §1.3, §4.2.2, checklist 24, 41, 42: nothing that was not chosen.
    #[test]
    fn the_sample_of_the_rfc_is_answered_as_it_says() {
        let offered = examine_with("Sec-WebSocket-Protocol: chat, superchat\r\n").unwrap();
        let (response, agreement) = offered.accept(&Choice::new()).unwrap();
        let expected = "HTTP/1.1 101 Switching Protocols\r\n\
            upgrade: websocket\r\n\
            connection: Upgrade\r\n\
            sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        assert_eq!(String::from_utf8(write_switch(&response)).unwrap(), expected);
        assert_eq!(agreement, Agreement::default());
    }

    /// RFC 6455 §4.2.2, checklist 41: one of those offered, said once.
    #[test]
    fn a_subprotocol_is_chosen_from_those_offered() {
        let offered = examine_with("Sec-WebSocket-Protocol: chat, superchat\r\n").unwrap();
        let supported = [name("other"), name("superchat"), name("chat")];
        let chosen = offered.choose_subprotocol(&supported).cloned();
        let (response, agreement) = offered.accept(&Choice::new().subprotocol(chosen)).unwrap();
        assert_eq!(agreement.subprotocol, Some(name("superchat")));
        let values: Vec<_> =
            response.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().collect();
        assert_eq!(values, ["superchat"]);
    }

    /// RFC 6455 §4.2.2, checklist 41: the application cannot choose another.
    #[test]
    fn a_subprotocol_that_was_not_offered_cannot_be_chosen() {
        let offered = examine_with("Sec-WebSocket-Protocol: chat\r\n").unwrap();
        let choice = Choice::new().subprotocol(Some(name("Chat")));
        assert_eq!(offered.accept(&choice).unwrap_err(), NotOffered(name("Chat")));
    }

    /// RFC 6455 §4.2.2, checklist 42: headers of the application's own, none of the handshake's.
    #[test]
    fn a_101_takes_headers_of_the_application() {
        let choice = Choice::new()
            .header(header::SET_COOKIE, HeaderValue::from_static("a=1"))
            .and_then(|choice| choice.header(header::SET_COOKIE, HeaderValue::from_static("b=2")))
            .unwrap();
        let (response, _) = examine_with("").unwrap().accept(&choice).unwrap();
        assert_eq!(response.headers().get_all(header::SET_COOKIE).iter().count(), 2);
        for reserved in ["sec-websocket-accept", "content-length", "upgrade"] {
            let reserved = HeaderName::from_static(reserved);
            let error = Choice::new().header(reserved.clone(), HeaderValue::from_static("x"));
            assert_eq!(error.unwrap_err(), HeaderRefused::Reserved(reserved));
        }
    }

    /// RFC 6455 §4.2.2: one answer, whichever way it is spelled.
    #[test]
    fn a_switch_is_the_response_as_bytes() {
        let lines =
            "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
        let offered = examine_with(lines).unwrap();
        let cookie = |choice: Choice, value| {
            choice.header(header::SET_COOKIE, HeaderValue::from_static(value)).unwrap()
        };
        let full = Choice::new().subprotocol(Some(name("chat")));
        #[cfg(feature = "deflate")]
        let full = full.deflate(Some(wharf_proto::Deflate::SERVER));
        let full = cookie(cookie(full, "a=1"), "b=2");
        for choice in [Choice::new(), full] {
            let (response, agreement) = offered.accept(&choice).unwrap();
            assert_eq!(offered.switch(&choice), Ok((write_switch(&response), agreement)));
        }
        let strange = Choice::new().subprotocol(Some(name("x")));
        assert_eq!(offered.switch(&strange), Err(NotOffered(name("x"))));
    }

    /// RFC 7692 §7.1, checklist 41, 42, 44, 100: the first offer that will do; none at all is no reason to refuse.
    #[cfg(feature = "deflate")]
    #[test]
    fn the_first_acceptable_offer_of_permessage_deflate_wins() {
        use wharf_proto::Deflate;
        let offers = [
            ("permessage-deflate", true),
            ("x, permessage-deflate; server_max_window_bits=\"10\"", true),
            ("permessage-deflate; x\r\nSec-WebSocket-Extensions: permessage-deflate", true),
            ("permessage-deflate; server_max_window_bits=7", false),
            ("permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", false),
            ("Permessage-Deflate", false),
            ("x", false),
        ];
        for (line, agreed) in offers {
            let offered = examine_with(&format!("Sec-WebSocket-Extensions: {line}\r\n")).unwrap();
            assert_eq!(offered.deflate().is_some(), agreed, "{line}");
            let choice = Choice::new().deflate(Some(Deflate::SERVER));
            let (response, agreement) = offered.accept(&choice).unwrap();
            assert_eq!(agreement.deflate.is_some(), agreed, "{line}");
            let said = response.headers().contains_key(header::SEC_WEBSOCKET_EXTENSIONS);
            assert_eq!(said, agreed, "{line}");
            let (response, agreement) = offered.accept(&Choice::new()).unwrap();
            assert_eq!(agreement, Agreement::default(), "not without being asked");
            assert!(!response.headers().contains_key(header::SEC_WEBSOCKET_EXTENSIONS));
        }
    }

    /// RFC 6455 §4, RFC 7692 §7.1: both sides come to the same agreement.
    #[test]
    fn client_and_server_agree() {
        let offer = Offer::new("a", "/").unwrap().subprotocols([name("x"), name("y")]).unwrap();
        let choice = Choice::new().subprotocol(Some(name("y")));
        #[cfg(feature = "deflate")]
        let (offer, choice) = (
            offer.deflate(Some(wharf_proto::Deflate::CLIENT)),
            choice.deflate(Some(wharf_proto::Deflate::SERVER)),
        );
        let key = Key::new([3; 16]);
        let request = String::from_utf8(write_request(&offer.request(&key))).unwrap();
        let (response, of_server) = examined(&request).unwrap().accept(&choice).unwrap();
        let mut responses = ResponseReader::new(HandshakeLimits::default());
        let (response, _) =
            responses.receive(&write_switch(&response)).unwrap().expect("it is whole");
        assert_eq!(offer.check(&key, &response), Ok(of_server.clone()));
        assert_eq!(of_server.subprotocol, Some(name("y")));
        #[cfg(feature = "deflate")]
        assert!(of_server.deflate.is_some());
    }
}

mod refusing {
    use super::*;

    fn written(response: &Response<Bytes>) -> String {
        String::from_utf8(write_response(response)).unwrap()
    }

    /// Checklist 31: the body names the rule, the head says how long it is and that this is the end.
    #[test]
    fn a_refusal_names_its_rule() {
        let refusal = refusal(examine_altered("GET", "PUT"));
        let expected = "HTTP/1.1 405 Method Not Allowed\r\n\
            content-type: text/plain; charset=utf-8\r\n\
            allow: GET\r\n\
            connection: close\r\n\
            content-length: 59\r\n\r\n\
            client sent PUT: it must be GET (RFC 6455 §4.2.1, item 1)\n";
        assert_eq!(written(&refusal.response()), expected);
    }

    /// RFC 9110 §7.8, checklist 33: `Upgrade` stays named in `Connection`.
    #[test]
    fn a_426_closes_and_names_the_upgrade() {
        let text = written(&Refusal::NotWebSocket.response());
        assert!(text.contains("\r\nupgrade: websocket\r\n"));
        assert!(text.contains("\r\nconnection: close, upgrade\r\n"));
        assert_eq!(text.matches("connection:").count(), 1);
    }

    /// RFC 6455 §4.2.2, checklist 38: any status, headers and body; the framing is ours.
    #[test]
    fn the_application_may_refuse_with_any_response() {
        let response = Response::builder()
            .status(404)
            .header("x-reason", "unknown")
            .header("content-length", "7")
            .header("transfer-encoding", "chunked")
            .header("connection", "keep-alive")
            .body(Bytes::from_static(b"no such room"))
            .unwrap();
        let expected = "HTTP/1.1 404 Not Found\r\n\
            x-reason: unknown\r\n\
            connection: close\r\n\
            content-length: 12\r\n\r\n\
            no such room";
        assert_eq!(written(&response), expected);
    }

    /// RFC 9110 §6.4.1, §15.2, checklist 38: what would confuse the client is not written.
    #[test]
    fn a_response_ends_whatever_its_status() {
        let write = |status: u16| {
            written(&Response::builder().status(status).body(Bytes::from_static(b"x")).unwrap())
        };
        assert_eq!(write(204), "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        assert_eq!(write(304), "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n");
        assert!(write(101).starts_with("HTTP/1.1 500 "));
        assert!(write(599).starts_with("HTTP/1.1 599 \r\n"));
        assert!(write(200).ends_with("content-length: 1\r\n\r\nx"));
    }

    /// Checklist 30, 45: 400, 414, 431, 505.
    #[test]
    fn a_head_that_cannot_be_read_has_its_status() {
        let cases = [
            (HeadError::Malformed(Malformed::Folded), 400),
            (HeadError::Ended(3), 400),
            (HeadError::TooBig(HeadLimit::StartLine(1)), 414),
            (HeadError::TooBig(HeadLimit::Line(1)), 431),
            (HeadError::TooBig(HeadLimit::Headers(1)), 431),
            (HeadError::TooBig(HeadLimit::Head(1)), 431),
            (HeadError::Version, 505),
        ];
        for (error, status) in cases {
            assert_eq!(Refusal::from(error).response().status().as_u16(), status);
        }
    }
}
