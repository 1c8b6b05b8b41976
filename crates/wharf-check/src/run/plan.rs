//! Which cases are asked.

use crate::{
    case::{
        Case,
        kinds::{Effort, Level},
    },
    groups,
    wire::role::Role,
};
use std::time::Duration;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What takes some round trips.
    Quick,
    /// All but the big messages.
    Usual,
    /// Everything.
    Big,
}

/// What is asked, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How much.
    pub scope: Scope,
    /// Patterns of ids or of Autobahn's numbers, one of which must match; none: all cases.
    pub only: Vec<String>,
    /// Patterns of which none may match.
    pub skip: Vec<String>,
    /// The least binding level that is asked.
    pub level: Level,
    /// Connections at a time.
    pub jobs: usize,
    /// How long a case may wait for a timer of the target's; `None`: as long as it wants, which is 40 seconds
    /// in [`Scope::Usual`]. A target whose timers take longer is found to have none.
    pub patience: Option<Duration>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            scope: Scope::Usual,
            only: Vec::new(),
            skip: Vec::new(),
            level: Level::Practice,
            jobs: 32,
            patience: None,
        }
    }
}

impl Plan {
    /// The cases for a target of this role.
    pub(crate) fn cases(&self, target: Role) -> Vec<Case> {
        let all = groups::all().into_iter();
        all.filter(|case| case.targets.include(target) && self.includes(case)).collect()
    }

    fn includes(&self, case: &Case) -> bool {
        let named = |patterns: &[String]| patterns.iter().any(|pattern| names(case, pattern));
        let effort = match self.scope {
            Scope::Quick => Effort::Quick,
            Scope::Usual => Effort::Usual,
            Scope::Big => Effort::Big,
        };
        let wanted = self.only.is_empty() || named(&self.only);
        wanted && !named(&self.skip) && case.effort <= effort && case.level <= self.level
    }
}

fn names(case: &Case, pattern: &str) -> bool {
    matches(pattern, &case.id) || case.autobahn.iter().any(|number| matches(pattern, number))
}

/// A `*` stands for anything; a group's name for its cases.
fn matches(pattern: &str, id: &str) -> bool {
    if !pattern.contains('*') {
        let rest = id.strip_prefix(pattern);
        return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    }
    let parts: Vec<&str> = pattern.split('*').collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if id.len() < first.len() + last.len() || !id.starts_with(first) || !id.ends_with(last) {
        return false;
    }
    let mut rest = &id[first.len()..id.len() - last.len()];
    parts[1..parts.len() - 1].iter().all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_whole_ids() {
        for (pattern, id) in [
            ("frames", "frames/rsv1"),
            ("frames/rsv1", "frames/rsv1"),
            ("*rsv*", "frames/rsv1"),
            ("6.*", "6.2.1"),
            ("*", "x"),
        ] {
            assert!(matches(pattern, id), "{pattern} {id}");
        }
        for (pattern, id) in
            [("frame", "frames/rsv1"), ("6.*", "16.1"), ("a*b*c", "a-c"), ("1.1", "1.1.1")]
        {
            assert!(!matches(pattern, id), "{pattern} {id}");
        }
    }
}
