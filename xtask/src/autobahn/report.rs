//! What the suite found, against what the tree expects.

use super::{
    cases::{Cases, Verdict},
    suite::{AGENT, shard},
};
use crate::{
    failure::{During, Outcome},
    paths,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

/// The verdicts of one run beside the expected ones.
pub(super) struct Report {
    differences: Vec<String>,
    counts: BTreeMap<String, usize>,
}

impl Report {
    /// Gathers the `index.json` of every shard.
    pub(super) fn read(cases: &Cases, shards: usize, reports: &Path) -> Outcome<Self> {
        Ok(Self::compare(cases, &found(shards, reports)?))
    }

    fn compare(cases: &Cases, found: &HashMap<String, Verdict>) -> Self {
        let mut report = Self { differences: Vec::new(), counts: BTreeMap::new() };
        for (id, expected) in cases.iter() {
            let missing =
                || Verdict { behavior: "MISSING".to_owned(), close: "MISSING".to_owned() };
            let verdict = found.get(id).cloned().unwrap_or_else(missing);
            *report.counts.entry(verdict.behavior.clone()).or_default() += 1;
            if verdict != *expected {
                report.differences.push(line(id, expected, &verdict));
            }
        }
        report
    }

    /// How many verdicts are not the expected ones.
    pub(super) fn differences(&self) -> usize {
        self.differences.len()
    }

    /// A table of the differences; empty if there are none.
    pub(super) fn lines(&self) -> Vec<String> {
        let head = format!("{:<10} {:<30} {:<30}", "case", "expected", "found");
        let head = (!self.differences.is_empty()).then_some(head);
        head.into_iter().chain(self.differences.iter().cloned()).collect()
    }

    /// `517 cases: 514 OK, 3 INFORMATIONAL, 0 not as expected`
    pub(super) fn summary(&self) -> String {
        let total: usize = self.counts.values().sum();
        let mut counts: Vec<_> = self.counts.iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let parts: Vec<_> =
            counts.into_iter().map(|(behavior, count)| format!("{count} {behavior}")).collect();
        format!("{total} cases: {}, {} not as expected", parts.join(", "), self.differences.len())
    }
}

/// The verdict of every case in the `index.json` of every shard.
pub(super) fn found(shards: usize, reports: &Path) -> Outcome<HashMap<String, Verdict>> {
    let mut found = HashMap::new();
    for index in 0..shards {
        let path = shard(reports, index).join("index.json");
        let report: Value = serde_json::from_str(&paths::read(&path)?).during(path.display())?;
        let agent = report[AGENT].as_object().into_iter().flatten();
        found.extend(agent.map(|(id, case)| (id.clone(), reported(case))));
    }
    Ok(found)
}

fn reported(case: &Value) -> Verdict {
    let word = |key: &str| case[key].as_str().unwrap_or("MISSING").to_owned();
    Verdict { behavior: word("behavior"), close: word("behaviorClose") }
}

fn line(id: &str, expected: &Verdict, found: &Verdict) -> String {
    let shown = |verdict: &Verdict| format!("{}, close {}", verdict.behavior, verdict.close);
    format!("{id:<10} {:<30} {:<30}", shown(expected), shown(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autobahn::cases::Cases;

    fn verdict(behavior: &str) -> Verdict {
        Verdict { behavior: behavior.to_owned(), close: "OK".to_owned() }
    }

    fn expecting(ids: &[&str]) -> Cases {
        Cases::of(ids.iter().map(|id| ((*id).to_owned(), verdict("OK"))).collect())
    }

    #[test]
    fn a_case_that_was_not_run_is_a_difference() {
        let found = HashMap::from([("1.1.1".to_owned(), verdict("OK"))]);
        let report = Report::compare(&expecting(&["1.1.1", "1.1.2"]), &found);
        assert_eq!(report.differences(), 1);
        assert_eq!(report.summary(), "2 cases: 1 MISSING, 1 OK, 1 not as expected");
    }

    #[test]
    fn a_verdict_that_is_not_strict_is_a_difference() {
        let found = HashMap::from([("6.4.1".to_owned(), verdict("NON-STRICT"))]);
        let report = Report::compare(&expecting(&["6.4.1"]), &found);
        assert_eq!(report.lines().len(), 2);
        assert!(report.lines()[1].contains("NON-STRICT"));
    }
}
