//! The body of a refusal, as a client reads it (RFC 9112 §6, §7).
#![cfg(feature = "std")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use http::Response;
use proptest::prelude::*;
use wharf_proto::{BodyProgress, BodyReader, HandshakeLimits, ResponseReader};

fn response(head: &str) -> Response<()> {
    let mut reader = ResponseReader::new(HandshakeLimits::default());
    reader.receive(head.as_bytes()).unwrap().expect("the head is complete").0
}

fn reader(lines: &str, limit: usize) -> BodyReader {
    BodyReader::new(&response(&format!("HTTP/1.1 403 No\r\n{lines}\r\n")), limit)
}

fn read(lines: &str, bytes: &[u8]) -> (BodyProgress, Bytes) {
    let mut reader = reader(lines, 20);
    let progress = reader.receive(bytes);
    (progress, reader.into_bytes())
}

/// RFC 9112 §6.3, checklist 20.
#[test]
fn a_body_ends_with_its_length() {
    let lines = "Content-Length: 5\r\n";
    assert_eq!(read(lines, b"hell"), (BodyProgress::More, "hell".into()));
    assert_eq!(read(lines, b"hello, world"), (BodyProgress::Complete, "hello".into()));
    let empty = reader("Content-Length: 0\r\n", 20);
    assert_eq!(empty.progress(), BodyProgress::Complete);
}

/// RFC 9112 §6.3, checklist 20: without a length that is a number, only the end of the transport ends it.
#[test]
fn a_body_without_length_runs_to_the_end() {
    for lines in
        ["", "Content-Length: x\r\n", "Content-Length: +3\r\n", "Transfer-Encoding: gzip\r\n"]
    {
        assert_eq!(read(lines, b"hello"), (BodyProgress::More, "hello".into()), "{lines}");
    }
}

/// RFC 9112 §7.1, checklist 20: chunks, extensions, either case; the trailer is not waited for.
#[test]
fn a_body_in_chunks_is_joined() {
    let lines = "Transfer-Encoding: gzip, Chunked\r\nContent-Length: 3\r\n";
    let bytes = b"5\r\nhello\r\n00A ;x=\"y\"\r\n, world...\r\n0\r\n";
    assert_eq!(read(lines, bytes), (BodyProgress::Complete, "hello, world...".into()));
    assert_eq!(read(lines, b"5\r\nhel"), (BodyProgress::More, "hel".into()));
}

/// Checklist 20, 28: a broken chunk ends the reading; what came before is kept.
#[test]
fn a_broken_chunk_cuts_the_body() {
    let lines = "Transfer-Encoding: chunked\r\n";
    let zeroes = [b'0'; 17];
    let endless = [b"1;".as_slice(), &[b'x'; 300]].concat();
    let wrong: [&[u8]; 5] = [b"x\r\n", b"\r\n", b"-1\r\n", &zeroes, &endless];
    for bytes in wrong {
        let bytes = [b"2\r\nhi\r\n", bytes].concat();
        assert_eq!(read(lines, &bytes), (BodyProgress::Cut, "hi".into()), "{bytes:?}");
    }
    for bytes in ["2\r\nhi!", "2\r\nhi\rx"] {
        assert_eq!(read(lines, bytes.as_bytes()), (BodyProgress::Cut, "hi".into()));
    }
}

/// Checklist 20, 28: it keeps as much as it may, and stops there.
#[test]
fn a_body_beyond_the_limit_is_cut() {
    let bytes = [b'x'; 21];
    let chunked = [b"ffffffffffffffff\r\n".as_slice(), &bytes].concat();
    let kept = Bytes::from(vec![b'x'; 20]);
    for lines in ["", "Content-Length: 21\r\n", "Content-Length: 18446744073709551615\r\n"] {
        assert_eq!(read(lines, &bytes), (BodyProgress::Cut, kept.clone()), "{lines}");
    }
    assert_eq!(read("Transfer-Encoding: chunked\r\n", &chunked), (BodyProgress::Cut, kept.clone()));
    assert_eq!(read("Content-Length: 20\r\n", &bytes), (BodyProgress::Complete, kept));
}

/// RFC 9110 §6.4.1.
#[test]
fn some_statuses_have_no_body() {
    for status in ["204 No Content", "304 Not Modified"] {
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: 5\r\n\r\n");
        let reader = BodyReader::new(&response(&head), 20);
        assert_eq!(reader.progress(), BodyProgress::Complete, "{status}");
    }
}

proptest! {
    /// Checklist 20, 61: the same bytes give the same body, however they are cut.
    #[test]
    fn any_cut_of_a_body_gives_the_same_result(
        lines in prop::sample::select(vec!["", "Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n"]),
        text in "([0-9a-f]{1,2}(;x)?\r\n[a-z]{0,20}\r\n){0,4}[0a-z\r\n]{0,9}",
        size in 1..9_usize,
    ) {
        let mut pieces = reader(lines, 20);
        text.as_bytes().chunks(size).for_each(|piece| { pieces.receive(piece); });
        let expected = read(lines, text.as_bytes());
        prop_assert_eq!((pieces.progress(), pieces.into_bytes()), expected);
    }
}
