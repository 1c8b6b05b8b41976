//! Happy eyeballs: many addresses, one connection (RFC 8305).

use std::{
    future::{Future, poll_fn},
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::sleep;

/// How long an attempt has the field to itself (RFC 8305 §5).
pub(crate) const STAGGER: Duration = Duration::from_millis(250);

/// The addresses in the order to try them: families take turns, beginning with that of the first address,
/// and each family keeps the resolver's order (RFC 8305 §4). None is tried twice.
pub(crate) fn interleave(addresses: impl IntoIterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let mut families = [Vec::new(), Vec::new()];
    let mut first_is_v6 = None;
    for address in addresses {
        let first = *first_is_v6.get_or_insert(address.is_ipv6());
        let family = &mut families[usize::from(address.is_ipv6() != first)];
        if !family.contains(&address) {
            family.push(address);
        }
    }
    take_turns(families)
}

fn take_turns<T>([first, second]: [Vec<T>; 2]) -> Vec<T> {
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut turns = Vec::with_capacity(first.len() + second.len());
    while turns.len() < turns.capacity() {
        turns.extend(first.next());
        turns.extend(second.next());
    }
    turns
}

/// Connects to the first of `addresses` that answers: a new attempt starts when one has failed or the last
/// had [`STAGGER`] to itself, and the others are dropped when one succeeds (RFC 8305 §5). If all fail, the
/// error is the first one: it belongs to the address that the resolver liked best, or to the fastest "no".
pub(crate) async fn race<T, F>(
    addresses: Vec<SocketAddr>,
    mut connect: impl FnMut(SocketAddr) -> F,
) -> io::Result<T>
where
    F: Future<Output = io::Result<T>>,
{
    let mut waiting = addresses.into_iter();
    let mut running = Running(Vec::new());
    let mut first_error = None;
    loop {
        match waiting.next() {
            Some(address) => running.start(connect(address)),
            None if running.0.is_empty() => return Err(first_error.unwrap_or_else(no_address)),
            None => {}
        }
        tokio::select! {
            outcome = running.next() => match outcome {
                Ok(connected) => return Ok(connected),
                Err(error) => { first_error.get_or_insert(error); }
            },
            () = sleep(STAGGER), if waiting.len() > 0 => {}
        }
    }
}

fn no_address() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "the name has no address")
}

/// The attempts under way, oldest first.
struct Running<F>(Vec<Pin<Box<F>>>);

impl<T, F: Future<Output = io::Result<T>>> Running<F> {
    fn start(&mut self, attempt: F) {
        self.0.push(Box::pin(attempt));
    }

    /// The outcome of the next attempt to finish.
    async fn next(&mut self) -> io::Result<T> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        for (place, attempt) in self.0.iter_mut().enumerate() {
            if let Poll::Ready(outcome) = attempt.as_mut().poll(cx) {
                self.0.remove(place);
                return Poll::Ready(outcome);
            }
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::pending,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };
    use tokio::time::Instant;

    fn addresses<const N: usize>(list: [&str; N]) -> Vec<SocketAddr> {
        list.map(|address| address.parse().unwrap()).into()
    }

    /// RFC 8305 §4.
    #[test]
    fn families_take_turns_from_the_first_and_keep_their_order() {
        for (given, tried) in [
            (
                vec!["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1"],
                vec!["[::1]:1", "1.1.1.1:1", "[::2]:1", "[::3]:1"],
            ),
            (vec!["1.1.1.1:1", "2.2.2.2:1", "[::1]:1"], vec!["1.1.1.1:1", "[::1]:1", "2.2.2.2:1"]),
            (vec!["1.1.1.1:1", "[::1]:1", "1.1.1.1:1"], vec!["1.1.1.1:1", "[::1]:1"]),
            (vec![], vec![]),
        ] {
            let order = interleave(given.into_iter().map(|address| address.parse().unwrap()));
            assert_eq!(order.iter().map(ToString::to_string).collect::<Vec<_>>(), tried);
        }
    }

    /// RFC 8305 §5.
    #[tokio::test(start_paused = true)]
    async fn a_silent_address_holds_the_next_one_up_for_one_stagger() {
        let start = Instant::now();
        let winner = race(addresses(["[::1]:1", "1.1.1.1:1"]), async |address| {
            if address.is_ipv6() { pending().await } else { Ok(address) }
        })
        .await
        .unwrap();
        assert!(winner.is_ipv4());
        assert_eq!(start.elapsed(), STAGGER);
    }

    /// RFC 8305 §5.
    #[tokio::test(start_paused = true)]
    async fn a_failure_starts_the_next_attempt_at_once() {
        let start = Instant::now();
        let winner = race(addresses(["[::1]:1", "1.1.1.1:1"]), async |address| {
            if address.is_ipv6() {
                Err(io::ErrorKind::ConnectionRefused.into())
            } else {
                Ok(address)
            }
        })
        .await
        .unwrap();
        assert!(winner.is_ipv4());
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// RFC 8305 §5: an attempt that has been overtaken may still win.
    #[tokio::test(start_paused = true)]
    async fn the_first_to_connect_wins_and_the_losers_are_dropped() {
        let alive = Arc::new(AtomicUsize::new(0));
        let winner = race(addresses(["[::1]:1", "1.1.1.1:1", "[::2]:1"]), |address| {
            let guard = Guard::new(&alive);
            async move {
                let latency = if address.is_ipv6() { 600 } else { 700 };
                sleep(Duration::from_millis(latency)).await;
                drop(guard);
                Ok(address)
            }
        })
        .await
        .unwrap();
        assert_eq!(winner, "[::1]:1".parse().unwrap());
        assert_eq!(alive.load(Ordering::Relaxed), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_fail_the_first_error_is_told() {
        let error = race(addresses(["1.1.1.1:1", "2.2.2.2:2"]), async |address| {
            Err::<(), _>(io::Error::other(address.to_string()))
        })
        .await
        .unwrap_err();
        assert_eq!(error.to_string(), "1.1.1.1:1");
    }

    #[tokio::test]
    async fn no_address_is_an_error() {
        let error = race(Vec::new(), async |_| Ok(())).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    struct Guard(Arc<AtomicUsize>);

    impl Guard {
        fn new(alive: &Arc<AtomicUsize>) -> Self {
            alive.fetch_add(1, Ordering::Relaxed);
            Self(Arc::clone(alive))
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
