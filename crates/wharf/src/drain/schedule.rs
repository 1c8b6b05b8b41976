//! When each connection is closed: without a clock.

use super::plan::{DrainPlan, Pace};
use crate::random::Random;
use std::time::Duration;

/// How much time the closes are spread over.
///
/// Each gets `close` for its handshake before the deadline, and a twentieth of the time more, so that its own
/// deadline comes first.
pub(super) fn window(plan: &DrainPlan, count: usize, close: Duration) -> Duration {
    let most = plan.within.saturating_sub(close).saturating_sub(plan.within / 20);
    match plan.pace {
        Pace::AtOnce => Duration::ZERO,
        Pace::PerSecond(rate) => {
            let seconds = count as u64 / u64::from(rate);
            most.min(Duration::from_secs(seconds) + rest(count as u64 % u64::from(rate), rate))
        }
    }
}

fn rest(count: u64, rate: u32) -> Duration {
    Duration::from_nanos(count * 1_000_000_000 / u64::from(rate))
}

/// Random moments in a window, in order: one in each of `count` equal parts of it, so that neither the whole
/// nor any part of it is a crowd.
pub(super) fn moments(
    window: Duration,
    count: usize,
    random: &mut Random,
) -> impl Iterator<Item = Duration> {
    let nanos = window.as_nanos();
    (0..count as u128).map(move |part| {
        let place = (part << 16) + u128::from(random.up_to(u16::MAX.into()));
        let nanos = nanos.saturating_mul(place) / ((count as u128) << 16);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    })
}

/// A random order (Fisher and Yates).
pub(super) fn shuffle<T>(things: &mut [T], random: &mut Random) {
    for last in (1..things.len()).rev() {
        let chosen = usize::try_from(random.up_to(last as u64)).unwrap_or(0);
        things.swap(last, chosen);
    }
}

/// From one batch to the next: 50 to 150 ms.
pub(super) fn pause(random: &mut Random) -> Duration {
    Duration::from_millis(50 + random.up_to(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSE: Duration = Duration::from_secs(5);

    fn plan(seconds: u64) -> DrainPlan {
        DrainPlan::new(Duration::from_secs(seconds))
    }

    /// Few are closed at the rate; many get all the time there is, but for the last handshake.
    #[test]
    fn the_rate_is_kept_as_long_as_the_time_suffices() {
        for (plan, count, millis) in [
            (plan(60), 0, 0),
            (plan(60), 1, 10),
            (plan(60), 250, 2_500),
            (plan(60), 1_000_000, 52_000),
            (plan(60).rate(u32::MAX), 1, 0),
            (plan(60).at_once(), 1_000, 0),
            (plan(5), 1_000, 0),
            (plan(0), 1_000, 0),
        ] {
            let window = window(&plan, count, CLOSE);
            assert_eq!(window.as_millis(), millis, "{plan:?} {count}");
        }
    }

    #[test]
    fn moments_are_in_order_one_in_each_part_of_the_window() {
        let window = Duration::from_secs(10);
        let moments: Vec<_> = moments(window, 10, &mut Random::new(1)).collect();
        let seconds: Vec<_> = moments.iter().map(Duration::as_secs).collect();
        assert_eq!(seconds, (0..10).collect::<Vec<_>>());
        let apart = moments.windows(2).map(|two| two[1] - two[0]);
        assert!(apart.clone().max() > apart.min(), "they are random");
    }

    #[test]
    fn the_longest_window_is_no_panic() {
        let plan = DrainPlan::new(Duration::MAX).rate(1);
        let window = window(&plan, usize::MAX, Duration::MAX);
        assert_eq!(moments(window, 0, &mut Random::new(1)).count(), 0);
        assert_eq!(moments(Duration::MAX, 3, &mut Random::new(1)).count(), 3);
    }

    #[test]
    fn a_shuffle_keeps_everybody_and_changes_the_order() {
        let mut things: Vec<_> = (0..100).collect();
        shuffle(&mut things, &mut Random::new(1));
        assert_ne!(things, (0..100).collect::<Vec<_>>());
        things.sort_unstable();
        assert_eq!(things, (0..100).collect::<Vec<_>>());
    }
}
