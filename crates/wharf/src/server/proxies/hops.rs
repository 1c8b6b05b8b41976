//! Elements of a header that each proxy appends to, from the last to the first.
//!
//! What stands at the front is a stranger's. So elements are taken from the back, and none is looked at before it is
//! known who wrote it: what a stranger wrote cannot spoil, or swallow, what a trusted proxy has appended.

use http::{HeaderMap, HeaderName, HeaderValue};

/// How elements are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// A comma inside quotes is none (RFC 7239 §4).
    Kept,
    /// There are no quotes.
    None,
}

/// The elements of all lines of a header, the last one first; `None` for one that is not of ASCII.
pub(super) fn backwards<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
    quotes: Quotes,
) -> impl Iterator<Item = Option<&'a str>> {
    let lines: Vec<&HeaderValue> = headers.get_all(name).iter().collect();
    lines.into_iter().rev().flat_map(move |line| Elements { left: Some(line.as_bytes()), quotes })
}

struct Elements<'a> {
    left: Option<&'a [u8]>,
    quotes: Quotes,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Option<&'a str>;

    /// Empty elements are passed over (RFC 9110 §5.6.1.2).
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let element = self.last()?.trim_ascii();
            if !element.is_empty() {
                return Some(std::str::from_utf8(element).ok().filter(|text| text.is_ascii()));
            }
        }
    }
}

impl<'a> Elements<'a> {
    fn last(&mut self) -> Option<&'a [u8]> {
        let left = self.left.take()?;
        let comma = match self.quotes {
            Quotes::Kept => last_outside_quotes(left, b','),
            Quotes::None => left.iter().rposition(|&byte| byte == b','),
        };
        self.left = comma.map(|comma| &left[..comma]);
        Some(comma.map_or(left, |comma| &left[comma + 1..]))
    }
}

/// Where `wanted` stands last and not in quotes. Quotes are told from their end: the last one closes, and the nearest
/// before it without a backslash has opened it.
pub(super) fn last_outside_quotes(bytes: &[u8], wanted: u8) -> Option<usize> {
    let mut inside = false;
    for (at, &byte) in bytes.iter().enumerate().rev() {
        if byte == b'"' && !(inside && is_escaped(bytes, at)) {
            inside = !inside;
        } else if byte == wanted && !inside {
            return Some(at);
        }
    }
    None
}

/// Whether an odd number of backslashes stands before it.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::FORWARDED;

    fn elements(lines: &[&'static str], quotes: Quotes) -> Vec<Option<String>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        backwards(&headers, &FORWARDED, quotes).map(|text| text.map(str::to_owned)).collect()
    }

    fn texts(expected: &[&str]) -> Vec<Option<String>> {
        expected.iter().map(|text| Some((*text).to_owned())).collect()
    }

    #[test]
    fn elements_come_from_the_back() {
        assert_eq!(elements(&["a, b", "c"], Quotes::None), texts(&["c", "b", "a"]));
        assert_eq!(elements(&["a,,b,"], Quotes::None), texts(&["b", "a"]));
        assert_eq!(elements(&[], Quotes::None), texts(&[]));
        assert_eq!(elements(&["é, b"], Quotes::None), [Some("b".into()), None]);
    }

    #[test]
    fn a_comma_in_quotes_is_none() {
        let line = r#"for="a,b";by="c\",d\\", for=e"#;
        assert_eq!(elements(&[line], Quotes::Kept), texts(&["for=e", r#"for="a,b";by="c\",d\\""#]));
    }

    /// A stranger opens quotes and hopes that what the proxy appends falls into them.
    #[test]
    fn an_open_quote_of_a_stranger_swallows_nothing() {
        for line in [r#"for=", for="[::1]""#, r#"", for="[::1]""#, r#"for="\, for="[::1]""#] {
            assert_eq!(
                elements(&[line], Quotes::Kept)[0].as_deref(),
                Some(r#"for="[::1]""#),
                "{line}"
            );
        }
    }
}
