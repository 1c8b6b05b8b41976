//! How lengths are written (RFC 6455 §5.2).

use crate::{
    case::{
        Case,
        build::{binary, close, echo, expect_binary, expect_refusal, ping, send, send_bytes, text},
        census::Census,
        kinds::{Effort, Group, Level},
    },
    wire::{
        frame::{Length, Mask},
        payload::Payload,
        role::Role,
    },
};

/// Lengths at the edges of the forms.
const EDGES: [usize; 8] = [1, 124, 125, 126, 127, 65_534, 65_535, 65_537];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [edges(), longer_forms(), top_bit(), sent()].concat()
}

fn case(name: &str, title: impl Into<String>) -> Case {
    Case::new(Group::Lengths, name, title)
}

fn edges() -> Vec<Case> {
    EDGES
        .iter()
        .map(|&len| {
            let payload = Payload::Noise { len };
            case(&format!("edge-{len}"), format!("a message of {len} bytes"))
                .rule("RFC 6455 §5.2", &[57], "The form of a length changes at 126 and at 65,536")
                .script([send(binary(payload.clone())), expect_binary(payload)])
        })
        .collect()
}

fn longer_forms() -> Vec<Case> {
    const WHY: &str = "The minimal number of bytes MUST be used; two ways to write a frame are two ways to read it";
    let rule =
        |name: &str, title: &str| case(name, title).rule("RFC 6455 §5.2", &[57], WHY).refuse();
    vec![
        rule("16-bits-for-5", "a length of 5 in 16 bits")
            .script([send(text("Hello").length(Length::Sixteen)), expect_refusal(&[1002])]),
        rule("16-bits-for-0", "a length of 0 in 16 bits")
            .script([send(text("").length(Length::Sixteen)), expect_refusal(&[1002])]),
        rule("16-bits-for-125", "a length of 125 in 16 bits").script([
            send(binary(Payload::stars(125)).length(Length::Sixteen)),
            expect_refusal(&[1002]),
        ]),
        rule("64-bits-for-5", "a length of 5 in 64 bits")
            .script([send(text("Hello").length(Length::SixtyFour)), expect_refusal(&[1002])]),
        rule("64-bits-for-126", "a length of 126 in 64 bits").script([
            send(binary(Payload::stars(126)).length(Length::SixtyFour)),
            expect_refusal(&[1002]),
        ]),
        rule("64-bits-for-65535", "a length of 65,535 in 64 bits").script([
            send(binary(Payload::stars(65_535)).length(Length::SixtyFour)),
            expect_refusal(&[1002]),
        ]),
        rule("ping-in-16-bits", "a Ping whose length of 4 is in 16 bits")
            .script([send(ping("ping").length(Length::Sixteen)), expect_refusal(&[1002])]),
        rule("close-in-64-bits", "a Close whose length is in 64 bits")
            .script([send(close(1000, "").length(Length::SixtyFour)), expect_refusal(&[1002])]),
    ]
}

fn top_bit() -> Vec<Case> {
    const WHY: &str =
        "A length with its top bit set is negative to some: servers ran into loops and crashed";
    let rule =
        |name: &str, title: &str| case(name, title).rule("RFC 6455 §5.2", &[56, 58], WHY).refuse();
    let huge = |value: u64| binary("").length(Length::Claimed(value)).masked(Mask::Due);
    vec![
        rule("top-bit", "a length of 2^63")
            .script([send(huge(1 << 63)), expect_refusal(&[1002, 1009])]),
        rule("all-bits", "a length of 2^64 - 1")
            .script([send(huge(u64::MAX)), expect_refusal(&[1002, 1009])]),
        rule("top-bit-small", "a length of 5 with the top bit set").script([
            send(huge(1 << 63 | 5)),
            send_bytes(*b"Hello"),
            expect_refusal(&[1002, 1009]),
        ]),
        rule("top-bit-second", "a good message, then a length with the top bit set").script(
            echo("good")
                .into_iter()
                .chain([send(huge(1 << 63 | 1)), expect_refusal(&[1002, 1009])]),
        ),
        case("i64-max", "a length of 2^63 - 1")
            .rule(
                "RFC 6455 §10.4",
                &[56, 58, 59],
                "A length and what is buffered already may not overflow when they are added",
            )
            .level(Level::Practice)
            .refuse()
            .script([send(huge(i64::MAX.unsigned_abs())), expect_refusal(&[1002, 1009])]),
    ]
}

fn sent() -> Vec<Case> {
    let sizes = [0, 125, 126, 65_535, 65_536].into_iter();
    let steps = sizes.flat_map(|len| {
        let payload = Payload::stars(len);
        [send(binary(payload.clone())), expect_binary(payload)]
    });
    vec![
        case("sends-shortest", "every length that the target sent is in its shortest form")
            .rule("RFC 6455 §5.2", &[57], "A strict peer refuses what is not")
            .effort(Effort::Quick)
            .script(steps)
            .census(Census::ShortestLengths),
        case("forms-mixed", "messages of every form of length, one behind the other")
            .rule("RFC 6455 §5.2", &[57, 61], "A header of 2, 4 or 10 bytes follows any other")
            .only(Role::Server)
            .script([0, 65_536, 1, 126, 65_535, 125].into_iter().flat_map(|len| {
                let payload = Payload::Noise { len };
                [send(binary(payload.clone())), expect_binary(payload)]
            })),
    ]
}
