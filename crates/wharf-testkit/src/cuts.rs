//! Ways to cut a stream of bytes.

use crate::random::Random;

/// `bytes` cut at these places; places beyond the end, and a second cut at the same place, cut nothing.
pub fn pieces(bytes: &[u8], cuts: &[usize]) -> Vec<Vec<u8>> {
    let mut ends: Vec<usize> = cuts.iter().copied().filter(|&cut| cut < bytes.len()).collect();
    ends.push(bytes.len());
    ends.sort_unstable();
    let mut start = 0;
    let mut pieces = Vec::new();
    for end in ends {
        if end > start {
            pieces.push(bytes[start..end].to_vec());
            start = end;
        }
    }
    pieces
}

/// Every way to cut `len` bytes at most twice.
pub fn every_two_cut(len: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..len).flat_map(move |first| (first..len).map(move |second| vec![first, second]))
}

/// Every byte by itself.
pub fn byte_by_byte(len: usize) -> Vec<usize> {
    (1..len).collect()
}

/// Up to `most` cuts anywhere.
pub fn random_cuts(len: usize, most: usize, random: &mut Random) -> Vec<usize> {
    (0..random.below(most + 1)).map(|_| random.below(len)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_never_empty_and_make_up_the_whole() {
        assert_eq!(pieces(b"abcd", &[2, 0, 2, 9, 1]), [&b"a"[..], b"b", b"cd"]);
        assert_eq!(pieces(b"abc", &byte_by_byte(3)).len(), 3);
        assert_eq!(pieces(b"", &[0]), Vec::<Vec<u8>>::new());
        assert_eq!(every_two_cut(4).count(), 10);
    }
}
