//! From the answer to the open socket.

use super::{
    error::UpgradeError,
    settings::Settings,
    takeout::{Taken, take_out},
};
use crate::{
    client::resolve::BoxFuture,
    drain::pass::Pass,
    entropy::mask_seed,
    observe::{handshake::Handshake, verdict::Verdict},
    socket::websocket::WebSocket,
};
use ::hyper::upgrade::OnUpgrade;
use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::time::{Instant, timeout_at};
use wharf_proto::{Agreement, Config, Role};

/// A WebSocket that is open as soon as its 101 is written: a future of it.
///
/// # Errors
/// It comes to nothing; the connection is closed, or will be.
///
/// # Cancel safety
/// Dropping it closes the connection after the 101.
#[must_use = "the connection is closed if nobody awaits it"]
pub struct Opening(BoxFuture<'static, Result<WebSocket, UpgradeError>>);

impl Opening {
    /// The deadline runs from now on.
    pub(super) fn new(
        connection: OnUpgrade,
        pass: Option<Pass>,
        terms: (Agreement, Arc<Config>),
        settings: Arc<Settings>,
        handshake: Handshake,
    ) -> Self {
        let deadline = Instant::now() + settings.within;
        Self(Box::pin(async move {
            let taken = take_over(connection, &settings, deadline).await;
            open(taken, pass, terms, handshake)
        }))
    }
}

async fn take_over(
    connection: OnUpgrade,
    settings: &Settings,
    deadline: Instant,
) -> Result<Taken, UpgradeError> {
    let upgraded = timeout_at(deadline, connection).await;
    let upgraded = upgraded.map_err(|_| UpgradeError::TimedOut(settings.within))?;
    let upgraded = upgraded.map_err(UpgradeError::by_hyper)?;
    Ok(take_out(upgraded, &settings.own))
}

/// The only place where a socket is opened under hyper.
fn open(
    taken: Result<Taken, UpgradeError>,
    pass: Option<Pass>,
    (agreement, config): (Agreement, Arc<Config>),
    mut handshake: Handshake,
) -> Result<WebSocket, UpgradeError> {
    let Taken { transport, leftover, way } = taken.inspect_err(|error| handshake.fail(error))?;
    let seed = mask_seed(Role::Server).map_err(UpgradeError::Kept)?;
    let open = || {
        tracing::debug!(stream = ?way, "taken over");
        WebSocket::new(transport, Role::Server, agreement, leftover, config, seed)
    };
    let mut socket = handshake.open(open);
    handshake.end(Verdict::ACCEPTED);
    if let Some(pass) = pass {
        pass.open(&mut socket);
    }
    Ok(socket)
}

impl Future for Opening {
    type Output = Result<WebSocket, UpgradeError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").finish_non_exhaustive()
    }
}
