//! Requests that a server must refuse.

use super::words::{BAD, KEY, VERSION, bad, case, good};
use crate::{
    case::{
        Case,
        kinds::Level,
        opening::{Statuses, Wish},
    },
    wire::http::Head,
};

/// RFC 6455 §4.2.2, §4.4: what a server that does not speak the version must say.
const SPEAKS_13: Wish = Wish::Lists(VERSION, "13");

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    [first_lines(), fields(), keys(), versions()].concat()
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

#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
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
