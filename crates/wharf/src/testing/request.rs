//! A request without a client.

use super::{pair::Pair, peer::Peer};
use crate::server::{acceptor::Acceptor, error::AcceptError, request::Request};
use http::{HeaderName, HeaderValue, header};
use wharf_proto::{Role, write_request};

/// What a request needs that asks for a WebSocket; the key is that of RFC 6455 §1.3.
const NEEDED: [(HeaderName, &str); 5] = [
    (header::HOST, "localhost"),
    (header::UPGRADE, "websocket"),
    (header::CONNECTION, "Upgrade"),
    (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
    (header::SEC_WEBSOCKET_VERSION, "13"),
];

/// Gives a request to an acceptor, over a wire without faults, and returns it as a handler gets it, with the client that
/// sent it. Headers that the handshake needs are added where they are missing.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let asked = http::Request::get("/chat?room=1").header("cookie", "session=7").body(())?;
/// let (request, mut client) = wharf::testing::request(&wharf::Acceptor::default(), asked).await?;
/// assert_eq!(request.uri().path(), "/chat");
///
/// let mut socket = request.accept().await?;
/// assert!(client.answer().await?.starts_with("HTTP/1.1 101 "));
/// socket.send("hello").await?;
/// client.expect([wharf::testing::Frame::text("hello")]).await;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The acceptor refuses the request.
///
/// # Cancel safety
/// Dropping the future drops both ends.
pub async fn request(
    acceptor: &Acceptor,
    mut asked: http::Request<()>,
) -> Result<(Request, Peer), AcceptError> {
    for (name, value) in NEEDED {
        asked.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    let (near, far, _) = Pair::new().ends();
    let mut client = Peer::new(near, Role::Client);
    let bytes = write_request(&asked);
    let (sent, accepted) = tokio::join!(client.send(bytes), acceptor.accept(far));
    let request = accepted?;
    sent.map_err(|error| AcceptError::Io(crate::server::error::AcceptStage::Request, error))?;
    Ok((request, client))
}
