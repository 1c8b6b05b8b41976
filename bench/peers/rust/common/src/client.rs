//! The loop that the Autobahn test suite expects of a client.

use crate::{flags::ClientFlags, server::run};
use std::time::Duration;

/// What to do on one connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Echo every message until the end.
    Echo,
    /// Return the first message, which is a text.
    Listen,
}

/// No case may take longer.
const LIMIT: Duration = Duration::from_secs(120);

/// Asks for the number of cases, runs each, and has the report written.
///
/// `connect` opens a URL and holds the session; what it returns counts only for [`Session::Listen`].
pub fn drive(flags: &ClientFlags, connect: impl AsyncFn(String, Session) -> Option<String>) {
    let ClientFlags { url, agent, .. } = flags;
    run(async {
        let within = |path: String, session| {
            let session = connect(format!("{url}{path}"), session);
            async { tokio::time::timeout(LIMIT, session).await.ok().flatten() }
        };
        let count = within("/getCaseCount".to_owned(), Session::Listen).await;
        let count: usize = count.and_then(|count| count.parse().ok()).unwrap_or_else(|| {
            eprintln!("{url} tells no number of cases");
            std::process::exit(1)
        });
        for case in 1..=count {
            within(format!("/runCase?case={case}&agent={agent}"), Session::Echo).await;
        }
        within(format!("/updateReports?agent={agent}"), Session::Echo).await;
    });
}
