//! A message of our own that goes out in fragments.

use super::{found::End, refusal::WhyNot};
use crate::{frame::opcode::OpCode, message::types::Kind};
use wharf_bytes::Utf8Stream;

/// Where it stands.
#[derive(Debug)]
pub(crate) enum Writing {
    Nothing,
    Message {
        kind: Kind,
        /// Of the next frame.
        opcode: OpCode,
        utf8: Utf8Stream,
    },
}

impl Writing {
    pub(crate) const fn begin(kind: Kind) -> Self {
        Self::Message { kind, opcode: OpCode::Data(kind), utf8: Utf8Stream::new() }
    }

    /// The opcode of the frame in which `bytes` go out. On an error nothing has changed.
    pub(crate) fn next(&mut self, bytes: &[u8], end: End) -> Result<OpCode, WhyNot> {
        let Self::Message { kind, opcode, utf8 } = self else { return Err(WhyNot::NotBegun) };
        if *kind == Kind::Text {
            *utf8 = go_on(utf8, bytes, end)?;
        }
        let this = core::mem::replace(opcode, OpCode::Continuation);
        if end == End::Last {
            *self = Self::Nothing;
        }
        Ok(this)
    }

    pub(crate) const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// Whether a part was sent and the end was not.
    pub(crate) const fn is_inside(&self) -> bool {
        matches!(self, Self::Message { opcode: OpCode::Continuation, .. })
    }
}

fn go_on(utf8: &Utf8Stream, bytes: &[u8], end: End) -> Result<Utf8Stream, WhyNot> {
    let mut utf8 = utf8.clone();
    let fed = utf8.feed(bytes).and_then(|()| match end {
        End::More => Ok(()),
        End::Last => utf8.finish(),
    });
    fed.map(|()| utf8).map_err(|_| WhyNot::NotUtf8)
}
