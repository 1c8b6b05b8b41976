//! Rust source as words and marks, without comments and the insides of literals.

/// What a piece of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or keyword.
    Word,
    /// One character of punctuation.
    Mark,
    /// A string, character, number or lifetime.
    Literal,
}

/// A piece of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Counted from 1.
    pub(super) line: usize,
}

impl Token<'_> {
    /// Whether it is this word or mark.
    pub(super) fn is(self, text: &str) -> bool {
        self.kind != Kind::Literal && self.text == text
    }
}

/// Cuts source into tokens. What is not valid Rust gives some tokens, never a panic.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { rest: source, line: 1 };
    let mut tokens = Vec::new();
    while let Some(first) = lexer.rest.chars().next() {
        let (kind, length) = lexer.next_piece(first);
        let token = lexer.take(length);
        tokens.extend(kind.map(|kind| Token { kind, ..token }));
    }
    tokens
}

struct Lexer<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Lexer<'a> {
    fn take(&mut self, length: usize) -> Token<'a> {
        let (text, rest) = self.rest.split_at(length);
        let token = Token { kind: Kind::Mark, text, line: self.line };
        self.line += text.matches('\n').count();
        self.rest = rest;
        token
    }

    /// The kind (`None`: nothing that counts) and length in bytes of what stands next.
    fn next_piece(&self, first: char) -> (Option<Kind>, usize) {
        if first.is_whitespace() {
            return (None, first.len_utf8());
        }
        if let Some(length) = comment(self.rest) {
            return (None, length);
        }
        if let Some(length) = string(self.rest).or_else(|| quoted(self.rest)) {
            return (Some(Kind::Literal), length);
        }
        match word(self.rest) {
            0 => (Some(Kind::Mark), first.len_utf8()),
            length if first.is_ascii_digit() => (Some(Kind::Literal), length),
            length => (Some(Kind::Word), length),
        }
    }
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*").then(|| block_comment(rest))
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        match here {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth.saturating_sub(1), at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// A string of any prefix: `"…"`, `b"…"`, `c"…"`, `r#"…"#`, `br"…"`.
fn string(rest: &str) -> Option<usize> {
    let prefix =
        rest.find(|c: char| !matches!(c, 'b' | 'c' | 'r')).filter(|&length| length <= 2)?;
    let raw = rest[..prefix].ends_with('r');
    let hashes =
        if raw { rest[prefix..].bytes().take_while(|&byte| byte == b'#').count() } else { 0 };
    let body = rest[prefix + hashes..].strip_prefix('"')?;
    let inside =
        if raw { body.find(&format!("\"{}", "#".repeat(hashes))) } else { unescaped(body, '"') };
    Some(inside.map_or(rest.len(), |length| prefix + hashes + 1 + length + 1 + hashes))
}

/// `'x'`, `b'\n'`, or a lifetime such as `'static`.
fn quoted(rest: &str) -> Option<usize> {
    let prefix = usize::from(rest.starts_with("b'"));
    let body = rest[prefix..].strip_prefix('\'')?;
    let first = body.chars().next()?;
    let is_character = first == '\\' || body[first.len_utf8()..].starts_with('\'');
    let inside = if is_character {
        unescaped(body, '\'').map(|length| length + 1)
    } else {
        Some(word(body))
    };
    Some(inside.map_or(rest.len(), |length| prefix + 1 + length))
}

/// Where an escaped text ends.
fn unescaped(body: &str, end: char) -> Option<usize> {
    let mut escaped = false;
    body.char_indices().find_map(|(at, c)| {
        let ends = c == end && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source)
            .into_iter()
            .filter(|token| token.kind != Kind::Literal)
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn comments_are_not_source() {
        assert_eq!(texts("a // unsafe\n/* x /* unsafe */ y */ b /// doc\nc"), ["a", "b", "c"]);
    }

    #[test]
    fn the_inside_of_a_literal_is_not_source() {
        assert_eq!(
            texts(r##"f("unsafe \" todo", r#"a "b" unsafe"#, b"x", c"y", '"', b'\'', 'z')"##).len(),
            9
        );
    }

    #[test]
    fn a_lifetime_does_not_open_a_character() {
        assert_eq!(texts("fn f<'a>(x: &'a str) -> &'static str { y }").last(), Some(&"}"));
    }

    #[test]
    fn words_that_begin_like_a_string_prefix_are_words() {
        assert_eq!(texts("break crate brc r b"), ["break", "crate", "brc", "r", "b"]);
    }

    #[test]
    fn lines_are_counted_through_comments_and_strings() {
        let last = tokens("/*\n*/ \"\n\" x").last().copied().unwrap();
        assert_eq!((last.text, last.line), ("x", 3));
    }

    #[test]
    fn what_never_ends_is_taken_to_the_end() {
        assert_eq!(texts("a /* b"), ["a"]);
        assert_eq!(texts("a \"b"), ["a"]);
        assert_eq!(texts("a r#\"b\""), ["a"]);
        assert_eq!(texts("a '\\"), ["a"]);
    }
}
