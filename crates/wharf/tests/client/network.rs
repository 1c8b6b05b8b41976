//! A network of the test's own: names, listeners and dialled streams in memory.

use std::{
    collections::HashMap,
    future::pending,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{DuplexStream, duplex},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use wharf::{BoxFuture, Dial, Dialled, Resolve};

/// Who was dialled, and the far end of what he got.
pub(crate) type Call = (String, DuplexStream);

/// Dials into the test: each connection is a call that the test takes.
pub(crate) struct Switchboard(UnboundedSender<Call>);

pub(crate) fn switchboard() -> (Switchboard, UnboundedReceiver<Call>) {
    let (calls, taken) = unbounded_channel();
    (Switchboard(calls), taken)
}

impl Dial for Switchboard {
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> BoxFuture<'a, io::Result<Dialled>> {
        let (near, far) = duplex(1 << 16);
        let call = self.0.send((format!("{host} {port}"), far));
        let call = call.map_err(|_| io::ErrorKind::ConnectionRefused.into());
        Box::pin(async move { call.map(|()| Dialled::new(near)) })
    }
}

/// Knows some names, and is asked for them in this order.
#[derive(Clone, Default)]
pub(crate) struct Names {
    known: HashMap<String, Vec<SocketAddr>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Names {
    pub(crate) fn with(mut self, name: &str, addresses: &[SocketAddr]) -> Self {
        self.known.insert(name.into(), addresses.into());
        self
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Resolve for Names {
    fn resolve<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        self.asked.lock().unwrap().push(format!("{host} {port}"));
        let found = self.known.get(host).cloned().ok_or(io::ErrorKind::NotFound.into());
        Box::pin(async { found })
    }
}

/// A resolver that never answers, and whoever waits for it to be given up.
pub(crate) struct Hanging(pub(crate) Arc<()>);

impl Resolve for Hanging {
    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        let held = Arc::clone(&self.0);
        Box::pin(async move {
            let _held = held;
            pending().await
        })
    }
}
