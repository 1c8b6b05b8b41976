//! Who counts sockets, and sends them away.

use super::{
    hall::Hall,
    pass::Pass,
    plan::DrainPlan,
    progress::{DrainPhase, DrainProgress, DrainSummary},
    refusal::Draining,
    run::DrainRun,
};
use std::{convert::Infallible, fmt, future::pending, sync::Arc};
use tokio::{runtime::Handle, time::Instant};

/// Counts open sockets, refuses new ones while it drains, and closes them spread over time, in random order;
/// cheap to clone, and clones are one.
///
/// It needs no [`Server`](crate::Server): an [`Acceptor`](crate::Acceptor) takes it
/// ([`AcceptorBuilder::drain`](crate::AcceptorBuilder::drain)), and whoever does the opening handshake by
/// himself asks [`admit`](Self::admit) before he answers it. A graceful shutdown of an HTTP server knows
/// nothing of connections that were upgraded: it is joined with [`drained`](Self::drained).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use wharf::{Agreement, Bytes, Config, Role, WebSocket};
/// use std::time::Duration;
/// use wharf::{Drain, DrainPlan};
///
/// let drain = Drain::new();
///
/// // Before a handshake is answered: Err is what to answer instead.
/// let pass = match drain.admit() {
///     Ok(pass) => pass,
///     Err(draining) => return Ok(drop(draining.response())),
/// };
/// # let (near, far) = tokio::io::duplex(1024);
/// # let open = |io, role| WebSocket::over(io, role, Agreement::default(), Bytes::new(), Config::new(role));
/// # let (mut socket, mut peer) = (open(near, Role::Server)?, open(far, Role::Client)?);
/// // When it is open:
/// pass.open(&mut socket);
/// assert_eq!(drain.connections(), 1);
/// # tokio::spawn(async move { socket.drive().await });
/// # tokio::spawn(async move { peer.drive().await });
///
/// // When the service goes down:
/// drain.start(DrainPlan::new(Duration::from_secs(30)));
/// let summary = drain.drained().await;
/// assert_eq!((summary.clean, summary.cut), (1, 0));
/// assert!(drain.admit().is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Drain {
    hall: Arc<Hall>,
}

impl Drain {
    /// Nobody is here, and everybody is welcome.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets a handshake in, before it is answered. It counts from now on.
    ///
    /// # Errors
    /// The drain has begun; [`Draining::response`] is the answer.
    pub fn admit(&self) -> Result<Pass, Draining> {
        self.hall.enter().map(|place| Pass::new(Arc::clone(&self.hall), place))
    }

    /// Whether a handshake would be let in.
    pub(crate) fn check(&self) -> Result<(), Draining> {
        self.hall.check()
    }

    /// Begins to drain: from now on nobody is let in, and who is here is closed as the plan says. The first
    /// plan holds: if the drain has begun already this only gives its handle.
    ///
    /// A task of the runtime that this is called in does it; called outside of one, whoever waits for the end
    /// does.
    pub fn start(&self, plan: DrainPlan) -> DrainRun {
        let run = self.begin(plan, Instant::now());
        if let Ok(runtime) = Handle::try_current() {
            let run = run.clone();
            runtime.spawn(async move { run.finished().await });
        }
        run
    }

    /// Does its part, once somebody has started the drain.
    pub(crate) async fn help(&self) -> Infallible {
        self.drained().await;
        pending().await
    }

    /// The same, done by whoever waits for the end.
    pub(crate) fn begin(&self, plan: DrainPlan, now: Instant) -> DrainRun {
        self.hall.begin(plan, now);
        DrainRun::new(Arc::clone(&self.hall))
    }

    /// How many are here: open sockets, and handshakes that were let in.
    pub fn connections(&self) -> usize {
        self.hall.count()
    }

    /// Whether it has begun.
    pub fn is_draining(&self) -> bool {
        self.hall.check().is_err()
    }

    /// How far it is.
    pub fn progress(&self) -> DrainProgress {
        self.hall.progress()
    }

    /// Waits until somebody starts the drain: what an HTTP server's graceful shutdown waits for.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub fn started(&self) -> impl Future<Output = ()> + Send + Sync + use<> {
        let hall = Arc::clone(&self.hall);
        async move {
            // It cannot fail: `hall` holds the sending side.
            let _ = hall.subscribe().wait_for(|now| now.phase != DrainPhase::Serving).await;
        }
    }

    /// Waits until somebody has started the drain, and nobody is here any more.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn drained(&self) -> DrainSummary {
        self.started().await;
        self.hall.run().await
    }

    /// Waits until nobody is here, whether or not the drain has begun.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn empty(&self) {
        self.hall.empty().await;
    }
}

impl fmt::Debug for Drain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain").field("progress", &self.progress()).finish()
    }
}
