//! From a target to a connected socket, in bounded time.

use crate::{
    blocking::clock::Until,
    client::{
        error::Cause,
        race::{STAGGER, interleave},
        stage::{Peer, Progress, Stage},
        target::{Host, Target},
        tcp::TcpOptions,
    },
};
use std::{
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

/// Resolves the host and connects to the first of its addresses that answers.
pub(super) fn dial(way: &Way<'_>, until: Until) -> Result<TcpStream, Cause> {
    way.progress.enter(Stage::Resolve, way.peer);
    let addresses = resolve(way.target, until)?;
    way.progress.enter(Stage::Connect, way.peer);
    let addresses = way.tcp.reachable(addresses)?;
    match addresses.as_slice() {
        [address] => connect(way.tcp, *address, until),
        _ => race(way.tcp, addresses, until),
    }
}

/// Where to, and how.
pub(super) struct Way<'a> {
    pub(super) target: &'a Target,
    pub(super) peer: &'a Peer,
    pub(super) tcp: &'a TcpOptions,
    pub(super) progress: &'a Progress,
}

pub(super) fn timed_out(until: Until) -> Cause {
    Cause::TimedOut(until.limit())
}

fn resolve(target: &Target, until: Until) -> Result<Vec<SocketAddr>, Cause> {
    let address = match target.host() {
        Host::Name(name) => return look_up(name.clone(), target.port(), until),
        Host::V4(address) => IpAddr::V4(*address),
        Host::V6(address) => IpAddr::V6(*address),
    };
    Ok(vec![SocketAddr::new(address, target.port())])
}

/// The system's resolver knows no deadline: it works in a thread, whose answer may come too late for anybody.
fn look_up(name: String, port: u16, until: Until) -> Result<Vec<SocketAddr>, Cause> {
    let (answer, answers) = channel();
    start("resolver", move || {
        let found = (name.as_str(), port).to_socket_addrs().map(interleave);
        // Nobody waits any more, perhaps.
        let _ = answer.send(found);
    })?;
    let left = until.left().ok_or_else(|| timed_out(until))?;
    match answers.recv_timeout(left) {
        Ok(found) => Ok(found?),
        Err(RecvTimeoutError::Timeout) => Err(timed_out(until)),
        Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("the resolver failed").into()),
    }
}

fn connect(tcp: &TcpOptions, address: SocketAddr, until: Until) -> Result<TcpStream, Cause> {
    let left = until.left().ok_or_else(|| timed_out(until))?;
    tcp.connect_within(address, left).map_err(|error| {
        if error.kind() == ErrorKind::TimedOut && until.left().is_none() {
            timed_out(until)
        } else {
            error.into()
        }
    })
}

/// Happy eyeballs (RFC 8305 §5): an attempt for each address in a thread of its own, each a moment after the one
/// before, or when that has failed. The first that connects wins; if all fail, the first error is told.
fn race(tcp: &TcpOptions, addresses: Vec<SocketAddr>, until: Until) -> Result<TcpStream, Cause> {
    let (done, outcomes) = channel();
    let mut waiting = addresses.into_iter();
    let (mut running, mut first_error) = (0_usize, None);
    loop {
        match waiting.next() {
            Some(address) => {
                attempt(tcp.clone(), address, until, done.clone())?;
                running += 1;
            }
            None if running == 0 => return Err(first_error.unwrap_or_else(no_address)),
            None => {}
        }
        let stagger = if waiting.len() > 0 { STAGGER } else { until.limit() };
        match next(&outcomes, stagger, until)? {
            None => {}
            Some(Ok(stream)) => return Ok(stream),
            Some(Err(error)) => {
                running -= 1;
                first_error.get_or_insert(error);
            }
        }
    }
}

type Outcome = Result<TcpStream, Cause>;

fn attempt(
    tcp: TcpOptions,
    address: SocketAddr,
    until: Until,
    done: Sender<Outcome>,
) -> io::Result<()> {
    start("connect", move || {
        // A winner that comes too late is dropped, and so closed.
        let _ = done.send(connect(&tcp, address, until));
    })
}

/// The next outcome; `None` if the next attempt is due first.
fn next(
    outcomes: &Receiver<Outcome>,
    stagger: Duration,
    until: Until,
) -> Result<Option<Outcome>, Cause> {
    let left = until.left().ok_or_else(|| timed_out(until))?;
    Ok(outcomes.recv_timeout(left.min(stagger)).ok())
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(format!("wharf-{name}")).spawn(work).map(drop)
}

fn no_address() -> Cause {
    io::Error::new(ErrorKind::NotFound, "the name has no address").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tcp::Nagle;
    use std::net::TcpListener;

    fn tcp() -> TcpOptions {
        TcpOptions::new()
    }

    fn free_port() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
    }

    /// RFC 8305 §5.
    #[test]
    fn an_address_that_refuses_gives_way_to_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stream =
            race(&tcp(), vec![free_port(), address], Until::within(Duration::from_secs(10)));
        assert_eq!(stream.unwrap().peer_addr().unwrap(), address);
    }

    #[test]
    fn when_all_fail_the_first_error_is_told() {
        let error =
            race(&tcp(), vec![free_port(), free_port()], Until::within(Duration::from_secs(10)));
        let Err(Cause::Io(error)) = error else { panic!("{error:?}") };
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        assert!(race(&tcp(), Vec::new(), Until::within(Duration::from_secs(10))).is_err());
    }

    #[test]
    fn options_reach_the_socket() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        for (nagle, nodelay) in [(Nagle::Off, true), (Nagle::On, false)] {
            let options = TcpOptions::new().nagle(nagle);
            let until = Until::within(Duration::from_secs(10));
            let stream = connect(&options, listener.local_addr().unwrap(), until).unwrap();
            assert_eq!(stream.nodelay().unwrap(), nodelay);
        }
    }

    #[test]
    fn no_time_is_a_timeout() {
        let error = connect(&tcp(), free_port(), Until::within(Duration::ZERO)).unwrap_err();
        assert!(matches!(error, Cause::TimedOut(limit) if limit.is_zero()));
    }
}
