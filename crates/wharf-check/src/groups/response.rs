//! What a client sends as a request, and what it does with a response (RFC 6455 §4.1).

use crate::{
    case::{
        Case,
        build::{echo, expect_text, text},
        census::Census,
        kinds::{Group, Level},
        opening::{Entry, Opening, Trait},
    },
    wire::{http::Head, role::Role},
};

const ACCEPT: &str = "Sec-WebSocket-Accept";
const PROTOCOL: &str = "Sec-WebSocket-Protocol";

/// Statuses that are no upgrade.
const STATUSES: [(u16, &str); 12] = [
    (200, "OK"),
    (204, "No Content"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (307, "Temporary Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (426, "Upgrade Required"),
    (500, "Internal Server Error"),
    (503, "Service Unavailable"),
];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [requests(), good(), statuses(), bad(), accepts(), odd()].concat()
}

fn case(name: &str, title: impl Into<String>) -> Case {
    Case::new(Group::Response, name, title).only(Role::Client)
}

/// A response that makes the connection open.
fn opens(case: Case, head: Head) -> Case {
    case.opening(Opening::Response(head, Entry::Open)).script(echo("open"))
}

/// A response that does not.
fn fails(case: Case, head: Head) -> Case {
    case.refuse().opening(Opening::Response(head, Entry::Refused))
}

#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
fn requests() -> Vec<Case> {
    let rule = |name: &str, title: &str, section, items: &[u8], wanted: Trait| {
        case(name, title)
            .rule(section, items, "A strict server refuses a request that lacks it")
            .traits(&[wanted])
            .script(echo("open"))
    };
    vec![
        rule(
            "request-line",
            "the request is a GET of HTTP/1.1",
            "RFC 6455 §4.1(2)",
            &[11],
            Trait::RequestLine,
        ),
        rule(
            "request-target",
            "the request names path and query of the URL",
            "RFC 6455 §3, §4.1(3)",
            &[3],
            Trait::Target,
        ),
        rule(
            "request-host",
            "Host is there once, with the port",
            "RFC 6455 §4.1(4)",
            &[4],
            Trait::Host,
        ),
        rule(
            "request-upgrade",
            "Upgrade and Connection ask for websocket",
            "RFC 6455 §4.1(5, 6)",
            &[12],
            Trait::Upgrade,
        ),
        rule(
            "request-key",
            "Sec-WebSocket-Key is there once, 16 bytes in base64",
            "RFC 6455 §4.1(7)",
            &[13],
            Trait::Key,
        ),
        rule(
            "request-version",
            "Sec-WebSocket-Version is 13, once",
            "RFC 6455 §4.1(9)",
            &[14],
            Trait::Version,
        ),
        rule(
            "request-subprotocols",
            "the subprotocols offered, if any, are tokens and differ",
            "RFC 6455 §4.1(10)",
            &[15],
            Trait::Subprotocols,
        ),
        rule(
            "request-extensions",
            "the extensions offered, if any, follow the grammar",
            "RFC 6455 §9.1",
            &[16],
            Trait::Extensions,
        ),
        rule(
            "request-nothing-behind",
            "nothing is sent behind the request before the answer",
            "RFC 6455 §4.1",
            &[19],
            Trait::NothingBehind,
        ),
        rule(
            "request-no-body",
            "the request announces no body",
            "RFC 6455 §4.1, RFC 9110 §9.3.1",
            &[11],
            Trait::NoBody,
        ),
        case("request-keys-fresh", "no key was sent before")
            .rule("RFC 6455 §4.1(7)", &[13], "An answer to an old key could come from a cache")
            .script(echo("open"))
            .census(Census::FreshHandshakeKeys),
    ]
}

#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
fn good() -> Vec<Case> {
    let rule = |name: &str, title: &str, items: &[u8]| {
        case(name, title).rule(
            "RFC 6455 §4.1, RFC 9110 §5",
            items,
            "Names and tokens of HTTP have no case, and lists may be written in many ways",
        )
    };
    let lower = Head::new("HTTP/1.1 101 Switching Protocols")
        .add("upgrade", "websocket")
        .add("connection", "upgrade")
        .add("sec-websocket-accept", "{accept}");
    let bytes = text("early").bytes(Role::Server);
    let two: Vec<u8> =
        [text("one"), text("two")].iter().flat_map(|frame| frame.bytes(Role::Server)).collect();
    vec![
        opens(rule("plain", "a correct answer", &[22, 23, 24]), Head::upgrade()),
        opens(rule("names-in-lower-case", "names of headers in lower case", &[22, 23]), lower),
        opens(
            rule("upgrade-mixed-case", "`Upgrade: WebSocket`", &[22]),
            Head::upgrade().set("Upgrade", "WebSocket"),
        ),
        opens(
            rule("connection-mixed-case", "`Connection: UPGRADE`", &[23]),
            Head::upgrade().set("Connection", "UPGRADE"),
        ),
        opens(
            rule("connection-list", "`Connection: keep-alive, Upgrade`", &[23]),
            Head::upgrade().set("Connection", "keep-alive, Upgrade"),
        ),
        opens(
            rule("connection-lines", "Connection in two lines", &[23]),
            Head::upgrade().set("Connection", "keep-alive").add("Connection", "Upgrade"),
        ),
        opens(
            rule(
                "connection-lines-turned",
                "Connection in two lines, the first of which counts",
                &[23],
            ),
            Head::upgrade().add("Connection", "keep-alive"),
        ),
        opens(
            rule("space-around-accept", "space around the answer to the key", &[24]),
            Head::upgrade().set(ACCEPT, "  {accept} \t"),
        ),
        opens(
            rule("no-space-behind-colon", "values right behind the colon", &[24]),
            Head::new("HTTP/1.1 101 Switching Protocols")
                .raw("U", b"Upgrade:websocket")
                .raw("C", b"Connection:Upgrade")
                .raw("A", b"Sec-WebSocket-Accept:{accept}"),
        ),
        opens(
            rule("other-reason", "another reason phrase", &[20]),
            Head::upgrade().first("HTTP/1.1 101 Web Socket Protocol Handshake"),
        ),
        opens(
            rule("empty-reason", "an empty reason phrase", &[20]),
            Head::upgrade().first("HTTP/1.1 101 "),
        ),
        opens(
            rule("more-headers", "headers that nobody knows", &[24]),
            Head::upgrade()
                .add("Server", "x")
                .add("X-Unknown", "a, b; c=\"d\"")
                .add("Date", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ),
        opens(
            rule("by-octets", "an answer octet by octet", &[29]),
            Head::upgrade().in_writes_of(1),
        ),
        case("frame-behind-head", "a message in the write of the answer")
            .rule("RFC 6455 §4.1, §5", &[29], "What stands behind the head is the first frame")
            .opening(Opening::Response(Head::upgrade().behind(&bytes), Entry::Open))
            .script([expect_text("early")].into_iter().chain(echo("later"))),
        case("frames-behind-head", "two messages in the write of the answer")
            .rule("RFC 6455 §4.1, §5", &[29], "What stands behind the head are the first frames")
            .opening(Opening::Response(Head::upgrade().behind(&two), Entry::Open))
            .script([expect_text("one"), expect_text("two")]),
        case("frame-behind-head-cut", "a message behind the answer, cut anywhere")
            .rule(
                "RFC 6455 §4.1, §5",
                &[29],
                "A write may end inside the head and inside the first frame",
            )
            .opening(Opening::Response(Head::upgrade().behind(&bytes).in_writes_of(5), Entry::Open))
            .script([expect_text("early")]),
    ]
}

fn statuses() -> Vec<Case> {
    STATUSES
        .iter()
        .map(|&(status, reason)| {
            let case = case(
                &format!("status-{status}"),
                format!("the right headers, but the status {status}"),
            )
            .rule("RFC 6455 §4.1(1)", &[20, 21], "Only 101 is an upgrade");
            let head = Head::upgrade().first(&format!("HTTP/1.1 {status} {reason}"));
            let head = if status == 204 { head } else { head.add("Content-Length", "0") };
            let head =
                if (300..400).contains(&status) { head.add("Location", "/moved") } else { head };
            fails(case, head.add("Connection", "close"))
        })
        .collect()
}

#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
fn bad() -> Vec<Case> {
    let upgrade = "Without it the server did not agree to speak WebSocket";
    let rule = |name: &str, title: &str, section, items: &[u8], why| {
        fails_case(name, title, section, items, why)
    };
    vec![
        fails(
            rule("upgrade-missing", "no Upgrade", "RFC 6455 §4.1(2)", &[22], upgrade),
            Head::upgrade().without("Upgrade"),
        ),
        fails(
            rule("upgrade-other", "`Upgrade: h2c`", "RFC 6455 §4.1(2)", &[22], upgrade),
            Head::upgrade().set("Upgrade", "h2c"),
        ),
        fails(
            rule("upgrade-prefix", "`Upgrade: websockets`", "RFC 6455 §4.1(2)", &[22], upgrade),
            Head::upgrade().set("Upgrade", "websockets"),
        ),
        fails(
            rule("upgrade-empty", "an empty Upgrade", "RFC 6455 §4.1(2)", &[22], upgrade),
            Head::upgrade().set("Upgrade", ""),
        ),
        fails(
            rule("connection-missing", "no Connection", "RFC 6455 §4.1(3)", &[23], upgrade),
            Head::upgrade().without("Connection"),
        ),
        fails(
            rule("connection-other", "`Connection: close`", "RFC 6455 §4.1(3)", &[23], upgrade),
            Head::upgrade().set("Connection", "close"),
        ),
        fails(
            rule(
                "connection-part-of-word",
                "`Connection: no-upgrade`",
                "RFC 6455 §4.1(3)",
                &[23],
                upgrade,
            ),
            Head::upgrade().set("Connection", "no-upgrade"),
        ),
        fails(
            rule(
                "extension-unoffered",
                "an extension that was not offered",
                "RFC 6455 §4.1(5)",
                &[25],
                "What the client does not know it cannot speak",
            ),
            Head::upgrade().add("Sec-WebSocket-Extensions", "x-unoffered"),
        ),
        fails(
            rule(
                "subprotocol-unoffered",
                "a subprotocol that was not offered",
                "RFC 6455 §4.1(6)",
                &[26],
                "The server speaks what the client did not ask for",
            ),
            Head::upgrade().add(PROTOCOL, "x-unoffered"),
        ),
        fails(
            rule(
                "subprotocol-empty",
                "an empty subprotocol",
                "RFC 6455 §4.1(6), §11.3.4",
                &[26],
                "An empty name was not offered",
            )
            .level(Level::Practice),
            Head::upgrade().add(PROTOCOL, ""),
        ),
        fails(
            rule(
                "subprotocol-list",
                "two subprotocols",
                "RFC 6455 §11.3.4",
                &[26],
                "The server has to choose one",
            ),
            Head::upgrade().add(PROTOCOL, "x-a, x-b"),
        ),
        fails(
            rule(
                "subprotocol-twice",
                "two lines of Sec-WebSocket-Protocol",
                "RFC 6455 §11.3.4",
                &[26],
                "The header must not come more than once",
            ),
            Head::upgrade().add(PROTOCOL, "x-a").add(PROTOCOL, "x-b"),
        ),
    ]
}

fn fails_case(
    name: &str,
    title: &str,
    section: &'static str,
    items: &[u8],
    why: &'static str,
) -> Case {
    case(name, title).rule(section, items, why)
}

fn accepts() -> Vec<Case> {
    let why = "Only the right answer shows that the server read the key, and is no cache and no other protocol";
    let rule = |name: &str, title: &str| fails_case(name, title, "RFC 6455 §4.1(4)", &[24], why);
    vec![
        fails(rule("accept-missing", "no Sec-WebSocket-Accept"), Head::upgrade().without(ACCEPT)),
        fails(
            rule("accept-empty", "an empty Sec-WebSocket-Accept"),
            Head::upgrade().set(ACCEPT, ""),
        ),
        fails(
            rule("accept-of-another-key", "the answer to another key"),
            Head::upgrade().set(ACCEPT, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ),
        fails(
            rule("accept-is-the-key", "the key instead of its answer"),
            Head::upgrade().set(ACCEPT, "{key}"),
        ),
        fails(
            rule("accept-other-case", "the answer in capitals"),
            Head::upgrade().set(ACCEPT, "{ACCEPT}"),
        ),
        fails(
            rule("accept-and-more", "the answer with a letter behind it"),
            Head::upgrade().set(ACCEPT, "{accept}x"),
        ),
        fails(
            rule("accept-quoted", "the answer in quotes"),
            Head::upgrade().set(ACCEPT, "\"{accept}\""),
        ),
        fails(
            rule("accept-twice", "the answer, and another one").level(Level::Practice),
            Head::upgrade().add(ACCEPT, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ),
    ]
}

/// Heads that two readers would read differently.
fn odd() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        fails_case(
            name,
            title,
            "RFC 9112 §4, §5",
            &[28, 30],
            "Two readers of one head that disagree let a response hide in another",
        )
        .level(Level::Practice)
    };
    let filler = (0..20_000).fold(Head::upgrade(), |head, n| head.add(&format!("X-{n}"), "v"));
    vec![
        fails(
            rule("content-length", "a 101 that announces a body"),
            Head::upgrade().add("Content-Length", "5"),
        ),
        fails(
            rule("transfer-encoding", "a 101 with a chunked body"),
            Head::upgrade().add("Transfer-Encoding", "chunked"),
        ),
        fails(
            rule("folded", "a value that is folded over two lines"),
            Head::upgrade().raw("X", b"X-Folded: a\r\n b"),
        ),
        fails(
            rule("bare-lf", "lines that end with a bare LF"),
            Head::upgrade().eol("\n").behind(b"\r\n\r\n"),
        ),
        fails(rule("no-colon", "a header without a colon"), Head::upgrade().raw("X", b"no colon")),
        fails(rule("nul-in-value", "a NUL in a value"), Head::upgrade().raw("X", b"X: a\0b")),
        fails(
            rule("space-before-colon", "space between a name and its colon"),
            Head::upgrade().raw("X", b"X-Odd : value"),
        ),
        fails(rule("cr-in-value", "a CR in a value"), Head::upgrade().raw("X", b"X-Odd: a\rb")),
        fails(rule("no-http", "an answer that is no HTTP"), Head::new("\u{16}\u{3}\u{1}\u{2}")),
        fails(
            rule("http-1.0", "101 of HTTP/1.0"),
            Head::upgrade().first("HTTP/1.0 101 Switching Protocols"),
        ),
        fails(
            rule("status-of-two-digits", "a status of two digits"),
            Head::upgrade().first("HTTP/1.1 10 Switching Protocols"),
        ),
        fails(
            rule("huge-header", "a header of 500,000 bytes"),
            Head::upgrade().add("X-Huge", &"x".repeat(500_000)),
        ),
        fails(rule("many-headers", "20,000 headers"), filler),
    ]
}
