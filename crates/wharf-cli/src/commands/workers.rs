//! The threads of `wharf serve`.

use super::{answer::answer, phase::Phase};
use crate::{exit::ExitCode, failure::Failure};
use std::{io, net::SocketAddr, num::NonZeroUsize, thread};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{mpsc, watch},
};
use wharf::Server;

/// A listener and the event loop it lives in.
pub(crate) struct Worker {
    pub(crate) addr: SocketAddr,
    runtime: Runtime,
    server: Server,
}

impl Worker {
    fn new(
        runtime: Runtime,
        bound: impl Future<Output = io::Result<Server>>,
        addr: SocketAddr,
    ) -> Result<Self, Failure> {
        let busy = |error: io::Error| {
            Failure::new(ExitCode::Failure, format!("cannot listen on {addr}: {error}"))
        };
        let server = runtime.block_on(bound).map_err(busy)?;
        let addr = server.local_addr().map_err(busy)?;
        Ok(Self { addr, runtime, server })
    }

    fn run(self, phase: watch::Receiver<Phase>) {
        let stop = reached(phase.clone(), Phase::Draining);
        let server = self.server.with_graceful_shutdown(stop);
        self.runtime.block_on(async {
            tokio::select! {
                _ = server.serve_requests(answer) => {}
                () = reached(phase, Phase::Cut) => {}
            }
        });
    }
}

async fn reached(mut phase: watch::Receiver<Phase>, wanted: Phase) {
    // An error means that the sender is gone, and the process with it.
    let _ = phase.wait_for(|phase| *phase >= wanted).await;
}

/// Listens once per thread; the kernel spreads the connections.
#[cfg(all(unix, not(any(target_os = "solaris", target_os = "illumos", target_os = "cygwin"))))]
pub(crate) fn bind(
    addr: SocketAddr,
    threads: NonZeroUsize,
    configure: impl Fn(Server) -> Server,
) -> Result<Vec<Worker>, Failure> {
    let mut workers: Vec<Worker> = Vec::with_capacity(threads.get());
    for _ in 0..threads.get() {
        // The first has found a free port, if none was named.
        let addr = workers.first().map_or(addr, |first| first.addr);
        let runtime = runtime(&mut Builder::new_current_thread())?;
        let bound = async {
            // One alone does not share its port: a second `wharf serve` shall hear that it is taken.
            let server = match threads.get() {
                1 => Server::bind(addr).await?,
                _ => Server::bind_reuse_port(addr).await?,
            };
            Ok(configure(server))
        };
        workers.push(Worker::new(runtime, bound, addr)?);
    }
    Ok(workers)
}

/// Listens once; where ports cannot be shared, a runtime with so many threads spreads the connections.
#[cfg(not(all(
    unix,
    not(any(target_os = "solaris", target_os = "illumos", target_os = "cygwin"))
)))]
pub(crate) fn bind(
    addr: SocketAddr,
    threads: NonZeroUsize,
    configure: impl Fn(Server) -> Server,
) -> Result<Vec<Worker>, Failure> {
    let runtime = runtime(Builder::new_multi_thread().worker_threads(threads.get()))?;
    let bound = async { Ok(configure(Server::bind(addr).await?)) };
    Ok(vec![Worker::new(runtime, bound, addr)?])
}

fn runtime(builder: &mut Builder) -> Result<Runtime, Failure> {
    builder.enable_all().build().map_err(|error| Failure::because(ExitCode::Failure, &error))
}

/// Starts a thread for each; the channel ends when the last of them has.
pub(crate) fn start(workers: Vec<Worker>, phase: &watch::Sender<Phase>) -> mpsc::Receiver<()> {
    let (alive, ended) = mpsc::channel(1);
    for worker in workers {
        let (alive, phase) = (alive.clone(), phase.subscribe());
        thread::spawn(move || {
            worker.run(phase);
            drop(alive);
        });
    }
    ended
}
