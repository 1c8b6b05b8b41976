//! The sending side.

use crate::hex;
use anyhow::{Context, bail};
use ring::digest;
use std::path::Path;
use tokio::{fs::File, io::AsyncReadExt};
use url::Url;
use wharf::{CloseCode, Message, Receiver, Sender};

/// Bytes of one fragment.
const CHUNK: usize = 64 << 10;

/// Sends a file; Ctrl-C gives it up.
pub(crate) async fn run(path: &Path, url: &str) -> anyhow::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).context("this file has no name")?;
    let mut file = File::open(path).await.with_context(|| format!("opening {}", path.display()))?;
    let total = file.metadata().await?.len();
    let mut url: Url = url.parse().with_context(|| format!("{url:?} is no URL"))?;
    url.set_path(name);
    let (sender, mut receiver) = wharf::connect(&url).await?.split();
    let exchange = async {
        // Both at once: the receiver drives the connection, and hears how far it is.
        tokio::join!(write(&mut file, &sender), listen(&mut receiver, total))
    };
    let (written, told) = tokio::select! {
        both = exchange => both,
        _ = tokio::signal::ctrl_c() => bail!("given up"),
    };
    // If the other side ended it, it said why; that our writing failed then says less.
    let told = told?;
    let ours = written?;
    if told != ours {
        bail!("{name} was damaged on its way: {ours} here, {told} there");
    }
    println!("{name}: {total} bytes, SHA-256 {ours}");
    receiver.close(CloseCode::NORMAL).await;
    Ok(())
}

/// Writes the file as one message; gives its hash.
async fn write(file: &mut File, sender: &Sender) -> anyhow::Result<String> {
    let mut hash = digest::Context::new(&digest::SHA256);
    let mut message = sender.write_binary().await?;
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = file.read(&mut chunk).await?;
        if count == 0 {
            break;
        }
        hash.update(&chunk[..count]);
        // It waits while the outbox is full: memory stays bounded whatever the file is.
        message.write(&chunk[..count]).await?;
    }
    message.finish().await?;
    Ok(hex(&hash.finish()))
}

/// Shows how far the other side is, until it tells the hash.
async fn listen(receiver: &mut Receiver, total: u64) -> anyhow::Result<String> {
    while let Some(message) = receiver.recv().await? {
        match message.as_text().and_then(|text| text.split_once(' ')) {
            Some(("received", count)) => println!("{count} of {total} bytes"),
            Some(("sha256", hash)) => return Ok(hash.to_owned()),
            _ => bail!("the other side says what this one does not know: {}", shown(&message)),
        }
    }
    match receiver.ending() {
        Some(ending) => bail!("the other side ended it: {ending}"),
        None => bail!("the other side ended it"),
    }
}

fn shown(message: &Message) -> String {
    message.as_text().map_or_else(|| "bytes".to_owned(), |text| text.escape_debug().collect())
}
