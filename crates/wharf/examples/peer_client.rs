//! Tries an echo server: `peer_client URL OFFER EXPECTED [ROOT.pem]`. A line per check; fails if one fails.
//!
//! `cargo xtask peers` runs it against the servers of others. OFFER is how permessage-deflate is offered,
//! EXPECTED is `deflated` or `plain`.
#![expect(clippy::print_stdout, reason = "its lines are its result")]

use std::{error::Error, process::ExitCode, sync::Arc, time::Duration};
use tokio::time::timeout;
use wharf::{
    Client, CloseCode, CloseReason, Config, Context, Deflate, Direction, Message, Role, Tls,
    WebSocket, WindowBits,
};

/// What each check may take.
const LIMIT: Duration = Duration::from_secs(60);

type Checked = Result<(), Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match Peer::new(&arguments) {
        Ok(peer) => all(&peer).await,
        Err(error) => {
            println!("FAIL {error}");
            ExitCode::from(2)
        }
    }
}

/// Whom to connect to, and how.
struct Peer {
    client: Client,
    url: String,
    expected: String,
}

impl Peer {
    fn new(arguments: &[String]) -> Result<Self, Box<dyn Error>> {
        let [url, offer, expected, root @ ..] = arguments else {
            return Err("peer_client URL OFFER EXPECTED [ROOT.pem]".into());
        };
        let mut config = Config::new(Role::Client);
        config.compression.threshold = 0;
        let mut client = Client::builder().config(Arc::new(config)).deflate(deflate(offer)?);
        if let [root, ..] = root {
            let tls = Tls::builder().without_platform_roots().root_pem(std::fs::read(root)?)?;
            client = client.tls(tls.build());
        }
        Ok(Self { client: client.build(), url: url.clone(), expected: expected.clone() })
    }

    async fn connect(&self, path: &str) -> Result<WebSocket, Box<dyn Error>> {
        Ok(self.client.connect(format!("{}{path}", self.url)).await?)
    }
}

/// The offer of this name.
fn deflate(name: &str) -> Result<Option<Deflate>, Box<dyn Error>> {
    let (bits, context) = match name {
        "off" => return Ok(None),
        "on" => (15, Context::Takeover),
        "no-takeover" => (15, Context::NoTakeover),
        "window-9" => (9, Context::Takeover),
        "window-10-no-takeover" => (10, Context::NoTakeover),
        _ => return Err(format!("no offer is called {name}").into()),
    };
    let window = WindowBits::new(bits).ok_or("a window has 8 to 15 bits")?;
    let mut deflate = Deflate::CLIENT;
    deflate.send = Direction { window, context };
    deflate.receive = Direction { window, context };
    Ok(Some(deflate))
}

async fn all(peer: &Peer) -> ExitCode {
    let mut failed = false;
    let mut told = |name: &str, outcome: Checked| {
        match &outcome {
            Ok(()) => println!("PASS {name}"),
            Err(error) => println!("FAIL {name}: {error}"),
        }
        failed |= outcome.is_err();
    };
    told("deflate is agreed as expected", bounded(agreed(peer)).await);
    told("text and binary come back", bounded(small(peer)).await);
    told("many messages share a context", bounded(many(peer)).await);
    told("a mebibyte comes back", bounded(large(peer)).await);
    told("fragments make one message", bounded(fragments(peer)).await);
    told("a ping is answered", bounded(ping(peer)).await);
    told("messages in flight come back in order", bounded(in_flight(peer)).await);
    told("our close is echoed", bounded(our_close(peer)).await);
    told("the server's close is seen", bounded(their_close(peer)).await);
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

async fn bounded(check: impl Future<Output = Checked>) -> Checked {
    timeout(LIMIT, check).await?
}

async fn agreed(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/echo").await?;
    let agreed = socket.agreement().deflate.map_or("plain", |_| "deflated");
    socket.close(CloseCode::NORMAL).await;
    if agreed == peer.expected { Ok(()) } else { Err(format!("agreed: {agreed}").into()) }
}

async fn small(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/echo").await?;
    for text in ["", "hello", "grüße ☃ 🌍", "a"] {
        echoed(&mut socket, Message::Text(text.into())).await?;
    }
    for bytes in [&[][..], &[0, 1, 255], &[0; 126]] {
        echoed(&mut socket, Message::Binary(bytes.to_vec().into())).await?;
    }
    Ok(())
}

async fn many(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/echo").await?;
    for number in 0..200 {
        let text = format!("message {number} of the same kind ").repeat(number % 40);
        echoed(&mut socket, Message::Text(text.into())).await?;
    }
    Ok(())
}

async fn large(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/echo").await?;
    echoed(&mut socket, Message::Binary(noise(1 << 20).into())).await?;
    echoed(&mut socket, Message::Text("fünf Wörter ".repeat(80_000).into())).await?;
    echoed(&mut socket, Message::Text("short again".into())).await
}

async fn fragments(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/echo").await?;
    let parts = ["he", "", &"llo ☃ ".repeat(500), "end"];
    let mut writer = socket.write_text().await?;
    for part in parts {
        writer.write(part).await?;
    }
    writer.finish().await?;
    same(socket.recv().await?, &Message::Text(parts.concat().into()))
}

async fn ping(peer: &Peer) -> Checked {
    let (sender, mut receiver) = peer.connect("/echo").await?.split();
    let ping = sender.ping();
    sender.send("behind the ping").await?;
    receiver.recv().await?;
    // The echo came behind the Pong: nothing is left to wait for.
    ping.await?;
    Ok(())
}

async fn in_flight(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/echo").await?;
    for number in 0..300 {
        socket.send(number.to_string()).await?;
    }
    for number in 0..300 {
        same(socket.recv().await?, &Message::Text(number.to_string().into()))?;
    }
    Ok(())
}

async fn our_close(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/echo").await?;
    let code = CloseCode::new(4321).ok_or("4321 is for applications")?;
    let ending = socket.close(CloseReason::new(code, "that is all")?).await;
    if ending.code() == 4321 && ending.is_clean() { Ok(()) } else { Err(ending.to_string().into()) }
}

async fn their_close(peer: &Peer) -> Checked {
    let mut socket = peer.connect("/close?code=4001&reason=bye").await?;
    let ending = socket.drive().await;
    let reason = ending.reason().map(CloseReason::text);
    let is_expected = ending.code() == 4001 && reason == Some("bye") && ending.is_clean();
    if is_expected { Ok(()) } else { Err(ending.to_string().into()) }
}

async fn echoed(socket: &mut WebSocket, message: Message) -> Checked {
    socket.send(&message).await?;
    same(socket.recv().await?, &message)
}

fn same(received: Option<Message>, sent: &Message) -> Checked {
    let received = received.ok_or("the connection ended")?;
    if received == *sent {
        return Ok(());
    }
    let lengths = (sent.as_bytes().len(), received.as_bytes().len());
    Err(format!("{} bytes were sent, {} other ones came back", lengths.0, lengths.1).into())
}

/// Bytes that no compressor makes smaller.
fn noise(length: usize) -> Vec<u8> {
    let step = |word: &mut u32| {
        *word = word.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        Some(word.to_be_bytes()[0])
    };
    std::iter::repeat_n((), length).scan(6455, |word, ()| step(word)).collect()
}
