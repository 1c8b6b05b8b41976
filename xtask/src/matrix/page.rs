//! `docs/conformance.md`: what stands between its marks is written here.

use super::{agreement::Agreement, findings::Findings, peer::Role};
use crate::{
    failure::{Failure, Outcome},
    paths, say,
};

/// A part of the page that a command writes.
#[derive(Clone, Copy)]
enum Part {
    Matrix,
    Agreement,
}

impl Part {
    const fn begin(self) -> &'static str {
        match self {
            Self::Matrix => "<!-- cargo xtask matrix writes from here -->",
            Self::Agreement => "<!-- cargo xtask agreement writes from here -->",
        }
    }
}

const END: &str = "<!-- to here -->";

/// The counts, and what is behind them.
pub(super) fn write_matrix(found: &[Findings]) -> Outcome {
    write(Part::Matrix, &tables(found))
}

/// Both suites beside each other.
pub(super) fn write_agreement(agreements: &[Agreement]) -> Outcome {
    write(Part::Agreement, &agreement(agreements))
}

fn write(part: Part, text: &str) -> Outcome {
    let page = paths::root().join("docs/conformance.md");
    let begin = part.begin();
    let old = paths::read(&page)?;
    let parts = old.split_once(begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let lost = || Failure::new(format!("{} has lost its marks", page.display()));
    let (before, after) = parts.ok_or_else(lost)?;
    paths::write(&page, &format!("{before}{begin}\n{text}{END}{after}"))?;
    say::line(format!("written: {}", page.display()));
    Ok(())
}

fn tables(found: &[Findings]) -> String {
    let mut text = String::new();
    for role in Role::ALL {
        text.push_str(&format!(
            "\n### As {}\n\n| peer | version | run on | permessage-deflate | pass | fail | lax | strict | n/a | skipped |\n\
             |---|---|---|---|--:|--:|--:|--:|--:|--:|\n",
            role.name()
        ));
        text.extend(found.iter().filter(|findings| findings.is(role)).map(Findings::row));
    }
    text.push_str("\n### What the RFCs demand and they do not do\n\n");
    text.extend(found.iter().map(Findings::list));
    text
}

fn agreement(agreements: &[Agreement]) -> String {
    let mut text =
        "\n| peer | Autobahn's groups | cases of both | agree | differ |\n|---|---|--:|--:|--:|\n"
            .to_owned();
    text.extend(agreements.iter().map(Agreement::row));
    text.push_str(
        "\n| peer | cases | Autobahn | wharf check | what it saw |\n|---|---|---|---|---|\n",
    );
    text.extend(agreements.iter().map(Agreement::rows));
    text.push('\n');
    text
}
