//! How hard a compressor tries.

/// What zlib's levels mean here: places that are looked at for each position, and the length from which
/// a match is good enough not to look one byte further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Effort {
    pub(super) ways: Ways,
    pub(super) good: u16,
}

/// Places that are remembered for one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ways {
    Two,
    Four,
    Eight,
    Sixteen,
}

impl Effort {
    /// Of zlib's level; those out of range mean the nearest.
    pub(in super::super) const fn of_level(level: u8) -> Self {
        match level {
            0..=1 => Self { ways: Ways::Two, good: 16 },
            2..=4 => Self { ways: Ways::Four, good: 32 },
            5..=7 => Self { ways: Ways::Eight, good: 64 },
            _ => Self { ways: Ways::Sixteen, good: 258 },
        }
    }
}
