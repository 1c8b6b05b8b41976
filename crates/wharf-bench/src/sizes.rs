//! How long messages are.

use crate::random::Random;
use std::{fmt, str::FromStr};

/// The longest message that is sent.
pub const LONGEST: usize = 256 << 20;

/// Lengths of payloads in bytes: one, a range, or a mixture.
///
/// Written `512`, `16K`, `uniform:1..4K` (both ends count), or `32:90%,16K:10%`, whose parts may be ranges too.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes(Vec<Part>); // INVARIANT: not empty, the weights are positive

/// A part of a mixture.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    weight: f64,
    shortest: usize,
    longest: usize,
}

impl Sizes {
    /// All of this length.
    pub fn fixed(len: usize) -> Self {
        Self(vec![Part { weight: 1.0, shortest: len, longest: len }])
    }

    /// The length, if there is only one.
    pub fn only(&self) -> Option<usize> {
        let first = self.0.first()?.shortest;
        let same = |part: &Part| part.shortest == first && part.longest == first;
        self.0.iter().all(same).then_some(first)
    }

    /// The shortest that may come.
    pub fn shortest(&self) -> usize {
        self.0.iter().map(|part| part.shortest).min().unwrap_or_default()
    }

    /// The longest that may come.
    pub fn longest(&self) -> usize {
        self.0.iter().map(|part| part.longest).max().unwrap_or_default()
    }

    /// The next length.
    pub(crate) fn next(&self, random: &mut Random) -> usize {
        let part = self.part(random);
        let span = (part.longest - part.shortest) as u64 + 1;
        part.shortest + usize::try_from(random.below(span)).unwrap_or_default()
    }

    fn part(&self, random: &mut Random) -> &Part {
        let total: f64 = self.0.iter().map(|part| part.weight).sum();
        let mut rest = total * (random.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let found = self.0.iter().find(|part| {
            rest -= part.weight;
            rest < 0.0
        });
        found.unwrap_or(&self.0[0])
    }
}

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Result<Vec<Part>, String> =
            text.split(',').map(|part| part.trim().parse()).collect();
        let parts = parts?;
        if parts.len() > 1 && parts.iter().any(|part| part.weight == 0.0) {
            return Err("each part of a mixture has its share: 32:90%,16K:10%".to_owned());
        }
        // One part alone has no share, and needs none.
        Ok(Self(parts.into_iter().map(Part::shared).collect()))
    }
}

impl Part {
    fn shared(self) -> Self {
        Self { weight: if self.weight == 0.0 { 1.0 } else { self.weight }, ..self }
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (sizes, weight) = match text.rsplit_once(':').filter(|(_, share)| share.ends_with('%'))
        {
            Some((sizes, share)) => (sizes, percent(share)?),
            None => (text, 0.0),
        };
        let (shortest, longest) =
            match sizes.strip_prefix("uniform:").unwrap_or(sizes).split_once("..") {
                Some((shortest, longest)) => {
                    (bytes(shortest)?, bytes(longest.trim_start_matches('='))?)
                }
                None => (bytes(sizes)?, bytes(sizes)?),
            };
        if shortest > longest {
            return Err(format!("{sizes:?} runs backwards"));
        }
        Ok(Self { weight, shortest, longest })
    }
}

fn percent(text: &str) -> Result<f64, String> {
    let share = text.trim_end_matches('%').trim().parse().ok();
    share
        .filter(|share: &f64| share.is_finite() && *share > 0.0)
        .ok_or_else(|| format!("{text:?} is no share; write 90%"))
}

/// A length with a unit of 1,024.
fn bytes(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kib" => 10,
        "m" | "mib" => 20,
        _ => return Err(HOW.to_owned()),
    };
    let count: usize = digits.parse().map_err(|_| HOW.to_owned())?;
    let len = count.checked_mul(1 << shift).filter(|len| *len <= LONGEST);
    len.ok_or_else(|| format!("a message has {LONGEST} bytes at most"))
}

const HOW: &str = "write 512, 16K, 1M, uniform:1..4096, or 32:90%,16K:10%";

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            if part.shortest == part.longest {
                write!(f, "{}", part.shortest)?;
            } else {
                write!(f, "uniform:{}..{}", part.shortest, part.longest)?;
            }
            if self.0.len() > 1 {
                write!(f, ":{}%", part.weight)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Sizes};
    use crate::random::Random;

    fn sizes(text: &str) -> Sizes {
        text.parse().unwrap()
    }

    /// What is written comes back, with units worked out.
    #[test]
    fn sizes_are_read_and_told() {
        for (text, told) in [
            ("512", "512"),
            ("16K", "16384"),
            ("uniform:1..4K", "uniform:1..4096"),
            ("32:90%, 16K:10%", "32:90%,16384:10%"),
            ("uniform:1..9:50%,0:50%", "uniform:1..9:50%,0:50%"),
        ] {
            assert_eq!(sizes(text).to_string(), told);
            assert_eq!(sizes(told), sizes(text));
        }
    }

    /// A slip is told, not guessed.
    #[test]
    fn odd_sizes_are_refused() {
        for text in [
            "",
            "x",
            "-1",
            "9..1",
            "1..",
            "32,64",
            "32:0%,64:1%",
            "32:x%",
            "1G",
            "999999M",
            "normal:5",
        ] {
            assert!(text.parse::<Sizes>().is_err(), "{text:?}");
        }
        assert!(LONGEST.to_string().parse::<Sizes>().is_ok());
    }

    /// One length is known beforehand, a mixture is not.
    #[test]
    fn only_one_length_is_only_one() {
        assert_eq!(sizes("512").only(), Some(512));
        assert_eq!(sizes("512:1%,512:2%").only(), Some(512));
        assert_eq!(sizes("uniform:1..2").only(), None);
        assert_eq!(
            (sizes("32:90%,16K:10%").only(), sizes("32:90%,16K:10%").longest()),
            (None, 16384)
        );
    }

    /// Shares are kept, ranges are filled, and both their ends come.
    #[test]
    fn a_mixture_is_drawn_by_its_shares() {
        let (sizes, mut random) = (sizes("32:75%,uniform:100..103:25%"), Random::new(7));
        let drawn: Vec<usize> = (0..8_000).map(|_| sizes.next(&mut random)).collect();
        let short = drawn.iter().filter(|len| **len == 32).count();
        assert!((5_800..6_200).contains(&short), "{short}");
        for len in 100..=103 {
            let count = drawn.iter().filter(|drawn| **drawn == len).count();
            assert!((400..600).contains(&count), "{len}: {count}");
        }
        assert!(drawn.iter().all(|len| *len == 32 || (100..=103).contains(len)));
    }
}
