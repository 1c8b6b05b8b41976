//! The grammar of `Sec-WebSocket-Extensions` (RFC 6455 §9.1).

use super::head::is_token;

/// One element: a name and its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) parameters: Vec<Parameter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) spelling: Spelling,
}

/// How a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    Token,
    Quoted,
}

/// The elements of all lines, or nothing if one of them breaks the grammar.
pub(super) fn parse(lines: &[&str]) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    for line in lines {
        let mut of_line = Vec::new();
        for part in split(line, ',')? {
            if !part.is_empty() {
                of_line.push(element(part)?);
            }
        }
        if of_line.is_empty() {
            return None;
        }
        elements.append(&mut of_line);
    }
    Some(elements)
}

/// Splits outside of quotes, and trims.
fn split(text: &str, at: char) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (index, letter) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if quoted && letter == '\\' {
            escaped = true;
        } else if letter == '"' {
            quoted = !quoted;
        } else if letter == at && !quoted {
            parts.push(trim(&text[start..index]));
            start = index + 1;
        }
    }
    parts.push(trim(&text[start..]));
    (!quoted).then_some(parts)
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

fn element(text: &str) -> Option<Element> {
    let mut parts = split(text, ';')?.into_iter();
    let name = parts.next().filter(|name| is_token(name))?.to_owned();
    let parameters = parts.map(parameter).collect::<Option<_>>()?;
    Some(Element { name, parameters })
}

fn parameter(text: &str) -> Option<Parameter> {
    let (name, value) = match text.split_once('=') {
        None => (text, None),
        Some((name, value)) => (trim(name), Some(trim(value))),
    };
    let quoted = value.is_some_and(|value| value.starts_with('"'));
    let spelling = if quoted { Spelling::Quoted } else { Spelling::Token };
    let value = value.map(|value| if quoted { unquote(value) } else { Some(value.to_owned()) });
    let value = match value {
        Some(value) => Some(value.filter(|value| is_token(value))?),
        None => None,
    };
    is_token(name).then(|| Parameter { name: name.to_owned(), value, spelling })
}

fn unquote(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let (mut plain, mut letters) = (String::new(), inner.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.push(letters.next()?),
            '"' => return None,
            _ => plain.push(letter),
        }
    }
    Some(plain)
}

/// RFC 6455 §9.1: tokens, quoted tokens, lists.
#[test]
fn reads_what_the_grammar_allows() {
    let elements = parse(&["a; b=\"1\\2\", c;d = 3", "e"]).unwrap();
    assert_eq!(elements.len(), 3);
    assert_eq!(elements[0].parameters[0].value.as_deref(), Some("12"));
    assert_eq!(elements[1].parameters[0].name, "d");
    for bad in ["", "a;", "a; =1", "a; b=", "a; b=\"", "a b", "a; b=\"x y\"", "a; b=\"1\"2", ";"] {
        assert_eq!(parse(&[bad]), None, "{bad}");
    }
}
