//! Counts on file, and what became of them.

use crate::{
    failure::{During, Outcome},
    paths,
};
use serde_json::{Map, Value, json};
use std::{fmt, path::Path};

/// From here on a change is pointed out, and from there on a worse one fails.
const NOTABLE: f64 = 0.02;
const FAILURE: f64 = 0.10;

/// Instructions per message of each scenario.
pub(super) struct Record {
    pub(super) tools: String,
    pub(super) scenarios: Vec<(String, f64)>,
}

impl Record {
    pub(super) fn read(path: &Path) -> Outcome<Self> {
        let value: Value = serde_json::from_str(&paths::read(path)?).during(path.display())?;
        let scenarios = value["instructions per message"].as_object().into_iter().flatten();
        Ok(Self {
            tools: value["tools"].as_str().unwrap_or_default().to_owned(),
            scenarios: scenarios
                .filter_map(|(name, count)| Some((name.clone(), count.as_f64()?)))
                .collect(),
        })
    }

    pub(super) fn write(&self, path: &Path) -> Outcome {
        let rounded = |count: f64| json!((count * 10.0).round() / 10.0);
        let scenarios = self.scenarios.iter();
        let scenarios: Map<String, Value> =
            scenarios.map(|(name, count)| (name.clone(), rounded(*count))).collect();
        let value = json!({ "tools": self.tools, "instructions per message": scenarios });
        paths::write(path, &format!("{value:#}\n"))
    }

    fn of(&self, name: &str) -> Option<f64> {
        let mut scenarios = self.scenarios.iter();
        scenarios.find(|(other, _)| other == name).map(|(_, count)| *count)
    }
}

/// One scenario, before and now.
pub(super) struct Change {
    name: String,
    old: Option<f64>,
    new: Option<f64>,
}

impl Change {
    pub(super) fn between(old: &Record, new: &Record) -> Vec<Self> {
        let still = new.scenarios.iter().map(|(name, count)| Self {
            name: name.clone(),
            old: old.of(name),
            new: Some(*count),
        });
        let gone = old.scenarios.iter().filter(|(name, _)| new.of(name).is_none());
        let gone =
            gone.map(|(name, count)| Self { name: name.clone(), old: Some(*count), new: None });
        still.chain(gone).collect()
    }

    /// Whether it is much dearer, or cannot be told any more.
    pub(super) fn is_failure(&self) -> bool {
        self.new.is_none() || self.relative().is_some_and(|change| change > FAILURE)
    }

    fn relative(&self) -> Option<f64> {
        Some(self.new? / self.old? - 1.0)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, old, new } = self;
        match (old, new) {
            (_, None) => write!(f, "{name:<24}gone"),
            (None, Some(new)) => write!(f, "{name:<24}{new:>12.1}  new"),
            (Some(old), Some(new)) => {
                let change = self.relative().unwrap_or_default();
                let remark = match change {
                    _ if self.is_failure() => "  WORSE",
                    _ if change > NOTABLE => "  dearer",
                    _ if change < -NOTABLE => "  cheaper",
                    _ => "",
                };
                // Adding nought makes a plus of the minus that rounding leaves.
                let percent = (change * 1000.0).round() / 10.0 + 0.0;
                write!(f, "{name:<24}{new:>12.1}  was {old:>10.1} {percent:>+7.1} %{remark}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(scenarios: &[(&str, f64)]) -> Record {
        let scenarios = scenarios.iter().map(|(name, count)| ((*name).to_owned(), *count));
        Record { tools: String::new(), scenarios: scenarios.collect() }
    }

    fn failures(old: &[(&str, f64)], new: &[(&str, f64)]) -> usize {
        let changes = Change::between(&record(old), &record(new));
        changes.iter().filter(|change| change.is_failure()).count()
    }

    #[test]
    fn a_tenth_more_is_borne_and_more_is_not() {
        assert_eq!(failures(&[("a", 100.0)], &[("a", 109.9)]), 0);
        assert_eq!(failures(&[("a", 100.0)], &[("a", 110.2)]), 1);
        assert_eq!(failures(&[("a", 100.0)], &[("a", 10.0)]), 0);
    }

    #[test]
    fn a_scenario_may_come_but_not_go() {
        assert_eq!(failures(&[], &[("a", 1.0)]), 0);
        assert_eq!(failures(&[("a", 1.0)], &[]), 1);
    }

    #[test]
    fn a_change_of_more_than_two_percent_is_pointed_out() {
        let shown = |new| {
            let changes = Change::between(&record(&[("a", 100.0)]), &record(&[("a", new)]));
            changes[0].to_string()
        };
        assert!(shown(102.5).ends_with("+2.5 %  dearer"));
        assert!(shown(97.5).ends_with("-2.5 %  cheaper"));
        assert!(shown(101.9).ends_with("+1.9 %"));
        assert!(shown(120.0).ends_with("+20.0 %  WORSE"));
    }
}
