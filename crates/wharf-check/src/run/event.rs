//! What a target did, frame after frame.

use crate::{
    case::message::Kind,
    wire::{
        frame::opcode,
        read::{Form, Received},
    },
};
use std::fmt;

/// Something that a target did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A message is complete.
    Message { kind: Kind, bytes: Vec<u8>, packed: bool },
    /// A Ping.
    Ping(Vec<u8>),
    /// A Pong.
    Pong(Vec<u8>),
    /// A Close; the whole body.
    Close(Vec<u8>),
    /// Something that no frame may be.
    Broken(String),
    /// The end of the stream.
    End(End),
}

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By FIN.
    Fin,
    /// By RST or an error of TLS.
    Reset,
}

/// The code in the body of a Close.
pub(crate) fn code(body: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(*body.first_chunk()?))
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message { kind, bytes, packed } => {
                let how = if *packed { "compressed " } else { "" };
                write!(f, "a {how}{} message of {} bytes", kind.name(), bytes.len())
            }
            Self::Ping(payload) => write!(f, "a Ping with {} bytes", payload.len()),
            Self::Pong(payload) => write!(f, "a Pong with {} bytes", payload.len()),
            Self::Close(body) => match code(body) {
                Some(code) => write!(f, "a Close with {code}"),
                None if body.is_empty() => f.write_str("a Close without a code"),
                None => f.write_str("a Close with a body of one byte"),
            },
            Self::Broken(what) => f.write_str(what),
            Self::End(End::Fin) => f.write_str("the end of the stream"),
            Self::End(End::Reset) => f.write_str("a reset of the stream"),
        }
    }
}

/// A frame in words.
pub(crate) fn describe(frame: &Received) -> String {
    let key = frame.key.map(|_| " masked").unwrap_or_default();
    let longer = if frame.form == Form::Longer { " length not in its shortest form" } else { "" };
    let head = describe_first(frame.first);
    let close = match code(&frame.payload) {
        Some(code) if frame.opcode() == opcode::CLOSE => format!(" {code}"),
        _ => String::new(),
    };
    format!("{head}{close}, {} bytes{key}{longer}", frame.payload.len())
}

/// The first byte of a frame in words.
pub(crate) fn describe_first(first: u8) -> String {
    let name = match first & 0xf {
        opcode::CONTINUATION => "continuation".to_owned(),
        opcode::TEXT => "text".to_owned(),
        opcode::BINARY => "binary".to_owned(),
        opcode::CLOSE => "close".to_owned(),
        opcode::PING => "ping".to_owned(),
        opcode::PONG => "pong".to_owned(),
        other => format!("opcode {other}"),
    };
    let mut words = vec![name];
    for (bit, word) in [(0x40, "RSV1"), (0x20, "RSV2"), (0x10, "RSV3")] {
        if first & bit != 0 {
            words.push(word.to_owned());
        }
    }
    if first & 0x80 == 0 {
        words.push("not final".to_owned());
    }
    words.join(" ")
}
