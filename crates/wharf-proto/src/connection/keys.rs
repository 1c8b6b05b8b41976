//! Masking keys (RFC 6455 §5.3, §10.3).

use crate::role::Role;
use alloc::boxed::Box;
use rand_chacha::{
    ChaCha12Rng,
    rand_core::{RngCore, SeedableRng},
};
use wharf_bytes::MaskKey;

/// Gives a client a fresh key per frame that no earlier key tells anything of; a server has none.
pub(crate) struct MaskKeys(Option<Box<ChaCha12Rng>>);

impl MaskKeys {
    /// `seed` must come from a strong source of entropy.
    pub(crate) fn new(role: Role, seed: [u8; 32]) -> Self {
        Self(match role {
            Role::Client => Some(Box::new(ChaCha12Rng::from_seed(seed))),
            Role::Server => None,
        })
    }

    #[inline]
    pub(crate) fn next(&mut self) -> Option<MaskKey> {
        self.0.as_mut().map(|rng| rng.next_u32().to_le_bytes())
    }
}

impl core::fmt::Debug for MaskKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MaskKeys") // what comes next is a secret
    }
}
