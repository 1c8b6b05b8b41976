//! A scenario as a table of Markdown: ratios first, the cheapest on top.

use super::{
    contender::{LIMIT, OURS},
    record::Record,
    sample::{CPU, GENERATOR, MEMORY, P50, P99, RATE, REPLY, SERVER, Sample, Samples},
    scenario::{Deflate, Load, Pin, Scenario},
    statistics::Spread,
};

/// From here on two servers are not told apart by what is printed.
const EQUAL: f64 = 0.995;

/// Below this share of its processor a server was not the bottleneck.
const SATURATED: f64 = 0.95;

/// One server.
struct Row<'a> {
    name: &'a str,
    samples: &'a [Option<Sample>],
    /// To wharf in the same round.
    to_ours: Option<Spread>,
    /// To the limit in the same round.
    to_limit: Option<Spread>,
}

/// The table, or a line that says why there is none.
pub(super) fn text(scenario: &Scenario, record: &Record) -> String {
    let tables = scenario.points.iter().enumerate().map(|(index, load)| {
        let Some(samples) = record.samples(scenario.name, index) else {
            return "Not measured.\n".to_owned();
        };
        let heading = match scenario.points {
            [_] => String::new(),
            _ => format!("{}:\n\n", label(*load)),
        };
        format!("{heading}{}", table(scenario, *load, &samples))
    });
    tables.collect::<Vec<_>>().join("\n")
}

/// What tells a point from its neighbours.
pub(super) fn label(load: Load) -> String {
    match load {
        Load::Echo { size, connections, .. } => format!("{} × {connections}", bytes(size)),
        Load::Idle { connections } => format!("{connections} idle"),
        Load::Handshakes { at_once } => format!("{at_once} at once"),
    }
}

/// A size as people write it.
pub(super) fn bytes(size: u32) -> String {
    match size {
        size if size >= 1 << 20 => format!("{} MiB", size >> 20),
        size if size >= 1 << 10 => format!("{} KiB", size >> 10),
        size => format!("{size} B"),
    }
}

fn table(scenario: &Scenario, load: Load, samples: &Samples) -> String {
    let key = key(load);
    let mut rows: Vec<Row<'_>> =
        samples.iter().map(|(name, series)| Row::new(name, series, samples, key)).collect();
    rows.retain(|row| row.spread(key).is_some());
    let order = |row: &Row<'_>| {
        row.to_ours.or_else(|| row.spread(key)).map_or(f64::MAX, |spread| spread.median)
    };
    rows.sort_by(|a, b| order(a).total_cmp(&order(b)));
    let mut text = match load {
        Load::Idle { .. } => memory(&rows),
        Load::Echo { .. } | Load::Handshakes { .. } => costs(scenario, &rows),
    };
    text.push_str(&verdict(scenario, &rows));
    text
}

/// What servers are ordered by.
fn key(load: Load) -> &'static str {
    match load {
        Load::Idle { .. } => MEMORY[2],
        Load::Echo { .. } | Load::Handshakes { .. } => CPU,
    }
}

fn memory(rows: &[Row<'_>]) -> String {
    let mut text = "| server | ÷ wharf | B after the handshake | B after an echo | B after a burst of 16 × 1 KiB |\n\
                    |---|--:|--:|--:|--:|\n"
        .to_owned();
    for row in rows {
        let steps = MEMORY.map(|step| row.median(step, 0)).join(" | ");
        text.push_str(&format!("| {} | {} | {steps} |\n", row.shown(), ratio(row.to_ours)));
    }
    text
}

fn costs(scenario: &Scenario, rows: &[Row<'_>]) -> String {
    let deflated = scenario.deflate != Deflate::Off;
    let reply = if deflated { " B of a reply |" } else { "" };
    let line = if deflated { "--:|" } else { "" };
    let what = match scenario.points[0] {
        Load::Handshakes { .. } => "handshake",
        Load::Echo { .. } | Load::Idle { .. } => "message",
    };
    let mut text = format!(
        "| server | CPU ÷ wharf | CPU ÷ raw-epoll | CPU µs per {what} | per second | CPU % server / generator | p50 / p99 µs |{reply}\n\
         |---|--:|--:|--:|--:|--:|--:|{line}\n"
    );
    for row in rows {
        let mark = if scenario.pin == Pin::Apart && !row.is_saturated() { " †" } else { "" };
        text.push_str(&format!(
            "| {}{mark} | {} | {} | {} | {} | {} / {} | {} / {} |",
            row.shown(),
            ratio(row.to_ours),
            ratio(row.to_limit),
            row.spread(CPU).map_or_else(String::new, figures),
            row.spread(RATE).map_or_else(String::new, |rate| thousands(rate.median)),
            row.percent(SERVER),
            row.percent(GENERATOR),
            row.median(P50, 0),
            row.median(P99, 0),
        ));
        if deflated {
            text.push_str(&format!(" {} |", row.median(REPLY, 0)));
        }
        text.push('\n');
    }
    text
}

/// The aim, and by whom wharf is beaten.
fn verdict(scenario: &Scenario, rows: &[Row<'_>]) -> String {
    let ahead =
        rows.iter().filter(|row| !row.name.starts_with(OURS) && !row.name.starts_with("raw-"));
    let ahead: Vec<String> = ahead
        .filter_map(|row| Some((row.name, row.to_ours?.median)))
        .filter(|(_, ratio)| *ratio < EQUAL)
        .map(|(name, ratio)| format!("{name} ({ratio:.2})"))
        .collect();
    let ahead = match ahead.as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    format!("\nAim: {}. Ahead of wharf: {ahead}.\n", scenario.goal)
}

impl<'a> Row<'a> {
    fn new(name: &'a str, series: &'a [Option<Sample>], all: &'a Samples, key: &str) -> Self {
        let to = |reference: &str| ratios(series, all.get(reference)?, key);
        Self { name, samples: series, to_ours: to(OURS), to_limit: to(LIMIT) }
    }

    fn spread(&self, figure: &str) -> Option<Spread> {
        Spread::of(self.samples.iter().flatten().filter_map(|sample| sample.get(figure)))
    }

    fn median(&self, figure: &str, digits: usize) -> String {
        self.spread(figure)
            .map_or_else(|| "–".to_owned(), |spread| format!("{:.digits$}", spread.median))
    }

    fn percent(&self, figure: &str) -> String {
        self.spread(figure)
            .map_or_else(String::new, |spread| format!("{:.0}", spread.median * 100.0))
    }

    fn is_saturated(&self) -> bool {
        let (server, generator) = (self.spread(SERVER), self.spread(GENERATOR));
        server.zip(generator).is_some_and(|(server, generator)| {
            server.median >= SATURATED && generator.median < server.median
        })
    }

    fn shown(&self) -> String {
        if self.name == OURS { format!("**{}**", self.name) } else { self.name.to_owned() }
    }
}

/// Ratios inside rounds.
fn ratios(series: &[Option<Sample>], reference: &[Option<Sample>], key: &str) -> Option<Spread> {
    let pairs = series.iter().zip(reference);
    Spread::of(pairs.filter_map(|(sample, reference)| {
        Some(sample.as_ref()?.get(key)? / reference.as_ref()?.get(key)?)
    }))
}

fn ratio(spread: Option<Spread>) -> String {
    spread.map_or_else(
        || "–".to_owned(),
        |Spread { median, min, max }| format!("{median:.2} ({min:.2}–{max:.2})"),
    )
}

/// Three digits that matter.
fn figures(Spread { median, min, max }: Spread) -> String {
    let digits = match median {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    };
    format!("{median:.digits$} ({min:.digits$}–{max:.digits$})")
}

fn thousands(number: f64) -> String {
    match number {
        1e6.. => format!("{:.2} M", number / 1e6),
        1e4.. => format!("{:.0} k", number / 1e3),
        1e3.. => format!("{:.1} k", number / 1e3),
        _ => format!("{number:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn series(figures: &[Option<f64>]) -> Vec<Option<Sample>> {
        let sample = |cpu: &f64| Sample::from_json(&json!({ (CPU): cpu }));
        figures.iter().map(|figure| figure.as_ref().and_then(sample)).collect()
    }

    #[test]
    fn a_ratio_is_taken_inside_its_round() {
        let ours = series(&[Some(1.0), Some(10.0), None]);
        let theirs = series(&[Some(2.0), Some(30.0), Some(5.0)]);
        let spread = ratios(&theirs, &ours, CPU).unwrap();
        assert_eq!(spread, Spread { median: 2.5, min: 2.0, max: 3.0 });
    }

    #[test]
    fn who_is_ahead_is_named() {
        let mut samples = Samples::new();
        samples.insert(OURS.to_owned(), series(&[Some(1.0)]));
        samples.insert("bun".to_owned(), series(&[Some(0.5)]));
        samples.insert("ws".to_owned(), series(&[Some(3.0)]));
        samples.insert(LIMIT.to_owned(), series(&[Some(0.1)]));
        let scenario = &super::super::scenario::SCENARIOS[0];
        let text = table(scenario, scenario.points[0], &samples);
        assert!(text.contains("Ahead of wharf: bun (0.50)."), "{text}");
        assert!(text.find("raw-epoll |").unwrap() < text.find("bun †").unwrap(), "{text}");
    }
}
