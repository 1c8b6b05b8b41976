//! What a report of `wharf check` says.

use super::{ask::Asked, peer::Role};
use crate::{
    failure::{During, Outcome},
    paths,
    process::{command, output},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Verdicts as reports name them, in the order of the table.
pub(super) const VERDICTS: [&str; 6] =
    ["pass", "fail", "lax", "strict", "not-applicable", "skipped"];
/// Cases of a group that are named before the rest is only counted.
const NAMED: usize = 3;

/// A report, read.
pub(super) struct Findings {
    pub(super) asked: Asked,
    /// The day of the run.
    date: String,
    outcomes: Vec<Value>,
    /// Why the run ended early, if it did.
    stopped: Option<String>,
}

impl Findings {
    pub(super) fn read(asked: Asked) -> Outcome<Self> {
        let path = &asked.report;
        let report: Value = serde_json::from_str(&paths::read(path)?).during(path.display())?;
        let outcomes = report["outcomes"].as_array().cloned().unwrap_or_default();
        let began = format!("--date=@{}", report["began"]);
        let date = output(&mut command("date", ["--utc", &began, "+%Y-%m-%d"]))?;
        let stopped = report["stopped"].as_str().map(str::to_owned);
        Ok(Self { asked, date: date.trim().to_owned(), outcomes, stopped })
    }

    pub(super) fn is(&self, role: Role) -> bool {
        self.asked.role == role
    }

    fn count(&self, verdict: &str) -> usize {
        self.outcomes.iter().filter(|outcome| outcome["verdict"] == verdict).count()
    }

    /// A row of the table.
    pub(super) fn row(&self) -> String {
        let Asked { name, version, mode, .. } = &self.asked;
        let counts: Vec<String> =
            VERDICTS.iter().map(|verdict| self.count(verdict).to_string()).collect();
        format!("| {name} | {version} | {} | {mode} | {} |\n", self.date, counts.join(" | "))
    }

    /// What an RFC demands and the peer does not do, group by group.
    pub(super) fn list(&self) -> String {
        let mut groups: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for outcome in self.outcomes.iter().filter(|outcome| is_breach(outcome)) {
            groups.entry(text(outcome, "group")).or_default().push(outcome);
        }
        let title = format!("**{} {}**", self.asked.name, self.asked.role.name());
        let stopped = self.stopped.as_ref().map(|why| format!("- stopped early: {why}\n"));
        if groups.is_empty() && stopped.is_none() {
            return format!("{title}: nothing.\n\n");
        }
        let lines = groups.values().map(|outcomes| line(outcomes));
        format!("{title}\n\n{}{}\n", stopped.unwrap_or_default(), lines.collect::<String>())
    }

    /// What is said of every case by Autobahn's numbers.
    pub(super) fn aliases(&self) -> impl Iterator<Item = (&str, Ours<'_>)> {
        self.outcomes.iter().flat_map(|outcome| {
            let numbers = outcome["autobahn"].as_array().into_iter().flatten();
            let [verdict, level, told] = ["verdict", "level", "told"].map(|key| text(outcome, key));
            let ours = Ours { verdict, level, told };
            numbers.filter_map(Value::as_str).map(move |number| (number, ours))
        })
    }
}

/// What `wharf check` says of a case.
#[derive(Clone, Copy)]
pub(super) struct Ours<'a> {
    pub(super) verdict: &'a str,
    pub(super) level: &'a str,
    pub(super) told: &'a str,
}

fn is_breach(outcome: &Value) -> bool {
    let bad = ["fail", "lax", "strict"].contains(&text(outcome, "verdict"));
    bad && outcome["level"] == "must"
}

fn line(outcomes: &[&Value]) -> String {
    let named = outcomes.iter().take(NAMED).map(|outcome| {
        let [id, title, verdict] = ["id", "title", "verdict"].map(|key| text(outcome, key));
        format!("`{id}` ({title}): {verdict}")
    });
    let named = named.collect::<Vec<_>>().join("; ");
    match outcomes.len().saturating_sub(NAMED) {
        0 => format!("- {named}\n"),
        more => format!("- {named}; and {more} more of this group\n"),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{is_breach, line};
    use serde_json::{Value, json};

    fn outcome(level: &str, verdict: &str) -> Value {
        json!({ "id": "frames/x", "title": "an x", "level": level, "verdict": verdict })
    }

    #[test]
    fn only_what_an_rfc_demands_is_a_breach() {
        assert!(is_breach(&outcome("must", "lax")));
        assert!(!is_breach(&outcome("practice", "lax")));
        assert!(!is_breach(&outcome("must", "pass")));
    }

    #[test]
    fn a_long_group_is_named_in_part_and_counted_in_full() {
        let one = outcome("must", "fail");
        assert_eq!(line(&[&one]), "- `frames/x` (an x): fail\n");
        assert!(line(&[&one; 5]).ends_with("; and 2 more of this group\n"));
    }
}
