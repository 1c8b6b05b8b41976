//! The security face of the same machinery: what a stranger could do to a server, asked without doing it.

pub(crate) mod ask;
pub(crate) mod certificate;
pub(crate) mod facts;
pub(crate) mod finding;
pub(crate) mod hello;
pub(crate) mod plan;
pub(crate) mod probe;
pub(crate) mod probes;
pub(crate) mod run;
pub(crate) mod seen;
pub(crate) mod session;
pub(crate) mod tls;
pub(crate) mod welcome;
