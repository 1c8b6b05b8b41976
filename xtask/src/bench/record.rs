//! The record of a comparison: every sample, and what a reader has to know of the machine and the settings.

use super::{
    machine,
    sample::{Sample, Samples},
};
use crate::{
    failure::{During, Outcome},
    foreign::Foreign,
    paths,
    process::{command, output},
};
use serde_json::{Map, Value, json};
use std::path::Path;

/// JSON: `date`, `machine`, `settings`, `versions`, and `scenarios` by name.
pub(super) struct Record(Value);

impl Record {
    /// What is there, or an empty one.
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        if !path.exists() {
            return Ok(Self(json!({})));
        }
        Ok(Self(serde_json::from_str(&paths::read(path)?).during(path.display())?))
    }

    pub(super) fn write(&self, path: &Path) -> Outcome {
        paths::write(path, &format!("{:#}\n", self.0))
    }

    /// Notes when, where, how and with whom.
    pub(super) fn describe(&mut self, rounds: usize, window: f64, programs: &[Foreign]) -> Outcome {
        let date = output(&mut command("date", ["+%Y-%m-%d"]))?;
        let commit = output(&mut command("git", ["rev-parse", "--short", "HEAD"]))?;
        let rustc = output(&mut command("rustc", ["--version"]))?;
        self.0["date"] = json!(date.trim());
        self.0["machine"] = machine::describe()?;
        self.0["settings"] = json!({ "rounds": rounds, "seconds": window });
        self.0["versions"]["rustc"] = json!(rustc.split(' ').nth(1));
        for program in programs {
            self.0["versions"][program.name] = json!(program.version);
        }
        let ours = programs.iter().find(|program| program.name == "wharf");
        if let Some(wharf) = ours {
            self.0["versions"]["wharf"] = json!(format!("{} at {}", wharf.version, commit.trim()));
        }
        Ok(())
    }

    /// Replaces a scenario.
    pub(super) fn add(&mut self, scenario: &str, points: Vec<Samples>) {
        let series = |samples: Vec<Option<Sample>>| {
            let list =
                samples.iter().map(|sample| sample.as_ref().map_or(Value::Null, Sample::json));
            Value::Array(list.collect())
        };
        let point = |samples: Samples| {
            let series = samples.into_iter().map(|(name, samples)| (name, series(samples)));
            Value::Object(series.collect::<Map<_, _>>())
        };
        self.0["scenarios"][scenario] = Value::Array(points.into_iter().map(point).collect());
    }

    /// The samples of one point; `None` if it was not measured.
    pub(super) fn samples(&self, scenario: &str, point: usize) -> Option<Samples> {
        let point = self.0["scenarios"][scenario].get(point)?.as_object()?;
        let series = |samples: &Value| {
            let list = samples.as_array().into_iter().flatten();
            list.map(Sample::from_json).collect::<Vec<_>>()
        };
        Some(point.iter().map(|(name, samples)| (name.clone(), series(samples))).collect())
    }

    /// `date`, or a setting as `/settings/rounds`.
    pub(super) fn shown(&self, place: &str) -> String {
        match self.0.pointer(place) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// Name and version of everything that took part.
    pub(super) fn versions(&self) -> Vec<(String, String)> {
        let versions = self.0["versions"].as_object().into_iter().flatten();
        let text = |version: &Value| version.as_str().unwrap_or_default().to_owned();
        versions.map(|(name, version)| (name.clone(), text(version))).collect()
    }
}
