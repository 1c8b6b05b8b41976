//! Bytes that the driver lends.

/// Received bytes, to be decoded where they lie.
#[derive(Debug)]
pub struct Input<'a>(&'a mut [u8]);

impl<'a> Input<'a> {
    /// All of `bytes` is to be read.
    pub const fn new(bytes: &'a mut [u8]) -> Self {
        Self(bytes)
    }

    /// How many bytes are left.
    pub const fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn take(&mut self) -> &'a mut [u8] {
        core::mem::take(&mut self.0)
    }

    pub(crate) fn put_back(&mut self, rest: &'a mut [u8]) {
        self.0 = rest;
    }
}
