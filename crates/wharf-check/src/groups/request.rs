//! What a server does with a request, and how it answers (RFC 6455 §4.2).

use crate::{
    case::{
        Case,
        build::{echo, expect_text, text},
        kinds::{Effort, Group, Level},
        opening::{Answer, Opening, Statuses, Wish},
    },
    wire::{http::Head, role::Role},
};

const KEY: &str = "Sec-WebSocket-Key";
const VERSION: &str = "Sec-WebSocket-Version";
const PROTOCOL: &str = "Sec-WebSocket-Protocol";
const EXTENSIONS: &str = "Sec-WebSocket-Extensions";

/// Statuses of a request that is wrong.
const BAD: Statuses = Statuses::Error;
/// RFC 6455 §4.2.2, §4.4: what a server that does not speak the version must say.
const SPEAKS_13: Wish = Wish::Lists(VERSION, "13");

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [answers(), spellings(), first_lines(), fields(), keys(), versions(), lists(), hostile()]
        .concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Request, name, title).only(Role::Server)
}

/// A request that must be taken, and an echo.
fn good(case: Case, head: Head, wishes: &[Wish]) -> Case {
    case.opening(Opening::Request(head, Answer::Upgrade(wishes.to_vec()))).script(echo("open"))
}

/// A request that must be refused.
fn bad(case: Case, head: Head, statuses: Statuses, wishes: &[Wish]) -> Case {
    case.refuse().opening(Opening::Request(head, Answer::Refusal(statuses, wishes.to_vec())))
}

fn answers() -> Vec<Case> {
    vec![
        good(
            case("upgrade", "a correct request, and every part of the answer").rule(
                "RFC 6455 §4.2.2",
                &[42],
                "A client has to refuse an answer that lacks a part",
            ),
            Head::request(),
            &[Wish::Is("Upgrade", "websocket"), Wish::Lists("Connection", "upgrade")],
        ),
        good(
            case("no-subprotocol-unasked", "a request without subprotocols").rule(
                "RFC 6455 §4.2.2",
                &[41],
                "A client fails on a subprotocol that it did not offer",
            ),
            Head::request(),
            &[Wish::Lacks(PROTOCOL)],
        ),
        good(
            case("unknown-subprotocol", "a subprotocol that no server speaks")
                .rule(
                    "RFC 6455 §4.2.2, §11.3.4",
                    &[41],
                    "Whoever picks a name it does not know speaks it badly",
                )
                .level(Level::Practice)
                .tolerate(),
            Head::request().add(PROTOCOL, "x-no-server-speaks-this.example"),
            &[Wish::Lacks(PROTOCOL)],
        ),
        good(
            case("no-extension-unasked", "a request without extensions").rule(
                "RFC 6455 §9.1",
                &[42],
                "A client fails on an extension that it did not offer",
            ),
            Head::request(),
            &[Wish::Lacks(EXTENSIONS)],
        ),
        good(
            case("unknown-extension", "an extension that no server knows").rule(
                "RFC 6455 §9.1",
                &[42],
                "What a server does not know it leaves out",
            ),
            Head::request().add(EXTENSIONS, "x-no-server-knows-this; a=1; b"),
            &[Wish::Lacks(EXTENSIONS)],
        ),
        good(
            case("no-body-in-101", "an answer that announces no body").rule(
                "RFC 9110 §8.6",
                &[42],
                "A length in a 101 makes some clients wait for a body",
            ),
            Head::request(),
            &[Wish::Lacks("Content-Length"), Wish::Lacks("Transfer-Encoding")],
        ),
    ]
}

/// What differs from browser to browser, and is right.
fn spellings() -> Vec<Case> {
    const WHY: &str =
        "Names and tokens of HTTP have no case, and lists may be written in many ways";
    let rule = |name: &str, title: &str, items: &[u8]| {
        case(name, title).rule("RFC 6455 §4.2.1, RFC 9110 §5", items, WHY)
    };
    vec![
        good(
            rule("names-in-lower-case", "names of headers in lower case", &[33, 34]),
            Head::new("GET {path} HTTP/1.1")
                .add("host", "{host}")
                .add("upgrade", "websocket")
                .add("connection", "upgrade")
                .add("sec-websocket-key", "{key}")
                .add("sec-websocket-version", "13"),
            &[],
        ),
        good(
            rule("names-in-upper-case", "names of headers in upper case", &[33, 34]),
            Head::new("GET {path} HTTP/1.1")
                .add("HOST", "{host}")
                .add("UPGRADE", "websocket")
                .add("CONNECTION", "Upgrade")
                .add("SEC-WEBSOCKET-KEY", "{key}")
                .add("SEC-WEBSOCKET-VERSION", "13"),
            &[],
        ),
        good(
            rule("upgrade-mixed-case", "`Upgrade: WebSocket`", &[33]),
            Head::request().set("Upgrade", "WebSocket"),
            &[],
        ),
        good(
            rule("connection-mixed-case", "`Connection: UPGRADE`", &[34]),
            Head::request().set("Connection", "UPGRADE"),
            &[],
        ),
        good(
            rule("connection-list", "`Connection: keep-alive, Upgrade`, as Firefox has it", &[34]),
            Head::request().set("Connection", "keep-alive, Upgrade"),
            &[],
        ),
        good(
            rule("connection-lines", "`Connection` in two lines", &[34]),
            Head::request().set("Connection", "keep-alive").add("Connection", "Upgrade"),
            &[],
        ),
        good(
            rule("connection-odd-list", "`Connection` with empty members and odd space", &[34]),
            Head::request().set("Connection", ", keep-alive ,,\tUpgrade ,"),
            &[],
        ),
        good(
            rule("no-space-behind-colon", "values right behind the colon", &[33, 34]),
            Head::new("GET {path} HTTP/1.1")
                .raw("Host", b"Host:{host}")
                .raw("Upgrade", b"Upgrade:websocket")
                .raw("Connection", b"Connection:Upgrade")
                .raw(KEY, b"Sec-WebSocket-Key:{key}")
                .raw(VERSION, b"Sec-WebSocket-Version:13"),
            &[],
        ),
        good(
            rule("space-around-values", "space and tabs around values", &[33, 35]),
            Head::request().set(KEY, "  {key} \t").set("Upgrade", "\twebsocket "),
            &[],
        ),
        good(
            rule("shuffled", "headers in another order", &[33]),
            Head::new("GET {path} HTTP/1.1")
                .add(VERSION, "13")
                .add(KEY, "{key}")
                .add("Connection", "Upgrade")
                .add("Upgrade", "websocket")
                .add("Host", "{host}"),
            &[],
        ),
        good(
            rule("upgrade-list", "`Upgrade` lists another protocol, too", &[33]).tolerate(),
            Head::request().set("Upgrade", "h2c, websocket"),
            &[Wish::Is("Upgrade", "websocket")],
        ),
        good(
            rule("unknown-headers", "twenty headers that nobody knows", &[33]),
            (0..20).fold(Head::request(), |head, n| head.add(&format!("X-Unknown-{n}"), "value")),
            &[],
        ),
        good(
            case("long-header", "a cookie of 4,000 bytes")
                .rule("RFC 9110 §5.4", &[45], "Cookies of this size are common")
                .level(Level::Practice)
                .tolerate(),
            Head::request().add("Cookie", &format!("a={}", "x".repeat(4000))),
            &[],
        ),
        good(
            case("query", "a target with a query")
                .rule("RFC 6455 §3", &[3], "The resource is the path with its query")
                .tolerate(),
            Head::request().first("GET {path}?wharf=check%20it HTTP/1.1"),
            &[],
        ),
        good(
            case("absolute-target", "a target that is a whole URL")
                .rule(
                    "RFC 6455 §4.2.1, RFC 9112 §3.2.2",
                    &[31],
                    "A server must accept the absolute form",
                )
                .tolerate(),
            Head::request().first("GET http://{host}{path} HTTP/1.1"),
            &[],
        ),
    ]
}

fn first_lines() -> Vec<Case> {
    const WHY: &str =
        "An upgrade is a GET of HTTP/1.1; anything else is another protocol's business";
    let rule = |name: &str, title: &str| case(name, title).rule("RFC 6455 §4.2.1(1)", &[31], WHY);
    let mut cases: Vec<Case> = ["POST", "HEAD", "PUT", "OPTIONS", "get"]
        .map(|method| {
            let title = format!("the method {method}");
            let name = if method == "get" {
                "method-in-lower-case".to_owned()
            } else {
                format!("method-{}", method.to_ascii_lowercase())
            };
            let head = Head::request().first(&format!("{method} {{path}} HTTP/1.1"));
            bad(rule(&name, &title), head, BAD, &[])
        })
        .into();
    cases.push(bad(
        rule("http-1.0", "HTTP/1.0"),
        Head::request().first("GET {path} HTTP/1.0"),
        BAD,
        &[],
    ));
    for (name, line) in [
        ("http-0.9", "GET {path}"),
        ("http-2.0", "GET {path} HTTP/2.0"),
        ("version-unknown", "GET {path} HTTP/1.1x"),
        ("two-spaces", "GET  {path} HTTP/1.1"),
        ("no-http", "\u{16}\u{3}\u{1}\u{2}"),
    ] {
        let case = rule(name, &format!("the first line {:?}", line.replace("{path}", "/…")));
        let case = case.level(Level::Practice);
        cases.push(bad(case, Head::request().first(line), Statuses::ErrorOrEnd, &[]));
    }
    cases
}

fn fields() -> Vec<Case> {
    let rule = |name: &str, title: &str, section, items: &[u8], why| {
        case(name, title).rule(section, items, why)
    };
    let host =
        "Without one Host nobody knows which site is meant, and proxies and servers may differ";
    let upgrade = "A request that does not ask for an upgrade must not get one";
    vec![
        bad(
            rule("host-missing", "no Host", "RFC 6455 §4.2.1(2), RFC 9112 §3.2", &[32], host),
            Head::request().without("Host"),
            BAD,
            &[],
        ),
        bad(
            rule("host-twice", "Host in two lines", "RFC 9112 §3.2", &[32], host),
            Head::request().add("Host", "attacker.example"),
            BAD,
            &[],
        ),
        bad(
            rule("host-twice-same", "the same Host in two lines", "RFC 9112 §3.2", &[32], host),
            Head::request().add("Host", "{host}"),
            BAD,
            &[],
        ),
        bad(
            rule("host-malformed", "a Host that is no host", "RFC 9112 §3.2", &[32], host),
            Head::request().set("Host", "a b/c@d"),
            BAD,
            &[],
        ),
        bad(
            rule("upgrade-missing", "no Upgrade", "RFC 6455 §4.2.1(3)", &[33], upgrade),
            Head::request().without("Upgrade"),
            Statuses::ErrorOrEnd,
            &[],
        ),
        bad(
            rule("upgrade-other", "`Upgrade: h2c`", "RFC 6455 §4.2.1(3)", &[33], upgrade),
            Head::request().set("Upgrade", "h2c"),
            Statuses::ErrorOrEnd,
            &[],
        ),
        bad(
            rule("upgrade-prefix", "`Upgrade: websockets`", "RFC 6455 §4.2.1(3)", &[33], upgrade),
            Head::request().set("Upgrade", "websockets"),
            Statuses::ErrorOrEnd,
            &[],
        ),
        bad(
            rule("connection-missing", "no Connection", "RFC 6455 §4.2.1(4)", &[34], upgrade),
            Head::request().without("Connection"),
            Statuses::ErrorOrEnd,
            &[],
        ),
        bad(
            rule(
                "connection-other",
                "`Connection: keep-alive`",
                "RFC 6455 §4.2.1(4)",
                &[34],
                upgrade,
            ),
            Head::request().set("Connection", "keep-alive"),
            Statuses::ErrorOrEnd,
            &[],
        ),
        bad(
            rule(
                "connection-part-of-word",
                "`Connection: no-upgrade`",
                "RFC 6455 §4.2.1(4)",
                &[34],
                upgrade,
            ),
            Head::request().set("Connection", "no-upgrade"),
            Statuses::ErrorOrEnd,
            &[],
        ),
        bad(
            case("body", "a request with a body of five bytes")
                .rule(
                    "RFC 6455 §4.2.1, RFC 9110 §9.3.1",
                    &[46],
                    "Bytes that are a body to one and frames to another get requests smuggled",
                )
                .level(Level::Practice),
            Head::request().add("Content-Length", "5").behind(b"Hello"),
            BAD,
            &[],
        ),
        bad(
            case("chunked-body", "a request with a chunked body")
                .rule(
                    "RFC 6455 §4.2.1, RFC 9110 §9.3.1",
                    &[46],
                    "Bytes that are a body to one and frames to another get requests smuggled",
                )
                .level(Level::Practice),
            Head::request().add("Transfer-Encoding", "chunked").behind(b"0\r\n\r\n"),
            BAD,
            &[],
        ),
    ]
}

fn keys() -> Vec<Case> {
    let why =
        "A key that is not 16 bytes in base64 comes from something that is no WebSocket client";
    let rule = |name: &str, title: &str| case(name, title).rule("RFC 6455 §4.2.1(5)", &[35], why);
    let mut cases = vec![
        bad(rule("key-missing", "no Sec-WebSocket-Key"), Head::request().without(KEY), BAD, &[]),
        bad(
            case("key-twice", "two Sec-WebSocket-Key").rule(
                "RFC 6455 §11.3.1",
                &[35],
                "The header must not come more than once",
            ),
            Head::request().add(KEY, "AQIDBAUGBwgJCgsMDQ4PEA=="),
            BAD,
            &[],
        ),
        good(
            case(
                "key-of-the-rfc",
                "the key AQIDBAUGBwgJCgsMDQ4PEC==, whose last bits are not zero",
            )
            .rule("RFC 6455 §4.1(7)", &[36], "The RFC itself has this key as its example")
            .level(Level::Practice)
            .tolerate(),
            Head::request().set(KEY, "AQIDBAUGBwgJCgsMDQ4PEC=="),
            &[],
        ),
    ];
    for (name, key) in [
        ("key-empty", ""),
        ("key-short", "c2hvcnQ="),
        ("key-15-bytes", "AQIDBAUGBwgJCgsMDQ4P"),
        ("key-17-bytes", "AQIDBAUGBwgJCgsMDQ4PEBE="),
        ("key-unpadded", "AQIDBAUGBwgJCgsMDQ4PEA"),
        ("key-alphabet", "AQIDBAUGBwgJCgsMDQ4P*A=="),
        ("key-url-alphabet", "__-DBAUGBwgJCgsMDQ4PEA=="),
        ("key-inner-space", "AQIDBAUGBwgJ CgsMDQ4PA=="),
    ] {
        cases.push(bad(
            rule(name, &format!("the key {key:?}")),
            Head::request().set(KEY, key),
            BAD,
            &[],
        ));
    }
    cases
}

fn versions() -> Vec<Case> {
    let why = "A server that does not speak a version refuses, and says which it speaks";
    let rule =
        |name: &str, title: &str| case(name, title).rule("RFC 6455 §4.2.2, §4.4", &[37], why);
    let mut cases = vec![
        bad(
            rule("version-missing", "no Sec-WebSocket-Version"),
            Head::request().without(VERSION),
            BAD,
            &[],
        ),
        bad(
            rule("version-twice", "two lines of Sec-WebSocket-Version"),
            Head::request().add(VERSION, "8"),
            BAD,
            &[],
        ),
    ];
    for version in ["0", "7", "8", "14", "25", "255"] {
        let case = rule(&format!("version-{version}"), &format!("version {version}"));
        cases.push(bad(case, Head::request().set(VERSION, version), BAD, &[SPEAKS_13]));
    }
    for (name, version) in [
        ("version-list", "13, 8"),
        ("version-leading-zero", "013"),
        ("version-plus", "+13"),
        ("version-decimal", "13.0"),
        ("version-word", "thirteen"),
        ("version-1300", "1300"),
    ] {
        let case = rule(name, &format!("version {version:?}"));
        cases.push(bad(case, Head::request().set(VERSION, version), BAD, &[]));
    }
    cases
}

fn lists() -> Vec<Case> {
    let why = "What cannot be parsed cannot be answered, and parsers have crashed on it";
    let rule =
        |name: &str, title: &str| case(name, title).rule("RFC 6455 §9.1, §11.3.2", &[43], why);
    let mut cases = Vec::new();
    for (name, value) in [
        ("extension-no-name", "; a=1"),
        ("extension-bad-name", "per message deflate"),
        ("extension-no-param", "permessage-deflate;"),
        ("extension-no-value", "permessage-deflate; server_max_window_bits="),
        ("extension-open-quote", "permessage-deflate; server_max_window_bits=\"10"),
        ("extension-quoted-no-token", "permessage-deflate; server_max_window_bits=\"1 0\""),
        ("extension-separators", "permessage-deflate; a=b=c"),
    ] {
        let case = rule(name, &format!("the extensions {value:?}"));
        let head = Head::request().add(EXTENSIONS, value);
        cases.push(bad(case, head, BAD, &[]));
    }
    for (name, value) in [
        ("subprotocol-bad-token", "chat room"),
        ("subprotocol-quoted", "\"chat\""),
        ("subprotocol-twice", "chat, chat"),
    ] {
        let case = case(name, &format!("the subprotocols {value:?}")).rule(
            "RFC 6455 §4.1(10)",
            &[43],
            why,
        );
        let head = Head::request().add(PROTOCOL, value);
        cases.push(bad(case, head, BAD, &[]));
    }
    cases.push(
        case("prototype-extensions", "extensions that are names of JavaScript's prototypes")
            .rule(
                "RFC 6455 §9.1",
                &[43],
                "A header of names like `constructor` crashed servers once",
            )
            .level(Level::Practice)
            .opening(Opening::Request(
                Head::request().add(EXTENSIONS, "constructor, __proto__; toString, hasOwnProperty"),
                Answer::Any,
            ))
            .script(echo("alive")),
    );
    cases
}

/// What proxies and attackers send.
fn hostile() -> Vec<Case> {
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
            .script([crate::case::build::expect_refusal(&[1002])]),
    ]
}
