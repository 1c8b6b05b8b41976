//! The page of `wharf serve` in headless Chromium: `tests/browser/page.cjs` tells what is tried.

use crate::{
    failure::Outcome,
    paths,
    process::run,
    served::Served,
    tools::{apt, certificate::Certificate, node::Node},
};

/// `browser`
pub(crate) fn check() -> Outcome {
    apt::ensure("chromium", "--version", "chromium")?;
    let folder = paths::tests("browser");
    let node = Node::install("browser", &folder.join("package.json"))?;
    let reports = paths::fresh_report("browser")?;
    let certificate = Certificate::make(&reports)?;
    let plain = Served::start(&["--deflate", "on"], None, &reports.join("server.log"))?;
    let secure =
        Served::start(&["--deflate", "on"], Some(&certificate), &reports.join("server-tls.log"))?;
    let mut script = node.script(&folder.join("page.cjs"));
    script
        .arg(format!("http://127.0.0.1:{}", plain.port))
        .arg(format!("https://127.0.0.1:{}", secure.port));
    run(script.arg(&reports))
}
