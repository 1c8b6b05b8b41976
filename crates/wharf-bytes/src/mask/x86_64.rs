//! The portable code once more, compiled for AVX2, where the target promises SSE2 only.

use super::{key::MaskKey, portable};
use core::mem::MaybeUninit;
use std::is_x86_feature_detected;

/// Masks in place; returns the key for the byte that follows.
#[expect(unsafe_code, reason = "a call across target features")]
pub(super) fn mask_large(key: MaskKey, data: &mut [u8]) -> MaskKey {
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was just found.
        unsafe { mask_avx2(key, data) }
    } else {
        mask_sse2(key, data)
    }
}

/// Writes `source`, masked, to **every** byte of `room`, which is as long as `source`.
#[expect(unsafe_code, reason = "a call across target features")]
pub(super) fn mask_copy_large(key: MaskKey, source: &[u8], room: &mut [MaybeUninit<u8>]) {
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was just found.
        unsafe { mask_copy_avx2(key, source, room) }
    } else {
        mask_copy_sse2(key, source, room);
    }
}

#[target_feature(enable = "avx2")]
fn mask_avx2(key: MaskKey, data: &mut [u8]) -> MaskKey {
    portable::mask_large(key, data)
}

#[target_feature(enable = "avx2")]
fn mask_copy_avx2(key: MaskKey, source: &[u8], room: &mut [MaybeUninit<u8>]) {
    portable::mask_copy_large(key, source, room);
}

// Not inlined, so that the choice needs no stack and ends in a jump.
#[inline(never)]
fn mask_sse2(key: MaskKey, data: &mut [u8]) -> MaskKey {
    portable::mask_large(key, data)
}

#[inline(never)]
fn mask_copy_sse2(key: MaskKey, source: &[u8], room: &mut [MaybeUninit<u8>]) {
    portable::mask_copy_large(key, source, room);
}
