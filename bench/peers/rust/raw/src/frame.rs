//! One frame of a client, and what a server echoes.

/// The most bytes of replies that are kept side by side, to be written at once.
const RUN: usize = 64 << 10;

/// The length of a client's frame, and the replies to many of it.
pub(crate) struct Replies {
    /// The client's frame, header and all.
    pub(crate) frame: usize,
    /// One reply.
    pub(crate) reply: usize,
    /// The reply, again and again.
    pub(crate) run: Vec<u8>,
}

impl Replies {
    /// Reads the first frame, once it is complete.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (header, length) = header(bytes)?;
        let frame = header + 4 + length;
        let key: [u8; 4] = bytes.get(header..header + 4)?.try_into().ok()?;
        let masked = bytes.get(header + 4..frame)?;
        let mut reply = bytes[..header].to_vec();
        reply[1] &= 0x7F;
        reply.extend(masked.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
        let run = reply.repeat((RUN / reply.len()).max(1));
        Some(Self { frame, reply: reply.len(), run })
    }
}

/// The length of the header without its mask, and that of the payload.
fn header(bytes: &[u8]) -> Option<(usize, usize)> {
    match bytes.get(1)? & 0x7F {
        126 => Some((4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?).into())),
        127 => {
            let length = u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?);
            Some((10, length.try_into().ok()?))
        }
        short => Some((2, short.into())),
    }
}
