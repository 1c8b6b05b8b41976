//! Counts.

use crate::{
    case::kinds::Group,
    verdict::{Report, Verdict},
};

/// How often each verdict was given in one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// The group.
    pub group: Group,
    counts: [usize; Verdict::ALL.len()],
}

impl Tally {
    /// One for each group that has outcomes, in the order of reports.
    pub fn by_group(report: &Report) -> Vec<Self> {
        let tally = |group: Group| {
            let of = |verdict| {
                let mine = report.outcomes.iter().filter(|outcome| outcome.group == group);
                mine.filter(|outcome| outcome.verdict == verdict).count()
            };
            Self { group, counts: Verdict::ALL.map(of) }
        };
        Group::ALL.into_iter().map(tally).filter(|tally| tally.total() > 0).collect()
    }

    /// How often this verdict was given.
    pub fn count(&self, verdict: Verdict) -> usize {
        let place = Verdict::ALL.iter().position(|known| *known == verdict);
        place.map_or(0, |place| self.counts[place])
    }

    /// How many outcomes there are.
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}
