//! Ports that a server can leave and come back to.

use std::{
    net::{Ipv4Addr, TcpListener},
    process,
    sync::atomic::{AtomicU16, Ordering::Relaxed},
};

/// Below those that systems give away by themselves.
const FIRST: u16 = 10_000;
const COUNT: u16 = 20_000;

/// A port of the loopback that nobody listens on now, and that nobody gets who asks the system for any. It tells each
/// once, and processes begin apart.
///
/// # Panics
/// If none is free.
pub fn lasting_port() -> u16 {
    static TOLD: AtomicU16 = AtomicU16::new(0);
    let own = process::id() % u32::from(COUNT);
    let place = || (own + u32::from(TOLD.fetch_add(1, Relaxed))) % u32::from(COUNT);
    let mut ports = (0..COUNT).map(|_| FIRST + u16::try_from(place()).expect("it is below COUNT"));
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    ports.find(free).expect("a port from 10,000 on is free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_told_once_and_lies_below_those_of_the_system() {
        let (one, other) = (lasting_port(), lasting_port());
        assert_ne!(one, other);
        assert!([one, other].iter().all(|port| (FIRST..FIRST + COUNT).contains(port)));
    }
}
