//! A setting that nothing reads is a lie: every field of the configuration and every flag is read elsewhere.

use super::{
    finding::Finding,
    lexer::{Kind, Token},
    source::Source,
};

/// A file whose structs are settings, and the crates whose other files must read them.
pub(super) struct Settings {
    file: &'static str,
    readers: &'static [&'static str],
    advice: &'static str,
}

/// All files of settings.
pub(super) const SETTINGS: [Settings; 2] = [
    Settings {
        file: "crates/wharf-proto/src/config.rs",
        readers: &["wharf-proto", "wharf"],
        advice: "nothing reads this setting: enforce it, or remove it",
    },
    Settings {
        file: "crates/wharf-cli/src/cli.rs",
        readers: &["wharf-cli"],
        advice: "nothing reads this flag: give it its meaning, or remove it",
    },
];

/// Whose braces a field stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Struct,
    /// Of an enum's variant: read by matching, not by a dot.
    Variant,
}

/// A named field.
struct Field<'a> {
    name: &'a str,
    line: usize,
    body: Body,
}

/// Checks one file of settings against all sources.
pub(super) fn check(settings: &Settings, sources: &[Source]) -> Vec<Finding> {
    let reads = |source: &&Source| {
        source.path != settings.file
            && settings.readers.iter().any(|package| source.within(package).is_some())
    };
    let readers: Vec<Vec<Token<'_>>> =
        sources.iter().filter(reads).map(Source::production).collect();
    let Some(source) = sources.iter().find(|source| source.path == settings.file) else {
        let advice = "this file of settings is gone: name its successor in xtask's fields.rs";
        return vec![Finding::new(settings.file, 1, "settings", advice)];
    };
    let tokens = source.production();
    let unread = fields(&tokens)
        .into_iter()
        .filter(|field| !readers.iter().any(|tokens| field.is_read(tokens)));
    unread
        .map(|field| {
            Finding::new(
                settings.file,
                field.line,
                "settings",
                format!("`{}`: {}", field.name, settings.advice),
            )
        })
        .collect()
}

impl Field<'_> {
    fn is_read(&self, tokens: &[Token<'_>]) -> bool {
        (0..tokens.len()).filter(|&at| tokens[at].is(self.name)).any(|at| {
            let by_dot = at > 0 && tokens[at - 1].is(".");
            let next =
                |step: usize, mark: &str| tokens.get(at + step).is_some_and(|token| token.is(mark));
            let assigned = next(1, "=") && !next(2, "=");
            let called = next(1, "(");
            self.body == Body::Variant || by_dot && !assigned && !called
        })
    }
}

fn fields<'a>(tokens: &[Token<'a>]) -> Vec<Field<'a>> {
    let mut fields = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let kind = match token.text {
            "struct" => Body::Struct,
            "enum" => Body::Variant,
            _ => continue,
        };
        let open =
            tokens[at..].iter().position(|token| token.is("{") || token.is(";") || token.is("("));
        let braces = open.map(|open| &tokens[at + open..]).filter(|braces| braces[0].is("{"));
        fields.extend(braces.into_iter().flat_map(|braces| of_body(braces, kind)));
    }
    fields
}

/// The names before a single colon, right inside the braces of a struct or of a variant.
fn of_body<'a>(tokens: &[Token<'a>], body: Body) -> Vec<Field<'a>> {
    let level = match body {
        Body::Struct => 1,
        Body::Variant => 2,
    };
    let mut depth = 0_usize;
    let mut fields = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let begins =
            at > 0 && ["{", ",", "]", ")", "pub"].iter().any(|mark| tokens[at - 1].is(mark));
        let names = tokens.get(at + 1).is_some_and(|next| next.is(":"))
            && !tokens.get(at + 2).is_some_and(|next| next.is(":"));
        if token.kind == Kind::Word && depth == level && begins && names {
            fields.push(Field { name: token.text, line: token.line, body });
        }
        match token.text {
            _ if token.kind == Kind::Literal => {}
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "#[derive(Debug)] pub struct Config { /// a\n pub limits: Limits, #[cfg(feature = \"x\")]\n pub(crate) idle: Option<std::time::Duration>, last: u8 }
        enum Command { Man { command: Option<String> }, Serve(Box<Serve>) }
        impl Config { fn read(&self) { self.idle; self.last; Self { limits: 1 } } }";

    fn unread(reader: &str) -> Vec<String> {
        let settings = Settings { file: "crates/a/src/config.rs", readers: &["a"], advice: "" };
        let sources = [
            Source::new("crates/a/src/config.rs", CONFIG),
            Source::new("crates/a/src/b.rs", reader),
        ];
        check(&settings, &sources).into_iter().map(|finding| finding.advice).collect()
    }

    #[test]
    fn a_field_that_nobody_reads_is_found() {
        assert_eq!(unread(""), ["`limits`: ", "`idle`: ", "`last`: ", "`command`: "]);
        assert_eq!(unread("f(c.limits.x, c.idle); Man { command }; c.last"), Vec::<String>::new());
    }

    #[test]
    fn setting_a_field_or_calling_its_namesake_is_not_reading_it() {
        assert_eq!(
            unread("c.limits = 1; c.idle(); if c.last == 1 {} Man { command }"),
            ["`limits`: ", "`idle`: "]
        );
    }

    #[test]
    fn a_unit_test_is_no_reader() {
        assert_eq!(
            unread(
                "#[cfg(test)] mod tests { fn f() { c.limits; c.idle; c.last; Man { command } } }"
            )
            .len(),
            4
        );
    }
}
