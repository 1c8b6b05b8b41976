//! A recorder for one test: it hears what happens on this thread.

use metrics::{LocalRecorderGuard, Unit, set_default_local_recorder};
use metrics_util::{
    MetricKind,
    debugging::{DebugValue, DebuggingRecorder, Snapshotter},
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// What was recorded since it was made.
pub(crate) struct Recorder {
    snapshotter: Snapshotter,
    /// A snapshot begins anew each time: this adds them up.
    sums: RefCell<BTreeMap<String, f64>>,
    _guard: LocalRecorderGuard<'static>,
}

/// All that is known of one name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) kind: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) labels: BTreeSet<String>,
}

impl Recorder {
    pub(crate) fn install() -> Self {
        crate::log::listen();
        let recorder: &'static DebuggingRecorder = Box::leak(Box::default());
        let snapshotter = recorder.snapshotter();
        Self { snapshotter, sums: RefCell::default(), _guard: set_default_local_recorder(recorder) }
    }

    /// The series with their values, such as `wharf_connections{role=server}`; of a histogram the number of samples.
    pub(crate) fn values(&self) -> BTreeMap<String, f64> {
        let series = self.snapshotter.snapshot().into_vec().into_iter();
        let value = |value| match value {
            DebugValue::Counter(count) => count as f64,
            DebugValue::Gauge(gauge) => gauge.into_inner(),
            DebugValue::Histogram(samples) => samples.len() as f64,
        };
        let mut sums = self.sums.borrow_mut();
        for (key, _, _, told) in series {
            let labels = key.key().labels().map(|l| format!("{}={}", l.key(), l.value()));
            let series =
                format!("{}{{{}}}", key.key().name(), labels.collect::<Vec<_>>().join(","));
            *sums.entry(series).or_default() += value(told);
        }
        sums.clone()
    }

    /// The value of one series; nought if nothing was told of it.
    pub(crate) fn value(&self, series: &str) -> f64 {
        self.values().get(series).copied().unwrap_or_default()
    }

    /// What was registered, by name.
    pub(crate) fn known(&self) -> BTreeMap<String, Known> {
        let mut known = BTreeMap::<String, Known>::new();
        for (key, unit, help, _) in self.snapshotter.snapshot().into_vec() {
            assert!(help.is_some(), "{} is not described", key.key().name());
            let entry = known.entry(key.key().name().to_owned()).or_default();
            entry.kind = match key.kind() {
                MetricKind::Counter => "counter",
                MetricKind::Gauge => "gauge",
                MetricKind::Histogram => "histogram",
            };
            entry.unit = unit.as_ref().map_or("", Unit::as_str);
            entry.labels.extend(key.key().labels().map(|label| label.key().to_owned()));
        }
        known
    }
}
