//! The PROXY header: what a connection starts with behind a proxy that does not look into it.
//!
//! The protocol is the one that HAProxy describes in its `proxy-protocol.txt`; sections are named after it.

use std::net::SocketAddr;

/// What a PROXY header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The client that the proxy has.
    Client(SocketAddr),
    /// The proxy speaks for itself, or does not say: the connection counts as its own.
    Own,
}

/// How far a header has come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Preface {
    /// At least so many bytes follow. Who reads no more than that takes nothing that is not the header's.
    Needs(usize),
    Done(Source),
}

/// So many bytes can be read before the version is known: the shortest header is `PROXY UNKNOWN` and its end.
pub(super) const SHORTEST: usize = 15;
