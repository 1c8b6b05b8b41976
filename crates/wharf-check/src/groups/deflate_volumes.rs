//! Compressed messages by the volume: Autobahn's 12.* and 13.* (RFC 7692 §7.2).

use super::deflate_streams::{ANSWER, OFFER, noise, prose};
use crate::{
    case::{
        Case,
        build::{deflated, expect_binary, expect_text, send},
        kinds::{Effort, Group},
        message::{Kind, Message},
    },
    wire::payload::Payload,
};

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

/// Equivalents of Autobahn's 12.* and 13.*: volumes of messages by size, kind and agreement.
pub(crate) fn cases() -> Vec<Case> {
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
    Case::new(
        Group::DeflateStreams,
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
