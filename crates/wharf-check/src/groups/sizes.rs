//! Messages of up to 16 MiB, and many of them.

use crate::{
    case::{
        Case,
        build::{expect, message, send, send_cut},
        expect::Expect,
        kinds::{Effort, Group, Level},
        message::Kind,
        step::Step,
    },
    wire::payload::Payload,
};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// Sizes of one message.
const WHOLE: [usize; 6] = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB];
/// Sizes of the fragments of 4 MiB.
const FRAGMENTS: [usize; 9] = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB];
/// Sizes of the writes of 1 MiB.
const WRITES: [usize; 6] = [64, 128, 256, 512, KIB, 2 * KIB];
/// Sizes of a thousand messages.
const MANY: [usize; 6] = [0, 16, 64, 256, KIB, 4 * KIB];

/// Autobahn has the same cases for text and for bytes: its groups begin with these numbers.
const KINDS: [(Kind, u8); 2] = [(Kind::Text, 0), (Kind::Binary, 1)];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    let families = KINDS.map(|(kind, offset)| {
        [
            whole(kind, 1 + offset),
            fragments(kind, 3 + offset),
            writes(kind, 5 + offset),
            many(kind, 7 + offset),
        ]
        .concat()
    });
    [families.concat(), vec![streamed()]].concat()
}

fn case(name: &str, title: String, number: String) -> Case {
    Case::new(Group::Sizes, name, title)
        .rule(
            "RFC 6455 §5.4, §10.4",
            &[59, 60, 61],
            "A target may have limits, but it should not have these",
        )
        .level(Level::Practice)
        .tolerate()
        .autobahn(number)
}

fn effort(bytes: usize) -> Effort {
    if bytes > MIB { Effort::Big } else { Effort::Usual }
}

fn whole(kind: Kind, group: u8) -> Vec<Case> {
    let one = |(index, len): (usize, usize)| {
        let name = format!("{}-{}", kind.name(), short(len));
        let title = format!("a {} message of {}", kind.name(), short(len));
        case(&name, title, format!("9.{group}.{}", index + 1))
            .effort(effort(len))
            .script(echoed(kind, Payload::stars(len)))
    };
    WHOLE.into_iter().enumerate().map(one).collect()
}

fn fragments(kind: Kind, group: u8) -> Vec<Case> {
    let one = |(index, size): (usize, usize)| {
        let name = format!("{}-in-frames-of-{}", kind.name(), short(size));
        let title = format!("a {} message of 4 MiB in frames of {}", kind.name(), short(size));
        let payload = Payload::stars(4 * MIB);
        case(&name, title, format!("9.{group}.{}", index + 1)).effort(Effort::Big).script([
            send(message(kind, payload.clone()).every(size)),
            expect(Expect::Message(kind, payload)),
        ])
    };
    FRAGMENTS.into_iter().enumerate().map(one).collect()
}

fn writes(kind: Kind, group: u8) -> Vec<Case> {
    let one = |(index, size): (usize, usize)| {
        let name = format!("{}-in-writes-of-{}", kind.name(), short(size));
        let title = format!("a {} message of 1 MiB in writes of {}", kind.name(), short(size));
        let payload = Payload::stars(MIB);
        case(&name, title, format!("9.{group}.{}", index + 1)).effort(Effort::Big).script([
            send_cut(size, [message(kind, payload.clone())]),
            expect(Expect::Message(kind, payload)),
        ])
    };
    WRITES.into_iter().enumerate().map(one).collect()
}

fn many(kind: Kind, group: u8) -> Vec<Case> {
    let one = |(index, len): (usize, usize)| {
        let name = format!("thousand-{}-of-{}", kind.name(), short(len));
        let title =
            format!("a thousand {} messages of {}, one after the other", kind.name(), short(len));
        case(&name, title, format!("9.{group}.{}", index + 1))
            .effort(Effort::Usual)
            .script((0..1000).flat_map(|_| echoed(kind, Payload::stars(len))))
    };
    MANY.into_iter().enumerate().map(one).collect()
}

/// Autobahn lets its own library split this message.
fn streamed() -> Case {
    let payload = Payload::stars(64 * KIB);
    case("frames-of-1300", "64 KiB in frames of 1,300 bytes".to_owned(), "10.1.1".to_owned())
        .script([
            send(message(Kind::Text, payload.clone()).every(1300)),
            expect(Expect::Message(Kind::Text, payload)),
        ])
}

fn echoed(kind: Kind, payload: Payload) -> [Step; 2] {
    [send(message(kind, payload.clone())), expect(Expect::Message(kind, payload))]
}

fn short(len: usize) -> String {
    match len {
        0..KIB => format!("{len}"),
        KIB..MIB => format!("{}k", len / KIB),
        _ => format!("{}m", len / MIB),
    }
}
