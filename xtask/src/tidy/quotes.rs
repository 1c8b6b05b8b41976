//! What a guide of `docs/migrate` shows as "before" stands in a file that is compiled.

use super::finding::Finding;

/// The fence of a block that is no test of the documentation.
const FENCE: &str = "```rust,ignore\n";

/// The file that a guide quotes; `None` if this is no guide.
pub(super) fn quoted(path: &str) -> Option<String> {
    let name = path.strip_prefix("docs/migrate/")?.strip_suffix(".md")?;
    Some(format!("docs/migrate/before/src/{}.rs", name.replace('-', "_")))
}

/// Checks one guide against the file that it quotes.
pub(super) fn check(path: &str, guide: &str, file: &str, source: &str) -> Vec<Finding> {
    let blocks = guide.match_indices(FENCE).map(|(at, _)| {
        let rest = &guide[at + FENCE.len()..];
        (guide[..at].lines().count() + 1, rest.split("```").next().unwrap_or_default())
    });
    let wrong =
        blocks.filter(|(_, block)| !block.split("\n\n").all(|piece| source.contains(piece)));
    let advice = format!("this is not what {file} says: show it as it is");
    wrong.map(|(line, _)| Finding::new(path, line, "quotes", advice.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = "a\n\n```rust,ignore\nfn a() {}\n\nfn c() {}\n```\n";

    #[test]
    fn a_block_is_what_the_file_says() {
        assert!(check("g", GUIDE, "f", "fn a() {}\n\nfn b() {}\n\nfn c() {}\n").is_empty());
        let findings = check("g", GUIDE, "f", "fn a() {}\n\nfn c() { }\n");
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn each_guide_has_its_file() {
        let file = quoted("docs/migrate/axum-ws.md");
        assert_eq!(file.as_deref(), Some("docs/migrate/before/src/axum_ws.rs"));
        assert_eq!(quoted("docs/client.md"), None);
    }
}
