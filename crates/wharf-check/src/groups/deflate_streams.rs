//! Compressed messages (RFC 7692 §6, §7.2).

use crate::{
    case::{
        Case,
        build::{
            binary, continuation, deflated, echo, expect_binary, expect_pong, expect_refusal,
            expect_text, ping, pong, send, send_all, send_cut, text,
        },
        expect::{Codes, Expect},
        kinds::{Effort, Group, Level},
        message::{Kind, Message},
        opening::Param,
        step::{Patience, Step},
    },
    wire::{
        frame::{Frame, RSV1, opcode},
        payload::Payload,
    },
};

/// What a tester that is the client offers.
const OFFER: &str = "permessage-deflate; client_max_window_bits";
/// What a tester that is the server answers.
const ANSWER: &str = "permessage-deflate";
/// What the tester's own direction must allow, if messages are to refer to earlier ones.
const KEPT: [Param; 1] = [Param::Lacks("client_no_context_takeover")];

/// RFC 7692 §7.2.3.1: "Hello" in one block.
const HELLO: &[u8] = &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
/// RFC 7692 §7.2.3.2: what stands five bytes back, five bytes long.
const AGAIN: &[u8] = &[0xf2, 0x00, 0x11, 0x00, 0x00];
/// "Hello" in a block with BFINAL, up to its last octet.
const FINAL: &[u8] = &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];

/// Codes for a stream that cannot be inflated: no RFC names one.
const BROKEN: [u16; 4] = [1002, 1003, 1007, 1011];

/// The examples of RFC 7692 §7.2.3, and other spellings that RFC 1951 allows.
const SPELLINGS: [(&str, &str, &[u8], &str); 10] = [
    ("one-block", "\"Hello\" in one block", HELLO, "Hello"),
    (
        "stored",
        "\"Hello\" in a stored block",
        &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00],
        "Hello",
    ),
    (
        "final-block",
        "\"Hello\" in a block with BFINAL",
        &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00],
        "Hello",
    ),
    (
        "two-blocks",
        "\"Hello\" in two blocks",
        &[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
        "Hello",
    ),
    (
        "stored-final",
        "\"Hello\" in a stored block with BFINAL",
        &[0x01, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00],
        "Hello",
    ),
    (
        "stored-one-by-one",
        "\"Hi\" in two stored blocks",
        &[0x00, 1, 0, 0xfe, 0xff, b'H', 0x00, 1, 0, 0xfe, 0xff, b'i', 0x00],
        "Hi",
    ),
    ("empty", "an empty message in one octet", &[0x00], ""),
    ("empty-coded", "an empty message in an empty block of fixed codes", &[0x02, 0x00], ""),
    ("empty-final", "an empty message in a block with BFINAL", &[0x03, 0x00, 0x00], ""),
    (
        "empty-stored",
        "an empty message in an empty stored block, and one more",
        &[0x00, 0x00, 0x00, 0xff, 0xff, 0x00],
        "",
    ),
];

/// Streams that have no meaning.
const NONSENSE: [(&str, &str, &[u8]); 9] = [
    ("no-deflate", "a compressed message that is no DEFLATE", &[0xff; 16]),
    ("bad-block-type", "a block of the type that RFC 1951 reserves", &[0x06, 0x00]),
    (
        "bad-stored-length",
        "a stored block whose length is not confirmed",
        &[0, 5, 0, 5, 0, b'x', 0],
    ),
    ("no-context", "a reference back to before the first message", AGAIN),
    ("cut-coded", "a message that ends inside a block", &[0xf2, 0x48, 0xcd]),
    (
        "cut-stored",
        "a message that ends inside a stored block",
        &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48],
    ),
    (
        "garbage-behind",
        "a good block, then one that is no DEFLATE",
        &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff],
    ),
    (
        "garbage-behind-final",
        "a block with BFINAL, then one that is no DEFLATE",
        &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0xff, 0xff, 0xff],
    ),
    ("no-octet", "an empty payload with RSV1", &[]),
];

/// Sizes of messages and of fragments, in Autobahn's order.
const SIZES: [(usize, usize); 18] = [
    (16, 0),
    (64, 0),
    (256, 0),
    (1024, 0),
    (4096, 0),
    (8192, 0),
    (16_384, 0),
    (32_768, 0),
    (65_536, 0),
    (131_072, 0),
    (8192, 256),
    (16_384, 256),
    (32_768, 256),
    (65_536, 256),
    (131_072, 256),
    (131_072, 1024),
    (131_072, 4096),
    (131_072, 32_768),
];

/// What Autobahn's sets 13.1 to 13.7 agree on: an offer, an answer.
const AGREEMENTS: [(&str, &str); 7] = [
    (OFFER, ANSWER),
    (
        "permessage-deflate; server_no_context_takeover; client_max_window_bits",
        "permessage-deflate; client_no_context_takeover",
    ),
    (
        "permessage-deflate; server_max_window_bits=9; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=9",
    ),
    (
        "permessage-deflate; server_max_window_bits=15; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=15",
    ),
    (
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=9",
        "permessage-deflate; client_no_context_takeover; client_max_window_bits=9",
    ),
    (
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=15",
        "permessage-deflate; client_no_context_takeover; client_max_window_bits=15",
    ),
    (
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=9, \
         permessage-deflate; server_no_context_takeover, permessage-deflate",
        "permessage-deflate; client_no_context_takeover",
    ),
];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [spellings(), contexts(), fragments(), choices(), windows(), nonsense(), bits(), volumes()]
        .concat()
}

/// A case with compression in the tester's usual way.
fn case(name: &str, title: impl Into<String>) -> Case {
    Case::new(Group::DeflateStreams, name, title).deflate(OFFER, ANSWER, &[])
}

/// A compressed text frame with this payload as it is.
fn raw(payload: &[u8]) -> Frame {
    text(payload).reserved(RSV1)
}

fn spellings() -> Vec<Case> {
    const WHY: &str = "A message may be compressed in any way that RFC 1951 allows";
    let spelled = SPELLINGS.iter().map(|&(name, title, payload, plain)| {
        case(name, title).rule("RFC 7692 §7.2.3, §7.2.2", &[113, 114, 110], WHY).script([
            send(raw(payload)),
            expect_text(plain),
            send(raw(payload)),
            expect_text(plain),
        ])
    });
    let behind_final = [FINAL, HELLO].concat();
    let many_final = [&FINAL.repeat(8)[..], &[0]].concat();
    let more = [
        case("behind-final", "blocks behind one with BFINAL")
            .rule("RFC 7692 §7.2.3.4", &[113], "Many inflaters stop for good where a stream ends")
            .script([send(raw(&behind_final)), expect_text("HelloHello")]),
        case("many-final", "eight blocks with BFINAL in one message")
            .rule("RFC 7692 §7.2.3.4", &[113], "Many inflaters stop for good where a stream ends")
            .script([send(raw(&many_final)), expect_text("Hello".repeat(8))]),
        case("final-then-back", "a reference to what stands before a block with BFINAL")
            .rule("RFC 7692 §7.2.3.4", &[113], "The window goes on behind a block with BFINAL")
            .script([send(raw(&[FINAL, AGAIN].concat())), expect_text("HelloHello")]),
        case("dynamic", "a message long enough for codes of its own")
            .rule("RFC 7692 §7.2", &[114, 120], WHY)
            .script([send(deflated(Kind::Text, prose(1, 20_000))), expect_text(prose(1, 20_000))]),
        case("noise", "a message that compression makes longer")
            .rule("RFC 7692 §7.2", &[114], "What does not get shorter is still a message")
            .script([send(deflated(Kind::Binary, noise(5000))), expect_binary(noise(5000))]),
    ];
    spelled.chain(more).collect()
}

fn prose(seed: u32, len: usize) -> Payload {
    Payload::Prose { seed, len }
}

fn noise(len: usize) -> Payload {
    Payload::Noise { len }
}

fn contexts() -> Vec<Case> {
    const WHY: &str = "Without no_context_takeover the window is kept from message to message";
    let kept = |name: &str, title: &str, between: Vec<Step>| {
        let around =
            ([send(raw(HELLO)), expect_text("Hello")], [send(raw(AGAIN)), expect_text("Hello")]);
        let script = [around.0.to_vec(), between, around.1.to_vec()].concat();
        case(name, title)
            .rule("RFC 7692 §7.2.2", &[109, 114], WHY)
            .deflate(OFFER, ANSWER, &KEPT)
            .script(script)
    };
    let long = noise(32_000);
    vec![
        kept("context", "a message that refers to the one before it", Vec::new()),
        kept(
            "context-plain",
            "an uncompressed message between two that share a context",
            echo("World").to_vec(),
        ),
        kept(
            "context-empty",
            "an empty message between two that share a context",
            vec![send(raw(&[0])), expect_text("")],
        ),
        kept(
            "context-ping",
            "a Ping between two that share a context",
            vec![send(ping("World")), expect_pong("World")],
        ),
        kept(
            "context-final",
            "a message with BFINAL between two that share a context",
            vec![send(raw(&[FINAL, &[0]].concat())), expect_text("Hello")],
        ),
        kept("context-long", "32,000 bytes, and once more by reference", Vec::new()).script([
            send(deflated(Kind::Binary, long.clone())),
            expect_binary(long.clone()),
            send(deflated(Kind::Binary, long.clone())),
            expect_binary(long),
        ]),
        case("context-dropped", "the target agreed to drop its context")
            .rule("RFC 7692 §7.1.1", &[108], "A peer that keeps no window cannot look into it")
            .deflate(
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover",
                &[Param::Has("server_no_context_takeover")],
            )
            .script([1, 1, 1].map(|seed| exchange(prose(seed, 2000))).concat()),
        case("context-not-needed", "the tester drops its context unasked")
            .rule("RFC 7692 §7.1.1.2", &[108, 121], "A sender may forget what it may refer to")
            .script([
                send(raw(HELLO)),
                expect_text("Hello"),
                send(raw(HELLO)),
                expect_text("Hello"),
            ]),
    ]
}

/// A text message there and back.
fn exchange(payload: Payload) -> Vec<Step> {
    vec![send(deflated(Kind::Text, payload.clone())), expect_text(payload)]
}

fn fragments() -> Vec<Case> {
    const WHY: &str = "The message is compressed, then split: its edges mean nothing to the stream";
    let cut = |bytes: usize| {
        let message = deflated(Kind::Text, prose(2, 3000)).every(bytes);
        case(
            &format!("fragments-of-{bytes}"),
            format!("a compressed message in fragments of {bytes}"),
        )
        .rule("RFC 7692 §6.1", &[111, 115], WHY)
        .script([
            send(message),
            expect_text(prose(2, 3000)),
            send(raw(HELLO)),
            expect_text("Hello"),
        ])
    };
    let euro = "\u{20ac}\u{1f980} ".repeat(40);
    vec![
        cut(1),
        cut(2),
        cut(7),
        cut(256),
        case("fragments-empty", "a compressed message with empty fragments all around")
            .rule("RFC 7692 §6.1", &[111, 115, 64], WHY)
            .script([
                send_all([
                    raw(b"").unfinished(),
                    continuation(&HELLO[..3]).unfinished(),
                    continuation("").unfinished(),
                    continuation(&HELLO[3..]).unfinished(),
                    continuation(""),
                ]),
                expect_text("Hello"),
            ]),
        case("fragments-ping", "a Ping between the fragments of a compressed message")
            .rule("RFC 7692 §6.1, RFC 6455 §5.4", &[63, 115], WHY)
            .script([
                send_all([raw(&HELLO[..3]).unfinished(), ping("p"), continuation(&HELLO[3..])]),
                expect_pong("p"),
                expect_text("Hello"),
            ]),
        case("octet-by-octet", "a compressed message, octet by octet")
            .rule("RFC 7692 §7.2.2", &[61, 115], WHY)
            .script([
                send_cut(1, [raw(HELLO), raw(HELLO)]),
                expect_text("Hello"),
                expect_text("Hello"),
            ]),
        case(
            "fragments-code-points",
            "compressed text of many bytes a letter, in fragments of one",
        )
        .rule(
            "RFC 6455 §5.6",
            &[120],
            "Text is checked over the whole message, once it is inflated",
        )
        .script([send(deflated(Kind::Text, euro.clone()).every(1)), expect_text(euro)]),
    ]
}

fn choices() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title).rule(
            "RFC 7692 §6",
            &[121],
            "Whether a message is compressed is the sender's choice, message by message",
        )
    };
    vec![
        rule("plain", "an uncompressed message").script(echo("plain")),
        rule("plain-empty", "an uncompressed message without payload").script(echo("")),
        rule("plain-fragments", "an uncompressed message in fragments").script([
            send_all([text("pl").unfinished(), continuation("ain")]),
            expect_text("plain"),
        ]),
        rule("mixed", "compressed and uncompressed messages in one write").script([
            send_all([raw(HELLO), text("plain"), raw(HELLO), binary("b")]),
            expect_text("Hello"),
            expect_text("plain"),
            expect_text("Hello"),
            expect_binary("b"),
        ]),
        case("sends-empty", "an empty message comes back")
            .rule("RFC 7692 §7.2.3.6", &[110], "A compressed message has one octet at least")
            .script([send(deflated(Kind::Binary, "")), expect_binary("")]),
        case("sends-streams", "compressible messages of several lengths come back")
            .rule(
                "RFC 7692 §7.2.1",
                &[109, 110, 98],
                "Every stream inflates by the rules of RFC 1951",
            )
            .script([300, 1, 0, 5000, 300].map(|len| exchange(prose(3, len))).concat()),
    ]
}

/// What the target compresses must fit the window that was agreed.
fn windows() -> Vec<Case> {
    let window = |bits: u8| {
        // Only who looks back farther than the window finds the repetition.
        let period = noise((3 << bits) / 2).to_vec();
        let payload = Payload::from(period.repeat(3));
        let steps = [send(binary(payload.clone())), expect_binary(payload)];
        case(&format!("window-{bits}"), format!("the target compresses within {bits} bits"))
            .rule(
                "RFC 7692 §7.1.2",
                &[104, 107, 116],
                "Who has no larger window cannot inflate what reaches back farther",
            )
            .deflate(
                &format!("permessage-deflate; server_max_window_bits={bits}"),
                &format!("permessage-deflate; client_max_window_bits={bits}"),
                &[Param::AtMost("server_max_window_bits", bits)],
            )
            .script([&steps[..], &steps[..]].concat())
    };
    let own = |bits: u8| {
        let agreed = format!("permessage-deflate; client_max_window_bits={bits}");
        let server = format!("permessage-deflate; server_max_window_bits={bits}");
        case(&format!("own-window-{bits}"), format!("the tester compresses within {bits} bits"))
            .rule("RFC 7692 §7.1.2", &[105, 116], "Who inflates 15 bits inflates fewer")
            .deflate(&agreed, &server, &[])
            .script([4, 4, 5].map(|seed| exchange(prose(seed, 3000))).concat())
    };
    (8..15).map(window).chain((8..=15).map(own)).collect()
}

fn nonsense() -> Vec<Case> {
    const WHY: &str = "A stream that is broken has no meaning, and its context is lost";
    let refused = NONSENSE.iter().map(|&(name, title, payload)| {
        case(name, title)
            .rule("RFC 7692 §7.2.2", &[112, 119, 123], WHY)
            .level(if payload.is_empty() { Level::Practice } else { Level::Must })
            .refuse()
            .script([send(raw(payload)), expect_refusal(&BROKEN)])
    });
    let stale = [
        case("no-octet-behind", "an empty payload with RSV1, behind a good message")
            .rule("RFC 7692 §7.2.2", &[112, 119], "What came before must not come again")
            .level(Level::Practice)
            .refuse()
            .script([
                send(raw(HELLO)),
                expect_text("Hello"),
                send(raw(b"")),
                expect_refusal(&BROKEN),
            ]),
        case(
            "cut-then-more",
            "a message that ends inside a block, then the rest of it as a message",
        )
        .rule("RFC 7692 §7.2.2", &[112, 119, 123], WHY)
        .refuse()
        .script([
            send_all([raw(&HELLO[..3]), raw(&HELLO[3..]), text("plain")]),
            expect_refusal(&BROKEN),
        ]),
        case("bad-then-good", "a broken message, then a good one in the same write")
            .rule("RFC 7692 §7.2.2", &[119, 123], WHY)
            .refuse()
            .script([send_all([raw(&[0xff; 8]), raw(HELLO)]), expect_refusal(&BROKEN)]),
        case("bad-fragment", "the first of two fragments is no DEFLATE")
            .rule("RFC 7692 §7.2.2", &[119, 123], WHY)
            .refuse()
            .script([
                send_all([raw(&[0xff; 8]).unfinished(), continuation(HELLO)]),
                expect_refusal(&BROKEN),
            ]),
    ];
    let not_text = |name: &str, title: &str, bytes: &[u8]| {
        case(name, title)
            .rule("RFC 6455 §8.1", &[120, 68], "Text is UTF-8, whatever it travelled in")
            .refuse()
            .script([send(deflated(Kind::Text, bytes)), expect_refusal(&[1007])])
    };
    let texts = [
        not_text("not-utf8", "compressed text that is not UTF-8", b"\xce\xba\xff"),
        not_text(
            "cut-utf8",
            "compressed text that ends inside a code point",
            b"Hello \xf0\x9f\xa6",
        ),
        not_text("surrogate", "compressed text with a surrogate", b"\xed\xa0\x80"),
    ];
    refused.chain(stale).chain(texts).collect()
}

/// RSV1 where it does not belong.
fn bits() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title)
            .rule("RFC 7692 §6", &[98, 54], "RSV1 belongs to the first frame of a data message")
            .refuse()
    };
    let more = |payload: &[u8]| Frame::new(opcode::CONTINUATION, payload).reserved(RSV1);
    vec![
        rule("rsv1-continuation", "RSV1 on both frames of a message").script([
            send_all([raw(&HELLO[..3]).unfinished(), more(&HELLO[3..])]),
            expect_refusal(&[1002]),
        ]),
        rule("rsv1-continuation-only", "RSV1 on the second frame of a message").script([
            send_all([binary(&HELLO[..3]).unfinished(), more(&HELLO[3..])]),
            expect_refusal(&[1002]),
        ]),
        rule("rsv1-ping", "a Ping with RSV1, then a plain message")
            .script([send_all([ping("p").reserved(RSV1), text("plain")]), expect_refusal(&[1002])]),
        rule("rsv1-pong", "a Pong with RSV1")
            .script([send(pong("p").reserved(RSV1)), expect_refusal(&[1002])]),
        rule("rsv1-close", "a Close with RSV1").script([
            send(Frame::new(opcode::CLOSE, &1000_u16.to_be_bytes()).reserved(RSV1)),
            // 1000 would be the answer to a Close that was taken.
            Step::Expect(Expect::Refusal(Codes::Of(vec![1002])), Patience::Usual),
        ]),
    ]
}

/// Equivalents of Autobahn's 12.* and 13.*: volumes of messages by size, kind and agreement.
fn volumes() -> Vec<Case> {
    let by_kind = (1..=5).flat_map(|set: u8| {
        let volume = move |(index, &size)| volume(12, set, index, size, AGREEMENTS[0]);
        SIZES.iter().enumerate().map(volume)
    });
    let by_agreement = AGREEMENTS.iter().zip(1..).flat_map(|(&agreement, set)| {
        let volume = move |(index, &size)| volume(13, set, index, size, agreement);
        SIZES.iter().enumerate().map(volume)
    });
    by_kind.chain(by_agreement).collect()
}

fn volume(
    chapter: u8,
    set: u8,
    index: usize,
    (len, fragment): (usize, usize),
    (offer, answer): (&str, &str),
) -> Case {
    let messages = ((128 << 10) / len).clamp(2, 20);
    let number = format!("{chapter}.{set}.{}", index + 1);
    let script = (0..messages).flat_map(|message| {
        let (kind, payload) = match (chapter, set) {
            (12, 2 | 5) => (Kind::Binary, noise(len)),
            (12, 3) => (Kind::Binary, prose(u32::from(message.to_le_bytes()[0]), len)),
            (12, 4) => (Kind::Text, Payload::Repeat { unit: b"<tr><td>cell</td></tr>\n", len }),
            _ => (Kind::Text, prose(u32::from(message.to_le_bytes()[0]), len)),
        };
        let mut sent: Message = deflated(kind, payload.clone());
        if fragment > 0 {
            sent = sent.every(fragment);
        }
        let back = match kind {
            Kind::Text => expect_text(payload),
            Kind::Binary => expect_binary(payload),
        };
        [send(sent), back]
    });
    case(
        &format!("volume-{}", number.replace('.', "-")),
        format!(
            "{messages} messages of {len} bytes, in fragments of {fragment} (0: whole), `{offer}`"
        ),
    )
    .rule("RFC 7692 §7.2", &[108, 109, 115], "What works once has to work again, at any size")
    .autobahn(number)
    .effort(Effort::Usual)
    .deflate(offer, answer, &[])
    .script(script)
}
