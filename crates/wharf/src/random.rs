//! Numbers that look random and come again with the same seed.

use crate::entropy::random;

/// A generator (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One that differs from run to run; for spreading things out, not for secrets.
    pub(crate) fn anew() -> Self {
        Self::new(random().map_or(0, u64::from_le_bytes))
    }

    /// A number from 0 up to `most`.
    pub(crate) const fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        match most.checked_add(1) {
            Some(bound) => mixed % bound,
            None => mixed,
        }
    }
}
