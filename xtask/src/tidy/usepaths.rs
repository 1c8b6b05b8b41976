//! The paths that a file names: `use` trees unfolded, and `crate::…`, `super::…`, `child::…` in code.

use super::{
    lexer::{Kind, Token},
    source::starts_with,
};

/// A path as written, from the module it is written in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UsePath<'a> {
    /// Modules that are inline in the file, around the path.
    pub(super) inline: Vec<&'a str>,
    /// `["crate", "error", "Misdeed"]`.
    pub(super) segments: Vec<&'a str>,
    pub(super) line: usize,
}

/// Every path of at least two segments, or of one in a `use`.
pub(super) fn paths<'a>(tokens: &[Token<'a>]) -> Vec<UsePath<'a>> {
    let mut found = Vec::new();
    let mut modules = Inline::default();
    let mut at = 0;
    while at < tokens.len() {
        let length = if tokens[at].is("use") {
            tree(&tokens[at + 1..], &[], &mut |segments, line| {
                found.push(modules.path(segments, line))
            }) + 1
        } else if begins_path(tokens, at) {
            let segments = straight(&tokens[at..]);
            let length = segments.len() * 3 - 2;
            found.extend((segments.len() > 1).then(|| modules.path(segments, tokens[at].line)));
            length
        } else {
            1
        };
        tokens[at..tokens.len().min(at + length)].iter().for_each(|token| modules.pass(*token));
        modules.enter(tokens, at);
        at += length;
    }
    found
}

/// The modules that are open in a file: `mod name {`.
#[derive(Default)]
struct Inline<'a> {
    open: Vec<(&'a str, usize)>,
    depth: usize,
}

impl<'a> Inline<'a> {
    fn path(&self, segments: Vec<&'a str>, line: usize) -> UsePath<'a> {
        UsePath { inline: self.open.iter().map(|(name, _)| *name).collect(), segments, line }
    }

    fn enter(&mut self, tokens: &[Token<'a>], at: usize) {
        let opens = starts_with(&tokens[at..], &["mod"])
            && tokens.get(at + 2).is_some_and(|token| token.is("{"));
        self.open.extend(opens.then(|| (tokens[at + 1].text, self.depth)));
    }

    fn pass(&mut self, token: Token<'_>) {
        if token.is("{") {
            self.depth += 1;
        }
        if token.is("}") {
            self.depth = self.depth.saturating_sub(1);
            self.open.retain(|(_, depth)| *depth < self.depth);
        }
    }
}

/// Unfolds one tree of a `use` and gives its length.
fn tree<'a>(
    tokens: &[Token<'a>],
    stem: &[&'a str],
    found: &mut impl FnMut(Vec<&'a str>, usize),
) -> usize {
    let mut path = stem.to_vec();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.text {
            "{" => return at + group(&tokens[at..], &path, found),
            ":" => at += 1,
            "as" => at += 2,
            "," | ";" | "}" => break,
            text => {
                path.extend((text != "self" || path.is_empty()).then_some(text));
                at += 1;
            }
        }
    }
    if let Some(first) = tokens.first().filter(|_| at > 0) {
        found(path, first.line);
    }
    at
}

/// Unfolds `{a, b::c}` and gives its length.
fn group<'a>(
    tokens: &[Token<'a>],
    stem: &[&'a str],
    found: &mut impl FnMut(Vec<&'a str>, usize),
) -> usize {
    let mut at = 1;
    while tokens.get(at).is_some_and(|token| !token.is("}")) {
        at += tree(&tokens[at..], stem, found);
        at += usize::from(tokens.get(at).is_some_and(|token| token.is(",") || token.is(";")));
    }
    at + 1
}

fn begins_path(tokens: &[Token<'_>], at: usize) -> bool {
    let follows = at > 0
        && (tokens[at - 1].is(":") && at > 1 && tokens[at - 2].is(":") || tokens[at - 1].is("."));
    tokens[at].kind == Kind::Word && !follows
}

/// `a::b::c` as its words; stops before `::<` and `::{`.
fn straight<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    let mut segments = vec![tokens[0].text];
    for step in tokens[1..].chunks(3) {
        match step {
            [first, second, word] if first.is(":") && second.is(":") && word.kind == Kind::Word => {
                segments.push(word.text)
            }
            _ => break,
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::{super::lexer::tokens, *};

    fn joined(source: &str) -> Vec<String> {
        paths(&tokens(source)).into_iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn a_tree_of_uses_is_unfolded() {
        assert_eq!(
            joined(
                "use crate::{close::{CloseCode, CloseReason as R}, error::{self, Misdeed}, time::*}; use super::x;"
            ),
            [
                "crate::close::CloseCode",
                "crate::close::CloseReason",
                "crate::error",
                "crate::error::Misdeed",
                "crate::time::*",
                "super::x"
            ]
        );
    }

    #[test]
    fn paths_in_code_count_too() {
        assert_eq!(
            joined("fn f(x: crate::a::B) { super::c::d::<u8>(x.e); std::mem::take(x) }"),
            ["crate::a::B", "super::c::d", "std::mem::take"]
        );
    }

    #[test]
    fn a_path_knows_the_inline_modules_around_it() {
        let source = "mod a { use super::b; mod c { use super::d; } use super::e; } use self::f;";
        let tokens = tokens(source);
        let inline: Vec<usize> = paths(&tokens).iter().map(|path| path.inline.len()).collect();
        assert_eq!(inline, [1, 2, 1, 0]);
    }

    #[test]
    fn a_broken_use_ends_somewhere() {
        assert!(joined("use crate::{a, b").len() <= 2);
        assert!(joined("use").is_empty());
    }
}
