//! Bytes that nobody can foresee, from the operating system.

use super::setup::Setup;
use crate::fault::Fault;
use std::hash::{BuildHasher, RandomState};

/// `N` random bytes.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    for chunk in bytes.chunks_mut(8) {
        let word = RandomState::new().hash_one(0_u8).to_be_bytes();
        chunk.copy_from_slice(&word[..chunk.len()]);
    }
    bytes
}

/// A client's masking keys (RFC 6455 §5.3).
pub(super) struct Keys {
    setup: Setup,
    count: u32,
    first: [u8; 4],
}

impl Keys {
    pub(super) fn new(setup: Setup) -> Self {
        Self { setup, count: 0, first: random() }
    }

    pub(super) fn next(&mut self) -> [u8; 4] {
        self.count += 1;
        match self.setup.fault {
            Some(Fault::ReusesMaskingKey) => self.first,
            Some(Fault::ZeroMaskingKey) => [0; 4],
            Some(Fault::CountsMaskingKeys) => {
                u32::from_be_bytes(self.first).wrapping_add(self.count).to_be_bytes()
            }
            _ => random(),
        }
    }
}
