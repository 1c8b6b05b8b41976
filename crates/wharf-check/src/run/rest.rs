//! What is said of the cases that a target did not live to answer.

use crate::{
    case::Case,
    verdict::{Outcome, Verdict},
};
use tokio::time::Instant;

/// Names of cases that are told before the rest is only counted.
const NAMED: usize = 8;

/// When a case was asked, and when the target was heard in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) began: Instant,
    pub(crate) heard: Option<Instant>,
    pub(crate) ended: Instant,
}

/// Cases in doubt: those that had no end when the target was heard for the last time.
#[derive(Debug)]
pub(crate) struct Doubt {
    /// One of these is what the target died of, if it did not die by itself.
    pub(crate) suspects: Vec<usize>,
    /// Asked when it was gone.
    pub(crate) late: Vec<usize>,
}

impl Doubt {
    /// By the spans of the cases that were asked.
    pub(crate) fn of(spans: &[(usize, Span)]) -> Self {
        let last = spans.iter().filter_map(|(_, span)| span.heard).max();
        let is_before = |at: Instant| last.is_some_and(|last| at <= last);
        let open = spans.iter().filter(|(_, span)| !is_before(span.ended));
        let (mut suspects, mut late): (Vec<_>, Vec<_>) =
            open.copied().partition(|(_, span)| is_before(span.began));
        // The first that came behind the last sign of life may have been too much, unless one before had its end by then.
        late.sort_by_key(|(_, span)| span.began);
        let first_end = suspects.iter().map(|(_, span)| span.ended).min();
        if late.first().is_some_and(|(_, late)| first_end.is_none_or(|end| late.began < end)) {
            suspects.push(late.remove(0));
        }
        let numbers = |list: Vec<(usize, Span)>| list.into_iter().map(|(index, _)| index).collect();
        Self { suspects: numbers(suspects), late: numbers(late) }
    }

    /// What the run ended with.
    pub(crate) fn told(&self, cases: &[Case]) -> String {
        let ids: Vec<&str> =
            self.suspects.iter().take(NAMED).map(|&index| cases[index].id.as_str()).collect();
        let more = self.suspects.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        match ids.as_slice() {
            [] => "the target stopped answering".to_owned(),
            [id] => format!("the target stopped answering in {id}"),
            _ => format!(
                "the target stopped answering while these were asked: {}{more}; \
                 --jobs 1 asks one at a time",
                ids.join(", ")
            ),
        }
    }

    /// The outcome of a suspect: it is the one, or one of several.
    pub(crate) fn suspect(&self, case: &Case) -> Outcome {
        match self.suspects.len() {
            1 => Outcome::untried(case, Verdict::Fail, "the target stopped answering in this case"),
            _ => Outcome::untried(
                case,
                Verdict::Skipped,
                "the target stopped answering while this case and others were asked",
            ),
        }
    }
}

/// The outcome of a case that was not asked any more.
pub(crate) fn unasked(case: &Case, why: &str) -> Outcome {
    Outcome::untried(case, Verdict::Skipped, format!("not asked: {why}"))
}

#[cfg(test)]
mod tests {
    use super::{Doubt, Span};
    use std::time::Duration;
    use tokio::time::Instant;

    fn spans(times: &[(u64, Option<u64>, u64)]) -> Vec<(usize, Span)> {
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        let span = |&(began, heard, ended): &(u64, Option<u64>, u64)| Span {
            began: at(began),
            heard: heard.map(at),
            ended: at(ended),
        };
        times.iter().map(span).enumerate().collect()
    }

    #[test]
    fn one_after_the_other_leaves_one_suspect() {
        let doubt = Doubt::of(&spans(&[
            (0, Some(6), 6),
            (10, Some(16), 16),
            (20, None, 30),
            (40, None, 50),
        ]));
        assert_eq!((doubt.suspects, doubt.late), (vec![2], vec![3]));
        let doubt = Doubt::of(&spans(&[(0, Some(5), 5), (10, Some(12), 16)]));
        assert_eq!((doubt.suspects, doubt.late), (vec![1], vec![]));
    }

    #[test]
    fn one_that_answered_the_handshake_and_then_no_more_leaves_one_suspect() {
        let doubt = Doubt::of(&spans(&[(0, Some(5), 5), (10, Some(12), 16), (20, None, 21)]));
        assert_eq!((doubt.suspects, doubt.late), (vec![1], vec![2]));
    }

    #[test]
    fn all_that_were_open_at_the_last_sign_of_life_are_suspects() {
        let doubt = Doubt::of(&spans(&[
            (0, Some(1), 4),
            (0, Some(9), 11),
            (2, Some(3), 11),
            (10, None, 20),
        ]));
        assert_eq!((doubt.suspects, doubt.late), (vec![1, 2, 3], vec![]));
    }
}
