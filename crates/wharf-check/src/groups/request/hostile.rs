//! What proxies and attackers send.

use super::words::{bad, case};
use crate::{
    case::{
        Case,
        build::{echo, expect_refusal, expect_text, text},
        kinds::{Effort, Level},
        opening::{Answer, Opening, Statuses},
    },
    wire::{http::Head, role::Role},
};

/// The cases.
#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
pub(super) fn cases() -> Vec<Case> {
    let smuggling = "Two readers of one head that disagree let a request hide in another";
    let odd = |name: &str, title: &str, head: Head| {
        let case = case(name, title)
            .rule("RFC 9112 §2.2, §5", &[45, 46], smuggling)
            .level(Level::Practice);
        bad(case, head, Statuses::ErrorOrEnd, &[])
    };
    let big = |name: &str, title: &str, head: Head| {
        let case = case(name, title)
            .rule(
                "RFC 6585 §5, RFC 9110 §15.5.15",
                &[45],
                "A head without a bound is memory without a bound",
            )
            .level(Level::Practice)
            .effort(Effort::Usual);
        bad(case, head, Statuses::ErrorOrEnd, &[])
    };
    let unmasked: Vec<u8> = text("early").bytes(Role::Client);
    vec![
        odd("nul-in-value", "a NUL in a value", Head::request().raw("X", b"X: a\0b")),
        odd(
            "bare-lf",
            "lines that end with a bare LF",
            Head::request().eol("\n").behind(b"\r\n\r\n"),
        ),
        odd("no-colon", "a header without a colon", Head::request().raw("X", b"Upgrade websocket")),
        odd(
            "space-before-colon",
            "space between a name and its colon",
            Head::request().raw("X", b"X-Odd : value"),
        ),
        odd(
            "folded",
            "a value that is folded over two lines",
            Head::request().raw("X", b"X-Folded: a\r\n b"),
        ),
        odd("cr-in-value", "a CR in a value", Head::request().raw("X", b"X-Odd: a\rb")),
        odd("bad-name", "a name with a space", Head::request().raw("X", b"X Odd: value")),
        odd(
            "both-lengths",
            "Content-Length and Transfer-Encoding",
            Head::request()
                .add("Content-Length", "5")
                .add("Transfer-Encoding", "chunked")
                .behind(b"0\r\n\r\n"),
        ),
        big(
            "thousand-headers",
            "a thousand headers",
            (0..1000).fold(Head::request(), |head, n| head.add(&format!("X-{n}"), "v")),
        ),
        big(
            "huge-header",
            "a header of 200,000 bytes",
            Head::request().add("X-Huge", &"x".repeat(200_000)),
        ),
        big(
            "huge-target",
            "a target of 100,000 bytes",
            Head::request().first(&format!("GET {{path}}?{} HTTP/1.1", "x".repeat(100_000))),
        ),
        case("frames-behind-the-head", "a message in the write of the request")
            .rule(
                "RFC 6455 §4.1, §4.2.2",
                &[47],
                "What stands behind the head is the first frame, not a request",
            )
            .level(Level::Practice)
            .tolerate()
            .opening(Opening::Request(
                Head::request().behind(&unmasked),
                Answer::Upgrade(Vec::new()),
            ))
            .script([expect_text("early")].into_iter().chain(echo("later"))),
        case("second-request-behind", "a second request in the write of the first")
            .rule(
                "RFC 6455 §4.2.2, §5.1",
                &[47],
                "After 101 there is no HTTP: a second request must not be answered",
            )
            .level(Level::Practice)
            .refuse()
            .opening(Opening::Request(
                Head::request().behind(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                Answer::Upgrade(Vec::new()),
            ))
            .script([expect_refusal(&[1002])]),
    ]
}
