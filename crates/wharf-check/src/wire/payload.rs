//! What is inside a frame or a message, written short even if it is long.

/// Bytes, made when they are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Payload {
    /// These.
    Bytes(Vec<u8>),
    /// `unit` again and again, cut at `len`.
    Repeat { unit: &'static [u8], len: usize },
    /// Bytes that no compressor makes shorter, the same ones each time.
    Noise { len: usize },
    /// Words of ASCII in another order for each seed: compressors shorten them, but not to nothing.
    Prose { seed: u32, len: usize },
}

impl Payload {
    /// `len` times the letter that Autobahn sends, too.
    pub(crate) const fn stars(len: usize) -> Self {
        Self::Repeat { unit: b"*", len }
    }

    /// The bytes.
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Repeat { unit, len } => unit.iter().copied().cycle().take(*len).collect(),
            Self::Noise { len } => noise(*len),
            Self::Prose { seed, len } => prose(*seed, *len),
        }
    }

    /// How many bytes there are.
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Repeat { len, .. } | Self::Noise { len } | Self::Prose { len, .. } => *len,
        }
    }
}

fn noise(len: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> =
        numbers(6455).take(len.div_ceil(4)).flat_map(u32::to_be_bytes).collect();
    bytes.truncate(len);
    bytes
}

fn prose(seed: u32, len: usize) -> Vec<u8> {
    const WORDS: [&str; 16] = [
        "frame ",
        "mask ",
        "the ",
        "of ",
        "window ",
        "a ",
        "peer ",
        "closes ",
        "opens ",
        "and ",
        "octet ",
        "stream ",
        "then ",
        "\"key\": ",
        "1011, ",
        "\n",
    ];
    let words = numbers(7692 + seed).map(|number| WORDS[(number >> 28) as usize]);
    words.flat_map(str::bytes).take(len).collect()
}

/// Xorshift (Marsaglia 2003).
fn numbers(mut word: u32) -> impl Iterator<Item = u32> {
    std::iter::repeat_with(move || {
        word ^= word << 13;
        word ^= word >> 17;
        word ^= word << 5;
        word
    })
}

impl From<&str> for Payload {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl From<&[u8]> for Payload {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Payload {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Payload;

    #[test]
    fn a_payload_has_the_length_that_it_says() {
        for len in [0, 1, 3, 4, 5, 1000] {
            for payload in
                [Payload::stars(len), Payload::Noise { len }, Payload::Prose { seed: 1, len }]
            {
                assert_eq!(payload.to_vec().len(), payload.len());
            }
        }
        assert_eq!(Payload::Repeat { unit: b"ab", len: 3 }.to_vec(), b"aba");
    }
}
