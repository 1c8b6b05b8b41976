//! `Sec-WebSocket-Extensions`, read whatever it looks like (RFC 6455 §9.1).

/// One extension of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extension {
    pub(crate) name: String,
    /// Names and values; quotes are taken off.
    pub(crate) params: Vec<(String, Option<String>)>,
}

impl Extension {
    /// All extensions of all lines, in order.
    pub(crate) fn parse<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<Self> {
        lines.flat_map(|line| split(line, ',')).filter_map(|item| Self::one(&item)).collect()
    }

    fn one(item: &str) -> Option<Self> {
        let mut parts = split(item, ';').into_iter();
        let name = parts.next().map(|name| name.trim().to_ascii_lowercase())?;
        if name.is_empty() {
            return None;
        }
        let params = parts.map(|part| match part.split_once('=') {
            Some((name, value)) => {
                (name.trim().to_ascii_lowercase(), Some(value.trim().trim_matches('"').to_owned()))
            }
            None => (part.trim().to_ascii_lowercase(), None),
        });
        Some(Self { name, params: params.collect() })
    }

    /// Whether the parameter is there, with a value or without.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.params.iter().any(|(param, _)| param == name)
    }

    /// The number that is a parameter's value.
    pub(crate) fn number(&self, name: &str) -> Option<u8> {
        let (_, value) = self.params.iter().find(|(param, _)| param == name)?;
        value.as_deref()?.parse().ok()
    }
}

/// Splits at `mark` where it does not stand in quotes.
fn split(text: &str, mark: char) -> Vec<String> {
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for c in text.chars() {
        quoted ^= c == '"';
        match parts.last_mut() {
            Some(part) if c != mark || quoted => part.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::Extension;

    #[test]
    fn a_list_over_lines_and_quotes_is_read() {
        let lines = ["foo, permessage-deflate; a; b=\"9,;\"", "bar ;x=10"];
        let all = Extension::parse(lines.into_iter());
        assert_eq!(
            all.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(),
            ["foo", "permessage-deflate", "bar"]
        );
        assert!(all[1].has("a"));
        assert_eq!(all[1].params[1], ("b".to_owned(), Some("9,;".to_owned())));
        assert_eq!(all[2].number("x"), Some(10));
    }
}
