//! `wharf serve`, as it ships, for others to connect to.

use crate::{
    checks,
    failure::Outcome,
    process::{Background, Signal, command, free_port},
    tools::certificate::Certificate,
};
use std::{path::Path, time::Duration};

/// Far more than it gives its connections by itself.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server, ended when this is dropped.
pub(crate) struct Served {
    server: Background,
    pub(crate) port: u16,
}

impl Served {
    /// Builds it and starts it with these options, on a port of its own.
    pub(crate) fn start(
        options: &[&str],
        certificate: Option<&Certificate>,
        log: &Path,
    ) -> Outcome<Self> {
        checks::cargo::release()?;
        let port = free_port()?;
        let mut line =
            command("target/release/wharf", ["serve", "--addr", &format!("127.0.0.1:{port}")]);
        line.args(options);
        if let Some(Certificate { certificate, key }) = certificate {
            line.arg("--tls-cert").arg(certificate).arg("--tls-key").arg(key);
        }
        let mut server = Background::start(&mut line, log)?;
        server.listens_on(port)?;
        Ok(Self { server, port })
    }

    /// Tells it to end in order, and waits until it has.
    pub(crate) fn drain(&mut self) -> Outcome {
        self.server.signal(Signal::Terminate)?;
        self.server.within(PATIENCE).map(drop)
    }
}
