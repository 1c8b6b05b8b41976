//! Heads of HTTP/1.1, as both sides read them (RFC 9112).
#![cfg(feature = "std")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use http::StatusCode;
use proptest::prelude::*;
use wharf_proto::{
    BodyReader, Choice, HandshakeLimits, HeadError, HeadLimit, Key, Malformed, Offer, OriginPolicy,
    RequestReader, ResponseReader, examine,
};

const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
const REQUEST: &str = "GET /chat HTTP/1.1\r\n\
    Host: server.example.com\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
    Sec-WebSocket-Version: 13\r\n";

mod response {
    use super::*;

    fn read(head: &[u8], limits: HandshakeLimits) -> Result<bool, HeadError> {
        ResponseReader::new(limits).receive(head).map(|done| done.is_some())
    }

    /// Checklist 29: bytes after the head are the first frames.
    #[test]
    fn bytes_after_the_head_are_kept() {
        let mut reader = ResponseReader::new(HandshakeLimits::default());
        let bytes = [SWITCH.as_bytes(), b"\r\n", b"\x81\x02hi\r\n\r\n"].concat();
        let (response, leftover) = reader.receive(&bytes).unwrap().expect("the head is complete");
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(&leftover[..], b"\x81\x02hi\r\n\r\n");
    }

    /// RFC 9110 §15.2: interim responses come first, as many as fit the limit.
    #[test]
    fn interim_responses_are_passed_over() {
        let early = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
        let head = format!("HTTP/1.1 100 Continue\r\n\r\n{early}{SWITCH}\r\n");
        let mut reader = ResponseReader::new(HandshakeLimits::default());
        let (response, _) = reader.receive(head.as_bytes()).unwrap().expect("it is whole");
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        let flood = early.repeat(1000);
        let answer = read(flood.as_bytes(), HandshakeLimits::default());
        assert_eq!(answer, Err(HeadLimit::Head(16 << 10).into()));
    }

    /// RFC 9112 §2.2, §5, checklist 30: what lenient parsers let through.
    #[test]
    fn a_head_that_is_not_strictly_http_is_refused() {
        let start = "HTTP/1.1 101 Switching Protocols\r\n";
        let cases = [
            ("a: b\r\n c\r\n\r\n", Malformed::Folded),
            ("a: b\r\n\tc\r\n\r\n", Malformed::Folded),
            (" a: b\r\n\r\n", Malformed::Folded),
            ("a: b\n\r\n", Malformed::BareLineFeed),
            ("a: b\r\n\n", Malformed::BareLineFeed),
            ("a: b\rc\r\n\r\n", Malformed::BareCarriageReturn),
            ("a: b\r\r\n\r\n", Malformed::BareCarriageReturn),
            ("a: b\0\r\n\r\n", Malformed::ControlByte(0)),
            ("a: b\x7f\r\n\r\n", Malformed::ControlByte(0x7f)),
            ("a\x01: b\r\n\r\n", Malformed::ControlByte(1)),
            ("ab\r\n\r\n", Malformed::Field),
            ("a : b\r\n\r\n", Malformed::Field),
            ("a\t: b\r\n\r\n", Malformed::Field),
            (": b\r\n\r\n", Malformed::Field),
            ("a b: c\r\n\r\n", Malformed::Field),
            ("é: c\r\n\r\n", Malformed::Field),
        ];
        for (lines, expected) in cases {
            let answer = read(format!("{start}{lines}").as_bytes(), HandshakeLimits::default());
            assert_eq!(answer, Err(expected.into()), "{lines:?}");
        }
    }

    /// RFC 9112 §4, checklist 30.
    #[test]
    fn a_first_line_that_is_no_status_line_is_refused() {
        let wrong = [
            "",
            " ",
            "HTTP/1.1",
            "HTTP/1.1 1O1 x",
            "HTTP/1.1 1011 x",
            "HTTP/1.1 099 x",
            "ICY 200 OK",
            "HTTP/1.1  101 x",
            " HTTP/1.1 101 x",
            "SSH-2.0-x",
            "http/1.1 101 x",
        ];
        for line in wrong {
            let answer = read(format!("{line}\r\n\r\n").as_bytes(), HandshakeLimits::default());
            assert_eq!(answer, Err(Malformed::StartLine.into()), "{line:?}");
        }
        for line in ["HTTP/2.0 101 x", "HTTP/0.9 101 x", "HTTP/1.2 101 x"] {
            let answer = read(format!("{line}\r\n\r\n").as_bytes(), HandshakeLimits::default());
            assert_eq!(answer, Err(HeadError::Version), "{line:?}");
        }
    }

    /// Checklist 28: line, count and total, each exactly.
    #[test]
    fn a_head_beyond_a_limit_is_refused_as_soon_as_it_passes_it() {
        let limits = |change: fn(&mut HandshakeLimits)| {
            let mut limits = HandshakeLimits::default();
            change(&mut limits);
            limits
        };
        let start = "HTTP/1.1 101 x\r\n";
        let total = format!("{start}a: b\r\n\r\n");
        let cases = [
            (limits(|l| l.line = 14), format!("{start}abc: 67890abcd\r\n\r\n"), None),
            (limits(|l| l.line = 14), format!("{start}abc: 67890abcde"), Some(HeadLimit::Line(14))),
            (limits(|l| l.line = 13), "HTTP/1.1 101 x".to_owned(), Some(HeadLimit::StartLine(13))),
            (limits(|l| l.headers = 2), format!("{start}a:b\r\na:b\r\n\r\n"), None),
            (
                limits(|l| l.headers = 1),
                format!("{start}a:b\r\na:b\r\n"),
                Some(HeadLimit::Headers(1)),
            ),
            (limits(|l| l.head = 24), total.clone(), None),
            (limits(|l| l.head = 23), total, Some(HeadLimit::Head(23))),
        ];
        for (limits, bytes, expected) in cases {
            let answer = read(bytes.as_bytes(), limits);
            assert_eq!(answer, expected.map_or(Ok(true), |limit| Err(limit.into())), "{bytes:?}");
        }
    }

    /// Checklist 28: no limit that a caller sets makes a map of `http` panic.
    #[test]
    fn more_headers_than_a_map_can_hold_are_an_error() {
        let mut limits = HandshakeLimits::default();
        (limits.headers, limits.head) = (usize::MAX, usize::MAX);
        let lines: String = (0..40_000).map(|number| format!("a{number}:b\r\n")).collect();
        let head = format!("HTTP/1.1 101 x\r\n{lines}\r\n");
        assert!(matches!(read(head.as_bytes(), limits), Err(HeadError::TooBig(_))));
    }

    /// Checklist 20: the error names how far it got.
    #[test]
    fn an_end_within_the_head_is_an_error() {
        let mut reader = ResponseReader::new(HandshakeLimits::default());
        assert!(reader.receive(b"HTTP/1.1 1").unwrap().is_none());
        assert_eq!(reader.ended(), HeadError::Ended(10));
    }

    fn read_in_pieces(bytes: &[u8], sizes: &[usize]) -> String {
        let mut reader = ResponseReader::new(HandshakeLimits::default());
        let mut rest = bytes;
        let mut sizes = sizes.iter().cycle();
        while !rest.is_empty() {
            let size = sizes.next().map_or(rest.len(), |&size| size.min(rest.len()));
            let (piece, after) = rest.split_at(size);
            rest = after;
            match reader.receive(piece) {
                Ok(None) => {}
                Ok(Some((response, leftover))) => {
                    return format!("{response:?} {:?}", [&leftover, after].concat());
                }
                Err(error) => return error.to_string(),
            }
        }
        reader.ended().to_string()
    }

    proptest! {
        /// Checklist 28, 29, 61: the same bytes give the same result, however they are cut.
        #[test]
        fn any_cut_of_a_head_gives_the_same_result(
            sizes in prop::collection::vec(1..40_usize, 1..20),
            position in any::<prop::sample::Index>(),
            byte: u8,
        ) {
            let mut bytes = [SWITCH.as_bytes(), b"x: y\r\n\r\n\x81\x02hi"].concat();
            prop_assert_eq!(read_in_pieces(&bytes, &sizes), read_in_pieces(&bytes, &[usize::MAX]));
            let position = position.index(bytes.len());
            bytes[position] = byte;
            prop_assert_eq!(read_in_pieces(&bytes, &sizes), read_in_pieces(&bytes, &[usize::MAX]));
        }

        /// Checklist 28: no bytes make the reader or the check panic.
        #[test]
        fn any_bytes_are_read_or_refused(
            start in prop::sample::select(vec!["", "HTTP/1.1 101 x\r\n", SWITCH]),
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            text in "[ -~\r\n]{0,200}",
        ) {
            for rest in [&bytes[..], text.as_bytes()] {
                let head = [start.as_bytes(), rest, b"\r\n\r\n"].concat();
                if let Ok(Some((response, leftover))) =
                    ResponseReader::new(HandshakeLimits::default()).receive(&head)
                {
                    let offer = Offer::new("a", "/").unwrap();
                    let _ = offer.check(&Key::new([0; 16]), &response);
                    BodyReader::new(&response, 100).receive(&leftover);
                }
            }
        }
    }
}

mod request {
    use super::*;

    fn read(head: &[u8]) -> Result<bool, HeadError> {
        let mut reader = RequestReader::new(HandshakeLimits::default());
        reader.receive(head).map(|done| done.is_some())
    }

    /// Checklist 47: what follows the head is frames, another request or not.
    #[test]
    fn bytes_after_the_head_are_kept() {
        let mut reader = RequestReader::new(HandshakeLimits::default());
        let bytes = [REQUEST, "\r\n", REQUEST, "\r\n"].concat();
        let (request, leftover) = reader.receive(bytes.as_bytes()).unwrap().expect("it is whole");
        assert_eq!(request.uri(), "/chat");
        assert_eq!(leftover, [REQUEST, "\r\n"].concat());
    }

    /// RFC 9112 §2.2, §5, checklist 30, 43: as strict as on the other side.
    #[test]
    fn a_head_that_is_not_strictly_http_is_refused() {
        let cases = [
            ("GET / HTTP/1.1\nHost: a\n\n", Malformed::BareLineFeed),
            ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", Malformed::Folded),
            ("GET / HTTP/1.1\r\nHost: a\0\r\n\r\n", Malformed::ControlByte(0)),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", Malformed::Field),
            ("GET / HTTP/1.1\r\nHost\r\n\r\n", Malformed::Field),
            ("GET / HTTP/1.1\r\n: a\r\n\r\n", Malformed::Field),
            ("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", Malformed::BareCarriageReturn),
            ("\r\nGET / HTTP/1.1\r\n\r\n", Malformed::StartLine),
            ("GET  / HTTP/1.1\r\n\r\n", Malformed::StartLine),
            ("GET /a b HTTP/1.1\r\n\r\n", Malformed::StartLine),
            ("GET / HTTP/1.1 \r\n\r\n", Malformed::StartLine),
            ("GET /\r\n\r\n", Malformed::StartLine),
            ("GET\r\n\r\n", Malformed::StartLine),
            ("G(T / HTTP/1.1\r\n\r\n", Malformed::StartLine),
            ("GET / FTP/1.1\r\n\r\n", Malformed::StartLine),
            ("GET http:// HTTP/1.1\r\n\r\n", Malformed::Target),
            ("\x16\x03\x01", Malformed::ControlByte(0x16)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(read(bytes.as_bytes()), Err(expected.into()), "{bytes:?}");
        }
    }

    /// RFC 9112 §2.3, checklist 31.
    #[test]
    fn another_version_of_http_is_refused() {
        for version in ["HTTP/2.0", "HTTP/0.9", "HTTP/1.2"] {
            let head = format!("GET / {version}\r\n\r\n");
            assert_eq!(read(head.as_bytes()), Err(HeadError::Version), "{version}");
        }
    }

    /// Checklist 45: refused as soon as it passes a limit, so that no header can vanish behind a count.
    #[test]
    fn a_head_beyond_a_limit_is_refused() {
        let start = "GET / HTTP/1.1\r\n";
        let cases = [
            (format!("GET /{}", "a".repeat(8 << 10)), HeadLimit::StartLine(8 << 10)),
            (format!("{start}a: {}", "a".repeat(8 << 10)), HeadLimit::Line(8 << 10)),
            (format!("{start}{}", "a: b\r\n".repeat(101)), HeadLimit::Headers(100)),
            (
                format!("{start}{}", format!("a: {}\r\n", "b".repeat(4000)).repeat(5)),
                HeadLimit::Head(16 << 10),
            ),
        ];
        for (bytes, limit) in cases {
            assert_eq!(read(bytes.as_bytes()), Err(limit.into()));
        }
        let many = format!("{REQUEST}{}\r\n", "a: b\r\n".repeat(95));
        assert_eq!(read(many.as_bytes()), Ok(true), "a hundred lines are fine");
    }

    /// Checklist 48: an end within the head is an error that says how far it got.
    #[test]
    fn an_end_within_the_head_is_an_error() {
        let mut reader = RequestReader::new(HandshakeLimits::default());
        assert_eq!(reader.receive(b"GET /").unwrap().map(drop), None);
        assert_eq!(reader.ended(), HeadError::Ended(5));
    }

    fn read_in_pieces(bytes: &[u8], size: usize) -> String {
        let mut reader = RequestReader::new(HandshakeLimits::default());
        for (index, piece) in bytes.chunks(size).enumerate() {
            match reader.receive(piece) {
                Ok(None) => {}
                Ok(Some((request, leftover))) => {
                    let after = bytes.get((index + 1) * size..).unwrap_or_default();
                    return format!("{request:?} {:?}", [&leftover, after].concat());
                }
                Err(error) => return error.to_string(),
            }
        }
        reader.ended().to_string()
    }

    /// Checklist 28, 61: every cut of a head in two, and byte by byte.
    #[test]
    fn every_cut_of_a_head_gives_the_same_result() {
        let bytes = [REQUEST, "\r\n\x01\x02"].concat();
        let whole = read_in_pieces(bytes.as_bytes(), bytes.len());
        for size in 1..bytes.len() {
            assert_eq!(read_in_pieces(bytes.as_bytes(), size), whole, "in pieces of {size}");
        }
    }

    proptest! {
        /// Checklist 28, 61: also when a byte of it is wrong.
        #[test]
        fn any_cut_of_a_damaged_head_gives_the_same_result(
            size in 1..50_usize,
            position in any::<prop::sample::Index>(),
            byte: u8,
        ) {
            let mut bytes = [REQUEST, "Origin: http://a\r\n\r\n\x01\x02"].concat().into_bytes();
            let position = position.index(bytes.len());
            bytes[position] = byte;
            prop_assert_eq!(read_in_pieces(&bytes, size), read_in_pieces(&bytes, bytes.len()));
        }

        /// Checklist 43: no bytes make the reader, the check or the answer panic.
        #[test]
        fn any_bytes_are_answered(
            lines in prop::collection::vec(
                "(Sec-WebSocket-(Protocol|Extensions|Key|Version)|Host|Origin|Connection|Upgrade): [ -~\t]{0,40}\r\n",
                0..4,
            ),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        ) {
            let mut bytes = [REQUEST, &lines.concat(), "\r\n"].concat().into_bytes();
            for (position, byte) in damage {
                let position = position.index(bytes.len());
                bytes[position] = byte;
            }
            answer(&bytes);
        }

        /// Checklist 43.
        #[test]
        fn any_noise_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            answer(&bytes);
        }
    }

    fn answer(bytes: &[u8]) {
        let examined = match RequestReader::new(HandshakeLimits::default()).receive(bytes) {
            Ok(None) => return,
            Ok(Some((request, _))) => examine(&request, &OriginPolicy::default()),
            Err(error) => Err(error.into()),
        };
        match examined {
            Ok(offered) => drop(offered.accept(&Choice::new()).unwrap()),
            Err(refusal) => assert!(!refusal.response().status().is_informational()),
        }
    }
}
