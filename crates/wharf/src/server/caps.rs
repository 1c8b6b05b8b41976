//! How many connections are served at once.

use super::quota::{Quota, QuotaGuard};
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The caps of one server.
pub(super) struct Caps {
    most: usize,
    open: AtomicUsize,
    each: Option<Quota<IpAddr>>,
}

/// The right to be served; ends when dropped.
pub(super) struct Admission {
    caps: Arc<Caps>,
    /// Counted, if there is a cap for each; in a box, because there mostly is none.
    _address: Option<Box<QuotaGuard<IpAddr>>>,
}

/// Why a connection is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// The server has as many as it may.
    Server,
    /// The peer's address has as many as it may.
    Address,
}

impl Caps {
    pub(super) fn new(all: usize, each: Option<usize>) -> Self {
        Self { most: all, open: AtomicUsize::new(0), each: each.map(Quota::new) }
    }

    pub(super) fn admit(self: &Arc<Self>, peer: Option<IpAddr>) -> Result<Admission, Full> {
        let one_more = |open| (open < self.most).then_some(open + 1);
        self.open
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more)
            .map_err(|_| Full::Server)?;
        // From here on what was counted is given back.
        let mut admission = Admission { caps: Arc::clone(self), _address: None };
        if let Some((each, peer)) = self.each.as_ref().zip(peer.map(network)) {
            let guard = each.enter(peer).map_err(|_| Full::Address)?;
            admission._address = Some(Box::new(guard));
        }
        Ok(admission)
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.caps.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What counts as one address: a host has a whole /64 of IPv6, and an IPv4 address may come mapped.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Option<IpAddr> {
        Some(address.parse().unwrap())
    }

    fn outcome(caps: &Arc<Caps>, address: &str) -> Result<(), Full> {
        caps.admit(peer(address)).map(drop)
    }

    /// checklist 142.
    #[test]
    fn a_full_server_admits_nobody_until_one_leaves() {
        let caps = Arc::new(Caps::new(1, None));
        let first = caps.admit(None).ok().unwrap();
        assert_eq!(outcome(&caps, "192.0.2.1"), Err(Full::Server));
        drop(first);
        assert_eq!(outcome(&caps, "192.0.2.1"), Ok(()));
    }

    /// checklist 142.
    #[test]
    fn one_address_cannot_take_the_place_of_another() {
        let caps = Arc::new(Caps::new(9, Some(1)));
        let first = caps.admit(peer("192.0.2.1")).ok().unwrap();
        assert_eq!(outcome(&caps, "192.0.2.1"), Err(Full::Address));
        assert_eq!(outcome(&caps, "::ffff:192.0.2.1"), Err(Full::Address));
        assert_eq!(outcome(&caps, "192.0.2.2"), Ok(()));
        drop(first);
        assert_eq!(outcome(&caps, "192.0.2.1"), Ok(()));
    }

    /// checklist 142.
    #[test]
    fn a_whole_64_of_ipv6_is_one_address() {
        let caps = Arc::new(Caps::new(9, Some(1)));
        let _first = caps.admit(peer("2001:db8:0:1::1")).ok().unwrap();
        assert_eq!(outcome(&caps, "2001:db8:0:1:ffff::2"), Err(Full::Address));
        assert_eq!(outcome(&caps, "2001:db8:0:2::1"), Ok(()));
    }

    #[test]
    fn the_largest_cap_is_no_panic() {
        assert_eq!(outcome(&Arc::new(Caps::new(usize::MAX, None)), "192.0.2.1"), Ok(()));
    }

    #[test]
    fn an_address_that_left_is_forgotten() {
        let caps = Arc::new(Caps::new(9, Some(2)));
        drop((caps.admit(peer("192.0.2.1")), caps.admit(peer("192.0.2.1"))));
        assert_eq!(caps.each.as_ref().unwrap().keys(), 0);
    }
}
