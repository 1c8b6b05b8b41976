//! Counts messages by the headers of their frames; payloads are passed over.

use crate::trouble::{Trouble, TroubleKind};

/// How far the bytes were understood. The server's frames are not masked (RFC 6455 §5.1).
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// A header that has not come whole.
    header: [u8; 10],
    have: usize,
    /// Bytes of a payload still to pass.
    payload: u64,
    /// Whether the message ends with this frame.
    ends: bool,
}

impl Walk {
    /// How many messages end in these bytes.
    pub(crate) fn count(&mut self, mut bytes: &[u8]) -> Result<u64, Trouble> {
        let mut messages = 0;
        while !bytes.is_empty() {
            if self.payload == 0 && !self.header(&mut bytes)? {
                break;
            }
            let passed = usize::try_from(self.payload).unwrap_or(usize::MAX).min(bytes.len());
            bytes = &bytes[passed..];
            self.payload -= passed as u64;
            messages += u64::from(self.payload == 0 && self.ends);
        }
        Ok(messages)
    }

    /// Whether a frame has begun and not ended.
    pub(crate) const fn is_inside(&self) -> bool {
        self.have > 0 || self.payload > 0
    }

    /// Takes bytes of a header: whether it is whole.
    fn header(&mut self, bytes: &mut &[u8]) -> Result<bool, Trouble> {
        while let Some((first, rest)) = bytes.split_first() {
            self.header[self.have] = *first;
            (self.have, *bytes) = (self.have + 1, rest);
            if let Some(len) = self.length() {
                self.have = 0;
                self.payload = len;
                self.ends = ends_message(self.header[0])?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The length of the payload, if the header is whole (RFC 6455 §5.2).
    fn length(&self) -> Option<u64> {
        match (self.have, self.header[1] & 0x7f) {
            (2, len @ 0..=125) => Some(u64::from(len)),
            (4, 126) => Some(u64::from(u16::from_be_bytes([self.header[2], self.header[3]]))),
            (10, 127) => self.header.last_chunk().map(|len| u64::from_be_bytes(*len)),
            _ => None,
        }
    }
}

/// FIN on a data frame. A Ping cannot be answered from here, and a Close is the end.
fn ends_message(first: u8) -> Result<bool, Trouble> {
    match first & 0x0f {
        0x0..=0x2 => Ok(first & 0x80 != 0),
        0x8 => Err(Trouble::new(TroubleKind::Closed, "the server closed the connection")),
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::Walk;

    /// Headers of every length, control frames, fragments: the same count, however the bytes are cut.
    #[test]
    fn messages_are_counted_however_they_are_cut() {
        let mut bytes = vec![0x82, 3, 1, 2, 3, 0x89, 1, 9, 0xc1, 126, 0, 200];
        bytes.extend([7; 200]);
        bytes.extend([0x02, 2, 0x82, 0x82, 0x80, 0, 0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
        bytes.extend([0x82; 65_536]);
        for cut in [1, 2, 3, 7, 100, 1_000, bytes.len()] {
            let mut walk = Walk::default();
            let counts = bytes.chunks(cut).map(|piece| walk.count(piece).unwrap());
            assert_eq!(counts.sum::<u64>(), 4, "{cut}");
            assert!(!walk.is_inside());
        }
    }

    /// RFC 6455 §5.5.1: after a Close nothing follows.
    #[test]
    fn a_close_is_the_end() {
        assert!(Walk::default().count(&[0x88, 0]).is_err());
    }
}
