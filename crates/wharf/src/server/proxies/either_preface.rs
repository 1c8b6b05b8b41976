//! A PROXY header of either version.

use super::{error::ProxyHeaderError, preface::Preface, preface_v1, preface_v2};

/// Reads the header that `bytes` begins with.
pub(super) fn read(bytes: &[u8]) -> Result<Preface, ProxyHeaderError> {
    if begins(bytes, preface_v2::SIGNATURE) {
        preface_v2::read(bytes)
    } else if begins(bytes, preface_v1::SIGNATURE) {
        preface_v1::read(bytes)
    } else {
        Err(ProxyHeaderError::Missing)
    }
}

/// Whether nothing in `bytes` speaks against `signature`.
fn begins(bytes: &[u8], signature: &[u8]) -> bool {
    let common = bytes.len().min(signature.len());
    bytes[..common] == signature[..common]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::proxies::{crc::crc32c, preface::Source};
    use proptest::prelude::*;

    /// Feeds a connection byte by byte as the header asks for them; what it says, and what was taken.
    fn fed(connection: &[u8]) -> (Result<Source, ProxyHeaderError>, usize) {
        let mut taken = 0;
        loop {
            match read(&connection[..taken]) {
                Ok(Preface::Done(source)) => return (Ok(source), taken),
                Err(error) => return (Err(error), taken),
                Ok(Preface::Needs(more)) => {
                    assert!(more > 0, "nothing is asked for after {taken} bytes");
                    taken += more;
                    assert!(taken <= connection.len(), "asks beyond the header");
                }
            }
        }
    }

    fn v2(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap();
        [preface_v2::SIGNATURE, &[command, family], &length.to_be_bytes(), rest].concat()
    }

    fn client(text: &str) -> Source {
        Source::Client(text.parse().unwrap())
    }

    /// No byte behind the header is taken, whatever it says: TLS or a request follow.
    #[test]
    fn each_header_is_read_and_nothing_behind_it() {
        let v4 = [192, 0, 2, 1, 198, 51, 100, 1, 0xDE, 0xAD, 0x01, 0xBB];
        let v6 = [[0x20; 16].as_slice(), &[0x30; 16], &[0, 80, 1, 187]].concat();
        let cases = [
            (
                b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n".to_vec(),
                client("192.0.2.1:56324"),
            ),
            (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n".to_vec(), client("1.1.1.1:1")),
            (
                b"PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n".to_vec(),
                client("[2001:db8::1]:56324"),
            ),
            (b"PROXY TCP6 :: :: 0 0\r\n".to_vec(), client("[::]:0")),
            (b"PROXY UNKNOWN\r\n".to_vec(), Source::Own),
            (b"PROXY UNKNOWN ffff::1 what ever 3\r\n".to_vec(), Source::Own),
            (v2(0x21, 0x11, &v4), client("192.0.2.1:57005")),
            (v2(0x21, 0x21, &v6), client("[2020:2020:2020:2020:2020:2020:2020:2020]:80")),
            (v2(0x21, 0x11, &[&v4[..], &[0x04, 0, 2, 0, 0]].concat()), client("192.0.2.1:57005")),
            (v2(0x20, 0x00, &[]), Source::Own),
            (v2(0x20, 0x11, &v4), Source::Own),
            (v2(0x21, 0x00, &[1, 2, 3]), Source::Own),
            (v2(0x21, 0x31, &[0; 216]), Source::Own),
        ];
        for (header, source) in cases {
            let connection = [&header[..], b"GET / HTTP/1.1\r\n"].concat();
            assert_eq!(fed(&connection), (Ok(source), header.len()), "{}", header.escape_ascii());
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        use ProxyHeaderError::{Checksum, Kind, Length, Line, Missing, TooLong};
        let v4 = [192, 0, 2, 1, 198, 51, 100, 1, 0xDE, 0xAD, 0x01, 0xBB];
        let with_tlv = |tlv: &[u8]| v2(0x21, 0x11, &[&v4[..], tlv].concat());
        let long = [b"PROXY UNKNOWN ".as_slice(), &[b'x'; 200]].concat();
        for (header, error) in [
            (b"GET / HTTP/1.1\r\n".to_vec(), Missing),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03ABCD".to_vec(), Missing),
            (b"PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n ".to_vec(), Line),
            (b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 1\r\n".to_vec(), Line),
            (b"PROXY TCP4 192.0.2.1  198.51.100.1 56324 443\r\n".to_vec(), Line),
            (b"PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n".to_vec(), Line),
            (b"PROXY TCP4 192.0.2.1 198.51.100.1 +1234 443\r\n".to_vec(), Line),
            (b"PROXY TCP4 192.0.2.1 198.51.100.1 01234 443\r\n".to_vec(), Line),
            (b"PROXY TCP4 2001:db8::1 198.51.100.1 56324 443\r\n".to_vec(), Line),
            (b"PROXY TCP6 192.0.2.1 198.51.100.1 56324 443\r\n".to_vec(), Line),
            (b"PROXY TCP5 192.0.2.1 198.51.100.1 56324 443\r\n".to_vec(), Line),
            (b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\n\r\n".to_vec(), Line),
            (long, Line),
            (v2(0x11, 0x11, &v4), Kind(0x11)),
            (v2(0x22, 0x11, &v4), Kind(0x22)),
            (v2(0x21, 0x41, &v4), Kind(0x41)),
            (v2(0x21, 0x13, &v4), Kind(0x13)),
            (v2(0x21, 0x11, &v4[..11]), Length),
            (v2(0x21, 0x21, &v4), Length),
            (with_tlv(&[0x04, 0, 9, 0]), Length),
            (with_tlv(&[0x04, 0]), Length),
            (with_tlv(&[0x03, 0, 3, 0, 0, 0]), Length),
            (with_tlv(&[0x03, 0, 4, 1, 2, 3, 4]), Checksum),
            (v2(0x21, 0x11, &[0; 4081]), TooLong(4081)),
        ] {
            assert_eq!(fed(&header).0, Err(error), "{}", header.escape_ascii());
        }
    }

    /// §2.2.4: a checksum that fits is no obstacle, wherever it stands.
    #[test]
    fn a_checksum_that_fits_is_accepted() {
        let v4 = [192, 0, 2, 1, 198, 51, 100, 1, 0xDE, 0xAD, 0x01, 0xBB];
        let mut header =
            v2(0x21, 0x11, &[&v4[..], &[0x03, 0, 4, 0, 0, 0, 0, 0x02, 0, 1, b'a']].concat());
        let crc = crc32c([&header[..]]);
        header[31..35].copy_from_slice(&crc.to_be_bytes());
        assert_eq!(fed(&header), (Ok(client("192.0.2.1:57005")), header.len()));
    }

    proptest! {
        /// Whatever comes, byte by byte or at once, nothing panics, and the answer is the same.
        #[test]
        fn any_bytes_are_read_the_same_under_every_cut(
            start in prop_oneof![
                Just(Vec::new()),
                Just(preface_v1::SIGNATURE.to_vec()),
                Just(b"PROXY TCP4 1.2.3.4 5.6.7.8 ".to_vec()),
                Just(preface_v2::SIGNATURE.to_vec()),
                Just([preface_v2::SIGNATURE, &[0x21, 0x11, 0]].concat()),
            ],
            rest in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let bytes = [start, rest].concat();
            let whole = read(&bytes);
            for cut in 0..bytes.len() {
                match read(&bytes[..cut]) {
                    Ok(Preface::Needs(more)) => prop_assert!(
                        more > 0 && (cut + more <= bytes.len() || whole.is_err()
                            || matches!(whole, Ok(Preface::Needs(_))))
                    ),
                    done => {
                        prop_assert_eq!(&done, &whole);
                        break;
                    }
                }
            }
        }
    }
}
