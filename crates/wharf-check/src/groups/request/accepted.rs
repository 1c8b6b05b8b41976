//! Requests that a server must take.

use super::words::{EXTENSIONS, KEY, PROTOCOL, VERSION, case, good};
use crate::{
    case::{Case, kinds::Level, opening::Wish},
    wire::http::Head,
};

/// The cases.
pub(super) fn cases() -> Vec<Case> {
    [answers(), spellings()].concat()
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
#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
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
            rule(
                "connection-lines-turned",
                "`Connection` in two lines, the first of which counts",
                &[34],
            ),
            Head::request().add("Connection", "keep-alive"),
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
