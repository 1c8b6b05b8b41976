//! What goes wrong on connections, counted.

use std::{collections::BTreeMap, fmt, io};

/// What kind of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleKind {
    /// No connection: refused, no route, or nobody there.
    Unreachable,
    /// Something on this machine: no descriptors, no ports.
    Local,
    /// TLS.
    Tls,
    /// An answer of HTTP that is no upgrade.
    Http,
    /// The server broke a rule of the protocol.
    Protocol,
    /// What came back is not what was sent.
    Wrong,
    /// The server closed, or the transport ended.
    Closed,
    /// Something did not come in time.
    Timeout,
}

/// What went wrong on one connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// What kind of trouble it is.
    pub kind: TroubleKind,
    /// What, in words.
    pub text: String,
}

impl Trouble {
    pub(crate) fn new(kind: TroubleKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Opening a socket or connecting failed.
    pub(crate) fn dial(error: &io::Error) -> Self {
        match error.raw_os_error() {
            Some(code) if code == NO_DESCRIPTORS => {
                Self::new(TroubleKind::Local, NO_DESCRIPTORS_TEXT)
            }
            _ if error.kind() == io::ErrorKind::AddrNotAvailable => {
                Self::new(TroubleKind::Local, NO_PORTS_TEXT)
            }
            _ => Self::new(TroubleKind::Unreachable, bare(error)),
        }
    }

    /// Reading or writing failed.
    pub(crate) fn io(error: &io::Error) -> Self {
        let kind = match error.get_ref() {
            Some(inner) if inner.is::<rustls::Error>() => TroubleKind::Tls,
            _ => TroubleKind::Closed,
        };
        Self::new(kind, bare(error))
    }
}

/// EMFILE on every Unix that we know.
const NO_DESCRIPTORS: i32 = 24;

const NO_DESCRIPTORS_TEXT: &str =
    "too many open files: raise the limit with `ulimit -n`, or open fewer connections";

const NO_PORTS_TEXT: &str = "no local port is free: ports of closed connections rest for a minute; pause, open fewer \
                             connections, or widen net.ipv4.ip_local_port_range";

/// The system's words, without its number.
fn bare(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Different troubles that are told apart; more are counted together.
const KINDS: usize = 16;

/// Troubles and how often each came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Troubles(BTreeMap<Trouble, u64>);

impl Troubles {
    pub(crate) fn add(&mut self, trouble: Trouble) {
        self.add_many(trouble, 1);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (trouble, count) in other.0 {
            self.add_many(trouble, count);
        }
    }

    fn add_many(&mut self, trouble: Trouble, count: u64) {
        let known = self.0.len() < KINDS || self.0.contains_key(&trouble);
        let key = if known { trouble } else { Trouble::new(trouble.kind, "other reasons") };
        *self.0.entry(key).or_default() += count;
    }

    /// How many in all.
    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// The most frequent first.
    pub(crate) fn by_count(&self) -> Vec<(Trouble, u64)> {
        let mut all: Vec<_> =
            self.0.iter().map(|(trouble, count)| (trouble.clone(), *count)).collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{Trouble, TroubleKind, Troubles};
    use std::io;

    /// A server that answers each connection with another text does not fill the memory.
    #[test]
    fn troubles_are_counted_and_bounded() {
        let mut troubles = Troubles::default();
        for number in 0..1_000 {
            troubles.add(Trouble::new(TroubleKind::Closed, format!("number {number}")));
            troubles.add(Trouble::new(TroubleKind::Http, "503"));
        }
        let all = troubles.by_count();
        assert!(all.len() <= 18);
        assert_eq!((all[0].0.text.as_str(), all[0].1), ("503", 1_000));
        assert_eq!(all.iter().map(|(_, count)| count).sum::<u64>(), 2_000);
    }

    /// What the user can do about is said.
    #[test]
    fn limits_of_this_machine_come_with_advice() {
        let files = Trouble::dial(&io::Error::from_raw_os_error(24));
        assert!(files.text.contains("ulimit -n"), "{files}");
        let ports = Trouble::dial(&io::ErrorKind::AddrNotAvailable.into());
        assert!(ports.text.contains("ip_local_port_range"), "{ports}");
        let refused = Trouble::dial(&io::ErrorKind::ConnectionRefused.into());
        assert_eq!(
            (refused.kind, refused.text.as_str()),
            (TroubleKind::Unreachable, "connection refused")
        );
    }
}
