//! Masking in safe code that compilers vectorise: the twin of every kernel.

use super::key::{MaskKey, rotate};
use core::mem::MaybeUninit;

/// Two SSE2 or NEON registers, one of AVX2. Longer blocks leave longer rests and gain nothing.
const BLOCK: usize = 32;

/// From this length on stores that cross no cache line pay for a first block of their own.
const WORTH_ALIGNING: usize = 1_024;

/// Masks in place; returns the key for the byte that follows.
#[inline(always)]
pub(super) fn mask(key: MaskKey, data: &mut [u8]) -> MaskKey {
    let after = rotate(key, data.len());
    let (blocks, rest) = data.as_chunks_mut::<BLOCK>();
    for block in blocks {
        *block = masked(key, *block);
    }
    match rest.len() {
        0 => {}
        16.. => mask_ends::<16>(key, after, rest),
        8.. => mask_ends::<8>(key, after, rest),
        4.. => mask_ends::<4>(key, after, rest),
        _ => rest.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key),
    }
    after
}

/// As [`mask`], for data so long that it pays to store whole blocks at aligned addresses.
#[inline(always)]
pub(super) fn mask_large(key: MaskKey, data: &mut [u8]) -> MaskKey {
    if data.len() < WORTH_ALIGNING {
        return mask(key, data);
    }
    let ahead = data.as_ptr().align_offset(BLOCK).min(data.len());
    let (head, body) = data.split_at_mut(ahead);
    mask(mask(key, head), body)
}

/// Writes `source`, masked, to **every** byte of `room`, which is as long as `source`.
#[inline(always)]
pub(super) fn mask_copy(key: MaskKey, source: &[u8], room: &mut [MaybeUninit<u8>]) {
    let room = &mut room[..source.len()];
    let after = rotate(key, source.len());
    let (blocks, rest) = source.as_chunks::<BLOCK>();
    let (rooms, room_left) = room.as_chunks_mut::<BLOCK>();
    for (room, block) in rooms.iter_mut().zip(blocks) {
        *room = masked(key, *block).map(MaybeUninit::new);
    }
    match rest.len() {
        0 => {}
        16.. => copy_ends::<16>(key, after, rest, room_left),
        8.. => copy_ends::<8>(key, after, rest, room_left),
        4.. => copy_ends::<4>(key, after, rest, room_left),
        _ => copy_bytes(key, rest, room_left),
    }
}

/// As [`mask_copy`], for a source so long that it pays to store whole blocks at aligned addresses.
#[inline(always)]
pub(super) fn mask_copy_large(key: MaskKey, source: &[u8], room: &mut [MaybeUninit<u8>]) {
    if source.len() < WORTH_ALIGNING {
        return mask_copy(key, source, room);
    }
    let ahead = room.as_ptr().align_offset(BLOCK).min(source.len());
    let (head, body) = source.split_at(ahead);
    let (head_room, body_room) = room.split_at_mut(ahead);
    mask_copy(key, head, head_room);
    mask_copy(rotate(key, ahead), body, body_room);
}

/// `N` is a multiple of 4, so the key stands the same at each block's start.
#[inline(always)]
fn masked<const N: usize>(key: MaskKey, mut block: [u8; N]) -> [u8; N] {
    let key = u32::from_ne_bytes(key);
    for word in block.as_chunks_mut::<4>().0 {
        *word = (u32::from_ne_bytes(*word) ^ key).to_ne_bytes();
    }
    block
}

/// Masks `N..=2 * N` bytes as two blocks that may overlap: both are read before one is written.
///
/// The last block starts at `len - N`, where the key stands as it does at `len`: hence `after`.
#[inline(always)]
fn mask_ends<const N: usize>(key: MaskKey, after: MaskKey, data: &mut [u8]) {
    let Some(last) = data.last_chunk::<N>() else { return };
    let last = masked(after, *last);
    if let Some(first) = data.first_chunk_mut::<N>() {
        *first = masked(key, *first);
    }
    if let Some(place) = data.last_chunk_mut::<N>() {
        *place = last;
    }
}

/// As [`mask_ends`], from `source` to `room`, which is as long.
#[inline(always)]
fn copy_ends<const N: usize>(
    key: MaskKey,
    after: MaskKey,
    source: &[u8],
    room: &mut [MaybeUninit<u8>],
) {
    if let (Some(first), Some(place)) = (source.first_chunk::<N>(), room.first_chunk_mut::<N>()) {
        *place = masked(key, *first).map(MaybeUninit::new);
    }
    if let (Some(last), Some(place)) = (source.last_chunk::<N>(), room.last_chunk_mut::<N>()) {
        *place = masked(after, *last).map(MaybeUninit::new);
    }
}

#[inline(always)]
fn copy_bytes(key: MaskKey, source: &[u8], room: &mut [MaybeUninit<u8>]) {
    for ((place, byte), key) in room.iter_mut().zip(source).zip(key) {
        place.write(byte ^ key);
    }
}
