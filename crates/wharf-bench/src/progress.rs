//! What can be seen of a run while it runs.

use crate::{
    report::{Latency, Point},
    tally::{Latencies, latencies},
};
use std::time::Duration;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Connections are being opened.
    Opening,
    /// The load runs and does not count yet.
    WarmUp,
    /// The load runs and counts.
    Measuring,
    /// Connections are held.
    Holding,
}

/// A look at a run.
#[derive(Debug)]
pub struct Progress<'a> {
    /// How far it is.
    pub stage: Stage,
    /// Since the measurement began.
    pub elapsed: Duration,
    /// How long will be measured, if that is known.
    pub length: Option<Duration>,
    /// Connections opened so far.
    pub opened: u64,
    /// Messages so far.
    pub received: u64,
    /// Latencies so far.
    pub latency: Option<Latency>,
    /// How it went over time.
    pub timeline: &'a [Point],
}

/// Points kept; then two become one, and they come half as often.
const POINTS: usize = 600;

/// How a run goes over time: bounded, however long it takes.
#[derive(Debug)]
pub(crate) struct Timeline {
    points: Vec<Point>,
    every: Duration,
    last: Duration,
    counted: u64,
    recent: Latencies,
    total: Latencies,
}

impl Timeline {
    pub(crate) fn new(every: Duration) -> Self {
        Self {
            points: Vec::new(),
            every,
            last: Duration::ZERO,
            counted: 0,
            recent: latencies(),
            total: latencies(),
        }
    }

    /// How long until the next point.
    pub(crate) fn wait(&self, elapsed: Duration) -> Duration {
        (self.last + self.every).saturating_sub(elapsed)
    }

    pub(crate) const fn recent(&mut self) -> &mut Latencies {
        &mut self.recent
    }

    /// A point at this time, if it is due.
    pub(crate) fn add(&mut self, elapsed: Duration, received: u64) {
        let length = (elapsed.saturating_sub(self.last)).as_secs_f64();
        if length <= 0.0 {
            return;
        }
        self.points.push(Point {
            at: elapsed.as_secs_f64(),
            rate: (received - self.counted) as f64 / length,
            p50: micros(self.recent.value_at_quantile(0.5)),
            p99: micros(self.recent.value_at_quantile(0.99)),
        });
        self.settle();
        (self.last, self.counted) = (elapsed, received);
        if self.points.len() >= POINTS {
            self.thin();
        }
    }

    /// What is recent counts in the total.
    pub(crate) fn settle(&mut self) {
        self.total.add(&self.recent).expect("both have the same bounds");
        self.recent.reset();
    }

    fn thin(&mut self) {
        self.every *= 2;
        self.points = self.points.chunks(2).map(merged).collect();
    }

    pub(crate) fn points(&self) -> &[Point] {
        &self.points
    }

    pub(crate) fn latency(&self) -> Option<Latency> {
        latency(&self.total)
    }
}

/// Two points as one: of the latencies the worse.
fn merged(points: &[Point]) -> Point {
    let worst = |get: fn(&Point) -> f64| points.iter().map(get).fold(0.0, f64::max);
    Point {
        at: worst(|point| point.at),
        rate: points.iter().map(|point| point.rate).sum::<f64>() / points.len() as f64,
        p50: worst(|point| point.p50),
        p99: worst(|point| point.p99),
    }
}

fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1e3
}

/// The summary of a histogram that is not empty.
fn latency(all: &Latencies) -> Option<Latency> {
    if all.is_empty() {
        return None;
    }
    let quantile = |share| micros(all.value_at_quantile(share));
    let percentiles = all
        .iter_quantiles(5)
        .map(|step| (step.quantile_iterated_to(), micros(step.value_iterated_to())));
    Some(Latency {
        mean: all.mean() / 1e3,
        min: micros(all.min()),
        p50: quantile(0.5),
        p90: quantile(0.9),
        p99: quantile(0.99),
        p999: quantile(0.999),
        max: micros(all.max()),
        percentiles: percentiles.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::Timeline;
    use std::time::Duration;

    /// A run of a day does not fill the memory, and its rates stay true.
    #[test]
    fn a_timeline_is_bounded() {
        let mut timeline = Timeline::new(Duration::from_secs(1));
        let mut elapsed = Duration::ZERO;
        while elapsed < Duration::from_secs(86_400) {
            elapsed += timeline.wait(elapsed);
            timeline.recent().record(1_000).unwrap();
            timeline.add(elapsed, elapsed.as_secs() * 50);
        }
        assert!(timeline.points().len() < 600);
        assert!(timeline.points().iter().all(|point| (point.rate - 50.0).abs() < 1e-9));
        assert!((timeline.latency().unwrap().p50 - 1.0).abs() < 0.01);
    }

    /// Percentiles are those of what was recorded.
    #[test]
    fn percentiles_are_told_in_microseconds() {
        let mut timeline = Timeline::new(Duration::from_secs(1));
        assert!(timeline.latency().is_none());
        for micros in 1..=1_000 {
            timeline.recent().record(micros * 1_000).unwrap();
        }
        timeline.settle();
        let latency = timeline.latency().unwrap();
        for (told, true_value) in [
            (latency.p50, 500.0),
            (latency.p90, 900.0),
            (latency.p999, 999.0),
            (latency.max, 1_000.0),
        ] {
            assert!((told / true_value - 1.0).abs() < 0.002, "{told} {true_value}");
        }
        assert!(latency.percentiles.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1));
    }
}
