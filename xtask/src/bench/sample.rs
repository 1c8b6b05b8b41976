//! What one run of the generator found out.

use super::scenario::Load;
use crate::failure::{Failure, Outcome};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The samples of one point: by name, one to a round, `None` where it did not take part.
pub(super) type Samples = BTreeMap<String, Vec<Option<Sample>>>;

/// Figures by name; which ones depends on the load.
#[derive(Clone)]
pub(super) struct Sample(Map<String, Value>);

/// Microseconds of the server's processor time per message or handshake.
pub(super) const CPU: &str = "cpu_us";
/// Messages or handshakes per second.
pub(super) const RATE: &str = "rate";
/// Processors that the server kept busy.
pub(super) const SERVER: &str = "server_cpus";
/// Processors that the generator kept busy.
pub(super) const GENERATOR: &str = "generator_cpus";
/// Half of the answers came sooner, in microseconds.
pub(super) const P50: &str = "p50_us";
/// 99 of 100 answers came sooner.
pub(super) const P99: &str = "p99_us";
/// Bytes of a reply on the wire.
pub(super) const REPLY: &str = "reply_bytes";
/// Bytes of memory per idle connection.
pub(super) const MEMORY: [&str; 3] = ["handshake_bytes", "echo_bytes", "burst_bytes"];

/// From this share of a processor on a side counts as busy, if there are enough connections to keep it so.
const BUSY: f64 = 0.9;
const FEWEST: u32 = 8;

impl Sample {
    pub(super) fn read(report: &Value, load: Load) -> Outcome<Self> {
        if let Some(trouble) = report["troubles"].get(0) {
            let what = trouble["what"].as_str().unwrap_or_default();
            return Err(Failure::new(format!(
                "the generator met {} times: {what}",
                trouble["count"]
            )));
        }
        if report["messages"]["received"] == json!(0) && !matches!(load, Load::Idle { .. }) {
            return Err(Failure::new("no message came back while it was measured"));
        }
        let figures = match load {
            Load::Idle { .. } => memory(report),
            Load::Echo { .. } | Load::Handshakes { .. } => costs(report),
        };
        Ok(Self(figures))
    }

    pub(super) fn from_json(value: &Value) -> Option<Self> {
        value.as_object().cloned().map(Self)
    }

    pub(super) fn json(&self) -> Value {
        json!(self.0)
    }

    /// Adds a figure that the generator does not tell.
    pub(super) fn with(mut self, name: &str, figure: f64) -> Self {
        self.0.insert(name.to_owned(), json!(figure));
        self
    }

    /// Whether neither side was busy, although there was always something to do: something else ran, or waited.
    pub(super) fn is_disturbed(&self, load: Load) -> bool {
        let enough = match load {
            Load::Echo { connections, .. } => connections >= FEWEST,
            Load::Handshakes { .. } => true,
            Load::Idle { .. } => false,
        };
        let idle = |name| self.get(name).is_some_and(|processors| processors < BUSY);
        enough && idle(SERVER) && idle(GENERATOR)
    }

    pub(super) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).and_then(Value::as_f64)
    }
}

fn costs(report: &Value) -> Map<String, Value> {
    let places = [
        (CPU, "/server/cpu_us_per_message"),
        (RATE, "/rate"),
        (SERVER, "/server/cpus"),
        (GENERATOR, "/generator/cpus"),
        (P50, "/latency/p50"),
        (P99, "/latency/p99"),
    ];
    let figure = |(name, place): (&str, &str)| {
        let figure = report.pointer(place)?.as_f64()?;
        Some((name.to_owned(), json!((figure * 1000.0).round() / 1000.0)))
    };
    places.into_iter().filter_map(figure).collect()
}

fn memory(report: &Value) -> Map<String, Value> {
    let steps = report["memory"].as_array().into_iter().flatten();
    let figure = |step: &Value| {
        let name = format!("{}_bytes", step["after"].as_str()?);
        MEMORY.contains(&name.as_str()).then_some(())?;
        Some((name, json!(step["per_connection"].as_f64()?.round())))
    };
    steps.filter_map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_echoes_gives_costs() {
        let report = json!({
            "troubles": [], "rate": 1000.0, "latency": { "p50": 5.0, "p99": 7.25 },
            "server": { "cpu_us_per_message": 5.4321, "cpus": 0.99 }, "generator": { "cpus": 0.9 },
        });
        let load = Load::Handshakes { at_once: 1 };
        let sample = Sample::read(&report, load).unwrap();
        assert!(!sample.is_disturbed(load));
        assert!(sample.clone().with(SERVER, 0.8).with(GENERATOR, 0.8).is_disturbed(load));
        assert_eq!(sample.get(CPU), Some(5.432));
        assert_eq!(sample.get(P99), Some(7.25));
    }

    #[test]
    fn a_report_of_idle_connections_gives_memory() {
        let report = json!({ "troubles": [], "memory": [
            { "after": "start", "per_connection": 0.0 },
            { "after": "handshake", "per_connection": 900.4 },
            { "after": "burst", "per_connection": 1000.0 },
        ] });
        let sample = Sample::read(&report, Load::Idle { connections: 2 }).unwrap();
        assert_eq!(MEMORY.map(|step| sample.get(step)), [Some(900.0), None, Some(1000.0)]);
    }

    #[test]
    fn a_run_with_troubles_is_no_sample() {
        let report = json!({ "troubles": [{ "what": "reset", "count": 3 }] });
        assert!(Sample::read(&report, Load::Idle { connections: 2 }).is_err());
    }
}
