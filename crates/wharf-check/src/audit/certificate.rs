//! How long a certificate is valid: as much of DER as leads to it (RFC 5280 §4.1).

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The end of a certificate's validity, in seconds since 1970.
pub(crate) fn not_after(certificate: &[u8]) -> Option<i64> {
    let (certificate, _) = expect(certificate, SEQUENCE)?;
    let (to_be_signed, _) = expect(certificate, SEQUENCE)?;
    let fields = expect(to_be_signed, VERSION).map_or(to_be_signed, |(_, rest)| rest);
    // The serial number, the algorithm of the signature, the issuer.
    let fields = (0..3).try_fold(fields, |fields, _| element(fields).map(|(_, _, rest)| rest))?;
    let (validity, _) = expect(fields, SEQUENCE)?;
    let (_, _, ends) = element(validity)?;
    let (tag, text, _) = element(ends)?;
    seconds(tag, str::from_utf8(text).ok()?)
}

fn expect(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (tag, content, rest) = element(bytes)?;
    (tag == wanted).then_some((content, rest))
}

/// Tag, content, and what is behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short if short < 0x80 => (usize::from(short), rest),
        long => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let digits = (1..=4).contains(&digits.len()).then_some(digits)?;
            (digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5).
fn seconds(tag: u8, text: &str) -> Option<i64> {
    let digits = text.strip_suffix('Z').filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let year: i64 = digits.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, digits.get(2..)?)
        }
        GENERALIZED_TIME => (digits.get(..4)?.parse().ok()?, digits.get(4..)?),
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2)?.parse::<i64>().ok();
    let (month, day) = (part(0).filter(|month| (1..=12).contains(month))?, part(2)?);
    Some(days(year, month, day) * 86_400 + part(4)? * 3600 + part(6)? * 60 + part(8)?)
}

/// Days from 1970 on, with years that begin in March, so that the day that some have is their last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let since_march = (month + 9) % 12;
    let in_year = (153 * since_march + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::{GENERALIZED_TIME, SEQUENCE, UTC_TIME, VERSION, not_after, seconds};

    #[test]
    fn times_are_seconds_since_1970() {
        assert_eq!(seconds(UTC_TIME, "700101000000Z"), Some(0));
        assert_eq!(seconds(UTC_TIME, "000229120000Z"), Some(951_825_600));
        assert_eq!(seconds(GENERALIZED_TIME, "20380119031407Z"), Some(i64::from(i32::MAX)));
        for bad in ["", "Z", "701301000000Z", "7001010000Z", "70010100000xZ", "700101000000"] {
            assert_eq!(seconds(UTC_TIME, bad), None, "{bad}");
        }
    }

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        [&[tag, 0x81, length], content].concat()
    }

    /// Whatever is cut off, nothing panics.
    #[test]
    fn the_end_is_found_and_no_cut_panics() {
        let time = element(UTC_TIME, b"700101000001Z");
        let validity = element(SEQUENCE, &[time.clone(), time].concat());
        let skipped = [element(VERSION, b"v"), element(2, b"1"), element(SEQUENCE, b"")].concat();
        let fields = [skipped, element(SEQUENCE, b"issuer"), validity].concat();
        let certificate = element(SEQUENCE, &element(SEQUENCE, &fields));
        assert_eq!(not_after(&certificate), Some(1));
        for cut in 0..certificate.len() {
            assert_eq!(not_after(&certificate[..cut]), None);
        }
    }
}
