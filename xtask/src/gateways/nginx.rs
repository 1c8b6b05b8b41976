//! nginx with one of the page's configurations.

use super::recipe::{Chapter, Recipe};
use crate::{
    failure::{Failure, Outcome},
    paths,
    process::{Background, Signal, command, free_port},
    tools::certificate::Certificate,
};
use std::{
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// nginx, ended when this is dropped.
pub(super) struct Nginx {
    process: Background,
    plain: u16,
    tls: u16,
    folder: PathBuf,
}

impl Nginx {
    /// Starts it in front of a server on this port.
    pub(super) fn start(
        chapter: Chapter,
        server: u16,
        certificate: &Certificate,
        reports: &Path,
        change: impl FnOnce(Recipe) -> Outcome<Recipe>,
    ) -> Outcome<Self> {
        let (plain, tls) = (free_port()?, free_port()?);
        let recipe = change(placed(Recipe::of(chapter)?, server, certificate)?)?;
        let both = format!("listen 127.0.0.1:{plain}; listen 127.0.0.1:{tls}");
        let recipe = recipe.with("listen 443", &both)?;
        let folder = reports.join(format!("nginx-{tls}"));
        let config = folder.join("nginx.conf");
        let (main, http) = surroundings(&folder);
        paths::write(&config, &recipe.whole(&main, &http))?;
        let mut line = command("nginx", ["-p"]);
        line.arg(&folder).arg("-c").arg(&config).arg("-e").arg(folder.join("error.log"));
        let mut process = Background::start(&mut line, &folder.join("nginx.log"))?;
        process.listens_on(plain)?;
        process.listens_on(tls)?;
        Ok(Self { process, plain, tls, folder })
    }

    /// Where the page of the server is, without TLS and with it.
    pub(super) fn pages(&self) -> [String; 2] {
        [format!("http://127.0.0.1:{}", self.plain), format!("https://127.0.0.1:{}", self.tls)]
    }

    /// A WebSocket at this path, over TLS.
    pub(super) fn url(&self, path: &str) -> String {
        format!("wss://localhost:{}{path}", self.tls)
    }

    /// The origin of its own pages.
    pub(super) fn origin(&self) -> String {
        format!("https://localhost:{}", self.tls)
    }

    pub(super) fn signal(&self, signal: Signal) -> Outcome {
        self.process.signal(signal)
    }

    /// Tells it to read its configuration again, and waits until the old worker has begun to leave.
    pub(super) fn reload(&self) -> Outcome {
        self.signal(Signal::HangUp)?;
        let log = self.folder.join("error.log");
        let deadline = Instant::now() + Duration::from_secs(120);
        while !paths::read(&log)?.contains("gracefully shutting down") {
            if Instant::now() > deadline {
                return Err(Failure::new(format!("no worker leaves; see {}", log.display())));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

/// The parts of the page's configurations that are different for everybody.
fn placed(recipe: Recipe, server: u16, certificate: &Certificate) -> Outcome<Recipe> {
    let server = format!("127.0.0.1:{server}");
    if recipe.says("stream {") {
        return recipe.with("127.0.0.1:9443", &server);
    }
    let Certificate { certificate, key } = certificate;
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let recipe = recipe
        .with("/etc/ssl/certs/ws.example.pem", &certificate)?
        .with("/etc/ssl/private/ws.example.key", &key)?
        .with("server_name ws.example;", "server_name localhost 127.0.0.1;")?;
    if !recipe.says("proxy_pass https:") {
        return recipe.with("127.0.0.1:9001", &server);
    }
    recipe
        .with("127.0.0.1:9443", &server)?
        .with("/etc/ssl/certs/inside.example.pem", &certificate)?
        .with("inside.example", "localhost")
}

/// What stands in nginx.conf around it, and in its block `http`. Every path is in a folder of this run.
fn surroundings(folder: &Path) -> (String, String) {
    let folder = folder.display();
    let main = format!(
        "daemon off;\nworker_processes 1;\npid {folder}/nginx.pid;\n\
         error_log {folder}/error.log notice;\nevents {{}}\n"
    );
    let places: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("    {what}_temp_path {folder}/{what};\n"))
        .concat();
    (main, format!("    access_log off;\n{places}"))
}
