//! The opening handshake.

use crate::{
    stream::Stream,
    trouble::{Trouble, TroubleKind},
};
use bytes::Bytes;
use wharf_proto::{
    Agreement, HandshakeLimits, Key, Offer, ResponseError, ResponseReader, write_request,
};

/// A request that was sent, or a part of it, and the answer as far as it came.
#[derive(Debug)]
pub(crate) struct Upgrade {
    key: Key,
    request: Vec<u8>,
    written: usize,
    reader: ResponseReader,
}

/// What was agreed, and what came behind the answer.
pub(crate) type Upgraded = (Agreement, Bytes);

impl Upgrade {
    pub(crate) fn new(offer: &Offer, random: [u8; 16]) -> Self {
        let key = Key::new(random);
        Self {
            request: write_request(&offer.request(&key)).into(),
            key,
            written: 0,
            reader: ResponseReader::new(HandshakeLimits::default()),
        }
    }

    /// Writes and reads as far as it goes: the agreement, if it is there.
    pub(crate) fn turn(
        &mut self,
        offer: &Offer,
        stream: &mut Stream,
        read: &mut [u8],
    ) -> Result<Option<Upgraded>, Trouble> {
        self.write(stream)?;
        // Of one read at a time: what comes behind the head is the first frames.
        while let Some(got) = stream.read(read).map_err(|error| Trouble::io(&error))? {
            if got == 0 {
                return Err(Trouble::new(TroubleKind::Protocol, self.reader.ended().to_string()));
            }
            let found = self.reader.receive(&read[..got]);
            let found =
                found.map_err(|error| Trouble::new(TroubleKind::Protocol, error.to_string()))?;
            if let Some((response, rest)) = found {
                let agreed = offer.check(&self.key, &response);
                return agreed.map(|agreed| Some((agreed, rest))).map_err(|error| refused(&error));
            }
        }
        Ok(None)
    }

    fn write(&mut self, stream: &mut Stream) -> Result<(), Trouble> {
        let mut write = || {
            while self.written < self.request.len() {
                match stream.write(&self.request[self.written..])? {
                    0 => break,
                    count => self.written += count,
                }
            }
            stream.flush()
        };
        write().map_err(|error| Trouble::io(&error))
    }
}

fn refused(error: &ResponseError) -> Trouble {
    let kind = match error {
        ResponseError::Refused(_) => TroubleKind::Http,
        _ => TroubleKind::Protocol,
    };
    Trouble::new(kind, error.to_string())
}
