//! The configurations of `docs/behind-a-proxy.md`, with this run's ports and paths in them.

use crate::{
    failure::{Failure, Outcome},
    paths,
};

const PAGE: &str = "docs/behind-a-proxy.md";

/// Which configuration of the page.
#[derive(Clone, Copy)]
pub(super) enum Chapter {
    EndsTls,
    SpeaksTlsTwice,
    PassesTlsOn,
}

impl Chapter {
    const fn heading(self) -> &'static str {
        match self {
            Self::EndsTls => "## nginx, TLS at nginx\n",
            Self::SpeaksTlsTwice => "## nginx, TLS to the server too\n",
            Self::PassesTlsOn => "## nginx, TLS at the server\n",
        }
    }
}

impl Chapter {
    /// Where in nginx.conf it stands.
    const fn block(self) -> Block {
        match self {
            Self::EndsTls | Self::SpeaksTlsTwice => Block::Http,
            Self::PassesTlsOn => Block::Main,
        }
    }
}

/// A part of nginx.conf.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Main,
    Http,
}

/// A configuration as it stands on the page, and then with changes.
#[derive(Clone)]
pub(super) struct Recipe {
    block: Block,
    text: String,
    /// Directives that stand before everything.
    before: String,
}

impl Recipe {
    /// The block of nginx's below this heading.
    pub(super) fn of(chapter: Chapter) -> Outcome<Self> {
        let page = paths::read(&paths::root().join(PAGE))?;
        let block = below(&page, chapter.heading());
        let missing = || Failure::new(format!("{PAGE} has no nginx below {}", chapter.heading()));
        let text = block.ok_or_else(missing)?.to_owned();
        Ok(Self { block: chapter.block(), text, before: String::new() })
    }

    /// Replaces what must be there.
    pub(super) fn with(self, old: &str, new: &str) -> Outcome<Self> {
        if self.text.contains(old) {
            return Ok(Self { text: self.text.replace(old, new), ..self });
        }
        Err(Failure::new(format!("{PAGE}: no configuration says `{old}` any more")))
    }

    /// Adds a directive of the whole of nginx.
    pub(super) fn before(self, directive: &str) -> Self {
        Self { before: format!("{}{directive}\n", self.before), ..self }
    }

    /// Whether it says this.
    pub(super) fn says(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// All of nginx.conf: the directives of this run, of all of nginx and of its block `http`, and the configuration.
    pub(super) fn whole(&self, main: &str, http: &str) -> String {
        let Self { block, text, before } = self;
        match block {
            Block::Main => format!("{before}{main}{text}"),
            Block::Http => format!("{before}{main}http {{\n{http}{text}}}\n"),
        }
    }
}

fn below<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let (_, chapter) = page.split_once(heading)?;
    let chapter = chapter.split("\n## ").next()?;
    let (_, block) = chapter.split_once("```nginx\n")?;
    Some(block.split_once("```")?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chapter without a block does not borrow the next one's.
    #[test]
    fn a_block_belongs_to_the_heading_above_it() {
        let page =
            "## a\ntext\n\n## b\n```nginx\nlisten 1;\n```\n\n## c\n```nginx\nlisten 2;\n```\n";
        assert_eq!(below(page, "## a\n"), None);
        assert_eq!(below(page, "## b\n"), Some("listen 1;\n"));
        assert_eq!(below(page, "## c\n"), Some("listen 2;\n"));
        assert_eq!(below(page, "## d\n"), None);
    }

    /// What the page no longer says is an error, not a test of something else.
    #[test]
    fn only_what_is_there_can_be_replaced() {
        let text = "listen 443 ssl;".to_owned();
        let recipe = Recipe { block: Block::Http, text, before: String::new() };
        assert!(recipe.clone().with("443", "1").unwrap().says("listen 1 ssl;"));
        assert!(recipe.with("80", "1").is_err());
    }
}
