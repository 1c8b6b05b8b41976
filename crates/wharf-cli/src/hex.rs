//! Bytes as people write and read them.

use std::{fmt, fmt::Write as _};

/// Bytes in one row of a dump.
const ROW: usize = 16;

/// Pairs of hexadecimal digits, with or without space between the pairs.
pub(crate) fn parse(text: &str) -> Result<Vec<u8>, NotHex> {
    let mut digits = text.char_indices().filter(|(_, c)| !c.is_whitespace());
    let mut bytes = Vec::with_capacity(text.len() / 2);
    while let Some(high) = digits.next() {
        let high = digit(high)?;
        let low = digit(digits.next().ok_or(NotHex::Odd)?)?;
        bytes.push(high << 4 | low);
    }
    Ok(bytes)
}

fn digit((at, c): (usize, char)) -> Result<u8, NotHex> {
    c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(NotHex::Digit { c, at })
}

/// What is wrong with a text that should be hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotHex {
    /// A character that is no digit, and its place in bytes.
    Digit { c: char, at: usize },
    /// The last byte has one digit only.
    Odd,
}

impl fmt::Display for NotHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digit { c, at } => {
                write!(f, "{c:?} at {at} is no hexadecimal digit; write bytes as `de ad be ef`")
            }
            Self::Odd => f.write_str("the last byte has one digit; write bytes as `de ad be ef`"),
        }
    }
}

impl std::error::Error for NotHex {}

/// Two digits for each byte, nothing between them.
pub(crate) fn compact(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Rows of offset, sixteen bytes, and what of them is printable ASCII; no newline at the end.
pub(crate) fn dump(bytes: &[u8]) -> String {
    let rows: Vec<String> =
        bytes.chunks(ROW).enumerate().map(|(index, row)| dump_row(index * ROW, row)).collect();
    rows.join("\n")
}

fn dump_row(offset: usize, row: &[u8]) -> String {
    let (left, right) = row.split_at(row.len().min(ROW / 2));
    format!("{offset:08x}  {:<24} {:<24} |{}|", spaced(left), spaced(right), printable(row))
}

fn spaced(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

fn printable(bytes: &[u8]) -> String {
    let shown =
        |&byte: &u8| if byte == b' ' || byte.is_ascii_graphic() { byte.into() } else { '.' };
    bytes.iter().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::{NotHex, compact, dump, parse};

    /// People write bytes in many ways.
    #[test]
    fn bytes_are_read_with_and_without_space() {
        assert_eq!(parse("de ad BEEF"), Ok(vec![0xde, 0xad, 0xbe, 0xef]));
        assert_eq!(parse(""), Ok(vec![]));
    }

    /// A typing error is told with its place.
    #[test]
    fn what_is_not_hexadecimal_is_refused() {
        assert_eq!(parse("de ax"), Err(NotHex::Digit { c: 'x', at: 4 }));
        assert_eq!(parse("dea"), Err(NotHex::Odd));
        assert_eq!(parse("é0"), Err(NotHex::Digit { c: 'é', at: 0 }));
    }

    /// What is printed can be typed in again.
    #[test]
    fn compact_form_reads_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(parse(&compact(&all)), Ok(all));
    }

    /// Rows line up, and nothing of the bytes reaches the terminal raw. checklist 147
    #[test]
    fn dump_shows_offset_bytes_and_printable_text() {
        let bytes: Vec<u8> = (0x15..0x29).collect();
        insta::assert_snapshot!(dump(&bytes), @r##"
        00000000  15 16 17 18 19 1a 1b 1c  1d 1e 1f 20 21 22 23 24  |........... !"#$|
        00000010  25 26 27 28                                       |%&'(|
        "##);
    }
}
