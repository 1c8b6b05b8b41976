//! One run beside an earlier one.

use crate::verdict::{Report, Verdict};
use std::collections::HashMap;

/// A case whose verdict is another than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The case.
    pub id: String,
    /// What was said before.
    pub was: Verdict,
    /// What is said now.
    pub is: Verdict,
}

impl Change {
    /// Whether it speaks against the target now, and did not before.
    pub const fn is_worse(&self) -> bool {
        self.is.is_bad() && !self.was.is_bad()
    }
}

/// What changed. A case that one of both runs did not have is not among it.
pub fn changes(before: &Report, now: &Report) -> Vec<Change> {
    let before: HashMap<&str, Verdict> =
        before.outcomes.iter().map(|outcome| (outcome.id.as_str(), outcome.verdict)).collect();
    let change = |outcome: &crate::verdict::Outcome| {
        let was = *before.get(outcome.id.as_str())?;
        (was != outcome.verdict).then(|| Change {
            id: outcome.id.clone(),
            was,
            is: outcome.verdict,
        })
    };
    now.outcomes.iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::{
        case::{Case, kinds::Group},
        verdict::{Outcome, Report, Verdict},
        wire::role::Role,
    };

    fn report(verdicts: &[(&str, Verdict)]) -> Report {
        let outcome = |(name, verdict): &(&str, Verdict)| {
            Outcome::untried(&Case::new(Group::Frames, name, ""), *verdict, "")
        };
        let outcomes = verdicts.iter().map(outcome).collect();
        Report {
            version: String::new(),
            target: String::new(),
            role: Role::Server,
            began: 0,
            millis: 0,
            outcomes,
            stopped: None,
        }
    }

    /// A pipeline stops at what got worse, and at nothing else.
    #[test]
    fn only_what_turned_bad_is_worse() {
        use Verdict::{Fail, Lax, NotApplicable, Pass};
        let before =
            report(&[("a", Pass), ("b", Fail), ("c", Lax), ("d", NotApplicable), ("e", Pass)]);
        let now = report(&[
            ("a", Lax),
            ("b", Pass),
            ("c", Fail),
            ("d", Fail),
            ("e", Pass),
            ("new", Fail),
        ]);
        let worse: Vec<String> = changes(&before, &now)
            .into_iter()
            .filter(super::Change::is_worse)
            .map(|c| c.id)
            .collect();
        assert_eq!(worse, ["frames/a", "frames/d"]);
    }
}
