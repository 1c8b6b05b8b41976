//! Bounds, bombs and floods (RFC 6455 §10.4).

use crate::{
    case::{
        Case,
        build::{
            binary, continuation, echo, expect_refusal, ping, send, send_all, send_bytes, text,
        },
        kinds::{Effort, Group, Level},
        opening::{Answer, Entry, Opening, Statuses},
        step::{Chunk, Step},
    },
    wire::{
        deflate::Compressor,
        frame::{Length, RSV1},
        http::Head,
        payload::Payload,
        role::Role,
    },
};

/// Why lengths matter.
const CLAIM: &str = "A length that a peer announces must not be waited for, nor reserved";
/// Why sums matter.
const SUM: &str = "A message in many frames costs as much as one in a single frame";
/// Codes for what is too big: 1009, or 1008 for a policy.
const TOO_BIG: [u16; 2] = [1009, 1008];
/// Messages of 64 KiB: 96 MiB are more than the buffers of TCP in both directions.
const UNREAD: usize = 1536;
/// More than any peer of the field admits unasked.
const MEBIBYTES: usize = 144;
/// More fragments than any message has that an honest peer sends.
const FRAGMENTS: usize = 100_000;

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [claims(), sums(), bombs(), requests(), answers()].concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Limits, name, title)
}

fn claims() -> Vec<Case> {
    let claimed = |length: u64| Length::Claimed(length);
    let rule = |name: &str, title: &str| {
        case(name, title).rule("RFC 6455 §10.4", &[59, 60], CLAIM).refuse()
    };
    let sum = u64::MAX >> 1;
    vec![
        rule("claims-an-exbibyte", "a frame that announces 2^60 bytes and brings none")
            .script([send(binary("").length(claimed(1 << 60))), expect_refusal(&TOO_BIG)]),
        rule("claims-most", "a frame that announces 2^63 - 1 bytes and brings none")
            .script([send(binary("").length(claimed(sum))), expect_refusal(&TOO_BIG)]),
        rule("claims-text", "a text frame that announces a gibibyte and brings \"Hello\"")
            .script([send(text("Hello").length(claimed(1 << 30))), expect_refusal(&TOO_BIG)]),
        rule("sum-overflows", "a fragment of 8 bytes, and one that announces 2^63 - 1")
            .rule("RFC 6455 §10.4", &[58, 59], "A sum that wraps around is below every limit")
            .script([
                send_all([binary("fragment").unfinished(), continuation("").length(claimed(sum))]),
                expect_refusal(&TOO_BIG),
            ]),
        rule("claims-in-fragment", "a continuation that announces a gibibyte").script([
            send_all([
                binary("fragment").unfinished(),
                continuation("x").unfinished().length(claimed(1 << 30)),
            ]),
            expect_refusal(&TOO_BIG),
        ]),
    ]
}

fn sums() -> Vec<Case> {
    let many = |size: usize| {
        let more = continuation(Payload::stars(size)).unfinished();
        [
            send_all([Chunk::Frame(binary("").unfinished()), Chunk::Many(more, FRAGMENTS)]),
            expect_refusal(&TOO_BIG),
        ]
    };
    let mebibyte = || continuation(Payload::stars(1 << 20)).unfinished();
    let endless: Vec<Step> = std::iter::once(send(binary("").unfinished()))
        .chain((0..MEBIBYTES).map(|_| send(mebibyte())))
        .collect();
    let pings = (0..100).map(|number: u32| ping(&number.to_be_bytes()));
    vec![
        case("many-empty-fragments", "a message of 100,000 empty fragments, and no end")
            .rule(
                "RFC 6455 §10.4",
                &[59, 64, 143],
                "Fragments without payload cost time and memory, too",
            )
            .level(Level::Practice)
            .refuse()
            .script(many(0)),
        case("many-small-fragments", "a message of 100,000 fragments of one byte, and no end")
            .rule(
                "RFC 6455 §10.4",
                &[59],
                "What is kept of each fragment may weigh more than its payload",
            )
            .level(Level::Practice)
            .refuse()
            .script(many(1)),
        case("endless-message", "fragments of a mebibyte, 144 of them, and no end")
            .rule("RFC 6455 §10.4", &[59], SUM)
            .effort(Effort::Big)
            .refuse()
            .script([endless, vec![expect_refusal(&TOO_BIG)]].concat()),
        case("pings-unread", "100 Pings in one write, then a message")
            .rule(
                "RFC 6455 §5.5.3",
                &[74, 143],
                "Pongs may be left out, but nothing may be lost for them",
            )
            .level(Level::Practice)
            .tolerate()
            .script([vec![send_all(pings)], echo("after the Pings").to_vec()].concat()),
    ]
}

/// So many mebibytes of zeros: one that is compressed, again and again. None refers to what stands before it.
fn bomb(mebibytes: usize) -> Vec<u8> {
    let mut packed = Compressor::new(15).message(&vec![0; 1 << 20]);
    packed.extend([0, 0, 0xff, 0xff]);
    let mut bomb = packed.repeat(mebibytes);
    bomb.push(0);
    bomb
}

fn bombs() -> Vec<Case> {
    const WHY: &str = "A kilobyte inflates to a megabyte: the limit is for what comes out";
    const OFFER: &str = "permessage-deflate; client_max_window_bits";
    let rule = |name: &str, title: &str| {
        case(name, title).rule("RFC 6455 §10.4", &[118, 59], WHY).refuse().deflate(
            OFFER,
            "permessage-deflate",
            &[],
        )
    };
    let packed = bomb(MEBIBYTES);
    let third = packed.len() / 3;
    vec![
        rule("bomb", "144 MiB of zeros in 150 KiB")
            .script([send(binary(packed.clone()).reserved(RSV1)), expect_refusal(&TOO_BIG)]),
        rule("bomb-in-fragments", "144 MiB of zeros in three fragments").script([
            send_all([
                binary(&packed[..third]).reserved(RSV1).unfinished(),
                continuation(&packed[third..2 * third]).unfinished(),
                continuation(&packed[2 * third..]),
            ]),
            expect_refusal(&TOO_BIG),
        ]),
    ]
}

/// Requests that are too long, and one that is only long.
fn requests() -> Vec<Case> {
    const WHY: &str = "A head has to be held until it ends";
    let refused = |name: &str, title: &str, head: Head| {
        case(name, title)
            .rule("RFC 9110 §15.5.15, RFC 6585 §5", &[45], WHY)
            .level(Level::Practice)
            .only(Role::Server)
            .refuse()
            .opening(Opening::Request(head, Answer::Refusal(Statuses::ErrorOrEnd, Vec::new())))
    };
    let headers = |count: usize| {
        (0..count).fold(Head::new("GET {path} HTTP/1.1"), |head, number| {
            head.add(&format!("X-{number}"), "x")
        })
    };
    let rest = |head: Head| {
        head.add("Host", "{host}")
            .add("Upgrade", "websocket")
            .add("Connection", "Upgrade")
            .add("Sec-WebSocket-Key", "{key}")
            .add("Sec-WebSocket-Version", "13")
    };
    vec![
        refused(
            "request-header",
            "a header of a mebibyte",
            Head::request().add("X-Long", &"x".repeat(1 << 20)),
        ),
        refused("request-headers", "20,000 headers", rest(headers(20_000))),
        refused(
            "request-target",
            "a target of a mebibyte",
            Head::request().first(&format!("GET /{} HTTP/1.1", "x".repeat(1 << 20))),
        ),
        case("request-60-headers", "60 headers, then those that matter")
            .rule(
                "RFC 9110 §5.4",
                &[45],
                "Proxies add headers; a limit must not eat those that follow",
            )
            .level(Level::Practice)
            .only(Role::Server)
            .tolerate()
            .opening(Opening::Request(rest(headers(60)), Answer::Upgrade(Vec::new())))
            .script(echo("after many headers")),
        case("request-cookie", "a cookie of 3 KiB")
            .rule("RFC 6265 §6.1", &[45], "Browsers send cookies of up to 4 KiB")
            .level(Level::Practice)
            .only(Role::Server)
            .tolerate()
            .opening(Opening::Request(
                Head::request().add("Cookie", &format!("session={}", "x".repeat(3000))),
                Answer::Upgrade(Vec::new()),
            ))
            .script(echo("after a cookie")),
    ]
}

/// Answers that are too long.
fn answers() -> Vec<Case> {
    let refused = |name: &str, title: &str, head: Head| {
        case(name, title)
            .rule("RFC 6455 §4.1", &[28], "A server can send for ever: a client needs a limit")
            .level(Level::Practice)
            .only(Role::Client)
            .refuse()
            .opening(Opening::Response(head, Entry::Refused))
    };
    let headers =
        (0..20_000).fold(Head::upgrade(), |head, number| head.add(&format!("X-{number}"), "x"));
    vec![
        refused(
            "answer-header",
            "a header of a mebibyte",
            Head::upgrade().add("X-Long", &"x".repeat(1 << 20)),
        ),
        refused("answer-headers", "20,000 headers", headers),
        case("unread-echoes", "96 MiB in messages, to a server whose answers nobody reads")
            .rule(
                "RFC 6455 §10.4",
                &[142],
                "What waits to be sent to one peer needs a bound: stop reading, drop or close",
            )
            .level(Level::Practice)
            .effort(Effort::Usual)
            .only(Role::Server)
            .refuse()
            .script([Step::Unread(binary(Payload::stars(64 << 10)), UNREAD)]),
        case("unread-garbage", "a Close behind bytes that no frame can hold")
            .rule(
                "RFC 6455 §7.1.7",
                &[59, 85],
                "What cannot be framed ends the connection, not the process",
            )
            .refuse()
            .script([send_bytes(vec![0xff; 64]), expect_refusal(&[1002])]),
    ]
}
