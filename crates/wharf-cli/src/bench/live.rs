//! What is seen of a run while it runs.

use std::time::Duration;
use wharf_bench::{
    Point, Progress, Stage,
    units::{count, rate, time},
};

/// Columns of bars.
const BAR: usize = 32;

/// Lines for a terminal: always as many, so that the next ones can take their place.
pub(crate) fn area(progress: &Progress<'_>, connections: u32) -> Vec<String> {
    let rates = |point: &Point| point.rate;
    vec![
        headline(progress, connections),
        format!("  rate     {:>10}  {}", now(progress), sparkline(progress.timeline, rates)),
        format!(
            "  p99      {:>10}  {}",
            last_p99(progress),
            sparkline(progress.timeline, |point| point.p99)
        ),
        format!("  latency  {}", latency(progress)),
    ]
}

/// A line for a file.
pub(crate) fn line(progress: &Progress<'_>) -> Option<String> {
    let seconds = progress.elapsed.as_secs_f64();
    Some(match progress.stage {
        Stage::Opening => format!("opening     {} connections", progress.opened),
        Stage::WarmUp => return None,
        Stage::Holding => format!("holding     {} connections", progress.opened),
        Stage::Measuring => {
            format!("{seconds:>6.1} s    {:>10}  {}", now(progress), latency(progress))
        }
    })
}

fn headline(progress: &Progress<'_>, connections: u32) -> String {
    match progress.stage {
        Stage::Opening => format!(
            "opening    {}  {} of {connections} connections",
            bar(share(progress.opened, connections.into())),
            progress.opened
        ),
        Stage::WarmUp => "warming up".to_owned(),
        Stage::Holding => format!("holding    {} connections", progress.opened),
        Stage::Measuring => measuring(progress),
    }
}

fn measuring(progress: &Progress<'_>) -> String {
    let elapsed = progress.elapsed.as_secs_f64();
    match progress.length {
        Some(length) => {
            let part = progress.elapsed.min(length).as_secs_f64()
                / length.max(Duration::from_nanos(1)).as_secs_f64();
            format!("measuring  {}  {elapsed:.1} of {:.1} s", bar(part), length.as_secs_f64())
        }
        None => format!("measuring  {}  {elapsed:.1} s", count_of(progress.received)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2⁵³")]
fn count_of(number: u64) -> String {
    count(number as f64)
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2⁵³")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Twice as fine as its columns.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range was clamped"
)]
fn bar(part: f64) -> String {
    let halves = (part.clamp(0.0, 1.0) * (2 * BAR) as f64).round() as usize;
    let (full, half) = (halves / 2, halves % 2);
    format!("{}{}{}", "━".repeat(full), "╸".repeat(half), "·".repeat(BAR - full - half))
}

fn now(progress: &Progress<'_>) -> String {
    progress.timeline.last().map_or_else(|| "–".to_owned(), |point| rate(point.rate))
}

fn last_p99(progress: &Progress<'_>) -> String {
    let last = progress.timeline.last().filter(|point| point.p99 > 0.0);
    last.map_or_else(|| "–".to_owned(), |point| time(point.p99))
}

fn latency(progress: &Progress<'_>) -> String {
    let Some(latency) = &progress.latency else { return "–".to_owned() };
    let named = [
        ("p50", latency.p50),
        ("p90", latency.p90),
        ("p99", latency.p99),
        ("p99.9", latency.p999),
        ("max", latency.max),
    ];
    named.map(|(name, micros)| format!("{name} {}", time(micros))).join("  ")
}

/// The last points as columns, from nothing to the highest of them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of the highest"
)]
fn sparkline(points: &[Point], value: fn(&Point) -> f64) -> String {
    const COLUMNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let seen = &points[points.len().saturating_sub(BAR)..];
    let highest = seen.iter().map(value).fold(0.0, f64::max);
    let column = |point: &Point| {
        let height = if highest > 0.0 { value(point) / highest * 7.0 } else { 0.0 };
        COLUMNS[(height.round() as usize).min(7)]
    };
    seen.iter().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::{area, bar, line, sparkline};
    use std::time::Duration;
    use wharf_bench::{Latency, Point, Progress, Stage};

    fn points() -> Vec<Point> {
        let rates = [0.0, 100.0, 700.0, 1_000.0];
        (0..)
            .zip(rates)
            .map(|(at, rate)| Point { at: f64::from(at), rate, p50: 5.0, p99: 10.0 })
            .collect()
    }

    /// Bars and columns end where their values end.
    #[test]
    fn bars_and_columns_show_shares() {
        assert_eq!(sparkline(&points(), |point| point.rate), "▁▂▆█");
        assert_eq!((bar(0.0), bar(1.0)), ("·".repeat(32), "━".repeat(32)));
        assert_eq!(bar(0.51).chars().filter(|c| *c != '·').count(), 17);
        assert_eq!(bar(f64::INFINITY).chars().count(), 32);
    }

    /// The area has as many lines at every stage, or the terminal would be left in a mess.
    #[test]
    fn an_area_keeps_its_height() {
        let points = points();
        let latency = Latency {
            mean: 1.0,
            min: 1.0,
            p50: 716.0,
            p90: 767.0,
            p99: 859.0,
            p999: 1_979.0,
            max: 4_817.0,
            percentiles: Vec::new(),
        };
        for (stage, timeline, latency) in [
            (Stage::Opening, &[][..], None),
            (Stage::WarmUp, &[], None),
            (Stage::Holding, &[], None),
            (Stage::Measuring, &points, Some(latency)),
        ] {
            let progress = Progress {
                stage,
                elapsed: Duration::from_secs(3),
                length: Some(Duration::from_secs(10)),
                opened: 7,
                received: 1_800,
                latency,
                timeline,
            };
            let lines = area(&progress, 100);
            assert_eq!(lines.len(), 4);
            assert!(lines.iter().all(|line| line.chars().count() < 80), "{lines:#?}");
            assert_eq!(line(&progress).is_none(), stage == Stage::WarmUp);
        }
    }
}
