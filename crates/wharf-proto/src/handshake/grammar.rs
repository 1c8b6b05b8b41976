//! Lists in header fields (RFC 9110 §5.6, RFC 6455 §9.1), read in one pass and borrowed.
//!
//! RFC 6455 writes its grammar in the notation of RFC 2616: spaces may stand around any separator, and a list
//! may have empty elements but not be empty.

use super::subprotocol::is_token;
use alloc::{borrow::Cow, vec::Vec};
use http::HeaderValue;

/// An extension as offered or accepted (RFC 6455 §9.1).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Extension<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: Vec<Parameter<'a>>,
}

#[cfg(feature = "deflate")]
impl Extension<'_> {
    /// Names and values.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.parameters.iter().map(|parameter| (parameter.name, parameter.value.as_deref()))
    }
}

/// A parameter of an extension, its value unquoted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: Option<Cow<'a, str>>,
}

/// The tokens of a list that may run over several lines; `None` if it is malformed or empty.
pub(crate) fn tokens<'a>(lines: impl IntoIterator<Item = &'a HeaderValue>) -> Option<Vec<&'a str>> {
    list(lines, Cursor::token)
}

/// The extensions of a list that may run over several lines; `None` if it is malformed or empty.
pub(crate) fn extensions<'a>(
    lines: impl IntoIterator<Item = &'a HeaderValue>,
) -> Option<Vec<Extension<'a>>> {
    list(lines, Cursor::extension)
}

/// Whether a list holds `word`, in whatever case. Elements of other shapes are passed over: `Upgrade` lists
/// products (RFC 9110 §7.8), and what they mean is no business of ours.
pub(crate) fn lists_word<'a>(lines: impl IntoIterator<Item = &'a HeaderValue>, word: &str) -> bool {
    lines.into_iter().any(|line| {
        line.as_bytes().split(|&byte| byte == b',').any(|element| same_word(element, word))
    })
}

/// Whether a value is `word`, in whatever case and with spaces around it.
pub(crate) fn same_word(value: &[u8], word: &str) -> bool {
    value.trim_ascii().eq_ignore_ascii_case(word.as_bytes())
}

fn list<'a, T>(
    lines: impl IntoIterator<Item = &'a HeaderValue>,
    mut element: impl FnMut(&mut Cursor<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut elements = Vec::new();
    for line in lines {
        let mut cursor = Cursor(line.to_str().ok()?);
        while cursor.find_element() {
            elements.push(element(&mut cursor)?);
            cursor.end_element()?;
        }
    }
    (!elements.is_empty()).then_some(elements)
}

/// What is left of a line of ASCII.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    /// Passes over empty elements; whether another follows.
    fn find_element(&mut self) -> bool {
        self.0 = self.0.trim_start_matches([' ', '\t', ',']);
        !self.0.is_empty()
    }

    fn end_element(&mut self) -> Option<()> {
        self.skip_spaces();
        if self.0.is_empty() { Some(()) } else { self.eat(',') }
    }

    fn extension(&mut self) -> Option<Extension<'a>> {
        let name = self.token()?;
        let mut parameters = Vec::new();
        while self.separator(';').is_some() {
            parameters.push(self.parameter()?);
        }
        Some(Extension { name, parameters })
    }

    fn parameter(&mut self) -> Option<Parameter<'a>> {
        let name = self.token()?;
        let value = match self.separator('=') {
            Some(()) => Some(self.value()?),
            None => None,
        };
        Some(Parameter { name, value })
    }

    fn value(&mut self) -> Option<Cow<'a, str>> {
        match self.eat('"') {
            Some(()) => self.quoted(),
            None => self.token().map(Cow::Borrowed),
        }
    }

    /// The rest of a quoted string, which must hold a token once it is unescaped (RFC 6455 §9.1).
    fn quoted(&mut self) -> Option<Cow<'a, str>> {
        let mut value = Cow::Borrowed(self.token_characters());
        while self.eat('"').is_none() {
            self.eat('\\')?;
            let escaped = self.take(1)?;
            value.to_mut().push_str(escaped.bytes().all(is_token).then_some(escaped)?);
            value.to_mut().push_str(self.token_characters());
        }
        (!value.is_empty()).then_some(value)
    }

    fn token(&mut self) -> Option<&'a str> {
        Some(self.token_characters()).filter(|token| !token.is_empty())
    }

    fn token_characters(&mut self) -> &'a str {
        let end = self.0.bytes().position(|byte| !is_token(byte)).unwrap_or(self.0.len());
        self.take(end).unwrap_or_default()
    }

    /// A separator with spaces around it.
    fn separator(&mut self, separator: char) -> Option<()> {
        self.skip_spaces();
        self.eat(separator)?;
        self.skip_spaces();
        Some(())
    }

    fn skip_spaces(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, character: char) -> Option<()> {
        self.0 = self.0.strip_prefix(character)?;
        Some(())
    }

    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{format, string::String};

    fn values(lines: &[&str]) -> Vec<HeaderValue> {
        lines.iter().map(|line| HeaderValue::from_bytes(line.as_bytes()).unwrap()).collect()
    }

    fn read_tokens(lines: &[&str]) -> Option<Vec<String>> {
        let values = values(lines);
        Some(tokens(&values)?.into_iter().map(String::from).collect())
    }

    /// As one canonical line.
    fn read_extensions(lines: &[&str]) -> Option<String> {
        let values = values(lines);
        let spelled = extensions(&values)?.into_iter().map(|extension| {
            let parameters = extension.parameters.iter().map(|parameter| match &parameter.value {
                Some(value) => format!("; {}={value}", parameter.name),
                None => format!("; {}", parameter.name),
            });
            format!("{}{}", extension.name, parameters.collect::<String>())
        });
        Some(spelled.collect::<Vec<_>>().join(", "))
    }

    /// RFC 9110 §5.3, §5.6.1: several lines are one list; empty elements do not count.
    #[test]
    fn lines_of_a_list_combine() {
        let expected = Some(["chat", "superchat", "v2.x"].map(String::from).to_vec());
        assert_eq!(read_tokens(&["chat, superchat", "v2.x"]), expected);
        assert_eq!(read_tokens(&[" ,\tchat ,,superchat,", ",v2.x , "]), expected);
    }

    /// RFC 6455 §4.3, checklist 43: a list has at least one token and nothing but tokens.
    #[test]
    fn what_is_no_list_of_tokens_is_refused() {
        for line in ["", " ", ",", " ,\t, "] {
            assert_eq!(read_tokens(&[line]), None, "{line}");
        }
        for element in ["a b", "a;b", "a/b", "\"a\"", "é", "=", "a=b", "(a)", "a\"", "a:b"] {
            assert_eq!(read_tokens(&[element]), None, "{element}");
            assert_eq!(read_tokens(&["fine", &format!("x, {element}, y")]), None, "{element}");
        }
    }

    /// RFC 6455 §9.1: its own examples, and spaces around any separator.
    #[test]
    fn extensions_come_with_their_parameters() {
        let cases = [
            ("deflate-stream", "deflate-stream"),
            (
                "mux; max-channels=4; flow-control, deflate-stream",
                "mux; max-channels=4; flow-control, deflate-stream",
            ),
            ("a ;b\t= 1;c,d", "a; b=1; c, d"),
            ("private-extension", "private-extension"),
        ];
        for (line, expected) in cases {
            assert_eq!(read_extensions(&[line]).as_deref(), Some(expected));
        }
        assert_eq!(read_extensions(&["a; b", "c"]).as_deref(), Some("a; b, c"));
    }

    /// RFC 6455 §9.1, checklist 16, 102: a quoted value is the token inside, and nothing else will do.
    #[test]
    fn a_quoted_value_unescapes_to_a_token() {
        for quoted in [r#""10""#, r#""\10""#, r#""1\0""#, r#""\1\0""#] {
            let line = format!("a; bits={quoted}");
            assert_eq!(read_extensions(&[&line]).as_deref(), Some("a; bits=10"), "{quoted}");
        }
        for bad in
            [r#""""#, r#"""#, r#""1 0""#, r#""10"#, r#""10\"#, r#""1,0""#, r#""\"""#, r#""a"b"#]
        {
            assert_eq!(read_extensions(&[&format!("a; bits={bad}")]), None, "{bad}");
        }
    }

    /// RFC 6455 §9.1, checklist 16, 43.
    #[test]
    fn what_is_no_list_of_extensions_is_refused() {
        for line in [
            "", ";", "a;", "a;;b", "a; =1", "a; b=", "a b", "a=1", "a; b=1=2", "é", "a; b=é",
            "\"a\"",
        ] {
            assert_eq!(read_extensions(&[line]), None, "{line}");
        }
    }

    /// RFC 9110 §7.6.1, checklist 23, 33, 34: any line, any place, any case; products are passed over.
    #[test]
    fn a_word_is_found_in_any_line_and_case() {
        for lines in [["Upgrade", ""], ["keep-alive, UPGRADE", ""], ["close", "\tupgrade ,x/1"]] {
            assert!(lists_word(&values(&lines), "upgrade"), "{lines:?}");
        }
        for lines in [["", ""], ["upgrades", "up grade"], ["upgrade/1", "\"upgrade\""]] {
            assert!(!lists_word(&values(&lines), "upgrade"), "{lines:?}");
        }
    }

    proptest! {
        /// RFC 6455 §9.1: what was written comes back, whatever the spaces.
        #[test]
        fn what_was_written_is_read_again(
            name in "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}",
            value in "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}",
            space in "[ \t]{0,3}",
        ) {
            let plain = format!("{space}{name}{space};{space}p{space}={space}{value}{space}");
            let escaped: String = value.chars().flat_map(|c| ['\\', c]).collect();
            let quoted = format!("{name}; p=\"{escaped}\"");
            let expected = format!("{name}; p={value}");
            prop_assert_eq!(read_extensions(&[&plain]), Some(expected.clone()));
            prop_assert_eq!(read_extensions(&[&quoted]), Some(expected));
        }

        /// Checklist 43: no value makes the reader panic.
        #[test]
        fn any_value_is_read_or_refused(line in "[ -~\t]{0,64}") {
            let _ = read_extensions(&[&line]);
            let _ = read_tokens(&[&line]);
        }
    }
}
