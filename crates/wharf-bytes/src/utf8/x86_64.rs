//! UTF-8 in few bytes, by AVX2: 32 bytes at a time, each looked at with the three before it.
//!
//! Texts come here from `mask`, which has just stored them. A load that takes its bytes from two stores
//! waits until both have reached the cache, so the loads here are no longer than those stores, and begin
//! where they began. With loads of 32 bytes, and loads one to three bytes back in place of shifts, German
//! text took 15.6 instead of 8.5 ns to decode at 32 bytes and 15.5 instead of 10.4 at 64, though at rest it
//! is checked faster so: 3.7 instead of 4.7 ns at 64 bytes, 6 instead of 8 at 125.

use super::faults::{FIRST_HIGH, FIRST_LOW, SECOND_HIGH, TWO_CONTINUE};
use core::arch::x86_64::{
    __m128i, __m256i, _mm_loadu_si128, _mm_set_epi64x, _mm_shuffle_epi8, _mm256_alignr_epi8,
    _mm256_and_si256, _mm256_loadu_si256, _mm256_or_si256, _mm256_permute2x128_si256,
    _mm256_set_m128i, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_srli_epi16, _mm256_subs_epu8, _mm256_testz_si256, _mm256_xor_si256,
    _mm256_zextsi128_si256,
};

/// The bytes of a vector.
const BLOCK: usize = 32;

/// Whether `bytes` are UTF-8.
#[target_feature(enable = "avx2")]
pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    let (mut last, mut faults) = (_mm256_setzero_si256(), _mm256_setzero_si256());
    for block in bytes.chunks(BLOCK) {
        let block = load(block);
        faults = _mm256_or_si256(faults, faults_behind(last, block));
        last = block;
    }
    let faults = _mm256_or_si256(faults, cut(last));
    _mm256_testz_si256(faults, faults) == 1
}

/// Not zero where a byte of `block`, which stands behind `last`, is wrong.
#[target_feature(enable = "avx2")]
fn faults_behind(last: __m256i, block: __m256i) -> __m256i {
    let middle = _mm256_permute2x128_si256::<0x21>(last, block);
    faults(
        block,
        _mm256_alignr_epi8::<15>(block, middle),
        _mm256_alignr_epi8::<14>(block, middle),
        _mm256_alignr_epi8::<13>(block, middle),
    )
}

/// Not zero where a byte of `block` cannot stand; the others are the bytes one, two and three before it.
#[target_feature(enable = "avx2")]
fn faults(block: __m256i, before: __m256i, second: __m256i, third: __m256i) -> __m256i {
    let pair = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(table(&FIRST_HIGH), high_nibbles(before)),
            _mm256_shuffle_epi8(table(&FIRST_LOW), low_nibbles(before)),
        ),
        _mm256_shuffle_epi8(table(&SECOND_HIGH), high_nibbles(block)),
    );
    // The bit of `TWO_CONTINUE` is set where a code point of three or four bytes began so far before.
    let third_of_three = _mm256_subs_epu8(second, all(0xE0 - TWO_CONTINUE));
    let fourth_of_four = _mm256_subs_epu8(third, all(0xF0 - TWO_CONTINUE));
    let asked_for = _mm256_or_si256(third_of_three, fourth_of_four);
    _mm256_xor_si256(_mm256_and_si256(asked_for, all(TWO_CONTINUE)), pair)
}

/// Not zero if the text that ends with `block` ends inside a code point.
#[target_feature(enable = "avx2")]
fn cut(block: __m256i) -> __m256i {
    const HIGHEST: [u8; BLOCK] = {
        let mut highest = [0xFF; BLOCK];
        (highest[29], highest[30], highest[31]) = (0xEF, 0xDF, 0xBF);
        highest
    };
    _mm256_subs_epu8(block, table(&HIGHEST))
}

/// The bytes of a block, or fewer and zeros, which continue no code point.
///
/// That the length is not known here also keeps the compiler from making one load of two.
#[target_feature(enable = "avx2")]
fn load(bytes: &[u8]) -> __m256i {
    /// Where each byte comes from, if one reads on from how many bytes are known; 0x80 makes a zero.
    const FROM: [u8; 32] = {
        let (mut from, mut at) = ([0x80; 32], 0);
        while at < 16 {
            from[at as usize] = at;
            at += 1;
        }
        from
    };
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let from = FROM[BLOCK - bytes.len()..].first_chunk().expect("16 to 32 bytes leave 0 to 16");
        return _mm256_set_m128i(_mm_shuffle_epi8(half(last), half(from)), half(first));
    }
    let [low, high] = words(bytes);
    _mm256_zextsi128_si256(_mm_set_epi64x(high.cast_signed(), low.cast_signed()))
}

/// Fewer than 16 bytes, and zeros. Where words overlap they agree.
#[inline]
fn words(bytes: &[u8]) -> [u64; 2] {
    let len = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        return [first, last >> 8 >> (8 * (15 - len))];
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return [u64::from(first) | u64::from(last) << (8 * (len - 4)), 0];
    }
    [bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0]
}

#[target_feature(enable = "avx2")]
#[expect(unsafe_code, reason = "the load of half a vector")]
fn half(block: &[u8; 16]) -> __m128i {
    // SAFETY: the pointer is that of an array of 16 bytes; the load asks for no alignment.
    unsafe { _mm_loadu_si128(block.as_ptr().cast()) }
}

/// Of constants, which nobody has just stored.
#[target_feature(enable = "avx2")]
#[expect(unsafe_code, reason = "the load of a vector")]
fn table(entries: &[u8; BLOCK]) -> __m256i {
    // SAFETY: the pointer is that of an array of 32 bytes; the load asks for no alignment.
    unsafe { _mm256_loadu_si256(entries.as_ptr().cast()) }
}

#[target_feature(enable = "avx2")]
fn high_nibbles(bytes: __m256i) -> __m256i {
    low_nibbles(_mm256_srli_epi16::<4>(bytes))
}

#[target_feature(enable = "avx2")]
fn low_nibbles(bytes: __m256i) -> __m256i {
    _mm256_and_si256(bytes, all(0x0F))
}

#[target_feature(enable = "avx2")]
fn all(byte: u8) -> __m256i {
    _mm256_set1_epi8(byte.cast_signed())
}
