//! A file of Rust, with or without its unit tests.

use super::lexer::{Token, tokens};

/// A tracked file that ends in `.rs`.
pub(super) struct Source {
    /// From the root of the workspace, with `/`.
    pub(super) path: String,
    text: String,
}

impl Source {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Everything.
    pub(super) fn tokens(&self) -> Vec<Token<'_>> {
        tokens(&self.text)
    }

    /// Everything but what stands under `#[cfg(test)]`; nothing of a file that is a test.
    pub(super) fn production(&self) -> Vec<Token<'_>> {
        if self.is_test() { Vec::new() } else { without_tests(&self.tokens()) }
    }

    /// The path inside the `src` of this crate (`wharf-proto`), or of the root package `xtask`.
    pub(super) fn within(&self, package: &str) -> Option<&str> {
        let inside = self.path.strip_prefix("crates/").unwrap_or(&self.path);
        inside.strip_prefix(package)?.strip_prefix("/src/")
    }

    fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_test_attribute(&tokens[at..]) {
            at += item_length(&tokens[at..]);
        } else {
            kept.push(tokens[at]);
            at += 1;
        }
    }
    kept
}

/// `#[cfg(test)]`, `#[cfg(all(test, …))]`.
fn is_test_attribute(tokens: &[Token<'_>]) -> bool {
    starts_with(tokens, &["#", "[", "cfg", "(", "test", ")"])
        || starts_with(tokens, &["#", "[", "cfg", "(", "all", "(", "test"])
}

/// Whether these words and marks stand here.
pub(super) fn starts_with(tokens: &[Token<'_>], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.is(text))
}

/// The length of an item with its attributes: up to its `;` or closing brace.
fn item_length(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            _ if token.kind == super::lexer::Kind::Literal => {}
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (token.is("}") || token.is(";")) {
            return at + 1;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn production(text: &str) -> String {
        let source = Source::new("crates/a/src/b.rs", text);
        source.production().iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn unit_tests_are_not_production() {
        assert_eq!(
            production("fn a() {} #[cfg(test)] mod tests { fn b() { [1; 2]; } } fn c() {}"),
            "fn a ( ) { } fn c ( ) { }"
        );
        assert_eq!(production("#[cfg(test)] #[rustfmt::skip] mod tests; struct A;"), "struct A ;");
    }

    #[test]
    fn what_is_only_there_for_a_feature_or_a_test_is_production() {
        assert!(
            production("#[cfg(any(feature = \"std\", test))] extern crate std;")
                .ends_with("extern crate std ;")
        );
    }

    #[test]
    fn a_file_of_tests_is_not_production() {
        assert!(Source::new("crates/a/tests/b.rs", "fn a() {}").production().is_empty());
    }

    #[test]
    fn a_file_knows_its_crate() {
        let source = Source::new("crates/wharf-proto/src/frame/header.rs", "");
        assert_eq!(source.within("wharf-proto"), Some("frame/header.rs"));
        assert_eq!(source.within("wharf"), None);
        assert_eq!(Source::new("xtask/src/main.rs", "").within("xtask"), Some("main.rs"));
    }
}
