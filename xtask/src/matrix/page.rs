//! `docs/conformance.md`: what stands between its marks is written here.

use super::{agreement::Agreement, findings::Findings, peer::Role};
use crate::{
    failure::{Failure, Outcome},
    paths, say,
};

const BEGIN: &str = "<!-- cargo xtask matrix writes from here -->";
const END: &str = "<!-- to here -->";

pub(super) fn write(found: &[Findings], agreements: &[Agreement]) -> Outcome {
    let page = paths::root().join("docs/conformance.md");
    let text = paths::read(&page)?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let lost = || Failure::new(format!("{} has lost its marks", page.display()));
    let (before, after) = parts.ok_or_else(lost)?;
    let tables = tables(found);
    let agreement = agreement(agreements);
    paths::write(&page, &format!("{before}{BEGIN}\n{tables}{agreement}{END}{after}"))?;
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
    let mut text = "### Autobahn beside it\n\n| server | cases of both | agree | differ |\n|---|--:|--:|--:|\n".to_owned();
    text.extend(agreements.iter().map(Agreement::row));
    text.push_str(
        "\n| server | cases | Autobahn | wharf check | what it saw |\n|---|---|---|---|---|\n",
    );
    text.extend(agreements.iter().map(Agreement::rows));
    text.push('\n');
    text
}
