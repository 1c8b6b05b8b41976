//! When to connect again: without a clock, without randomness of its own.

use super::{backoff::Backoff, verdict::Verdict};
use std::time::Duration;

/// The state of the back-off. Times are counted from any moment, the same for all calls.
#[derive(Debug)]
pub(crate) struct Schedule {
    backoff: Backoff,
    /// Attempts and short connections in a row.
    failures: u32,
    up_since: Option<Duration>,
    down_since: Option<Duration>,
}

impl Schedule {
    pub(crate) const fn new(backoff: Backoff) -> Self {
        Self { backoff, failures: 0, up_since: None, down_since: None }
    }

    /// A connection is open.
    pub(crate) const fn on_up(&mut self, now: Duration) {
        self.up_since = Some(now);
    }

    /// A connection was lost, or an attempt has failed. How long to wait before the next one: evenly spread over
    /// the window by `random`; `None` to give up.
    pub(crate) fn on_down(
        &mut self,
        verdict: Verdict,
        now: Duration,
        random: u64,
    ) -> Option<Duration> {
        let up_since = self.up_since.take();
        let lasted = up_since.map(|since| now.saturating_sub(since));
        if lasted.is_some_and(|lasted| lasted >= self.backoff.stable) {
            self.failures = 0;
            self.down_since = None;
        }
        let down_since = *self.down_since.get_or_insert(now);
        self.failures = self.failures.saturating_add(1);
        let least = match verdict {
            Verdict::Retry => Duration::ZERO,
            Verdict::RetryAfter(time) => time.min(self.backoff.longest_retry_after),
            Verdict::GiveUp => return None,
        };
        if self.backoff.attempts.is_some_and(|attempts| self.failures > attempts) {
            return None;
        }
        let delay = least.saturating_add(spread(self.backoff.window(self.failures), random));
        let next = now.saturating_sub(down_since).saturating_add(delay);
        if self.backoff.give_up_after.is_some_and(|limit| next > limit) {
            return None;
        }
        Some(delay)
    }
}

/// A time below the window, or nothing for none.
fn spread(window: Duration, random: u64) -> Duration {
    let nanos = (window.as_nanos().saturating_mul(u128::from(random))) >> 64;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);
    const HALF: u64 = 1 << 63;

    fn schedule() -> Schedule {
        Schedule::new(Backoff::new())
    }

    /// RFC 6455 §7.2.3; checklist 95.
    #[test]
    fn the_first_delay_is_random_up_to_five_seconds_and_further_windows_double() {
        assert_eq!(schedule().on_down(Verdict::Retry, SECOND, 0), Some(Duration::ZERO));
        let longest = schedule().on_down(Verdict::Retry, SECOND, u64::MAX).unwrap();
        assert!(longest < 5 * SECOND && longest > 4 * SECOND);
        let mut schedule = schedule();
        let delays: Vec<_> =
            (0..6).map(|_| schedule.on_down(Verdict::Retry, SECOND, HALF).unwrap()).collect();
        assert_eq!(
            delays,
            [2_500, 5_000, 10_000, 20_000, 30_000, 30_000].map(Duration::from_millis)
        );
    }

    #[test]
    fn only_a_connection_that_lasted_starts_anew() {
        let mut schedule = schedule();
        for lasted in [0, 29, 29] {
            schedule.on_up(SECOND);
            schedule.on_down(Verdict::Retry, (1 + lasted) * SECOND, HALF).unwrap();
        }
        assert_eq!(schedule.failures, 3);
        schedule.on_up(SECOND);
        let delay = schedule.on_down(Verdict::Retry, 31 * SECOND, HALF).unwrap();
        assert_eq!(delay, Duration::from_millis(2_500));
    }

    #[test]
    fn it_gives_up_by_verdict_by_count_and_by_time() {
        assert_eq!(schedule().on_down(Verdict::GiveUp, SECOND, HALF), None);

        let mut counted = Schedule::new(Backoff::new().attempts(2));
        assert!(counted.on_down(Verdict::Retry, SECOND, 0).is_some());
        assert!(counted.on_down(Verdict::Retry, SECOND, 0).is_some());
        assert_eq!(counted.on_down(Verdict::Retry, SECOND, 0), None);

        let mut timed = Schedule::new(Backoff::new().give_up_after(10 * SECOND));
        assert!(timed.on_down(Verdict::Retry, SECOND, HALF).is_some());
        assert!(timed.on_down(Verdict::Retry, 6 * SECOND, HALF).is_some());
        assert_eq!(timed.on_down(Verdict::Retry, 7 * SECOND, HALF), None, "7 + 10 is after 11");
    }

    proptest! {
        /// Checklist 95: the delay lies in its window, behind what a server asked for.
        #[test]
        fn a_delay_lies_in_its_window(
            first in 0_u64..100_000,
            longest in 0_u64..1_000_000,
            asked in proptest::option::of(0_u64..10_000_000),
            randoms in proptest::collection::vec(any::<u64>(), 1..50),
        ) {
            let first = Duration::from_millis(first);
            let longest = Duration::from_millis(longest);
            let backoff = Backoff::new().first(first).longest(longest);
            let asked = asked.map(Duration::from_millis);
            let verdict = asked.map_or(Verdict::Retry, Verdict::RetryAfter);
            let least = asked.unwrap_or_default().min(Duration::from_secs(3600));
            let mut schedule = Schedule::new(backoff.clone());
            let mut before = Duration::ZERO;
            for (count, random) in (1..).zip(randoms) {
                let window = backoff.window(count);
                prop_assert!(window >= before && window <= longest.max(Duration::ZERO));
                prop_assert!(count > 1 || window == first.min(longest));
                let delay = schedule.on_down(verdict, SECOND, random).unwrap();
                prop_assert!(delay >= least && delay <= least + window);
                prop_assert!(window.is_zero() || delay < least + window);
                before = window;
            }
        }

        /// Whatever happens, no more attempts in a row are made than are allowed, and none begins too late.
        #[test]
        fn the_rules_to_give_up_hold(
            attempts in 0_u32..10,
            limit in 1_u64..300,
            steps in proptest::collection::vec((any::<bool>(), 0_u64..60, any::<u64>()), 1..100),
        ) {
            let limit = Duration::from_secs(limit);
            let backoff = Backoff::new().attempts(attempts).give_up_after(limit);
            let mut schedule = Schedule::new(backoff);
            let (mut now, mut in_a_row, mut lost_at) = (Duration::ZERO, 0, None);
            for (opens, seconds, random) in steps {
                if opens {
                    schedule.on_up(now);
                }
                now += Duration::from_secs(seconds);
                if opens && seconds >= 30 {
                    (in_a_row, lost_at) = (0, None);
                }
                let lost = *lost_at.get_or_insert(now);
                let Some(delay) = schedule.on_down(Verdict::Retry, now, random) else { break };
                now += delay;
                in_a_row += 1;
                prop_assert!(in_a_row <= attempts);
                prop_assert!(now - lost <= limit);
            }
        }
    }

    /// A stream of numbers that look random and are the same in each run (splitmix64).
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        }
    }

    /// When each of 10,000 clients is back, in tenths of a second after the server is, if all lost it at once and
    /// it was away for so long.
    fn arrivals(away: Duration) -> Vec<usize> {
        let mut numbers = Numbers(0x5eed);
        let mut curve = Vec::new();
        for _ in 0..10_000 {
            let mut schedule = schedule();
            schedule.on_up(Duration::ZERO);
            let lost = 1_000 * SECOND;
            let mut now = lost;
            loop {
                now += schedule.on_down(Verdict::Retry, now, numbers.next()).unwrap();
                if now >= lost + away {
                    break;
                }
            }
            let tenth = usize::try_from((now - lost - away).as_millis() / 100).unwrap();
            curve.resize(curve.len().max(tenth + 1), 0);
            curve[tenth] += 1;
        }
        curve
    }

    /// The most arrivals in a tenth of a second, in hundredths of their mean until nine of ten clients are back: the
    /// last few take long, and would make any mean small.
    fn peak(curve: &[usize]) -> usize {
        assert_eq!(curve.iter().sum::<usize>(), 10_000);
        let mut back = 0;
        let most_are_back = |count: &usize| {
            back += count;
            back >= 9_000
        };
        let tenths = curve.iter().position(most_are_back).unwrap() + 1;
        curve.iter().max().unwrap() * 100 * tenths / back
    }

    /// Checklist 95: 10,000 clients lose a server that is back at once. They come over five seconds, 200 in a tenth
    /// of a second on average, and never half as many again.
    #[test]
    fn a_fleet_comes_back_evenly_when_its_server_restarts() {
        let curve = arrivals(Duration::ZERO);
        assert_eq!(curve.len(), 50);
        assert!(peak(&curve) < 150, "{curve:?}");
    }

    /// Checklist 95: and after a longer absence as well. Never more than 3 % of all come in a tenth of a second, and
    /// never more than three times their mean.
    #[test]
    fn a_fleet_does_not_stampede_after_a_long_absence() {
        for seconds in [1, 5, 10, 30, 60, 300] {
            let curve = arrivals(seconds * SECOND);
            let most = *curve.iter().max().unwrap();
            assert!(most <= 300, "{seconds} s: {most} {curve:?}");
            assert!(peak(&curve) < 300, "{seconds} s: {} {curve:?}", peak(&curve));
        }
    }
}
