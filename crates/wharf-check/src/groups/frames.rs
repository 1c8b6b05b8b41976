//! Opcodes, reserved bits, sizes.

use crate::{
    case::{
        Case,
        build::{
            binary, echo, expect_all, expect_binary, expect_refusal, expect_text, hope_text, ping,
            send, send_all, send_cut, text,
        },
        census::Census,
        expect::Expect,
        kinds::{Effort, Group},
        message::Kind,
    },
    wire::{
        frame::{Frame, RSV1, RSV2, RSV3},
        payload::Payload,
    },
};

/// Sizes at the edges of the forms of a length, with Autobahn's number.
const SIZES: [(u8, usize); 7] =
    [(1, 0), (2, 125), (3, 126), (4, 127), (5, 128), (6, 65_535), (7, 65_536)];

/// Autobahn's numbers, opcode, whether a payload is there, and what is around the frame.
const OPCODES: [(u8, &str); 10] = [
    (3, "4.1.1"),
    (4, "4.1.2"),
    (5, "4.1.3"),
    (6, "4.1.4"),
    (7, "4.1.5"),
    (11, "4.2.1"),
    (12, "4.2.2"),
    (13, "4.2.3"),
    (14, "4.2.4"),
    (15, "4.2.5"),
];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [sizes(), reserved(), opcodes(), sent()].concat()
}

fn case(name: &str, title: impl Into<String>) -> Case {
    Case::new(Group::Frames, name, title)
}

fn sizes() -> Vec<Case> {
    const WHY: &str = "A message of any size comes back as it went";
    let whole = SIZES.iter().flat_map(|&(number, len)| {
        let payload = Payload::stars(len);
        let (first, second) = (payload.clone(), Payload::Noise { len });
        [
            case(&format!("text-{len}"), format!("a text message of {len} bytes"))
                .rule("RFC 6455 §5.2, §5.6", &[61, 57], WHY)
                .autobahn(format!("1.1.{number}"))
                .script([send(text(payload)), expect_text(first)]),
            case(&format!("binary-{len}"), format!("a binary message of {len} bytes"))
                .rule("RFC 6455 §5.2, §5.6", &[61, 57], WHY)
                .autobahn(format!("1.2.{number}"))
                .script([send(binary(second.clone())), expect_binary(second)]),
        ]
    });
    let cut = Payload::stars(65_536);
    let chopped = [
        case("text-65536-chopped", "a text message of 65,536 bytes in writes of 997")
            .rule("RFC 6455 §5.2", &[61], "TCP cuts a stream anywhere")
            .autobahn("1.1.8")
            .script([send_cut(997, [text(cut.clone())]), expect_text(cut.clone())]),
        case("binary-65536-chopped", "a binary message of 65,536 bytes in writes of 997")
            .rule("RFC 6455 §5.2", &[61], "TCP cuts a stream anywhere")
            .autobahn("1.2.8")
            .script([send_cut(997, [binary(cut.clone())]), expect_binary(cut)]),
        case("octet-by-octet", "a text message, a Ping and a binary message, octet by octet")
            .rule("RFC 6455 §5.2", &[61], "A header may come in parts, too")
            .script([
                send_cut(1, [text("octets"), ping("p"), binary(&[0; 130])]),
                expect_text("octets"),
                expect_all([
                    Expect::Pong("p".into()),
                    Expect::Message(Kind::Binary, (&[0; 130]).into()),
                ]),
            ]),
        case("many-in-one-write", "eight messages in one write")
            .rule("RFC 6455 §5.2", &[61], "Frames that come at once are all read")
            .script(
                [
                    vec![send_all((0..8).map(|n| text(format!("message {n}"))))],
                    (0..8).map(|n| expect_text(format!("message {n}"))).collect(),
                ]
                .concat(),
            ),
    ];
    whole.chain(chopped).collect()
}

fn reserved() -> Vec<Case> {
    // Whether the good message still comes back is not the RFC's business: to fail a connection is to close it at once
    // (§7.1.7).
    const WHY: &str = "A reserved bit means something that the endpoints did not agree on";
    let rule = |name: &str, title: &str, number: &str| {
        case(name, title).rule("RFC 6455 §5.2", &[54], WHY).autobahn(number).refuse()
    };
    let bad = |bits: u8| text("reserved").reserved(bits);
    vec![
        rule("rsv3", "a text frame with RSV3", "3.1")
            .script([send(bad(RSV3)), expect_refusal(&[1002])]),
        rule("rsv2", "a good message, one with RSV2, a Ping", "3.2").script([
            send_all([text("good"), bad(RSV2), ping("")]),
            hope_text("good"),
            expect_refusal(&[1002]),
        ]),
        rule("rsv2-rsv3", "a good message, one with RSV2 and RSV3, a Ping", "3.3").script([
            send(text("good")),
            send(bad(RSV2 | RSV3)),
            send(ping("")),
            hope_text("good"),
            expect_refusal(&[1002]),
        ]),
        rule(
            "rsv1",
            "a good message, one with RSV1 that nobody agreed on, a Ping, octet by octet",
            "3.4",
        )
        .script([
            send_cut(1, [text("good"), bad(RSV1), ping("")]),
            hope_text("good"),
            expect_refusal(&[1002]),
        ]),
        rule("rsv1-rsv3-binary", "a binary frame with RSV1 and RSV3", "3.5")
            .script([send(binary(&[0xff; 8]).reserved(RSV1 | RSV3)), expect_refusal(&[1002])]),
        rule("rsv1-rsv2-ping", "a Ping with RSV1 and RSV2", "3.6")
            .script([send(ping("reserved").reserved(RSV1 | RSV2)), expect_refusal(&[1002])]),
        rule("rsv-all-close", "a Close with all reserved bits", "3.7").script([
            send(Frame::new(8, &[3, 232]).reserved(RSV1 | RSV2 | RSV3)),
            expect_refusal(&[1002]),
        ]),
    ]
}

fn opcodes() -> Vec<Case> {
    const WHY: &str =
        "An opcode that has no meaning cannot be skipped: the rest would be guesswork";
    OPCODES
        .iter()
        .enumerate()
        .map(|(index, &(opcode, number))| {
            let frame = Frame::new(opcode, if matches!(index % 5, 0 | 2) { "" } else { "unknown" });
            let all = [text("before"), frame.clone(), ping("")];
            let steps = match index % 5 {
                0 | 1 => vec![send(frame)],
                2 | 3 => vec![send_all(all), hope_text("before")],
                _ => vec![send_cut(1, all), hope_text("before")],
            };
            case(&format!("opcode-{opcode}"), format!("a frame with the opcode {opcode}"))
                .rule("RFC 6455 §5.2", &[55], WHY)
                .autobahn(number)
                .refuse()
                .script([steps, vec![expect_refusal(&[1002])]].concat())
        })
        .collect()
}

fn sent() -> Vec<Case> {
    vec![
        case("sends-known-opcodes", "every frame that the target sent has a known opcode")
            .rule("RFC 6455 §5.2", &[55], "What a peer cannot know it has to refuse")
            .effort(Effort::Quick)
            .script(echo("opcodes"))
            .census(Census::KnownOpcodes),
        case(
            "sends-reserved-bits-zero",
            "no frame that the target sent has a reserved bit that nobody agreed on",
        )
        .rule(
            "RFC 6455 §5.2, RFC 7692 §6",
            &[54, 98],
            "RSV1 belongs to the first frame of a compressed message alone",
        )
        .script(echo("reserved bits"))
        .census(Census::ReservedBits),
    ]
}
