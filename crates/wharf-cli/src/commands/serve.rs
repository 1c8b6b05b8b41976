//! `wharf serve`: an echo, and a page that speaks to it.

use super::{
    metrics::Metrics,
    phase::Phase,
    routes::Site,
    self_signed::SelfSigned,
    signals::Signals,
    workers::{self, Worker},
};
use crate::{
    exit::ExitCode,
    failure::Failure,
    printer::Printer,
    settings::{Security, ServeSettings},
};
use std::{convert::Infallible, net::SocketAddr, time::Duration};
use tokio::{
    runtime::{Builder, Runtime},
    sync::watch,
    time::interval,
};
use wharf::{
    Acceptor, AcceptorBuilder, Drain, DrainPhase, DrainPlan, DrainProgress, DrainRun, DrainSummary,
};

/// Serves until a signal comes.
pub(crate) fn serve(settings: ServeSettings, printer: &mut Printer) -> Result<ExitCode, Failure> {
    let (drain_plan, caps) = (settings.drain.clone(), settings.caps);
    let (addr, threads) = (settings.addr, settings.threads);
    // The recorder is there before the first connection.
    let metrics = settings.metrics.map(Metrics::start).transpose()?;
    let plan = Plan::new(settings)?;
    let workers = workers::bind(addr, threads, |server| {
        let server = caps.on(server).with_acceptor(plan.acceptor.clone());
        server.with_drain_plan(drain_plan.clone())
    })?;
    let addr = workers.first().map_or(addr, |worker| worker.addr);
    // Whoever has read where it listens may tell it to stop.
    let control = Control::new()?;
    announce(addr, &plan.scheme, printer)?;
    if let Some(metrics) = &metrics {
        printer.line(&format!("stats {}", metrics.url()))?;
    }
    control.run(workers, metrics, &plan.drain, drain_plan, printer)
}

/// What every worker shares.
struct Plan {
    acceptor: Acceptor,
    drain: Drain,
    scheme: Scheme,
}

/// How the URLs begin.
enum Scheme {
    Plain,
    Tls,
    SelfSigned(String),
}

impl Plan {
    fn new(settings: ServeSettings) -> Result<Self, Failure> {
        let (site, drain) = (Site::new(), Drain::new());
        let builder = Acceptor::builder()
            .drain(&drain)
            .origins(settings.origins)
            .accept(settings.accept)
            .handshakes(settings.handshakes.get())
            .fallback(move |request| site.answer(request));
        let (builder, scheme) =
            secure(settings.believed.on(builder), settings.security, settings.addr)?;
        Ok(Self { acceptor: builder.build(), drain, scheme })
    }
}

fn secure(
    builder: AcceptorBuilder,
    security: Security,
    addr: SocketAddr,
) -> Result<(AcceptorBuilder, Scheme), Failure> {
    Ok(match security {
        Security::Plain => (builder, Scheme::Plain),
        Security::Given(tls) => (builder.tls(tls), Scheme::Tls),
        Security::SelfSigned => {
            let made = SelfSigned::new(addr.ip())?;
            (builder.tls(made.tls), Scheme::SelfSigned(made.fingerprint))
        }
    })
}

/// Prints what can be typed into a browser and into `wharf connect`.
fn announce(addr: SocketAddr, scheme: &Scheme, printer: &mut Printer) -> Result<(), Failure> {
    let (page, socket) = match scheme {
        Scheme::Plain => ("http", "ws"),
        Scheme::Tls | Scheme::SelfSigned(_) => ("https", "wss"),
    };
    printer.line(&format!("page  {page}://{addr}/"))?;
    printer.line(&format!("echo  {socket}://{addr}/echo"))?;
    if let Scheme::SelfSigned(fingerprint) = scheme {
        printer.line(&format!("cert  sha256 {fingerprint}"))?;
    }
    Ok(())
}

/// Where signals are heard, and where metrics are served.
struct Control {
    runtime: Runtime,
    signals: Signals,
}

impl Control {
    /// From now on signals no longer end the process by themselves.
    fn new() -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::because(ExitCode::Failure, &error))?;
        let signals = {
            let _inside = runtime.enter();
            Signals::new().map_err(|error| Failure::because(ExitCode::Failure, &error))?
        };
        Ok(Self { runtime, signals })
    }

    /// The workers run on threads of their own; this one hears the signals, and whoever asks for metrics.
    fn run(
        mut self,
        workers: Vec<Worker>,
        metrics: Option<Metrics>,
        drain: &Drain,
        plan: DrainPlan,
        printer: &Printer,
    ) -> Result<ExitCode, Failure> {
        let phase = watch::Sender::new(Phase::Serving);
        let mut ended = workers::start(workers, &phase);
        if let Some(metrics) = metrics {
            self.runtime.spawn(metrics.serve());
        }
        self.runtime.block_on(async {
            tokio::select! {
                _ = ended.recv() => return Ok(ExitCode::Success),
                _ = self.signals.next() => {}
            }
            let run = drain.start(plan);
            phase.send_replace(Phase::Draining);
            tokio::select! {
                // In this order: how far it is was told before anybody hears a second signal.
                biased;
                // `None` when the last worker is gone.
                _ = ended.recv() => {
                    farewell(run.progress(), printer);
                    Ok(ExitCode::Success)
                }
                never = tell(&run, printer) => match never {},
                code = self.signals.next() => {
                    run.cut();
                    phase.send_replace(Phase::Cut);
                    let _ = ended.recv().await;
                    Ok(code)
                }
            }
        })
    }
}

/// Tells how far a drain is, every second.
async fn tell(run: &DrainRun, printer: &Printer) -> Infallible {
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        let now = run.progress();
        if now.phase == DrainPhase::Draining && now.open > 0 {
            let (open, closed) = (now.open, now.summary.total());
            printer.aside(&format!("stopping: {open} open, {closed} closed; a second signal cuts"));
        }
    }
}

/// Tells how a drain ended.
fn farewell(end: DrainProgress, printer: &Printer) {
    let DrainSummary { clean, unclean, cut, .. } = end.summary;
    if end.summary.total() > 0 {
        printer.aside(&format!("stopped: {clean} closed in order, {unclean} not, {cut} cut"));
    }
}
