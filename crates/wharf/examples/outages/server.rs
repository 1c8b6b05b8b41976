//! A server that writes down what it takes before it does anything else with it, and sends it back.

use super::{
    Outcome,
    ledger::{Entry, Ledger},
};
use std::{net::Ipv4Addr, path::Path, sync::Arc};
use tokio::signal::unix::{SignalKind, signal};
use wharf::{Error, Request, Server};

/// Serves until SIGTERM, and leaves in order.
pub(crate) async fn serve(port: u16, ledger: &Path) -> Outcome {
    let ledger = Arc::new(Ledger::open(ledger)?);
    let mut terminate = signal(SignalKind::terminate())?;
    let server = Server::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("echo  ws://{}/", server.local_addr()?);
    let stop = async move {
        let _ = terminate.recv().await;
    };
    let take = move |request| take(request, Arc::clone(&ledger));
    server.with_graceful_shutdown(stop).serve_requests(take).await;
    Ok(())
}

/// A message is written down before the next `recv`, so no Ping behind it is answered before that.
async fn take(request: Request, ledger: Arc<Ledger>) -> Result<(), Error> {
    let client = request.uri().path()[1..].parse().expect("paths are numbers of clients");
    let Ok(mut socket) = request.accept().await else { return Ok(()) };
    while let Some(message) = socket.recv().await? {
        let number = message.as_bytes()[..8].try_into().expect("messages begin with their number");
        let entry = Entry { client, number: u64::from_le_bytes(number) };
        ledger.write(entry).expect("the ledger takes all");
        if socket.send(message).await.is_err() {
            break;
        }
    }
    socket.drive().await;
    Ok(())
}
