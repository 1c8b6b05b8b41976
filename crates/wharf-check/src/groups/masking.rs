//! Who masks, and with which keys (RFC 6455 §5.1, §5.3).

use crate::{
    case::{
        Case,
        build::{
            binary, close, echo, expect_binary, expect_close, expect_end, expect_pong,
            expect_refusal, expect_text, ping, send, send_all, text,
        },
        census::Census,
        kinds::Group,
    },
    wire::{frame::Mask, role::Role},
};

/// Keys that some implementations treat in a special way.
const KEYS: [(&str, [u8; 4]); 3] =
    [("zero", [0; 4]), ("ones", [0xff; 4]), ("ascending", [1, 2, 3, 4])];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [wrong(), keys(), sent()].concat()
}

fn case(name: &str, title: impl Into<String>) -> Case {
    Case::new(Group::Masking, name, title)
}

/// A client's frame without a mask, a server's frame with one.
fn wrong() -> Vec<Case> {
    const WHY: &str = "A mask keeps caches between both ends from being poisoned; one that is missing or \
                       too much shows a peer that is none";
    let rule =
        |name: &str, title: &str| case(name, title).rule("RFC 6455 §5.1", &[49, 50], WHY).refuse();
    vec![
        rule("wrong-text", "a text frame, unmasked from a client, masked from a server")
            .script([send(text("wrong").masked(Mask::Wrong)), expect_refusal(&[1002])]),
        rule("wrong-empty-text", "an empty text frame with the wrong mask")
            .script([send(text("").masked(Mask::Wrong)), expect_refusal(&[1002])]),
        rule("wrong-binary", "a binary frame with the wrong mask")
            .script([send(binary(&[1; 200]).masked(Mask::Wrong)), expect_refusal(&[1002])]),
        rule("wrong-ping", "a Ping with the wrong mask")
            .script([send(ping("wrong").masked(Mask::Wrong)), expect_refusal(&[1002])]),
        rule("wrong-close", "a Close with the wrong mask")
            .script([send(close(1000, "").masked(Mask::Wrong)), expect_refusal(&[1002])]),
        rule("wrong-second", "a good message, then one with the wrong mask").script(
            echo("good")
                .into_iter()
                .chain([send(text("wrong").masked(Mask::Wrong)), expect_refusal(&[1002])]),
        ),
        rule("wrong-continuation", "a message whose second frame has the wrong mask").script([
            send_all([
                text("first").unfinished(),
                crate::case::build::continuation("second").masked(Mask::Wrong),
            ]),
            expect_refusal(&[1002]),
        ]),
    ]
}

fn keys() -> Vec<Case> {
    const WHY: &str =
        "A key may have any value; code that takes a shortcut for one must still be right";
    KEYS.iter()
        .map(|&(name, key)| {
            case(&format!("key-{name}"), format!("frames whose masking key is {key:02x?}"))
                .rule("RFC 6455 §5.3", &[49], WHY)
                .only(Role::Server)
                .script([
                    send(text("masked text").masked(Mask::Key(key))),
                    expect_text("masked text"),
                    send(binary(&[7; 1001]).masked(Mask::Key(key))),
                    expect_binary(&[7; 1001]),
                    send(ping("p").masked(Mask::Key(key))),
                    expect_pong("p"),
                ])
        })
        .collect()
}

/// Every kind of frame that a target can be brought to send.
fn everything() -> Vec<crate::case::step::Step> {
    let empty = echo("");
    let short = echo("short");
    let long = echo("long ".repeat(100));
    let control = [
        send(ping("p")),
        expect_pong("p"),
        send(ping("")),
        expect_pong(""),
        send(binary(&[0; 70_000])),
        expect_binary(&[0; 70_000]),
        send(close(1000, "")),
        expect_close(&[1000]),
        expect_end(),
    ];
    empty.into_iter().chain(short).chain(long).chain(control).collect()
}

fn sent() -> Vec<Case> {
    vec![
        case("client-masks-all", "every frame that the client sent is masked")
            .rule(
                "RFC 6455 §5.1, §5.3",
                &[51],
                "A server has to refuse the first frame that is not",
            )
            .only(Role::Client)
            .script(everything())
            .census(Census::AllMasked),
        case("server-masks-none", "no frame that the server sent is masked")
            .rule("RFC 6455 §5.1", &[50], "A client has to refuse the first frame that is")
            .only(Role::Server)
            .script(everything())
            .census(Census::NoneMasked),
        case(
            "client-keys-fresh",
            "masking keys differ from frame to frame and from connection to connection",
        )
        .rule(
            "RFC 6455 §5.3, §10.3",
            &[52],
            "Who can guess the next key can choose what is on the wire",
        )
        .only(Role::Client)
        .script((0..20).flat_map(|n| echo(format!("key {n}"))))
        .census(Census::KeysDiffer),
    ]
}
