//! What proptest makes up.

use crate::wire::{Frame, Length};
use proptest::{collection::vec, prelude::*, sample::Index};
use wharf_proto::Message;

/// Messages of both kinds; most are short, some need each form of a length.
pub fn messages() -> impl Strategy<Value = Message> {
    prop_oneof![
        4 => any::<String>().prop_map(Message::from),
        4 => vec(any::<u8>(), 0..200).prop_map(Message::from),
        1 => (any::<u8>(), 0..70_000_usize).prop_map(|(byte, len)| Message::from(vec![byte; len])),
        1 => ("[a-zß€😀]{1,20}", 0..2_000_usize).prop_map(|(text, n)| Message::from(text.repeat(n))),
    ]
}

/// Places to cut at; apply each to the length in question.
pub fn cuts() -> impl Strategy<Value = Vec<Index>> {
    vec(any::<Index>(), 0..8)
}

/// Frames, unmasked, that a peer may send: whole and fragmented messages, control frames between and inside
/// them, perhaps a Close at the end.
pub fn valid_stream() -> impl Strategy<Value = Vec<Frame>> {
    let units =
        vec(prop_oneof![3 => message_frames(), 1 => control().prop_map(|frame| vec![frame])], 0..6);
    (units, prop::option::of(close()))
        .prop_map(|(units, close)| units.into_iter().flatten().chain(close).collect())
}

/// A stream of which one frame was made wrong, or at least different.
pub fn mutated_stream() -> impl Strategy<Value = Vec<Frame>> {
    (valid_stream(), any::<Index>(), mutation()).prop_map(|(mut frames, at, mutation)| {
        if !frames.is_empty() {
            let at = at.index(frames.len());
            mutation.apply(&mut frames, at);
        }
        frames
    })
}

/// What is done to a frame.
#[derive(Debug, Clone)]
enum Mutation {
    Rsv(u8),
    Opcode(u8),
    Fin,
    Length(Length),
    Byte(Index, u8),
    Again,
    Lost,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (1..8_u8).prop_map(Mutation::Rsv),
        (0..16_u8).prop_map(Mutation::Opcode),
        Just(Mutation::Fin),
        prop_oneof![Just(Length::Two), Just(Length::Eight), any::<u64>().prop_map(Length::Claimed)]
            .prop_map(Mutation::Length),
        any::<(Index, u8)>().prop_map(|(at, byte)| Mutation::Byte(at, byte)),
        Just(Mutation::Again),
        Just(Mutation::Lost),
    ]
}

impl Mutation {
    fn apply(self, frames: &mut Vec<Frame>, at: usize) {
        let frame = &mut frames[at];
        match self {
            Self::Rsv(rsv) => frame.rsv = rsv,
            Self::Opcode(opcode) => frame.opcode = opcode,
            Self::Fin => frame.fin = !frame.fin,
            Self::Length(length) => frame.length = length,
            Self::Byte(place, byte) => {
                if !frame.payload.is_empty() {
                    let place = place.index(frame.payload.len());
                    frame.payload[place] = byte;
                }
            }
            Self::Again => frames.insert(at, frames[at].clone()),
            Self::Lost => drop(frames.remove(at)),
        }
    }
}

fn message_frames() -> impl Strategy<Value = Vec<Frame>> {
    let between = vec(prop::option::weighted(0.2, control()), 4);
    (messages(), vec(any::<Index>(), 0..4), between).prop_map(|(message, cuts, between)| {
        let bytes = message.as_bytes();
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        ends.sort_unstable();
        ends.push(bytes.len());
        let (mut frames, mut start) = (Vec::new(), 0);
        for (at, &end) in ends.iter().enumerate() {
            let piece = &bytes[start..end];
            start = end;
            let frame = match (at, &message) {
                (0, Message::Text(_)) => Frame::text(piece),
                (0, Message::Binary(_)) => Frame::binary(piece),
                _ => Frame::continuation(piece),
            };
            if at + 1 == ends.len() {
                frames.push(frame);
            } else {
                frames.push(frame.more());
                frames.extend(between[at].clone());
            }
        }
        frames
    })
}

fn control() -> impl Strategy<Value = Frame> {
    (any::<bool>(), vec(any::<u8>(), 0..=125))
        .prop_map(|(ping, payload)| if ping { Frame::ping(payload) } else { Frame::pong(payload) })
}

fn close() -> impl Strategy<Value = Frame> {
    prop_oneof![
        Just(Frame::empty_close()),
        (prop_oneof![1000..1004_u16, 1007..1015_u16, 3000..5000_u16], "[a-zß€]{0,40}")
            .prop_map(|(code, reason)| Frame::close(code, &reason)),
    ]
}
