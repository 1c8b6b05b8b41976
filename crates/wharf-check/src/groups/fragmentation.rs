//! Messages in several frames (RFC 6455 §5.4).

use crate::{
    case::{
        Case,
        build::{
            binary, close, continuation, echo, expect, expect_binary, expect_close, expect_pong,
            expect_refusal, expect_text, hope_text, ping, pong, send, send_all, send_cut, text,
        },
        census::Census,
        expect::{Codes, Expect},
        kinds::{Effort, Group},
        message::Kind,
        step::Step,
    },
    wire::{
        frame::{Frame, Mask},
        payload::Payload,
    },
};

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [control_frames(), good(), between(), broken(), more(), sent()].concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Fragmentation, name, title)
}

fn two() -> [Frame; 2] {
    [text("fragment1").unfinished(), continuation("fragment2")]
}

const BOTH: &str = "fragment1fragment2";

/// Each frame in a write of its own.
fn apart(frames: impl IntoIterator<Item = Frame>) -> Vec<Step> {
    frames.into_iter().map(send).collect()
}

fn control_frames() -> Vec<Case> {
    let rule = |name: &str, title: &str, number: &str| {
        case(name, title)
            .rule(
                "RFC 6455 §5.5",
                &[66],
                "A control frame is answered at once, so that it must be whole",
            )
            .autobahn(number)
            .refuse()
    };
    vec![
        rule("ping-in-two", "a Ping in two frames", "5.1").script([
            send_all([ping("frag").unfinished(), continuation("ment")]),
            expect_refusal(&[1002]),
        ]),
        rule("pong-in-two", "a Pong in two frames", "5.2").script([
            send_all([pong("frag").unfinished(), continuation("ment")]),
            expect_refusal(&[1002]),
        ]),
        case("close-not-final", "a Close that is not final")
            .rule(
                "RFC 6455 §5.5",
                &[66],
                "A control frame is answered at once, so that it must be whole",
            )
            .refuse()
            .script([send(close(1000, "").unfinished()), expect_refusal(&[1002])]),
    ]
}

fn good() -> Vec<Case> {
    let rule = |name: &str, title: &str, number: &str| {
        case(name, title)
            .rule("RFC 6455 §5.4", &[65], "A message is the same in any number of frames")
            .autobahn(number)
    };
    vec![
        rule("two-at-once", "a text message in two frames, in one write", "5.3")
            .script([send_all(two()), expect_text(BOTH)]),
        rule("two-apart", "a text message in two frames, in two writes", "5.4")
            .script([apart(two()), vec![expect_text(BOTH)]].concat()),
        rule("two-by-octets", "a text message in two frames, octet by octet", "5.5")
            .script([send_cut(1, two()), expect_text(BOTH)]),
    ]
}

/// Control frames between fragments.
#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
fn between() -> Vec<Case> {
    let rule = |name: &str, title: &str, number: &str| {
        case(name, title)
            .rule(
                "RFC 6455 §5.4, §5.5.2",
                &[63],
                "A control frame may come between fragments and must not wait for their end",
            )
            .autobahn(number)
    };
    let [first, second] = two();
    let three = || [first.clone(), ping("pongme"), second.clone()];
    let answered = || [expect_pong("pongme"), expect_text(BOTH)];
    let many: Vec<Frame> = [
        text("fragment1").unfinished(),
        continuation("fragment2").unfinished(),
        ping("pongme 1!"),
        continuation("fragment3").unfinished(),
        continuation("fragment4").unfinished(),
        ping("pongme 2!"),
        continuation("fragment5"),
    ]
    .into();
    let (begin, end) = many.split_at(3);
    // Of two Pings that come together the last alone may be answered (RFC 6455 §5.5.3).
    let last_answered =
        [expect_pong("pongme 2!"), expect_text("fragment1fragment2fragment3fragment4fragment5")];
    let one_by_one = [apart(begin.to_vec()), vec![expect_pong("pongme 1!")], apart(end.to_vec())];
    let stopped: Vec<Step> = vec![
        send(first.clone()),
        send(continuation("more").unfinished()),
        send(ping("at once")),
        expect_pong("at once"),
        send(continuation("end")),
        expect_text("fragment1moreend"),
    ];
    vec![
        rule("ping-between-at-once", "a Ping between two fragments, in one write", "5.6")
            .script([vec![send_all(three())], answered().into()].concat()),
        rule("ping-between-apart", "a Ping between two fragments, in three writes", "5.7")
            .script([apart(three()), answered().into()].concat()),
        rule("ping-between-octets", "a Ping between two fragments, octet by octet", "5.8")
            .script([vec![send_cut(1, three())], answered().into()].concat()),
        rule("two-pings-apart", "five fragments and two Pings between them", "5.19")
            .autobahn("5.20")
            .script([one_by_one.concat(), last_answered.to_vec()].concat()),
        case("two-pings-at-once", "five fragments and two Pings between them, in one write")
            .rule(
                "RFC 6455 §5.4, §5.5.3",
                &[63, 74],
                "Of several Pings the last must be answered; the others may be",
            )
            .script([vec![send_all(many)], last_answered.to_vec()].concat()),
        case(
            "ping-while-message-waits",
            "a Ping is answered before the message that it interrupts has its end",
        )
        .rule(
            "RFC 6455 §5.4, §5.5.2",
            &[63, 73],
            "A large message in fragments must not starve the signs of life",
        )
        .script(stopped),
        case("close-between", "a Close between two fragments")
            .rule(
                "RFC 6455 §5.4, §5.5.1",
                &[63, 84],
                "A Close may come between fragments; the message is lost",
            )
            .autobahn("7.1.5")
            .script([send_all([first, close(1000, ""), second]), expect_close(&[1000])]),
    ]
}

/// Continuations of nothing, messages inside messages.
#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
fn broken() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title)
            .rule("RFC 6455 §5.4", &[62], "Without its start a continuation has no type, and two messages cannot be told apart")
            .refuse()
    };
    let nothing = |frame: Frame| vec![frame, text("Hello")];
    let last = || continuation("non-continuation payload");
    let more = || last().unfinished();
    let inner = || [text("fragment1").unfinished(), text("fragment2")];
    let refused = || vec![expect_refusal(&[1002])];
    let mut cases = vec![
        rule(
            "continuation-of-nothing-apart",
            "a final continuation of nothing, in a write of its own",
        )
        .autobahn("5.9")
        .autobahn("5.10")
        .script([apart(nothing(last())), refused()].concat()),
        rule("continuation-of-nothing-octets", "a final continuation of nothing, octet by octet")
            .autobahn("5.11")
            .script([vec![send_cut(1, nothing(last()))], refused()].concat()),
        rule("unfinished-continuation-of-nothing", "a continuation of nothing that is not final")
            .autobahn("5.12")
            .autobahn("5.13")
            .script([apart(nothing(more())), refused()].concat()),
        rule(
            "unfinished-continuation-octets",
            "a continuation of nothing that is not final, octet by octet",
        )
        .autobahn("5.14")
        .script([vec![send_cut(1, nothing(more()))], refused()].concat()),
        rule(
            "continuation-behind-message",
            "a message in two frames, then a continuation of nothing",
        )
        .autobahn("5.15")
        .script([
            send_all(two()),
            send_all([more(), text("fragment4")]),
            // RFC 6455 §7.1.7 demands that the connection fails, not that its last echo is sent before.
            hope_text(BOTH),
            expect_refusal(&[1002]),
        ]),
    ];
    for (name, number, head) in [
        ("unfinished-continuation-then-message", "5.16", more()),
        ("continuation-then-message", "5.17", last()),
    ] {
        let frames = [head, text("le-fragment1").unfinished(), continuation("le-fragment2")];
        let case = rule(name, "a continuation of nothing, then a message in two frames, twice");
        let twice = [send_all(frames.clone()), send_all(frames)];
        cases.push(case.autobahn(number).script([twice.to_vec(), refused()].concat()));
    }
    cases.extend([
        rule("message-inside-message", "a text frame where a continuation must come")
            .autobahn("5.18")
            .script([apart(inner()), refused()].concat()),
        rule("other-type-inside", "a binary frame where a continuation must come")
            .script([apart([text("a").unfinished(), binary(&[1])]), refused()].concat()),
        rule("wrong-reserved-bit-inside", "a continuation with RSV1").script(
            [apart([text("a").unfinished(), continuation("b").reserved(0x40)]), refused()].concat(),
        ),
    ]);
    cases
}

#[expect(clippy::too_many_lines, reason = "a list of values, each of them short")]
fn more() -> Vec<Case> {
    let rule = |name: &str, title: &str, items: &[u8], why| {
        case(name, title).rule("RFC 6455 §5.4", items, why)
    };
    let zero = "A fragment may be empty";
    let letters = "a message in frames of a byte each";
    let bytes = |count: u8| -> Vec<Frame> {
        (0..count)
            .map(|n| {
                let frame = if n == 0 { binary(&[n]) } else { continuation(&[n]) };
                if n + 1 == count { frame } else { frame.unfinished() }
            })
            .collect()
    };
    vec![
        rule("empty-first", "a message whose first frame is empty", &[64], zero)
            .script([send_all([text("").unfinished(), continuation("end")]), expect_text("end")]),
        rule("empty-middle", "a message whose middle frame is empty", &[64], zero).script([
            send_all([text("a").unfinished(), continuation("").unfinished(), continuation("b")]),
            expect_text("ab"),
        ]),
        rule("empty-last", "a message whose last frame is empty", &[64], zero)
            .script([send_all([text("a").unfinished(), continuation("")]), expect_text("a")]),
        rule("all-empty", "a binary message in three empty frames", &[64], zero).script([
            send_all([binary("").unfinished(), continuation("").unfinished(), continuation("")]),
            expect_binary(""),
        ]),
        rule("two-hundred-frames", letters, &[65, 59], "Some hundred fragments are no attack")
            .effort(Effort::Usual)
            .script([send_all(bytes(200)), expect_binary((0..200).collect::<Vec<u8>>())]),
        rule(
            "sizes-mixed",
            "fragments whose lengths have every form",
            &[65, 61],
            "Each fragment has a header of its own",
        )
        .script([
            send_all([
                binary(Payload::stars(65_536)).unfinished(),
                continuation(Payload::stars(1)).unfinished(),
                continuation(Payload::stars(126)),
            ]),
            expect_binary(Payload::stars(65_663)),
        ]),
        rule(
            "messages-behind-each-other",
            "messages in fragments, one behind the other",
            &[65],
            "What was kept of one message must not reach the next",
        )
        .script(
            [two(), two(), two()]
                .into_iter()
                .flat_map(|frames| [send_all(frames), expect_text(BOTH)]),
        ),
        rule(
            "keys-zero",
            "fragments with and without a key of zeros",
            &[65, 49],
            "Each fragment has a key of its own",
        )
        .only(crate::wire::role::Role::Server)
        .script([
            send_all([text("a").unfinished().masked(Mask::Key([0; 4])), continuation("b")]),
            expect_text("ab"),
        ]),
        rule(
            "close-instead-of-end",
            "a Close where the last fragment must come",
            &[63, 84],
            "A message without its end is lost, and no reason to wait",
        )
        .script([
            send(text("never").unfinished()),
            send(close(1001, "")),
            expect(Expect::Close(Codes::OrEmpty(vec![1001, 1000]))),
        ]),
        rule(
            "pong-between",
            "an unasked Pong between two fragments",
            &[63, 75],
            "A Pong may come at any time",
        )
        .script([
            send_all([two()[0].clone(), pong("unasked"), two()[1].clone()]),
            expect(Expect::Message(Kind::Text, BOTH.into())),
        ]),
    ]
}

fn sent() -> Vec<Case> {
    vec![
        case(
            "sends-in-order",
            "the fragments that the target sent are in order, and no message is inside another",
        )
        .rule("RFC 6455 §5.4", &[65], "Whoever sends from two places at once mixes two messages")
        .script((0..4).flat_map(|n| echo(format!("order {n} ").repeat(3000))))
        .census(Census::FragmentsInOrder),
    ]
}
