//! A stream, with TLS in it or without.

use super::{
    clock::Until,
    raw::{Input, Raw},
    tls::{Sealed, Session},
};
use std::{
    io::{self, ErrorKind},
    time::Duration,
};

/// What both halves of a connection borrow.
pub(crate) struct Transport {
    raw: Raw,
    session: Option<Session>,
}

/// Why a handshake goes no further.
pub(crate) enum Broken {
    TimedOut,
    Io(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Transport {
    pub(crate) const fn new(raw: Raw, session: Option<Session>) -> Self {
        Self { raw, session }
    }

    /// What it is, in a word: a stream is one of TLS, or the caller's own.
    pub(crate) const fn kind(&self) -> &'static str {
        match &self.session {
            Some(_) => "stream",
            None => self.raw.kind(),
        }
    }

    /// Whether it is a bare socket of the system's.
    pub(crate) const fn is_system(&self) -> bool {
        self.session.is_none() && self.raw.is_system()
    }

    #[cfg(feature = "rustls")]
    pub(crate) const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Reads what is there, or waits for it so long. No lock is held meanwhile that a writer takes.
    pub(crate) fn read(
        &self,
        sealed: &mut Sealed,
        room: &mut [u8],
        within: Duration,
    ) -> io::Result<Input> {
        let Some(session) = &self.session else { return self.raw.read(room, within) };
        match session.open(sealed, room)? {
            Input::Nothing => {}
            found @ (Input::Bytes(_) | Input::End) => return Ok(found),
        }
        match self.raw.read(sealed.room(), within)? {
            Input::Bytes(count) => sealed.filled(count),
            nothing @ (Input::Nothing | Input::End) => return Ok(nothing),
        }
        session.open(sealed, room)
    }

    /// Turns bytes into what goes over the wire; how many of them that was.
    pub(crate) fn seal(&self, plain: &[u8], wire: &mut Vec<u8>) -> io::Result<usize> {
        match &self.session {
            Some(session) => session.seal(plain, wire),
            None => {
                wire.extend_from_slice(plain);
                Ok(plain.len())
            }
        }
    }

    /// Whether TLS itself has something to say.
    pub(crate) fn has_records(&self) -> bool {
        self.session.as_ref().is_some_and(Session::has_records)
    }

    /// What TLS itself has to say.
    pub(crate) fn drain(&self, wire: &mut Vec<u8>) -> io::Result<()> {
        self.session.as_ref().map_or(Ok(()), |session| session.drain(wire))
    }

    /// The last bytes of our direction, if there are any.
    pub(crate) fn say_goodbye(&self, wire: &mut Vec<u8>) -> io::Result<()> {
        self.session.as_ref().map_or(Ok(()), |session| session.say_goodbye(wire))
    }

    /// Writes what is taken within that time; 0 if nothing is.
    pub(crate) fn write(&self, wire: &[u8], within: Duration) -> io::Result<usize> {
        self.raw.write(wire, within)
    }

    /// Ends our direction.
    pub(crate) fn end_writing(&self) -> io::Result<()> {
        self.raw.end_writing()
    }

    /// Ends both directions, whoever waits in them.
    pub(crate) fn cut(&self) {
        self.raw.cut();
    }

    /// TLS, if there is any, up to the first byte of the application's.
    pub(crate) fn shake_hands(&self, sealed: &mut Sealed, until: Until) -> Result<(), Broken> {
        let Some(session) = &self.session else { return Ok(()) };
        loop {
            let mut wire = Vec::new();
            session.drain(&mut wire)?;
            self.write_raw(&wire, until)?;
            if !session.is_handshaking() {
                return Ok(());
            }
            match self.raw.read(sealed.room(), until.left().ok_or(Broken::TimedOut)?)? {
                Input::Bytes(count) => sealed.filled(count),
                Input::Nothing => continue,
                Input::End => return Err(io::Error::from(ErrorKind::UnexpectedEof).into()),
            }
            if let Err(error) = session.go_on(sealed) {
                self.tell_why(session, until);
                return Err(error.into());
            }
        }
    }

    /// Some bytes; none at the end.
    pub(crate) fn read_some(
        &self,
        sealed: &mut Sealed,
        room: &mut [u8],
        until: Until,
    ) -> Result<usize, Broken> {
        loop {
            match self.read(sealed, room, until.left().ok_or(Broken::TimedOut)?)? {
                Input::Bytes(count) => return Ok(count),
                Input::End => return Ok(0),
                Input::Nothing => {}
            }
        }
    }

    /// All of these bytes.
    pub(crate) fn write_all(&self, mut plain: &[u8], until: Until) -> Result<(), Broken> {
        while !plain.is_empty() {
            let mut wire = Vec::new();
            let count = self.seal(plain, &mut wire)?;
            self.write_raw(&wire, until)?;
            plain = &plain[count..];
        }
        Ok(())
    }

    /// Ends our direction in order.
    pub(crate) fn finish(&self, until: Until) -> Result<(), Broken> {
        let mut wire = Vec::new();
        self.say_goodbye(&mut wire)?;
        self.write_raw(&wire, until)?;
        Ok(self.end_writing()?)
    }

    fn write_raw(&self, mut wire: &[u8], until: Until) -> Result<(), Broken> {
        while !wire.is_empty() {
            let left = until.left().ok_or(Broken::TimedOut)?;
            wire = &wire[self.raw.write(wire, left)?..];
        }
        Ok(())
    }

    /// rustls has an alert for the peer; whether it goes out changes nothing.
    fn tell_why(&self, session: &Session, until: Until) {
        let mut wire = Vec::new();
        if session.drain(&mut wire).is_ok() {
            let _ = self.write_raw(&wire, until);
        }
    }
}
