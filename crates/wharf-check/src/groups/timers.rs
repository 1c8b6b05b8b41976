//! What happens when nothing happens.

use crate::{
    case::{
        Case,
        build::{
            close, continuation, echo, expect, expect_close, expect_refusal, expect_text, send,
            text,
        },
        expect::{Expect, Manner},
        kinds::{Effort, Group, Level},
        opening::{Opening, Stall},
        step::{Delivery, Patience, Step},
    },
    wire::{frame::RSV2, http::Head, role::Role},
};
use std::time::Duration;

/// What the most patient peers of the field wait for the end of a connection, and some more.
const CLOSE: Duration = Duration::from_secs(40);
/// What the most patient peers of the field leave a silent connection open, and some more.
const IDLE: Duration = Duration::from_secs(150);

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [handshake(), slow(), closing(), idle()].concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Timers, name, title).level(Level::Practice).effort(Effort::Usual)
}

fn handshake() -> Vec<Case> {
    const WHY: &str =
        "Whoever may take for ever holds what a connection costs for ever (slowloris)";
    let stalled = |name: &str, title: &str, role: Role, head: Head, stall: Stall| {
        case(name, title).only(role).refuse().opening(Opening::Stalled(head, stall))
    };
    let line = |head: Head| head.raw("X-Slow", b"X-Slow: ");
    let dripping = Head::new("GET {path} HTTP/1.1").add("Host", "{host}");
    let answer = Head::new("HTTP/1.1 101 Switching Protocols").add("Upgrade", "websocket");
    vec![
        stalled(
            "half-a-request",
            "a request that stops",
            Role::Server,
            Head::request(),
            Stall::Silent,
        )
        .rule("RFC 6455 §10.7", &[45, 48], WHY),
        stalled(
            "dripping-request",
            "a request that drips",
            Role::Server,
            line(dripping),
            Stall::Dripping,
        )
        .rule("RFC 6455 §10.7", &[45, 48], WHY),
        stalled(
            "half-an-answer",
            "an answer that stops",
            Role::Client,
            Head::upgrade(),
            Stall::Silent,
        )
        .rule("RFC 6455 §4.1", &[10], WHY),
        stalled(
            "dripping-answer",
            "an answer that drips",
            Role::Client,
            line(answer),
            Stall::Dripping,
        )
        .rule("RFC 6455 §4.1", &[10], WHY),
    ]
}

/// Peers that are slow, but not too slow.
fn slow() -> Vec<Case> {
    const WHY: &str = "A timer is for peers that are gone, not for bad networks";
    let apart = Duration::from_millis(60);
    vec![
        case("slow-message", "a message, octet by octet, over a second")
            .rule("RFC 6455 §10.7", &[61, 76], WHY)
            .tolerate()
            .script([
                Step::Send(vec![text("slow but alive").into()], Delivery::Slowly(1, apart)),
                expect_text("slow but alive"),
            ]),
        case("slow-fragments", "two fragments, a second apart")
            .rule("RFC 6455 §5.4", &[61, 76], WHY)
            .tolerate()
            .script([
                send(text("one, ").unfinished()),
                expect(Expect::Quiet(Duration::from_secs(1))),
                send(continuation("two")),
                expect_text("one, two"),
            ]),
    ]
}

fn given_up(wait: Duration, why: &'static str) -> Step {
    Step::Expect(Expect::GivenUp, Patience::AtLeast(wait, why))
}

fn closing() -> Vec<Case> {
    const WHY: &str = "A peer that never answers must not hold a connection for ever";
    vec![
        case("server-ends-tcp", "after both Closes the client says nothing")
            .rule(
                "RFC 6455 §7.1.1",
                &[87, 90],
                "The server ends TCP first, so that it holds no TIME_WAIT of the client's",
            )
            .level(Level::Should)
            .only(Role::Server)
            .script([
                send(close(1000, "")),
                expect_close(&[1000]),
                Step::Expect(
                    Expect::End(Manner::Any),
                    Patience::AtLeast(
                        Duration::from_secs(5),
                        "a server may wait for the client first",
                    ),
                ),
            ]),
        case("client-gives-up", "after both Closes the server never ends TCP")
            .rule("RFC 6455 §7.1.1", &[88, 90], "The client waits for the server, with a timer")
            .only(Role::Client)
            .refuse()
            .script([
                send(close(1000, "")),
                expect_close(&[1000]),
                given_up(CLOSE, "a client may wait long for the server to end TCP"),
            ]),
        case("close-unanswered", "the target's Close for a protocol error is never answered")
            .rule("RFC 6455 §7.1.7, §10.7", &[86, 90], WHY)
            .refuse()
            .script([
                send(text("reserved").reserved(RSV2)),
                expect_refusal(&[1002]),
                given_up(CLOSE, "a target may wait long for the answer to its Close"),
            ]),
    ]
}

fn idle() -> Vec<Case> {
    vec![
        case("silence", "a peer that says nothing any more, and answers no Ping")
            .rule(
                "RFC 6455 §10.7",
                &[76, 144],
                "A peer that vanished without FIN is found by nothing else",
            )
            .effort(Effort::Big)
            .refuse()
            .script(
                echo("before the silence").into_iter().chain([given_up(
                    IDLE,
                    "a target may leave a silent connection open for long",
                )]),
            ),
    ]
}
