//! Text is UTF-8 (RFC 6455 §5.6, §8.1).

use crate::case::{
    Case,
    build::{
        binary, continuation, echo, expect_binary, expect_refusal, expect_text, send, send_all,
        send_cut, text,
    },
    expect::Codes,
    kinds::{Effort, Group},
    step::{Chunk, Step},
};

/// Texts that are good: Autobahn's numbers, a name, the bytes.
const GOOD: &[(&str, &str, &str)] = &[
    ("6.5.1", "replacement-free", "\u{3ba}\u{1f79}\u{3c3}\u{3bc}\u{3b5}"),
    ("6.6.2", "kappa", "\u{3ba}"),
    ("6.6.5", "omicron", "\u{3ba}\u{1f79}"),
    ("6.6.7", "sigma", "\u{3ba}\u{1f79}\u{3c3}"),
    ("6.6.9", "mu", "\u{3ba}\u{1f79}\u{3c3}\u{3bc}"),
    ("6.6.11", "epsilon", "\u{3ba}\u{1f79}\u{3c3}\u{3bc}\u{3b5}"),
    ("6.7.1", "nul", "\0"),
    ("6.7.2", "first-of-two", "\u{80}"),
    ("6.7.3", "first-of-three", "\u{800}"),
    ("6.7.4", "first-of-four", "\u{10000}"),
    ("6.9.1", "last-of-one", "\u{7f}"),
    ("6.9.2", "last-of-two", "\u{7ff}"),
    ("6.9.3", "last-of-three", "\u{ffff}"),
    ("6.9.4", "last-of-four", "\u{10ffff}"),
    ("6.11.1", "before-surrogates", "\u{d7ff}"),
    ("6.11.2", "behind-surrogates", "\u{e000}"),
    ("6.11.3", "replacement-character", "\u{fffd}"),
    ("6.11.4", "u10ffff", "\u{10ffff}"),
    ("6.22.1", "nonchar-fffe", "\u{fffe}"),
    ("6.22.2", "nonchar-ffff", "\u{ffff}"),
    ("6.22.3", "nonchar-1fffe", "\u{1fffe}"),
    ("6.22.4", "nonchar-1ffff", "\u{1ffff}"),
    ("6.22.5", "nonchar-2fffe", "\u{2fffe}"),
    ("6.22.6", "nonchar-2ffff", "\u{2ffff}"),
    ("6.22.7", "nonchar-3fffe", "\u{3fffe}"),
    ("6.22.8", "nonchar-3ffff", "\u{3ffff}"),
    ("6.22.9", "nonchar-4fffe", "\u{4fffe}"),
    ("6.22.10", "nonchar-4ffff", "\u{4ffff}"),
    ("6.22.11", "nonchar-5fffe", "\u{5fffe}"),
    ("6.22.12", "nonchar-5ffff", "\u{5ffff}"),
    ("6.22.13", "nonchar-6fffe", "\u{6fffe}"),
    ("6.22.14", "nonchar-6ffff", "\u{6ffff}"),
    ("6.22.15", "nonchar-7fffe", "\u{7fffe}"),
    ("6.22.16", "nonchar-7ffff", "\u{7ffff}"),
    ("6.22.17", "nonchar-8fffe", "\u{8fffe}"),
    ("6.22.18", "nonchar-8ffff", "\u{8ffff}"),
    ("6.22.19", "nonchar-9fffe", "\u{9fffe}"),
    ("6.22.20", "nonchar-9ffff", "\u{9ffff}"),
    ("6.22.21", "nonchar-afffe", "\u{afffe}"),
    ("6.22.22", "nonchar-affff", "\u{affff}"),
    ("6.22.23", "nonchar-bfffe", "\u{bfffe}"),
    ("6.22.24", "nonchar-bffff", "\u{bffff}"),
    ("6.22.25", "nonchar-cfffe", "\u{cfffe}"),
    ("6.22.26", "nonchar-cffff", "\u{cffff}"),
    ("6.22.27", "nonchar-dfffe", "\u{dfffe}"),
    ("6.22.28", "nonchar-dffff", "\u{dffff}"),
    ("6.22.29", "nonchar-efffe", "\u{efffe}"),
    ("6.22.30", "nonchar-effff", "\u{effff}"),
    ("6.22.31", "nonchar-ffffe", "\u{ffffe}"),
    ("6.22.32", "nonchar-fffff", "\u{fffff}"),
    ("6.22.33", "nonchar-10fffe", "\u{10fffe}"),
    ("6.22.34", "nonchar-10ffff", "\u{10ffff}"),
    ("6.23.1", "specials-fff9", "\u{fff9}"),
    ("6.23.2", "specials-fffa", "\u{fffa}"),
    ("6.23.3", "specials-fffb", "\u{fffb}"),
    ("6.23.4", "specials-fffc", "\u{fffc}"),
    ("6.23.5", "specials-fffd", "\u{fffd}"),
    ("6.23.6", "specials-fffe", "\u{fffe}"),
    ("6.23.7", "specials-ffff", "\u{ffff}"),
    ("", "byte-order-mark", "\u{feff}text"),
    ("", "emoji", "\u{1f469}\u{200d}\u{1f680}\u{fe0f}"),
];

/// Bytes that are no UTF-8: Autobahn's numbers, a name, the bytes.
const BAD: &[(&str, &str, &[u8])] = &[
    ("6.3.1", "surrogate-in-text", b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"),
    ("6.6.1", "kappa-half", b"\xce"),
    ("6.6.3", "omicron-one", b"\xce\xba\xe1"),
    ("6.6.4", "omicron-two", b"\xce\xba\xe1\xbd"),
    ("6.6.6", "sigma-half", b"\xce\xba\xe1\xbd\xb9\xcf"),
    ("6.6.8", "mu-half", b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce"),
    ("6.6.10", "epsilon-half", b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce"),
    ("6.8.1", "first-of-five", b"\xf8\x88\x80\x80\x80"),
    ("6.8.2", "first-of-six", b"\xfc\x84\x80\x80\x80\x80"),
    ("6.10.1", "last-of-four-bytes", b"\xf7\xbf\xbf\xbf"),
    ("6.10.2", "last-of-five-bytes", b"\xfb\xbf\xbf\xbf\xbf"),
    ("6.10.3", "last-of-six-bytes", b"\xfd\xbf\xbf\xbf\xbf\xbf"),
    ("6.11.5", "u110000", b"\xf4\x90\x80\x80"),
    ("6.12.1", "continuation-80", b"\x80"),
    ("6.12.2", "continuation-bf", b"\xbf"),
    ("6.12.3", "continuations-2", b"\x80\xbf"),
    ("6.12.4", "continuations-3", b"\x80\xbf\x80"),
    ("6.12.5", "continuations-4", b"\x80\xbf\x80\xbf"),
    ("6.12.6", "continuations-5", b"\x80\xbf\x80\xbf\x80"),
    ("6.12.7", "continuations-6", b"\x80\xbf\x80\xbf\x80\xbf"),
    ("6.12.8", "continuations-all", b"\x80\x81\x82\x83\x90\x91\x9f\xa0\xa1\xaf\xb0\xb1\xbe\xbf"),
    ("6.13.1", "lonely-starts-of-two", b"\xc0 \xc1 \xc2 \xc3 \xde \xdf "),
    ("6.13.2", "lonely-starts-of-three", b"\xe0 \xe1 \xe2 \xee \xef "),
    ("6.13.3", "lonely-starts-of-four", b"\xf0 \xf1 \xf6 \xf7 "),
    ("6.13.4", "lonely-starts-of-five", b"\xf8 \xf9 \xfa \xfb "),
    ("6.13.5", "lonely-starts-of-six", b"\xfc \xfd "),
    ("6.14.1", "cut-c0", b"\xc0"),
    ("6.14.2", "cut-e0", b"\xe0\x80"),
    ("6.14.3", "cut-f0", b"\xf0\x80\x80"),
    ("6.14.4", "cut-f8", b"\xf8\x80\x80\x80"),
    ("6.14.5", "cut-fc", b"\xfc\x80\x80\x80\x80"),
    ("6.14.6", "cut-df", b"\xdf"),
    ("6.14.7", "cut-ef", b"\xef\xbf"),
    ("6.14.8", "cut-f7", b"\xf7\xbf\xbf"),
    ("6.14.9", "cut-fb", b"\xfb\xbf\xbf\xbf"),
    ("6.14.10", "cut-fd", b"\xfd\xbf\xbf\xbf\xbf"),
    ("6.15.1", "cut-all", b"\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80\xfc\x80\x80\x80\x80\xdf\xef\xbf\xf7\xbf\xbf\xfb\xbf\xbf\xbf\xfd\xbf\xbf\xbf\xbf"),
    ("6.16.1", "fe", b"\xfe"),
    ("6.16.2", "ff", b"\xff"),
    ("6.16.3", "fe-fe-ff-ff", b"\xfe\xfe\xff\xff"),
    ("6.17.1", "slash-in-2", b"\xc0\xaf"),
    ("6.17.2", "slash-in-3", b"\xe0\x80\xaf"),
    ("6.17.3", "slash-in-4", b"\xf0\x80\x80\xaf"),
    ("6.17.4", "slash-in-5", b"\xf8\x80\x80\x80\xaf"),
    ("6.17.5", "slash-in-6", b"\xfc\x80\x80\x80\x80\xaf"),
    ("6.18.1", "overlong-2", b"\xc1\xbf"),
    ("6.18.2", "overlong-3", b"\xe0\x9f\xbf"),
    ("6.18.3", "overlong-4", b"\xf0\x8f\xbf\xbf"),
    ("6.18.4", "overlong-5", b"\xf8\x87\xbf\xbf\xbf"),
    ("6.18.5", "overlong-6", b"\xfc\x83\xbf\xbf\xbf\xbf"),
    ("6.19.1", "nul-in-2", b"\xc0\x80"),
    ("6.19.2", "nul-in-3", b"\xe0\x80\x80"),
    ("6.19.3", "nul-in-4", b"\xf0\x80\x80\x80"),
    ("6.19.4", "nul-in-5", b"\xf8\x80\x80\x80\x80"),
    ("6.19.5", "nul-in-6", b"\xfc\x80\x80\x80\x80\x80"),
    ("6.20.1", "surrogate-d800", b"\xed\xa0\x80"),
    ("6.20.2", "surrogate-db7f", b"\xed\xad\xbf"),
    ("6.20.3", "surrogate-db80", b"\xed\xae\x80"),
    ("6.20.4", "surrogate-dbff", b"\xed\xaf\xbf"),
    ("6.20.5", "surrogate-dc00", b"\xed\xb0\x80"),
    ("6.20.6", "surrogate-df80", b"\xed\xbe\x80"),
    ("6.20.7", "surrogate-dfff", b"\xed\xbf\xbf"),
    ("6.21.1", "pair-d800-dc00", b"\xed\xa0\x80\xed\xb0\x80"),
    ("6.21.2", "pair-d800-dfff", b"\xed\xa0\x80\xed\xbf\xbf"),
    ("6.21.3", "pair-db7f-dc00", b"\xed\xad\xbf\xed\xb0\x80"),
    ("6.21.4", "pair-db7f-dfff", b"\xed\xad\xbf\xed\xbf\xbf"),
    ("6.21.5", "pair-db80-dc00", b"\xed\xae\x80\xed\xb0\x80"),
    ("6.21.6", "pair-db80-dfff", b"\xed\xae\x80\xed\xbf\xbf"),
    ("6.21.7", "pair-dbff-dc00", b"\xed\xaf\xbf\xed\xb0\x80"),
    ("6.21.8", "pair-dbff-dfff", b"\xed\xaf\xbf\xed\xbf\xbf"),
];

/// A text with letters of two to four bytes.
const MIXED: &str = "Hello-\u{b5}@\u{df}\u{f6}\u{e4}\u{fc}\u{e0}\u{e1}-UTF-8!!\u{20ac}\u{1f30d}";
/// κόσμε, then a surrogate, then ASCII.
const LATE: (&[u8], &[u8], &[u8]) = (
    b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
    b"\xf4\x90\x80\x80",
    b"\x65\x64\x69\x74\x65\x64",
);

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [empty(), cut(), good(), bad(), early(), late()].concat()
}

fn case(name: &str, title: impl Into<String>) -> Case {
    Case::new(Group::Utf8, name, title)
}

fn refused() -> Step {
    expect_refusal(&[1007])
}

fn empty() -> Vec<Case> {
    let rule = |name: &str, title: &str, number: &str| {
        case(name, title)
            .rule("RFC 6455 §5.4, §5.6", &[64, 68], "An empty text is a text")
            .autobahn(number)
    };
    vec![
        rule("empty", "an empty text message", "6.1.1").script(echo("")),
        rule("empty-in-three", "an empty text message in three frames", "6.1.2").script([
            send_all([text("").unfinished(), continuation("").unfinished(), continuation("")]),
            expect_text(""),
        ]),
        rule("empty-around", "a text message in the middle of three frames", "6.1.3").script([
            send_all([
                text("").unfinished(),
                continuation("middle").unfinished(),
                continuation(""),
            ]),
            expect_text("middle"),
        ]),
    ]
}

/// A letter may be cut by frames and by writes.
fn cut() -> Vec<Case> {
    let rule = |name: &str, title: &str, number: &str| {
        let case = case(name, title).rule(
            "RFC 6455 §5.6, §8.1",
            &[68],
            "Only the whole message is UTF-8; a frame may end inside a letter",
        );
        if number.is_empty() { case } else { case.autobahn(number) }
    };
    let letters: Vec<_> = MIXED
        .as_bytes()
        .iter()
        .enumerate()
        .map(|(index, &byte)| {
            let frame = if index == 0 { text(&[byte]) } else { continuation(&[byte]) };
            if index + 1 == MIXED.len() { frame } else { frame.unfinished() }
        })
        .collect();
    let (head, tail) = MIXED.as_bytes().split_at(7);
    let kosme = "\u{3ba}\u{1f79}\u{3c3}\u{3bc}\u{3b5}";
    vec![
        rule("mixed", "letters of two to four bytes", "6.2.1").script(echo(MIXED)),
        rule("mixed-in-two", "a text cut inside a letter", "6.2.2")
            .script([send_all([text(head).unfinished(), continuation(tail)]), expect_text(MIXED)]),
        rule("mixed-byte-frames", "a text in frames of a byte each", "6.2.3")
            .script([send_all(letters), expect_text(MIXED)]),
        rule("kosme-byte-frames", "a Greek text in frames of a byte each", "6.2.4").script([
            send_all(kosme.as_bytes().iter().enumerate().map(|(index, &byte)| {
                let frame = if index == 0 { text(&[byte]) } else { continuation(&[byte]) };
                if index + 1 == kosme.len() { frame } else { frame.unfinished() }
            })),
            expect_text(kosme),
        ]),
        rule("mixed-octets", "a text octet by octet", "")
            .script([send_cut(1, [text(MIXED)]), expect_text(MIXED)]),
        rule(
            "four-bytes-in-four-frames",
            "a letter of four bytes in four frames with an empty one between",
            "",
        )
        .script([
            send_all([
                text(&[0xf0]).unfinished(),
                continuation(&[0x9f]).unfinished(),
                continuation("").unfinished(),
                continuation(&[0x9a]).unfinished(),
                continuation(&[0x80]),
            ]),
            expect_text("\u{1f680}"),
        ]),
        rule("bytes-in-binary", "bytes that are no UTF-8 in a binary message", "").script([
            send(binary(&[0xff, 0xfe, 0xc0, 0x80])),
            expect_binary(&[0xff, 0xfe, 0xc0, 0x80]),
        ]),
    ]
}

fn good() -> Vec<Case> {
    GOOD.iter()
        .map(|&(number, name, letters)| {
            let title = format!("the text {}", letters.escape_unicode());
            let case = case(&format!("good-{name}"), title).rule(
                "RFC 6455 §5.6, RFC 3629 §3",
                &[68],
                "Each code point but the surrogates is text, whatever Unicode thinks of it",
            );
            let case = if number.is_empty() { case } else { case.autobahn(number) };
            case.script(echo(letters))
        })
        .collect()
}

fn bad() -> Vec<Case> {
    const WHY: &str = "Text that is no UTF-8 is read differently by everybody, and that is how filters are passed";
    let mut cases: Vec<Case> = BAD
        .iter()
        .map(|&(number, name, bytes)| {
            case(&format!("bad-{name}"), format!("text of the bytes {bytes:02x?}"))
                .rule("RFC 6455 §5.6, §8.1", &[68], WHY)
                .autobahn(number)
                .refuse()
                .script([send(text(bytes)), refused()])
        })
        .collect();
    cases.push(
        case("bad-in-byte-frames", "a surrogate in a text in frames of a byte each")
            .rule("RFC 6455 §8.1", &[68], WHY)
            .autobahn("6.3.2")
            .refuse()
            .script([
                send_all(BAD[0].2.iter().enumerate().map(|(index, &byte)| {
                    let frame = if index == 0 { text(&[byte]) } else { continuation(&[byte]) };
                    if index + 1 == BAD[0].2.len() { frame } else { frame.unfinished() }
                })),
                refused(),
            ]),
    );
    cases.push(
        case("bad-across-frames", "a letter that begins in one frame and does not end in the next")
            .rule("RFC 6455 §8.1", &[68], WHY)
            .refuse()
            .script([send_all([text(&[b'a', 0xe2]).unfinished(), continuation(b"b")]), refused()]),
    );
    cases.push(
        case("bad-after-good", "a good message, then one that is no UTF-8")
            .rule("RFC 6455 §8.1", &[68], WHY)
            .refuse()
            .script(echo(MIXED).into_iter().chain([send(text(b"late \xff")), refused()])),
    );
    cases.push(
        case("bad-long", "70,000 bytes of ASCII whose last byte is no UTF-8")
            .rule("RFC 6455 §8.1", &[68], WHY)
            .refuse()
            .script([send(text([vec![b'a'; 69_999], vec![0xc3]].concat())), refused()]),
    );
    cases
}

/// The target fails before the end of the message comes.
fn early() -> Vec<Case> {
    // To fail at the end of the message is late, and within the RFC; not to fail at all is not.
    const WHY: &str = "A text that cannot become UTF-8 any more need not be kept until its end";
    let (head, wrong, tail) = LATE;
    let rule = |name: &str, title: &str, number: &str| {
        case(name, title)
            .rule("RFC 6455 §8.1", &[69], WHY)
            .effort(Effort::Usual)
            .autobahn(number)
            .refuse()
    };
    let promptly = || Step::Early(Codes::Of(vec![1007]));
    let frames = |first: &[u8], second: &[u8]| {
        vec![
            send(text(first).unfinished()),
            send(continuation(second).unfinished()),
            promptly(),
            send(continuation(tail)),
            refused(),
        ]
    };
    let whole = [head, wrong, tail].concat();
    let octets = |upto: usize| {
        let bytes = text(&whole[..]).masked(crate::wire::frame::Mask::Due);
        vec![
            Step::Send(vec![Chunk::Begun(bytes, upto)], crate::case::step::Delivery::Whole),
            promptly(),
            send(Chunk::Rest),
            refused(),
        ]
    };
    vec![
        rule(
            "fails-at-wrong-fragment",
            "a fragment with a code point behind U+10FFFF, and no end",
            "6.4.1",
        )
        .script(frames(head, wrong)),
        rule(
            "fails-at-wrong-byte",
            "a fragment whose second byte is impossible, and no end",
            "6.4.2",
        )
        .script(frames(head, &wrong[..2])),
        rule(
            "fails-inside-frame",
            "a frame whose code point is behind U+10FFFF, and not its end",
            "6.4.3",
        )
        .script(octets(head.len() + wrong.len())),
        rule(
            "fails-inside-frame-at-byte",
            "a frame whose byte is impossible, and not its end",
            "6.4.4",
        )
        .script(octets(head.len() + 2)),
    ]
}

/// Good texts next to bad ones.
fn late() -> Vec<Case> {
    [("6.5.2", 1), ("6.5.3", 2), ("6.5.4", 3), ("6.5.5", 4)]
        .map(|(number, repeats)| {
            let letters = GOOD[0].2.repeat(repeats + 1);
            case(&format!("greek-{repeats}"), "a Greek text")
                .rule("RFC 6455 §5.6", &[68], "Letters of two and three bytes in any place")
                .autobahn(number)
                .script(echo(letters))
        })
        .into()
}

#[cfg(test)]
mod tests {
    use super::{BAD, GOOD};

    /// RFC 3629: what the tables say is so.
    #[test]
    fn the_tables_are_true() {
        assert!(GOOD.iter().all(|(_, _, text)| !text.is_empty()));
        for (_, name, bytes) in BAD {
            assert!(str::from_utf8(bytes).is_err(), "{name}");
        }
    }
}
