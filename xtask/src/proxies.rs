//! `wharf connect` through real proxies: tinyproxy for CONNECT, microsocks for SOCKS5; with and without
//! credentials, plain and TLS. Everything stays on the loopback.

use crate::{
    checks,
    failure::{During, Failure, Outcome},
    paths,
    process::{Background, command, free_port, run_into},
    say,
    served::Served,
    tools::{apt, certificate::Certificate},
};
use std::{
    fs::File,
    path::{Path, PathBuf},
};

const USER: &str = "wharf";
const PASSWORD: &str = "hush";

/// What a trial must come to.
#[derive(Clone, Copy)]
enum Expected {
    /// The echo comes back.
    Echo,
    /// The command fails, and says this.
    Refusal(&'static str),
}

/// A proxy that runs, and how its URLs begin.
struct Running {
    _process: Background,
    name: &'static str,
    schemes: &'static [&'static str],
    port: u16,
}

/// `proxies`
pub(crate) fn check() -> Outcome {
    apt::ensure("tinyproxy", "-v", "tinyproxy")?;
    apt::ensure_on_path("microsocks", "microsocks")?;
    checks::cargo::release()?;
    let reports = paths::fresh_report("proxies")?;
    let certificate = Certificate::make(&reports)?;
    let plain = Served::start(&[], None, &reports.join("wharf-plain.log"))?;
    let tls = Served::start(&[], Some(&certificate), &reports.join("wharf-tls.log"))?;
    let bench = Bench { plain: plain.port, tls: tls.port, certificate, reports };
    match bench.failures()? {
        0 => Ok(()),
        failed => Err(Failure::new(format!("proxies: {failed} trials failed"))),
    }
}

/// What all trials share.
struct Bench {
    plain: u16,
    tls: u16,
    certificate: Certificate,
    reports: PathBuf,
}

impl Bench {
    fn failures(&self) -> Outcome<usize> {
        let mut failed = 0;
        for proxy in [tinyproxy(&self.reports, Door::Open)?, microsocks(&self.reports, Door::Open)?]
        {
            for scheme in proxy.schemes {
                let url = format!("{scheme}://127.0.0.1:{}", proxy.port);
                failed += self.trials(&proxy, &url, Expected::Echo)?;
            }
        }
        for proxy in
            [tinyproxy(&self.reports, Door::Locked)?, microsocks(&self.reports, Door::Locked)?]
        {
            for scheme in proxy.schemes {
                let url = |login: &str| format!("{scheme}://{login}127.0.0.1:{}", proxy.port);
                let known = url(&format!("{USER}:{PASSWORD}@"));
                failed += self.trials(&proxy, &known, Expected::Echo)?;
                let stranger = Expected::Refusal("proxy 127.0.0.1");
                failed += self.trials(&proxy, &url("wharf:wrong@"), stranger)?;
                failed += self.trials(&proxy, &url(""), stranger)?;
            }
        }
        Ok(failed)
    }

    /// Both servers, and one that is not there, through one proxy.
    fn trials(&self, proxy: &Running, by: &str, expected: Expected) -> Outcome<usize> {
        let dead = free_port()?;
        let nowhere = Expected::Refusal("proxy 127.0.0.1");
        let servers = [
            (format!("ws://localhost:{}/echo", self.plain), expected),
            (format!("ws://127.0.0.1:{}/echo", self.plain), expected),
            (format!("wss://localhost:{}/echo", self.tls), expected),
            (format!("ws://127.0.0.1:{dead}/"), nowhere),
        ];
        let trial = |(url, expected): &(String, Expected)| self.trial(proxy, by, url, *expected);
        servers.iter().map(trial).sum()
    }

    /// 1 if it did not come to what was expected.
    fn trial(&self, proxy: &Running, by: &str, url: &str, expected: Expected) -> Outcome<usize> {
        let input = self.reports.join("input.txt");
        paths::write(&input, "hello through a proxy\n")?;
        let log = self.reports.join("client.log");
        let mut client = command("target/release/wharf", ["connect", "--once", "--proxy", by]);
        client.args(["--cacert".as_ref(), self.certificate.certificate.as_os_str()]).arg(url);
        client.stdin(File::open(&input).during("opening the input")?);
        let outcome = run_into(&mut client, &log);
        let said = paths::read(&log)?;
        let met = match expected {
            Expected::Echo => outcome.is_ok() && said.contains("hello through a proxy"),
            Expected::Refusal(part) => outcome.is_err() && said.contains(part),
        };
        let word = if met { "ok" } else { "FAILED" };
        say::line(format!("{word:<7}{} {by} → {url}: {}", proxy.name, said.trim()));
        Ok(usize::from(!met))
    }
}

/// Whether a proxy wants credentials.
#[derive(Clone, Copy)]
enum Door {
    Open,
    Locked,
}

fn tinyproxy(reports: &Path, door: Door) -> Outcome<Running> {
    let port = free_port()?;
    let login = match door {
        Door::Open => String::new(),
        Door::Locked => format!("BasicAuth {USER} {PASSWORD}\n"),
    };
    let config = reports.join(format!("tinyproxy-{port}.conf"));
    let text = format!("Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\n{login}");
    paths::write(&config, &text)?;
    let mut line = command("tinyproxy", ["-d", "-c"]);
    line.arg(config);
    let log = reports.join(format!("tinyproxy-{port}.log"));
    running("tinyproxy", &["http"], port, Background::start(&mut line, &log)?)
}

fn microsocks(reports: &Path, door: Door) -> Outcome<Running> {
    let port = free_port()?;
    let mut line = command("microsocks", ["-i", "127.0.0.1", "-p", &port.to_string()]);
    if let Door::Locked = door {
        line.args(["-u", USER, "-P", PASSWORD]);
    }
    let log = reports.join(format!("microsocks-{port}.log"));
    running("microsocks", &["socks5", "socks5h"], port, Background::start(&mut line, &log)?)
}

fn running(
    name: &'static str,
    schemes: &'static [&'static str],
    port: u16,
    mut process: Background,
) -> Outcome<Running> {
    process.listens_on(port)?;
    Ok(Running { _process: process, name, schemes, port })
}
