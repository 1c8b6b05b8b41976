//! Compressed messages (RFC 7692 §6, §7.2).

use crate::{
    case::{
        Case,
        build::{deflated, expect_refusal, expect_text, send, text},
        kinds::Group,
        opening::Param,
        step::Kind,
    },
    wire::frame::RSV1,
};

/// What a tester that is the client offers.
const OFFER: &str = "permessage-deflate; client_max_window_bits";
/// What a tester that is the server answers.
const ANSWER: &str = "permessage-deflate";

/// RFC 7692 §7.2.3.1: "Hello" in one block.
const HELLO: &[u8] = &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
/// RFC 7692 §7.2.3.4: "Hello" in a block that says it is the last, then an empty one.
const HELLO_FINAL: &[u8] = &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("one-block", "\"Hello\" in one block")
            .rule("RFC 7692 §7.2.3.1", &[114], "The example of the RFC")
            .deflate(OFFER, ANSWER, &[])
            .script([send(text(HELLO).reserved(RSV1)), expect_text("Hello")]),
        case("final-block", "\"Hello\" in a block with BFINAL, twice")
            .rule("RFC 7692 §7.2.3.4", &[113], "Many inflaters stop for good where a stream ends")
            .deflate(OFFER, ANSWER, &[])
            .script([
                send(text(HELLO_FINAL).reserved(RSV1)),
                expect_text("Hello"),
                send(text(HELLO_FINAL).reserved(RSV1)),
                expect_text("Hello"),
            ]),
        case("no-deflate", "a compressed message that is no DEFLATE")
            .rule(
                "RFC 7692 §7.2.2",
                &[112, 123],
                "A broken stream has no meaning, and its context is lost",
            )
            .refuse()
            .deflate(OFFER, ANSWER, &[])
            .script([
                send(text(&[0xff; 16]).reserved(RSV1)),
                expect_refusal(&[1002, 1003, 1007, 1011]),
            ]),
        case("client-window-9", "a message under a client's window of 9 bits")
            .rule(
                "RFC 7692 §7.1.2.2",
                &[106, 107],
                "A sender keeps within the window that was agreed",
            )
            .deflate(
                "permessage-deflate; client_max_window_bits=9",
                "permessage-deflate; client_max_window_bits=9",
                &[Param::AtMost("client_max_window_bits", 9)],
            )
            .script([
                send(deflated(Kind::Text, "window ".repeat(500))),
                expect_text("window ".repeat(500)),
            ]),
    ]
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::DeflateStreams, name, title)
}
