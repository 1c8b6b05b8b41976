//! Says one thing to the echo: `cargo run -p wharf --example client`.
#![expect(clippy::print_stdout, reason = "an example talks to its user")]

use wharf::CloseCode;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = wharf::connect("ws://127.0.0.1:9001/echo").await?;
    socket.send("hello").await?;
    if let Some(message) = socket.recv().await? {
        println!("{message:?}");
    }
    println!("{}", socket.close(CloseCode::NORMAL).await);
    Ok(())
}
