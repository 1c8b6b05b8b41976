//! Codes and reasons of Close frames (RFC 6455 §5.5.1, §7.4).

use crate::{
    case::{
        Case,
        build::{close, close_raw, expect, expect_refusal, send},
        census::Census,
        expect::{Codes, Expect},
        kinds::{Group, Level},
        step::Step,
    },
    wire::payload::Payload,
};

/// Codes that may be sent, with Autobahn's number.
const GOOD: [(u16, &str); 13] = [
    (1000, "7.7.1"),
    (1001, "7.7.2"),
    (1002, "7.7.3"),
    (1003, "7.7.4"),
    (1007, "7.7.5"),
    (1008, "7.7.6"),
    (1009, "7.7.7"),
    (1010, "7.7.8"),
    (1011, "7.7.9"),
    (3000, "7.7.10"),
    (3999, "7.7.11"),
    (4000, "7.7.12"),
    (4999, "7.7.13"),
];

/// Codes that IANA registered after the RFC.
const LATER: [u16; 3] = [1012, 1013, 1014];

/// Codes that are never on the wire, with Autobahn's number.
const BAD: [(u16, &str); 14] = [
    (0, "7.9.1"),
    (999, "7.9.2"),
    (1004, "7.9.3"),
    (1005, "7.9.4"),
    (1006, "7.9.5"),
    (1016, "7.9.6"),
    (1100, "7.9.7"),
    (2000, "7.9.8"),
    (2999, "7.9.9"),
    (1, ""),
    (1015, ""),
    (1017, ""),
    (5000, "7.13.1"),
    (65_535, "7.13.2"),
];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [bodies(), good(), bad(), reasons(), sent()].concat()
}

fn case(name: &str, title: impl Into<String>) -> Case {
    Case::new(Group::CloseCodes, name, title)
}

/// An answer to this code: the same one, as is usual, or 1000, or none.
fn answered(code: u16) -> [Step; 2] {
    let codes = Codes::OrEmpty(vec![code, 1000]);
    [expect(Expect::Close(codes)), crate::case::build::expect_end()]
}

fn bodies() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title).rule(
            "RFC 6455 §5.5.1",
            &[78, 83],
            "A body is empty, or a code of two bytes and a reason",
        )
    };
    vec![
        rule("empty-body", "a Close without a body").autobahn("7.3.1").script([
            send(close_raw("")),
            expect(Expect::Close(Codes::OrEmpty(vec![1000]))),
            crate::case::build::expect_end(),
        ]),
        rule("one-byte", "a Close with a body of one byte")
            .autobahn("7.3.2")
            .refuse()
            // What to answer it with stands nowhere; whoever takes it for a Close without a code answers with one.
            .script([send(close_raw(&[3])), expect(Expect::Refusal(Codes::OrEmpty(vec![1002])))]),
        rule("code-only", "a Close with a code")
            .autobahn("7.3.3")
            .script([send(close(1000, ""))].into_iter().chain(answered(1000))),
        rule("code-and-reason", "a Close with a code and a reason")
            .autobahn("7.3.4")
            .script([send(close(1000, "Hello World!"))].into_iter().chain(answered(1000))),
        rule("reason-123", "a Close with a reason of 123 bytes, the most there may be")
            .autobahn("7.3.5")
            .script([send(close(1000, &"*".repeat(123)))].into_iter().chain(answered(1000))),
        rule("reason-124", "a Close with a reason of 124 bytes")
            .autobahn("7.3.6")
            .refuse()
            .script([send(close(1000, &"*".repeat(124))), expect_refusal(&[1002])]),
    ]
}

fn good() -> Vec<Case> {
    let known = GOOD.iter().map(|&(code, number)| {
        case(&format!("code-{code}"), format!("a Close with {code}"))
            .rule(
                "RFC 6455 §7.4.1, §7.4.2",
                &[79, 83],
                "A code that may be sent is taken, and answered",
            )
            .autobahn(number)
            .script([send(close(code, ""))].into_iter().chain(answered(code)))
    });
    let later = LATER.iter().map(|&code| {
        case(&format!("code-{code}"), format!("a Close with {code}, which was registered later"))
            .rule(
                "IANA WebSocket Close Code Number Registry",
                &[79],
                "Servers say 1012 and 1013 when they restart",
            )
            .level(Level::Practice)
            .tolerate()
            .script([send(close(code, ""))].into_iter().chain(answered(code)))
    });
    known.chain(later).collect()
}

fn bad() -> Vec<Case> {
    BAD.iter()
        .map(|&(code, number)| {
            let case = case(&format!("code-{code}"), format!("a Close with {code}"))
                .rule(
                    "RFC 6455 §7.4.1, §7.4.2",
                    &[79, 80],
                    "A code that is never on the wire tells of a peer that is broken",
                )
                .refuse();
            let case = if number.is_empty() { case } else { case.autobahn(number) };
            // RFC 6455 §7.4.2 has no range for them, and so no rule against them.
            let case = if code >= 5000 { case.level(Level::Practice) } else { case };
            case.script([send(close(code, "")), expect_refusal(&[1002])])
        })
        .collect()
}

fn reasons() -> Vec<Case> {
    let rule = |name: &str, title: &str| {
        case(name, title).rule("RFC 6455 §5.5.1, §8.1", &[70], "A reason is UTF-8, as all text is")
    };
    let refused = || expect_refusal(&[1007, 1002]);
    let raw = |reason: &[u8]| send(close_raw([&[3, 232], reason].concat()));
    vec![
        rule("reason-utf8", "a reason with letters of two to four bytes").script(
            [send(close(1000, "gr\u{fc}\u{df}e \u{2603} \u{1f30d}"))]
                .into_iter()
                .chain(answered(1000)),
        ),
        rule("reason-bad-utf8", "a reason with a surrogate").autobahn("7.5.1").refuse().script([
            raw(
                b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80\x65\x64\x69\x74\x65\x64",
            ),
            refused(),
        ]),
        rule("reason-cut-letter", "a reason that ends inside a letter")
            .refuse()
            .script([raw(b"cut \xe2\x98"), refused()]),
        rule("reason-ff", "a reason of the byte FF").refuse().script([raw(b"\xff"), refused()]),
        rule("reason-nul", "a reason with a NUL and control characters").script(
            [send(close_raw(Payload::from(&[3, 232, 0, 7, 27, b'['])))]
                .into_iter()
                .chain(answered(1000)),
        ),
    ]
}

fn sent() -> Vec<Case> {
    vec![
        case(
            "sends-sendable-codes",
            "no Close that the target sent has a code that is never on the wire",
        )
        .rule(
            "RFC 6455 §5.5.1, §7.4.1",
            &[80, 82],
            "1005 and 1006 are for the API, not for the peer",
        )
        .script([send(close_raw("")), expect(Expect::Close(Codes::Any))])
        .census(Census::SendableCodes),
    ]
}
