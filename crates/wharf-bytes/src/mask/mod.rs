//! Masking (RFC 6455 §5.3): XOR with a key of four bytes that repeats.
//!
//! There is one algorithm, in safe code, and one copy of it that is compiled for AVX2 and called where the
//! target promises less and the processor has more. What `cargo bench -p wharf-bytes -- mask` says of it,
//! as multiples of the speed of `memcpy`, on a processor with AVX-512 whose nearest cache holds 48 KiB:
//!
//! | build | 7–32 B | 64 B | 125 B | 256 B | 512 B | 1 KiB | 4 KiB | 64 KiB |
//! |---|---|---|---|---|---|---|---|---|
//! | SSE2 alone (no `std`) | 1.2–1.7 | 1.1–1.3 | 0.8 | 0.7 | 0.6 | 0.7–0.8 | 0.8–0.9 | 0.8–0.9 |
//! | SSE2, AVX2 found at run time | 1.0–1.6 | 1.1–1.3 | 0.8 | 1.0–1.2 | 1.0–1.2 | 1.0–1.2 | 1.5–2.0 | 1.3–1.7 |
//! | all of it for AVX-512 (`target-cpu=native`) | 1.4–1.7 | 1.4 | 1.0–1.1 | 0.9–1.1 | 1.0–1.3 | 1.0–1.4 | 1.3–2.0 | 1.1–1.5 |
//!
//! The ranges are those of two runs, aligned and behind a header; `bench/kernels` sets it beside other
//! crates. What was tried and not kept:
//! - blocks of 64 and of 128 bytes: the same for large payloads, slower for most below 256 bytes;
//! - one word at a time for the rest: slower at 125 bytes by a half;
//! - storing large payloads as they lie: slower by a third behind a header, where blocks cross cache lines.
//!
//! There is no copy for NEON, which every aarch64 target promises anyhow, and none for AVX-512: another
//! crate's gains nothing over AVX2 here from 4 KiB on, and stable Rust has it from 1.89 on only.

pub(crate) mod key;
mod portable;
#[cfg(all(target_arch = "x86_64", feature = "std", not(target_feature = "avx2")))]
mod x86_64;

#[cfg(not(all(target_arch = "x86_64", feature = "std", not(target_feature = "avx2"))))]
use self::portable as large;
#[cfg(all(target_arch = "x86_64", feature = "std", not(target_feature = "avx2")))]
use self::x86_64 as large;
use alloc::vec::Vec;
use core::mem::MaybeUninit;
use key::MaskKey;

/// From this length on aligning the data, asking for the processor's kernel and calling it pays.
const LARGE: usize = 192;

/// Masks, or unmasks, `data` in place and returns the key for the byte that follows `data`.
///
/// The key comes back rotated by `data.len()`, so a payload may be masked in pieces of any length.
/// Masking twice with the same key gives the data back (RFC 6455 §5.3).
///
/// ```
/// let mut hello = *b"\x7f\x9f\x4d\x51\x58"; // RFC 6455 §5.7: "Hello", masked
/// let key = wharf_bytes::mask([0x37, 0xfa, 0x21, 0x3d], &mut hello[..2]);
/// wharf_bytes::mask(key, &mut hello[2..]);
/// assert_eq!(&hello, b"Hello");
/// ```
#[inline]
pub fn mask(key: MaskKey, data: &mut [u8]) -> MaskKey {
    if data.len() < LARGE { portable::mask(key, data) } else { mask_large(key, data) }
}

/// Appends `source`, masked with `key`, to `target`; the copy and the XOR are one pass.
///
/// ```
/// let mut frame = vec![0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d]; // RFC 6455 §5.7
/// wharf_bytes::mask_append([0x37, 0xfa, 0x21, 0x3d], b"Hello", &mut frame);
/// assert_eq!(frame[6..], [0x7f, 0x9f, 0x4d, 0x51, 0x58]);
/// ```
#[inline]
#[expect(unsafe_code, reason = "filling the target with zeros first would be a second pass")]
pub fn mask_append(key: MaskKey, source: &[u8], target: &mut Vec<u8>) {
    target.reserve(source.len());
    let room = &mut target.spare_capacity_mut()[..source.len()];
    if source.len() < LARGE {
        portable::mask_copy(key, source, room);
    } else {
        mask_copy_large(key, source, room);
    }
    // SAFETY: that many bytes were reserved, and `mask_copy` has written every one of them.
    unsafe { target.set_len(target.len() + source.len()) }
}

/// Not inlined, so that small payloads do not carry the code for large ones along.
#[inline(never)]
fn mask_large(key: MaskKey, data: &mut [u8]) -> MaskKey {
    large::mask_large(key, data)
}

#[inline(never)]
fn mask_copy_large(key: MaskKey, source: &[u8], room: &mut [MaybeUninit<u8>]) {
    large::mask_copy_large(key, source, room);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;

    const KEY: MaskKey = [0x37, 0xfa, 0x21, 0x3d];

    /// RFC 6455 §5.3, letter by letter.
    fn by_the_rfc(key: MaskKey, data: &[u8]) -> Vec<u8> {
        data.iter().enumerate().map(|(i, byte)| byte ^ key[i % 4]).collect()
    }

    fn sample(len: usize) -> Vec<u8> {
        (0..len).map(|i| (i * 7 + i / 251).to_le_bytes()[0]).collect()
    }

    /// Every length around the blocks of all kernels and around [`LARGE`], and lengths that are aligned.
    fn lengths() -> impl Iterator<Item = usize> {
        (0..=300).chain([511, 512, 575, 1_023, 1_024, 1_025, 1_055, 1_087, 4_099])
    }

    type InPlace = fn(MaskKey, &mut [u8]) -> MaskKey;
    type Copying = fn(MaskKey, &[u8], &mut [MaybeUninit<u8>]);

    const IN_PLACE: [InPlace; 4] = [mask, portable::mask, portable::mask_large, large::mask_large];
    const COPYING: [Copying; 3] =
        [portable::mask_copy, portable::mask_copy_large, large::mask_copy_large];

    /// RFC 6455 §5.3: each kernel and its twin do what the section says, and touch nothing else.
    #[test]
    fn each_kernel_masks_as_the_rfc_says_at_every_alignment_and_length() {
        for len in lengths() {
            let plain = sample(len);
            let masked = by_the_rfc(KEY, &plain);
            for (at, kernel) in (0..33).flat_map(|at| IN_PLACE.map(|kernel| (at, kernel))) {
                let mut held = vec![0xAA; at + len + 33];
                held[at..at + len].copy_from_slice(&plain);
                let after = kernel(KEY, &mut held[at..at + len]);
                assert!(held[at..at + len] == masked, "length {len} at {at}");
                assert_eq!(after, key::rotate(KEY, len), "length {len}");
                assert!(held[..at].iter().chain(&held[at + len..]).all(|byte| *byte == 0xAA));
            }
        }
    }

    /// RFC 6455 §5.3: copying kernels write every byte of the room, which `mask_append` leans on.
    #[test]
    fn each_kernel_masks_while_copying_and_fills_its_room() {
        for len in lengths() {
            let plain = sample(len);
            let masked = by_the_rfc(KEY, &plain);
            for (at, kernel) in (0..33).flat_map(|at| COPYING.map(|kernel| (at, kernel))) {
                for stale in [0x00, 0xFF] {
                    let mut room = vec![MaybeUninit::new(stale); at + len];
                    kernel(KEY, &plain, &mut room[at..]);
                    assert!(initialised(&room[at..]) == masked, "length {len} at {at}");
                }
            }
        }
    }

    #[expect(unsafe_code, reason = "the rooms of these tests are filled from the start")]
    fn initialised(room: &[MaybeUninit<u8>]) -> Vec<u8> {
        // SAFETY: the caller made each of them by `MaybeUninit::new`.
        room.iter().map(|byte| unsafe { byte.assume_init() }).collect()
    }

    /// RFC 6455 §5.3.
    #[test]
    fn appending_keeps_what_was_there_and_adds_the_masked_source() {
        for len in lengths() {
            let plain = sample(len);
            for before in [0, 2, 6, 14] {
                let mut target = vec![0xAA; before];
                mask_append(KEY, &plain, &mut target);
                assert!(target[before..] == by_the_rfc(KEY, &plain), "length {len}");
                assert_eq!(target[..before], vec![0xAA; before]);
            }
        }
    }

    proptest! {
        /// RFC 6455 §5.3: any cut of a payload masks to the same bytes.
        #[test]
        fn a_payload_may_be_masked_in_pieces(
            key: MaskKey,
            plain in prop::collection::vec(any::<u8>(), 0..3_000),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(plain.len() + 1)).collect();
            cuts.push(plain.len());
            cuts.sort_unstable();
            let (mut held, mut at, mut next) = (plain.clone(), 0, key);
            for cut in cuts {
                next = mask(next, &mut held[at..cut]);
                at = cut;
            }
            prop_assert_eq!(held, by_the_rfc(key, &plain));
            prop_assert_eq!(next, key::rotate(key, plain.len()));
        }

        /// RFC 6455 §5.3: the same transformation unmasks.
        #[test]
        fn masking_twice_gives_the_data_back(
            key: MaskKey,
            plain in prop::collection::vec(any::<u8>(), 0..3_000),
        ) {
            let mut held = Vec::new();
            mask_append(key, &plain, &mut held);
            mask(key, &mut held);
            prop_assert_eq!(held, plain);
        }
    }
}
