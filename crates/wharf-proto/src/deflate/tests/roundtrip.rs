//! Whatever is sent arrives.

use super::{compress, deflater, direction, inflate, strict};
use crate::deflate::{
    agreement::{Context, Direction},
    inflate::Inflate,
    part::Part,
};
use alloc::vec::Vec;
use proptest::{collection::vec, prelude::*};

fn any_direction() -> impl Strategy<Value = Direction> {
    let context = prop_oneof![Just(Context::Takeover), Just(Context::NoTakeover)];
    (8_u8..=15, context).prop_map(|(bits, context)| direction(bits, context))
}

/// Bytes of few kinds, runs and repetitions at any distance, and noise.
fn any_plain() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        vec(any::<u8>(), 0..300),
        vec(b'a'..=b'd', 0..300),
        (any::<u8>(), 0_usize..2000).prop_map(|(byte, times)| alloc::vec![byte; times]),
    ];
    vec((piece, 1_usize..4), 0..12).prop_map(|pieces| {
        let mut plain = Vec::new();
        for (piece, times) in pieces {
            let before = plain.len() / 2;
            plain.extend(piece.repeat(times));
            plain.extend_from_within(..before);
        }
        plain.truncate(50_000);
        plain
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// checklist 104, 108, 109, 116: messages of any kind, by both judges.
    #[test]
    fn whole_messages(
        way in any_direction(),
        level in 1_u8..=9,
        messages in vec(any_plain(), 1..5),
    ) {
        let (mut sender, mut receiver) = (deflater(way, level), Inflate::new(way));
        let mut history = Vec::new();
        for plain in messages {
            let Some(payload) = compress(&mut sender, &plain) else { continue };
            prop_assert!(payload.len() < plain.len());
            let judged = strict::inflate(&payload, way.window.bytes(), &history);
            prop_assert_eq!(judged.as_ref(), Ok(&plain));
            let arrived = inflate(&mut receiver, &payload);
            prop_assert_eq!(arrived.as_ref(), Ok(&plain));
            if way.context == Context::Takeover {
                history.extend_from_slice(&plain);
            }
        }
    }

    /// checklist 110, 115: messages compressed in pieces of any size.
    #[test]
    fn messages_in_pieces(
        way in any_direction(),
        level in 1_u8..=9,
        messages in vec(vec(any_plain(), 0..4), 1..3),
    ) {
        let (mut sender, mut receiver) = (deflater(way, level), Inflate::new(way));
        let mut history = Vec::new();
        for pieces in messages {
            let mut payload = Vec::new();
            for piece in &pieces {
                sender.chunk(piece, Part::More, &mut payload);
            }
            sender.chunk(b"", Part::Last, &mut payload);
            let plain = pieces.concat();
            let judged = strict::inflate(&payload, way.window.bytes(), &history);
            prop_assert_eq!(judged.as_ref(), Ok(&plain));
            let arrived = inflate(&mut receiver, &payload);
            prop_assert_eq!(arrived.as_ref(), Ok(&plain));
            if way.context == Context::Takeover {
                history.extend_from_slice(&plain);
            }
        }
    }

    /// checklist 112, 119: arbitrary bytes never panic, and never pass a limit.
    #[test]
    fn arbitrary_bytes_stay_within_bounds(payload in vec(any::<u8>(), 0..400), limit in 0_usize..3000) {
        let mut out = Vec::new();
        let result = Inflate::new(Direction::DEFAULT).message(&payload, limit, None, &mut out);
        prop_assert!(out.len() <= limit);
        prop_assert!(result.is_ok() || out.is_empty());
    }

    /// checklist 112, 119: one flipped bit gives an error or other bytes, judged alike by both inflaters.
    #[test]
    fn damage_is_judged_alike(plain in any_plain(), at in any::<prop::sample::Index>(), bit in 0..8) {
        let Some(mut payload) = compress(&mut deflater(Direction::DEFAULT, 6), &plain) else {
            return Ok(());
        };
        let at = at.index(payload.len());
        payload[at] ^= 1_u8 << bit;
        let ours = inflate(&mut Inflate::new(Direction::DEFAULT), &payload);
        if let Ok(ours) = ours {
            prop_assert_eq!(strict::inflate(&payload, 1 << 15, b""), Ok(ours));
        }
    }
}
