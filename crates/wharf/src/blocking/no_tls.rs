//! TLS in a build without it: nobody has a session.

use super::raw::Input;
use std::{convert::Infallible, io};

/// Cannot be made.
pub(crate) struct Session(Infallible);

/// Nothing.
#[derive(Default)]
pub(crate) struct Sealed([u8; 0]);

impl Session {
    pub(crate) const fn is_handshaking(&self) -> bool {
        match self.0 {}
    }

    pub(crate) const fn open(&self, _: &mut Sealed, _: &mut [u8]) -> io::Result<Input> {
        match self.0 {}
    }

    pub(crate) const fn go_on(&self, _: &mut Sealed) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) const fn seal(&self, _: &[u8], _: &mut Vec<u8>) -> io::Result<usize> {
        match self.0 {}
    }

    pub(crate) const fn has_records(&self) -> bool {
        match self.0 {}
    }

    pub(crate) const fn drain(&self, _: &mut Vec<u8>) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) const fn say_goodbye(&self, _: &mut Vec<u8>) -> io::Result<()> {
        match self.0 {}
    }
}

impl Sealed {
    pub(crate) const fn room(&mut self) -> &mut [u8] {
        &mut self.0
    }

    pub(crate) const fn filled(&mut self, _: usize) {
        self.0 = [];
    }
}
