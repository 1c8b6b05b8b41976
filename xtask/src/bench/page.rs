//! `docs/performance.md`: what stands between its marks is written here, and the plots beside it.

use super::{plot, record::Record, scenario::SCENARIOS, table};
use crate::{
    failure::{Failure, Outcome},
    paths, say,
};

const BEGIN: &str = "<!-- cargo xtask bench writes from here -->";
const END: &str = "<!-- to here -->";

/// Writes both.
pub(super) fn write(record: &Record) -> Outcome {
    let page = paths::root().join("docs/performance.md");
    let text = paths::read(&page)?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) =
        parts.ok_or_else(|| Failure::new(format!("{} has lost its marks", page.display())))?;
    let mut figures = about(record);
    for scenario in &SCENARIOS {
        if record.samples(scenario.name, 0).is_none() {
            continue;
        }
        figures.push_str(&format!("\n### {}\n\n", scenario.title));
        match scenario.points {
            [_] => figures.push_str(&table::text(scenario, record)),
            _ => figures.push_str(&plotted(scenario, record)?),
        }
    }
    paths::write(&page, &format!("{before}{BEGIN}\n{figures}\n{END}{after}"))?;
    say::line(format!("written: {}", page.display()));
    Ok(())
}

/// A plot, and its figures folded away.
fn plotted(scenario: &super::scenario::Scenario, record: &Record) -> Outcome<String> {
    let name = format!("{}.svg", scenario.name);
    if let Some(svg) = plot::svg(scenario, record) {
        paths::write(&paths::root().join("docs").join(&name), &svg)?;
    }
    let table = table::text(scenario, record);
    let title = scenario.title;
    Ok(format!(
        "![CPU per message, {title}]({name})\n\n<details><summary>figures</summary>\n\n{table}\n</details>\n"
    ))
}

/// The machine, the settings and the versions.
fn about(record: &Record) -> String {
    let shown = |place: &str| record.shown(place);
    let kind = if shown("/machine/virtual machine") == "true" { "a virtual machine, " } else { "" };
    let mut text = format!(
        "\nMeasured on {}: {kind}{} × {} (family {}), {} GiB, Linux {}, TCP congestion control {}; {} rounds of {} s.\n\n",
        shown("/date"),
        shown("/machine/processors"),
        shown("/machine/processor"),
        shown("/machine/family"),
        shown("/machine/memory GiB"),
        shown("/machine/kernel"),
        shown("/machine/congestion control"),
        shown("/settings/rounds"),
        shown("/settings/seconds"),
    );
    text.push_str(
        "Ratios are medians over the rounds, each taken inside one round, with the least and the most in brackets. \
         † marks a server that was not the bottleneck: it had less than 95 % of its processor, or the generator had \
         more; its CPU per message counts, its rate does not.\n\n",
    );
    text.push_str("| program | version |\n|---|---|\n");
    for (name, version) in record.versions() {
        text.push_str(&format!("| {name} | {version} |\n"));
    }
    text
}
