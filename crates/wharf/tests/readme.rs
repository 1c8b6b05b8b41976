//! The README shows the examples as they are, and they compile.

const README: &str = include_str!("../../../README.md");

/// What the README shows of an example: all below the lines that begin with `//!` or `#!`.
fn shown(example: &str) -> &str {
    &example[example.find("use wharf").expect("an example uses wharf")..]
}

#[test]
fn the_readme_shows_the_examples_as_they_are() {
    for example in [include_str!("../examples/client.rs"), include_str!("../examples/server.rs")] {
        assert!(README.contains(&format!("```rust\n{}```", shown(example))), "{example}");
    }
}
