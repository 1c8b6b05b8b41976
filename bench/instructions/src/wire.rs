//! Bytes of a client, and connections to take them.

use bytes::Buf;
use std::sync::Arc;
use wharf_proto::{
    Agreement, Config, Connection, Context, DeflateAgreement, Direction, Event, Input, Kind, Now,
    Role,
};

const KEY: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];

/// `count` messages of one frame each, all alike.
pub(crate) fn messages(kind: Kind, length: usize, count: usize) -> Vec<u8> {
    let opcode = match kind {
        Kind::Text => 1,
        Kind::Binary => 2,
    };
    frame(0x80 | opcode, &ascii(length)).repeat(count)
}

/// `count` texts of `parts` frames each; a character of two bytes is cut at each seam.
pub(crate) fn fragmented(parts: usize, length: usize, count: usize) -> Vec<u8> {
    let text = "ü".repeat(parts * length / 2 - 1);
    let text = format!("x{text}y").into_bytes();
    let frames = text.chunks(length).enumerate().map(|(index, part)| {
        let fin = if index + 1 == parts { 0x80 } else { 0 };
        frame(fin | u8::from(index == 0), part)
    });
    frames.collect::<Vec<_>>().concat().repeat(count)
}

/// Text of one byte per character.
pub(crate) fn ascii(length: usize) -> Vec<u8> {
    b"The quick brown fox jumps over the lazy dog. ".iter().copied().cycle().take(length).collect()
}

fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | u8::try_from(short).expect("below 126")),
        medium => {
            frame.push(0x80 | 126);
            let length = u16::try_from(medium).expect("no scenario has longer frames");
            frame.extend(length.to_be_bytes());
        }
    }
    frame.extend(KEY);
    frame.extend(payload.iter().zip(KEY.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// A connection that was just opened.
pub(crate) fn open(role: Role, deflate: Option<Context>) -> Connection {
    let mut config = Config::new(role);
    config.limits.outbox = 64 << 20;
    let mut agreed = Agreement::default();
    let direction = |context| Direction { context, ..Direction::DEFAULT };
    agreed.deflate = deflate
        .map(|context| DeflateAgreement { client: direction(context), server: direction(context) });
    Connection::new(role, &agreed, Arc::new(config), [7; 32], Now::default())
}

/// Takes messages until the bytes are used up, and counts them.
pub(crate) fn receive(
    connection: &mut Connection,
    bytes: &mut [u8],
    mut each: impl FnMut(usize),
) -> usize {
    let mut input = Input::new(bytes);
    let mut count = 0;
    while let Some(event) = connection.receive(&mut input, Now::default()) {
        if let Event::Message(message) = event {
            each(message.as_bytes().len());
            count += 1;
        }
    }
    count
}

/// Writes everything to nowhere.
pub(crate) fn drain(connection: &mut Connection) -> usize {
    let mut written = 0;
    while connection.outbox().has_remaining() {
        let count = connection.outbox().chunk().len();
        connection.on_written(count, Now::default());
        written += count;
    }
    written
}
