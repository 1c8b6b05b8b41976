//! Ping and Pong (RFC 6455 §5.5.2, §5.5.3).

use crate::{
    case::{
        Case,
        build::{
            echo, expect, expect_pong, expect_refusal, expect_text, ping, pong, send, send_all,
            send_cut, text,
        },
        census::Census,
        expect::Expect,
        kinds::{Effort, Group, Level},
        message::Kind,
        step::{Delivery, Step},
    },
    wire::{frame::Frame, payload::Payload},
};
use std::time::Duration;

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [pings(), pongs(), bounds(), sent()].concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Control, name, title)
}

const ANSWER: &str = "A Pong with the same payload is the proof of life that a peer waits for";

fn answered(name: &str, title: &str, number: &str, payload: impl Into<Payload>) -> Case {
    let payload = payload.into();
    let case = case(name, title).rule("RFC 6455 §5.5.2", &[72], ANSWER);
    let case = if number.is_empty() { case } else { case.autobahn(number) };
    case.script([send(ping(payload.clone())), expect_pong(payload)])
}

fn pings() -> Vec<Case> {
    let ten: Vec<Frame> = (0..10).map(|n| ping(format!("payload-{n}"))).collect();
    let with_data = [ping("before"), text("data"), ping("behind")];
    let every = |name: &str, title: &str| {
        case(name, title).rule(
            "RFC 6455 §5.5.2, §5.5.3",
            &[72, 74],
            "Of several Pings the last must be answered; the others may be",
        )
    };
    vec![
        answered("empty-ping", "a Ping without payload", "2.1", ""),
        answered("text-ping", "a Ping with text", "2.2", "Hello, world!"),
        answered(
            "binary-ping",
            "a Ping with bytes that are no text",
            "2.3",
            &[0, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0, 0xff],
        ),
        answered(
            "ping-125",
            "a Ping with 125 bytes, the most there may be",
            "2.4",
            vec![0xfe; 125],
        ),
        case("ping-125-octets", "a Ping with 125 bytes, octet by octet")
            .rule("RFC 6455 §5.5.2", &[72], ANSWER)
            .autobahn("2.6")
            .script([send_cut(1, [ping(vec![0xfe; 125])]), expect_pong(vec![0xfe; 125])]),
        every("ten-pings", "ten Pings")
            .autobahn("2.10")
            .script(apart(ten.clone()).into_iter().chain([expect_pong("payload-9")])),
        every("ten-pings-octets", "ten Pings, octet by octet")
            .autobahn("2.11")
            .script([send_cut(1, ten), expect_pong("payload-9")]),
        every("pings-around-data", "a Ping before a message and one behind it").script([
            send_all(with_data),
            Step::Expect(
                Expect::All(vec![
                    Expect::Message(Kind::Text, "data".into()),
                    Expect::Pong("behind".into()),
                ]),
                crate::case::step::Patience::Usual,
            ),
        ]),
        case("ping-in-slow-message", "a Ping behind a message whose bytes come slowly")
            .rule("RFC 6455 §5.5.2", &[73], "A Pong goes out as soon as practical")
            .effort(Effort::Usual)
            .script([
                Step::Send(
                    vec![text("slow").into(), ping("quick").into()],
                    Delivery::Slowly(3, Duration::from_millis(20)),
                ),
                expect_text("slow"),
                expect_pong("quick"),
            ]),
    ]
}

fn apart(frames: Vec<Frame>) -> Vec<Step> {
    frames.into_iter().map(send).collect()
}

fn pongs() -> Vec<Case> {
    let why = "A Pong that nobody asked for is a sign of life, and is not answered";
    let rule = |name: &str, title: &str| case(name, title).rule("RFC 6455 §5.5.3", &[75], why);
    vec![
        rule("unasked-empty-pong", "a Pong without payload that nobody asked for")
            .autobahn("2.7")
            .script([send(pong(""))].into_iter().chain(echo("still here"))),
        rule("unasked-pong", "a Pong with payload that nobody asked for")
            .autobahn("2.8")
            .script([send(pong("unasked"))].into_iter().chain(echo("still here"))),
        rule("unasked-pong-then-ping", "a Pong that nobody asked for, then a Ping")
            .autobahn("2.9")
            .script([send(pong("unasked")), send(ping("asked")), expect_pong("asked")]),
        rule("many-unasked-pongs", "fifty Pongs that nobody asked for")
            .level(Level::Practice)
            .script(
                [send_all((0..50).map(|n| pong(format!("{n}"))))]
                    .into_iter()
                    .chain(echo("still here")),
            ),
    ]
}

fn bounds() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title)
            .rule(
                "RFC 6455 §5.5",
                &[66],
                "A control frame has at most 125 bytes, so that it never waits for a buffer",
            )
            .refuse()
    };
    vec![
        rule("ping-126", "a Ping with 126 bytes")
            .autobahn("2.5")
            .script([send(ping(vec![0xfe; 126])), expect_refusal(&[1002])]),
        rule("pong-126", "a Pong with 126 bytes")
            .script([send(pong(vec![0xfe; 126])), expect_refusal(&[1002])]),
        rule("ping-65536", "a Ping with 65,536 bytes")
            .script([send(ping(vec![0; 65_536])), expect_refusal(&[1002])]),
    ]
}

fn sent() -> Vec<Case> {
    vec![
        case(
            "sends-small-controls",
            "every control frame that the target sent is final and has 125 bytes at most",
        )
        .rule("RFC 6455 §5.5", &[66], "A strict peer refuses what is not")
        .script([send(ping(vec![1; 125])), expect(Expect::Pong(vec![1; 125].into()))])
        .census(Census::SmallControls),
    ]
}
