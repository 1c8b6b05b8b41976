//! Lengths that look random.

use crate::random::Random;

/// A length from 1 up to `most`; 0 if that is 0.
pub(crate) fn length(random: &mut Random, most: usize) -> usize {
    match most {
        0 => 0,
        most => 1 + usize::try_from(random.up_to(most as u64 - 1)).unwrap_or(0),
    }
}
