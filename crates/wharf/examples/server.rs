//! An echo: `cargo run -p wharf --example server`.

use wharf::Server;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let server = Server::bind("127.0.0.1:9001").await?;
    server
        .serve(async |mut socket| {
            while let Some(message) = socket.recv().await? {
                socket.send(message).await?;
            }
            Ok::<_, wharf::Error>(())
        })
        .await;
    Ok(())
}
