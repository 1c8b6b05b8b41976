//! The suite itself: `wstest` in an environment of Python 2.7, one process per shard.

use super::subject::Subject;
use crate::{
    failure::{During, Outcome},
    paths,
    process::{Background, command, free_port},
    tools::python::Python,
};
use serde_json::{Value, json};
use std::path::Path;

/// The name under which the suite reports wharf.
pub(super) const AGENT: &str = "wharf";

/// Processes of the suite beside each other: it is one thread of slow Python, and some cases only wait.
pub(super) const SHARDS: usize = 3;

/// `wstest`, ready to run.
pub(super) struct Suite(Python);

impl Suite {
    /// Installs what PyPI has, unless it is there.
    pub(super) fn install() -> Outcome<Self> {
        Python::v2_7("autobahn", &paths::tests("autobahn").join("requirements.txt")).map(Self)
    }

    /// Lets the suite's client run each shard against our server.
    pub(super) fn fuzz_server(
        &self,
        subject: &Subject,
        shards: &[Vec<&str>],
        reports: &Path,
    ) -> Outcome {
        let port = free_port()?;
        let _server = subject.serve(port, &reports.join("server.log"))?;
        let start = |(index, cases): (usize, &Vec<&str>)| {
            let mut spec = template("fuzzingclient.json")?;
            spec["servers"][0]["agent"] = json!(AGENT);
            spec["servers"][0]["url"] = json!(format!("ws://127.0.0.1:{port}/echo"));
            self.start("fuzzingclient", spec, cases, &shard(reports, index))
        };
        let clients: Vec<Background> =
            shards.iter().enumerate().map(start).collect::<Outcome<_>>()?;
        clients.into_iter().try_for_each(|mut client| client.success())
    }

    /// Lets our client run each shard against a server of the suite.
    pub(super) fn fuzz_client(
        &self,
        subject: &Subject,
        shards: &[Vec<&str>],
        reports: &Path,
    ) -> Outcome {
        let servers = self.serve(shards, reports)?;
        let urls: Vec<String> = servers.iter().map(|(_, url)| url.clone()).collect();
        subject.connect(&urls, &reports.join("client.log"))?.success()
    }

    /// Servers of the suite, one for each shard, and their URLs.
    pub(super) fn serve(
        &self,
        shards: &[Vec<&str>],
        reports: &Path,
    ) -> Outcome<Vec<(Background, String)>> {
        let start = |(index, cases): (usize, &Vec<&str>)| {
            let port = free_port()?;
            let url = format!("ws://127.0.0.1:{port}");
            let mut spec = template("fuzzingserver.json")?;
            spec["url"] = json!(url);
            let mut server = self.start("fuzzingserver", spec, cases, &shard(reports, index))?;
            server.listens_on(port)?;
            Ok((server, url))
        };
        shards.iter().enumerate().map(start).collect()
    }

    fn start(
        &self,
        mode: &str,
        mut spec: Value,
        cases: &[&str],
        folder: &Path,
    ) -> Outcome<Background> {
        spec["cases"] = json!(cases);
        spec["outdir"] = json!(folder);
        let file = folder.join("spec.json");
        paths::write(&file, &spec.to_string())?;
        let wstest = self.0.program("wstest");
        let mut line = command(wstest, ["--mode", mode, "--webport", "0", "--spec"]);
        Background::start(line.arg(&file).env("PYTHONUNBUFFERED", "1"), &folder.join("wstest.log"))
    }
}

/// The folder of a shard's report.
pub(super) fn shard(reports: &Path, index: usize) -> std::path::PathBuf {
    reports.join(format!("shard-{index}"))
}

fn template(name: &str) -> Outcome<Value> {
    let path = paths::tests("autobahn").join(name);
    serde_json::from_str(&paths::read(&path)?).during(path.display())
}
