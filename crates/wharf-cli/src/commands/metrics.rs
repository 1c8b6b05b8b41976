//! `wharf serve --metrics`: what Prometheus reads.

use super::scrape::{self, Answer};
use crate::{exit::ExitCode, failure::Failure};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tracing::{debug, warn};

/// A listener of its own: the numbers are not for those whom the echo is for.
pub(crate) struct Metrics {
    listener: std::net::TcpListener,
    addr: SocketAddr,
    recorded: PrometheusHandle,
}

/// So many are answered at once; others wait in the backlog.
const AT_ONCE: usize = 16;

/// One of them has so much time, from its first byte to its last.
const WITHIN: Duration = Duration::from_secs(5);

/// Samples of histograms are put into their buckets so often, whether or not anybody asks.
const UPKEEP: Duration = Duration::from_secs(5);

/// After an error of `accept`, such as too few descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// In seconds.
const MOMENTS: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const LIFETIMES: [f64; 9] = [1.0, 10.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 43_200.0, 86_400.0];

impl Metrics {
    /// Listens, and records from now on.
    pub(crate) fn start(addr: SocketAddr) -> Result<Self, Failure> {
        let unfit = |error| {
            Failure::new(ExitCode::Failure, format!("cannot serve metrics on {addr}: {error}"))
        };
        let listener = std::net::TcpListener::bind(addr).map_err(unfit)?;
        listener.set_nonblocking(true).map_err(unfit)?;
        let addr = listener.local_addr().map_err(unfit)?;
        let recorded = record().map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        wharf::describe_metrics();
        Ok(Self { listener, addr, recorded })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}{}", self.addr, scrape::PATH)
    }

    /// Answers until the process ends.
    pub(crate) async fn serve(self) {
        let listener = match TcpListener::from_std(self.listener) {
            Ok(listener) => listener,
            Err(error) => return warn!(%error, "metrics are not served"),
        };
        let recorded = self.recorded;
        tokio::join!(accept_forever(&listener, &recorded), keep_up(&recorded));
    }
}

fn record() -> Result<PrometheusHandle, BuildError> {
    let full = |name: &str| Matcher::Full(name.to_owned());
    PrometheusBuilder::new()
        .set_buckets_for_metric(full("wharf_round_trip_seconds"), &MOMENTS)?
        .set_buckets_for_metric(full("wharf_handshake_duration_seconds"), &MOMENTS)?
        .set_buckets_for_metric(full("wharf_connection_duration_seconds"), &LIFETIMES)?
        .install_recorder()
}

async fn keep_up(recorded: &PrometheusHandle) {
    let mut ticks = interval(UPKEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        recorded.run_upkeep();
    }
}

async fn accept_forever(listener: &TcpListener, recorded: &PrometheusHandle) {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let slot = Arc::clone(&slots).acquire_owned().await;
        match listener.accept().await {
            Ok((stream, peer)) => {
                let recorded = recorded.clone();
                tokio::spawn(async move {
                    let _slot = slot;
                    if timeout(WITHIN, answer(stream, &recorded)).await.is_err() {
                        debug!(%peer, "took too long to ask for metrics");
                    }
                });
            }
            Err(error) => {
                warn!(%error, "accept failed; pausing");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn answer(mut stream: TcpStream, recorded: &PrometheusHandle) {
    let answered = async {
        let answer = match scrape::read(&mut stream).await? {
            scrape::Asked::Metrics => Answer::metrics(recorded.render()),
            scrape::Asked::MetricsHead => Answer::metrics(recorded.render()).without_body(),
            scrape::Asked::Other(answer) => answer,
        };
        answer.write(&mut stream).await
    };
    if let Err(error) = answered.await {
        debug!(%error, "metrics were not read");
    }
}
