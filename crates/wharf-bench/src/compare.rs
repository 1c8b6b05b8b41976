//! Two reports side by side.

use crate::{
    report::Report,
    units::{bytes, rate, time},
};

/// Ratios that differ from 1 by less are noise between two runs, whoever measures.
const NOISE: f64 = 0.05;

/// What is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Better {
    More,
    Less,
}

/// A figure of both.
struct Row {
    name: &'static str,
    better: Better,
    told: fn(f64) -> String,
    of: fn(&Report) -> Option<f64>,
}

const ROWS: [Row; 9] = [
    Row { name: "rate", better: Better::More, told: rate, of: |report| Some(report.rate) },
    latency("p50", |report| Some(report.latency.as_ref()?.p50)),
    latency("p90", |report| Some(report.latency.as_ref()?.p90)),
    latency("p99", |report| Some(report.latency.as_ref()?.p99)),
    latency("p99.9", |report| Some(report.latency.as_ref()?.p999)),
    latency("max", |report| Some(report.latency.as_ref()?.max)),
    latency("server", |report| Some(report.server.as_ref()?.cpu_us_per_message)),
    latency("generator", |report| Some(report.generator.cpu_us_per_message)),
    Row {
        name: "memory",
        better: Better::Less,
        told: bytes,
        of: |report| Some(report.memory.last()?.per_connection),
    },
];

const fn latency(name: &'static str, of: fn(&Report) -> Option<f64>) -> Row {
    Row { name, better: Better::Less, told: time, of }
}

impl Report {
    /// How this run differs from an older one: lines of text.
    pub fn compared_with(&self, old: &Self) -> String {
        let mut lines = vec![format!("  {:<11} {:>12} {:>12}   ratio", "", "before", "now")];
        lines.extend(ROWS.iter().filter_map(|row| row.line(old, self)));
        if old.plan != self.plan {
            lines.push(
                "  ! the two runs were not asked for the same: ratios may mean nothing".to_owned(),
            );
        }
        lines.join("\n")
    }
}

impl Row {
    /// Both figures and their ratio, if both are there.
    fn line(&self, old: &Report, new: &Report) -> Option<String> {
        let (old, new) = ((self.of)(old)?, (self.of)(new)?);
        if old <= 0.0 || new <= 0.0 {
            return None;
        }
        let ratio = new / old;
        let word = match (ratio, self.better) {
            (ratio, _) if (ratio - 1.0).abs() < NOISE => "same",
            (1.0.., Better::More) | (..1.0, Better::Less) => "better",
            _ => "worse",
        };
        Some(format!(
            "  {:<11} {:>12} {:>12}   {ratio:.2} × {word}",
            self.name,
            (self.told)(old),
            (self.told)(new)
        ))
    }
}
