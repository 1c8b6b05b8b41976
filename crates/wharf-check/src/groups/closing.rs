//! Who closes when, and how TCP ends (RFC 6455 §5.5.1, §7).

use crate::{
    case::{
        Case,
        build::{
            binary, close, close_raw, continuation, echo, expect, expect_close, expect_end,
            expect_refusal, expect_text, hope_text, ping, send, send_all, text,
        },
        census::Census,
        expect::{Codes, Expect, Manner},
        kinds::{Effort, Group, Level},
        step::{Delivery, Step},
    },
    wire::{
        frame::{Frame, Length, Mask, RSV2},
        payload::Payload,
        role::Role,
    },
};
use std::time::Duration;

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [handshake(), behind(), failing(), told(), tcp(), sent()].concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Closing, name, title)
}

fn closed() -> [Step; 2] {
    [expect_close(&[1000]), expect_end()]
}

fn handshake() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title).rule(
            "RFC 6455 §5.5.1",
            &[83],
            "A Close is answered by one Close, so that both know that all was said",
        )
    };
    vec![
        rule("message-then-close", "a message and a Close").autobahn("7.1.1").script(
            [send(text("last words")), expect_text("last words"), send(close(1000, ""))]
                .into_iter()
                .chain(closed()),
        ),
        rule("message-and-close-at-once", "a message and a Close in one write").script(
            // An answer to the message is the application's, and may come too late for a Close that must be answered
            // "as soon as practical".
            [send_all([text("last words"), close(1000, "")]), hope_text("last words")]
                .into_iter()
                .chain(closed()),
        ),
        rule("code-is-echoed", "the answer to 4321 is 4321").level(Level::Should).script([
            send(close(4321, "because")),
            expect_close(&[4321]),
            expect_end(),
        ]),
        rule("empty-is-echoed", "the answer to a Close without a code has none")
            .level(Level::Should)
            .script([
                send(close_raw("")),
                expect(Expect::Close(Codes::OrEmpty(vec![1000]))),
                expect_end(),
            ]),
        rule("close-by-octets", "a Close octet by octet").script(
            [Step::Send(vec![close(1000, "bye").into()], Delivery::Every(1))]
                .into_iter()
                .chain(closed()),
        ),
        rule("close-at-once", "a Close right behind the handshake")
            .script([send(close(1000, ""))].into_iter().chain(closed())),
    ]
}

/// What comes behind a Close is not heard.
fn behind() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title).rule(
            "RFC 6455 §1.4, §5.5.1",
            &[83, 85],
            "Behind a Close nothing is said, and nothing is heard",
        )
    };
    let after = |frame: Frame| [send_all([close(1000, ""), frame])].into_iter().chain(closed());
    let large = Payload::stars(256 << 10);
    vec![
        rule("two-closes", "two Closes").autobahn("7.1.2").script(after(close(1000, ""))),
        rule("ping-behind-close", "a Ping behind a Close")
            .autobahn("7.1.3")
            .script(after(ping("late"))),
        rule("text-behind-close", "a message behind a Close")
            .autobahn("7.1.4")
            .script(after(text("late"))),
        rule("nonsense-behind-close", "a frame with an unknown opcode behind a Close")
            .script(after(Frame::new(7, "late"))),
        rule("large-then-close-then-ping", "256 KiB, a Close and a Ping")
            .autobahn("7.1.6")
            .effort(Effort::Usual)
            .script(
                [
                    send(text(large.clone())),
                    send(close(1000, "")),
                    send(ping("late")),
                    // As with the Close right behind a small message.
                    hope_text(large),
                ]
                .into_iter()
                .chain(closed()),
            ),
    ]
}

/// A connection that failed is not heard any more.
fn failing() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title)
            .rule(
                "RFC 6455 §7.1.7",
                &[85],
                "After a failure nothing that the peer sent has a meaning",
            )
            .refuse()
    };
    let bad = || text("bad").reserved(RSV2);
    let gone = || [expect_refusal(&[1002]), expect_end()];
    vec![
        rule("text-behind-failure", "a frame that fails the connection, then a good message")
            .script([send_all([bad(), text("good")])].into_iter().chain(gone())),
        rule("ping-behind-failure", "a frame that fails the connection, then a Ping")
            .script([send_all([bad(), ping("good")])].into_iter().chain(gone())),
        rule("close-behind-failure", "a frame that fails the connection, then a Close")
            .script([send_all([bad(), close(1000, "")])].into_iter().chain(gone())),
    ]
}

/// The peer learns why.
fn told() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title)
            .rule(
                "RFC 6455 §7.1.7, §7.4.1",
                &[86],
                "Without a Close with a code nobody who sees the connection end knows why",
            )
            .level(Level::Should)
    };
    let long_ago = [text("begun").unfinished(), text("again")];
    vec![
        rule("tells-1002-mask", "a frame with the wrong mask is answered with 1002 before the end")
            .script([send(text("wrong").masked(Mask::Wrong)), expect_close(&[1002]), expect_end()]),
        rule("tells-1002-reserved", "a reserved bit is answered with 1002 before the end")
            .script([send(text("bad").reserved(RSV2)), expect_close(&[1002]), expect_end()]),
        rule("tells-1002-opcode", "an unknown opcode is answered with 1002 before the end")
            .script([send(Frame::new(3, "")), expect_close(&[1002]), expect_end()]),
        rule(
            "tells-1002-continuation",
            "a continuation of nothing is answered with 1002 before the end",
        )
        .script([send(continuation("")), expect_close(&[1002]), expect_end()]),
        rule(
            "tells-1002-fragments",
            "a message inside another is answered with 1002 before the end",
        )
        .script([send_all(long_ago), expect_close(&[1002]), expect_end()]),
        rule("tells-1002-control", "a Ping of 126 bytes is answered with 1002 before the end")
            .script([send(ping(vec![0; 126])), expect_close(&[1002]), expect_end()]),
        rule(
            "tells-1002-length",
            "a length with its top bit is answered with 1002 or 1009 before the end",
        )
        .script([
            send(binary("").length(Length::Claimed(1 << 63))),
            expect_close(&[1002, 1009]),
            expect_end(),
        ]),
        rule("tells-1002-code", "a Close with 1005 is answered with 1002 before the end").script([
            send(close(1005, "")),
            expect_close(&[1002]),
            expect_end(),
        ]),
        rule("tells-1007", "text that is no UTF-8 is answered with 1007 before the end").script([
            send(text(&[0xff])),
            expect_close(&[1007]),
            expect_end(),
        ]),
    ]
}

#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
fn tcp() -> Vec<Case> {
    let server = |name: &str, title: &str, why| {
        case(name, title)
            .rule("RFC 6455 §7.1.1, §7.1.7", &[87, 89], why)
            .level(Level::Should)
            .only(Role::Server)
    };
    let fin = || expect(Expect::Leaves(Manner::Fin));
    let eaten = "A RST eats what is on its way: the peer never sees the Close, and not the messages before it";
    let heap = binary(Payload::stars(300_000));
    vec![
        server(
            "server-ends-first",
            "after both Closes the server ends TCP, by FIN",
            "Whoever ends TCP first keeps TIME_WAIT: it should be the server",
        )
        .script([send(close(1000, "")), expect_close(&[1000]), fin()]),
        server(
            "server-ends-first-after-failure",
            "after a failure and its answer the server ends TCP",
            "Whoever ends TCP first keeps TIME_WAIT: it should be the server",
        )
        .script([
            send(text("bad").reserved(RSV2)),
            expect_close(&[1002]),
            send(close(1002, "")),
            expect(Expect::Leaves(Manner::Any)),
        ]),
        server(
            "close-survives-data-behind",
            "a frame that fails the connection, with 300,000 bytes behind it",
            eaten,
        )
        .effort(Effort::Usual)
        .script([send_all([text("bad").reserved(RSV2), heap]), expect_close(&[1002])]),
        server(
            "half-closed-behind-close",
            "a Close, and the client's FIN",
            "The answer still has its way to the client",
        )
        .script([
            send(close(1000, "")),
            Step::HalfClose,
            expect_close(&[1000]),
            expect(Expect::Leaves(Manner::Any)),
        ]),
        case("fin-without-close", "TCP ends without a Close")
            .rule(
                "RFC 6455 §7.1.5, §7.1.1",
                &[92, 90],
                "A peer that left must not hold the connection for ever",
            )
            .script(echo("before").into_iter().chain([
                Step::HalfClose,
                expect(Expect::OneOf(vec![Expect::Close(Codes::Any), Expect::Leaves(Manner::Any)])),
            ])),
        case("fin-inside-frame", "TCP ends inside a frame")
            .rule("RFC 6455 §7.1.1", &[92, 90], "A frame without its end is no message")
            .script([
                Step::Send(
                    vec![crate::case::step::Chunk::Begun(text("never whole"), 3)],
                    Delivery::Whole,
                ),
                Step::HalfClose,
                expect(Expect::OneOf(vec![Expect::Close(Codes::Any), Expect::Leaves(Manner::Any)])),
            ]),
        case("client-waits-for-server", "after both Closes the client lets the server end TCP")
            .rule(
                "RFC 6455 §7.1.1",
                &[88],
                "Whoever ends TCP first keeps TIME_WAIT: it should be the server",
            )
            .level(Level::Should)
            .effort(Effort::Usual)
            .only(Role::Client)
            .script([
                send(close(1000, "")),
                expect_close(&[1000]),
                expect(Expect::Quiet(Duration::from_millis(300))),
                expect_end(),
            ]),
    ]
}

fn sent() -> Vec<Case> {
    vec![
        case("sends-nothing-behind-close", "no frame of the target came behind its Close")
            .rule("RFC 6455 §5.5.1", &[67, 83, 94], "Behind a Close nothing is said")
            .script([send(close(1000, ""))].into_iter().chain(closed()))
            .census(Census::NothingAfterClose),
    ]
}
