//! Bytes for people: offset, hexadecimal, what of it is printable.

/// Bytes in one row.
const ROW: usize = 16;

/// The bytes behind pairs of digits; what is no pair ends them.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    digits.as_bytes().chunks(2).map_while(pair).collect()
}

/// Rows of a dump.
pub fn dump(digits: &str) -> Vec<String> {
    let bytes = bytes(digits);
    let row = |(index, row): (usize, &[u8])| {
        let pairs: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown: String = row.iter().map(|&byte| printable(byte)).collect();
        format!("{:04x}  {:<47}  {shown}", index * ROW, pairs.join(" "))
    };
    bytes.chunks(ROW).enumerate().map(row).collect()
}

const fn printable(byte: u8) -> char {
    if byte == b' ' || byte.is_ascii_graphic() { byte as char } else { '.' }
}

#[cfg(test)]
mod tests {
    use super::dump;

    #[test]
    fn a_dump_has_offsets_bytes_and_text() {
        let rows = dump("8105048656c6c6f0ff");
        assert_eq!(rows, ["0000  81 05 04 86 56 c6 c6 f0 ff                       ....V...."]);
        assert_eq!(
            dump(&"41".repeat(17))[1],
            "0010  41                                               A"
        );
        assert!(dump("").is_empty());
    }
}
