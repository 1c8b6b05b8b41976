//! Gathers outcomes, and judges the rules about everything that was sent.

use super::{facts::Facts, progress::Progress};
use crate::{
    case::{Case, kinds::Level},
    verdict::{Outcome, Verdict},
    wire::role::Role,
};

/// All outcomes so far.
#[derive(Debug)]
pub(crate) struct Survey {
    done: Vec<Option<(Case, Outcome)>>,
    count: usize,
    /// The least binding level that is asked.
    level: Level,
    facts: Facts,
}

impl Survey {
    /// For so many cases, and breaches of rules that are at least so binding.
    pub(crate) fn new(cases: usize, level: Level) -> Self {
        let done = (0..cases).map(|_| None).collect();
        Self { done, count: 0, level, facts: Facts::default() }
    }

    /// Takes an outcome. One of a rule about everything is told at the end.
    pub(crate) fn add(
        &mut self,
        index: usize,
        case: Case,
        mut outcome: Outcome,
        facts: Facts,
        told: &mut impl FnMut(&Outcome, Progress),
    ) {
        self.facts.merge(facts, &case.id);
        if outcome.verdict.is_bad() && outcome.level > self.level {
            outcome.verdict = Verdict::Pass;
        }
        if self.done[index].is_none() {
            self.count += 1;
        }
        told(&outcome, Progress::new(self.count, self.done.len()));
        self.done[index] = Some((case, outcome));
    }

    /// Takes an outcome in place of any that there was, which keeps what was on the wire.
    pub(crate) fn replace(
        &mut self,
        index: usize,
        case: &Case,
        mut outcome: Outcome,
        told: &mut impl FnMut(&Outcome, Progress),
    ) {
        if let Some((_, before)) = self.done[index].take() {
            self.count -= 1;
            let Outcome { millis, attempts, transcript, .. } = before;
            outcome = Outcome { millis, attempts, transcript, ..outcome };
        }
        self.add(index, case.clone(), outcome, Facts::default(), told);
    }

    /// Whether anything speaks against the target.
    pub(crate) fn has_bad(&self) -> bool {
        self.done.iter().flatten().any(|(_, outcome)| outcome.verdict.is_bad())
    }

    /// Cases without an outcome.
    pub(crate) fn missing(&self) -> Vec<usize> {
        (0..self.done.len()).filter(|&index| self.done[index].is_none()).collect()
    }

    /// All outcomes, in the order of the cases.
    pub(crate) fn finish(self, target: Role) -> Vec<Outcome> {
        let facts = self.facts;
        let judged = |(case, mut outcome): (Case, Outcome)| {
            if let (Some(census), Verdict::Pass) = (case.census, outcome.verdict) {
                if let Some(breach) = facts.judge(census) {
                    outcome.verdict = Verdict::Fail;
                    outcome.told = breach;
                } else if !facts.know_of(census, target) {
                    outcome.verdict = Verdict::NotApplicable;
                    outcome.told = "nothing was seen that could tell".to_owned();
                }
            }
            outcome
        };
        self.done.into_iter().flatten().map(judged).collect()
    }
}
