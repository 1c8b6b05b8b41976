//! The span of a connection, and what is told in it. Never a payload, never a header's value, never a path or a
//! query: they may hold secrets.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};
use tracing::{Span, debug, field};
use wharf_proto::{Agreement, EndedBy, Ending, Role, Stats};

/// The one span of a connection, from its first byte to its end. `peer` is an address, or a host and a port.
///
/// It costs nothing if nobody wants it.
pub(crate) fn connection(role: Role, peer: Option<impl fmt::Display>) -> Span {
    tracing::debug_span!(
        "connection",
        id = next_id(),
        role = role_name(role),
        peer = peer.map(field::display),
        client = field::Empty,
        subprotocol = field::Empty,
        deflate = field::Empty,
    )
}

/// The same where the peer is not known.
pub(crate) fn of_stranger(role: Role) -> Span {
    connection(role, None::<&str>)
}

/// Numbers the spans of the process.
fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

pub(crate) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Client => "client",
        Role::Server => "server",
    }
}

pub(crate) const fn by_name(by: EndedBy) -> &'static str {
    match by {
        EndedBy::Local => "local",
        EndedBy::Peer => "peer",
        EndedBy::Transport | _ => "transport",
    }
}

/// The span of an open connection, for what the connection itself has to tell: whichever task polls it, that is
/// told in here. In a box, because most connections have none.
pub(crate) struct ConnectionSpan(Option<Box<Span>>);

impl ConnectionSpan {
    pub(crate) const NONE: Self = Self(None);

    pub(crate) const fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// The span that this is opened in, if it is a [`connection`], or else a new one; with what was agreed.
    pub(crate) fn open(role: Role, agreement: &Agreement) -> Self {
        let current = Span::current();
        let span = if is_connection(&current) { current } else { of_stranger(role) };
        if span.is_disabled() {
            return Self(None);
        }
        if let Some(name) = agreement.subprotocol.as_deref() {
            span.record("subprotocol", name);
        }
        record_deflate(&span, agreement);
        let span = Self(Some(Box::new(span)));
        span.tell(|| debug!("open"));
        span
    }

    /// A Close was sent or came; after the first one nothing is told.
    pub(crate) fn closing(&self, by: EndedBy, code: Option<u16>) {
        self.tell(|| debug!(by = by_name(by), code, "closing"));
    }

    /// What ended it, if that was no Close.
    pub(crate) fn failed(&self, blame: Blame, error: &str) {
        self.tell(|| debug!(blame = blame.blame(), kind = blame.kind(), error, "failed"));
    }

    pub(crate) fn ended(&self, ending: &Ending, stats: &Stats) {
        let (received, sent) = (&stats.received, &stats.sent);
        self.tell(|| {
            debug!(
                by = by_name(ending.by()),
                code = ending.code(),
                clean = ending.is_clean(),
                received.messages,
                received.bytes,
                sent.messages,
                sent.bytes,
                "ended"
            );
        });
    }

    fn tell(&self, event: impl FnOnce()) {
        match &self.0 {
            Some(span) => span.in_scope(event),
            None => event(),
        }
    }
}

/// Whose fault an error of an open connection is, and of what kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The peer broke a rule.
    Protocol,
    /// The peer sent text that is none.
    NotUtf8,
    /// The peer sent what does not inflate.
    NotDeflate,
    /// The peer passed a limit of ours.
    Limit,
    /// The peer fell silent.
    Silence,
    /// The transport failed.
    Io,
    /// A handler ended with an error.
    Handler,
    /// A handler panicked.
    Panic,
}

impl Blame {
    pub(crate) const fn blame(self) -> &'static str {
        match self {
            Self::Protocol | Self::NotUtf8 | Self::NotDeflate | Self::Limit | Self::Silence => {
                "peer"
            }
            Self::Io => "transport",
            Self::Handler | Self::Panic => "application",
        }
    }

    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::NotUtf8 => "not_utf8",
            Self::NotDeflate => "not_deflate",
            Self::Limit => "limit",
            Self::Silence => "silence",
            Self::Io => "io",
            Self::Handler => "handler",
            Self::Panic => "panic",
        }
    }
}

fn is_connection(span: &Span) -> bool {
    span.metadata().is_some_and(|is| is.name() == "connection" && is.target() == module_path!())
}

#[cfg(feature = "deflate")]
fn record_deflate(span: &Span, agreement: &Agreement) {
    if let Some(deflate) = agreement.deflate {
        span.record("deflate", field::display(Terms(deflate)));
    }
}

#[cfg(not(feature = "deflate"))]
const fn record_deflate(_: &Span, _: &Agreement) {}

/// For example `server 15 takeover, client 12 no-takeover`.
#[cfg(feature = "deflate")]
struct Terms(wharf_proto::DeflateAgreement);

#[cfg(feature = "deflate")]
impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use wharf_proto::Context;
        let context = |context| match context {
            Context::Takeover => "takeover",
            Context::NoTakeover => "no-takeover",
        };
        let Self(wharf_proto::DeflateAgreement { client, server }) = self;
        let (ours, theirs) = (context(server.context), context(client.context));
        let (out, back) = (server.window.get(), client.window.get());
        write!(f, "server {out} {ours}, client {back} {theirs}")
    }
}
