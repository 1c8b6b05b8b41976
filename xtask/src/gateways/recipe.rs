//! The configurations of `docs/behind-a-proxy.md`, with this run's ports and paths in them.

use crate::{
    failure::{Failure, Outcome},
    paths,
};

const PAGE: &str = "docs/behind-a-proxy.md";

/// Which configuration of the page.
#[derive(Clone, Copy)]
pub(super) enum Chapter {
    TlsAtNginx,
    TlsToTheServerToo,
}

impl Chapter {
    const fn heading(self) -> &'static str {
        match self {
            Self::TlsAtNginx => "## nginx, TLS at nginx\n",
            Self::TlsToTheServerToo => "## nginx, TLS to the server too\n",
        }
    }
}

/// A configuration as it stands on the page, and then with changes.
#[derive(Clone)]
pub(super) struct Recipe {
    /// What stands outside of `http`.
    main: String,
    http: String,
}

impl Recipe {
    /// The block of nginx's below this heading.
    pub(super) fn of(chapter: Chapter) -> Outcome<Self> {
        let page = paths::read(&paths::root().join(PAGE))?;
        let block = below(&page, chapter.heading());
        let missing = || Failure::new(format!("{PAGE} has no nginx below {}", chapter.heading()));
        Ok(Self { main: String::new(), http: block.ok_or_else(missing)?.to_owned() })
    }

    /// Replaces what must be there.
    pub(super) fn with(self, old: &str, new: &str) -> Outcome<Self> {
        if self.http.contains(old) {
            return Ok(Self { http: self.http.replace(old, new), ..self });
        }
        Err(Failure::new(format!("{PAGE}: no configuration says `{old}` any more")))
    }

    /// Adds a directive of the whole of nginx.
    pub(super) fn before(self, directive: &str) -> Self {
        Self { main: format!("{}{directive}\n", self.main), ..self }
    }

    pub(super) fn main(&self) -> &str {
        &self.main
    }

    pub(super) fn http(&self) -> &str {
        &self.http
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
        let recipe = Recipe { main: String::new(), http: "listen 443 ssl;".into() };
        assert_eq!(recipe.clone().with("443", "1").unwrap().http(), "listen 1 ssl;");
        assert!(recipe.with("80", "1").is_err());
    }
}
