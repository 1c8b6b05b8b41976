//! The receiving side.

use crate::hex;
use anyhow::{Context, bail};
use http::{Response, StatusCode};
use ring::digest;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{
    fs::{self, File},
    io::AsyncWriteExt,
};
use wharf::{CloseCode, CloseReason, Receiver, Request, Sender, Server};

/// Bytes between two words about how far it is.
const STEP: u64 = 1 << 20;

/// Serves until Ctrl-C.
pub(crate) async fn run(folder: &Path, address: &str, limit: u64) -> anyhow::Result<()> {
    let folder: Arc<Path> = folder.into();
    fs::create_dir_all(&folder).await.with_context(|| format!("making {}", folder.display()))?;
    let server = Server::bind(address).await.with_context(|| format!("listening on {address}"))?;
    println!("ws://{}/", server.local_addr()?);
    server
        .with_graceful_shutdown(async { _ = tokio::signal::ctrl_c().await })
        .serve_requests(move |request| attend(request, Arc::clone(&folder), limit))
        .await;
    Ok(())
}

async fn attend(request: Request, folder: Arc<Path>, limit: u64) -> anyhow::Result<()> {
    let Some(name) = file_name(request.uri().path()) else {
        let hint = "ask for /NAME, of letters, digits, dots and dashes\n";
        let answer = Response::builder().status(StatusCode::BAD_REQUEST).body(hint.into())?;
        return Ok(request.refuse(answer).await?);
    };
    let (sender, mut receiver) = request.accept().await?.split();
    let mut upload = Upload::begin(&folder, &name, limit).await?;
    let reason = match upload.take(&mut receiver, &sender).await {
        Ok(hash) => {
            println!("{name}: {} bytes, SHA-256 {hash}", upload.len);
            sender.send(format!("sha256 {hash}")).await?;
            CloseCode::NORMAL.into()
        }
        Err(error) => {
            println!("{name}: {error:#}");
            upload.discard().await;
            let code = if upload.len > limit {
                CloseCode::MESSAGE_TOO_BIG
            } else {
                CloseCode::INTERNAL_ERROR
            };
            CloseReason::truncated(code, &error.to_string())
        }
    };
    receiver.close(reason).await;
    Ok(())
}

/// The name of a file in our folder, and nowhere else.
fn file_name(path: &str) -> Option<String> {
    let name = path.strip_prefix('/')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let fits = (1..=200).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('.');
    fits.then(|| name.to_owned())
}

/// A file that is on its way.
struct Upload {
    file: File,
    /// It has this name until it is whole.
    part: PathBuf,
    whole: PathBuf,
    len: u64,
    limit: u64,
}

impl Upload {
    async fn begin(folder: &Path, name: &str, limit: u64) -> anyhow::Result<Self> {
        let (part, whole) = (folder.join(format!("{name}.part")), folder.join(name));
        // Two at once for one name would mix.
        let file =
            File::create_new(&part).await.with_context(|| format!("making {}", part.display()))?;
        Ok(Self { file, part, whole, len: 0, limit })
    }

    /// Writes one message down; gives its hash.
    async fn take(&mut self, receiver: &mut Receiver, sender: &Sender) -> anyhow::Result<String> {
        let mut hash = digest::Context::new(&digest::SHA256);
        let mut message = receiver.recv_reader().await?.context("the sender left at once")?;
        // Limits of the connection do not hold for a message that is read in chunks: this one is ours.
        while let Some(chunk) = message.chunk().await? {
            let before = self.len;
            self.len += u64::try_from(chunk.len())?;
            if self.len > self.limit {
                bail!("more than {} bytes", self.limit);
            }
            hash.update(chunk);
            self.file.write_all(chunk).await?;
            if before / STEP != self.len / STEP {
                sender.send(format!("received {}", self.len)).await?;
            }
        }
        self.file.sync_all().await?;
        fs::rename(&self.part, &self.whole).await?;
        Ok(hex(&hash.finish()))
    }

    async fn discard(&self) {
        if let Err(error) = fs::remove_file(&self.part).await {
            println!("{} stays behind: {error}", self.part.display());
        }
    }
}
