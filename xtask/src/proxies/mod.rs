//! `wharf connect` through real proxies: tinyproxy and squid for CONNECT, with and without TLS to the proxy, and
//! microsocks for SOCKS5; with the right credentials, wrong ones and none. Everything stays on the loopback.

mod programs;
mod running;
mod trial;

use crate::{
    checks,
    failure::{Failure, Outcome},
    paths,
    process::{Signal, free_port},
    served::Served,
    tools::{apt, certificate::Certificate},
};
use running::{Door, PASSWORD, Running, USER};
use trial::{Bench, Expected};

/// `proxies`
pub(crate) fn check() -> Outcome {
    apt::ensure("tinyproxy", "-v", "tinyproxy")?;
    apt::ensure_on_path("microsocks", "microsocks")?;
    // The package `squid` speaks no TLS to its clients.
    apt::ensure_file(programs::BASIC_AUTH, "squid-openssl")?;
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

impl Bench {
    fn failures(&self) -> Outcome<usize> {
        let forbidden = free_port()?;
        let open = self.all(Door::Open, forbidden)?;
        let locked = self.all(Door::Locked, forbidden)?;
        let parts = [
            open.iter().map(|proxy| self.welcome(proxy, "")).sum(),
            locked.iter().map(|proxy| self.welcome(proxy, &login(PASSWORD))).sum(),
            locked.iter().map(|proxy| self.turned_away(proxy)).sum(),
            locked.iter().map(|proxy| self.forbidden(proxy, forbidden)).sum(),
            self.ring(),
            locked.into_iter().map(|proxy| self.hanging(&proxy)).sum(),
        ];
        parts.into_iter().sum()
    }

    fn all(&self, door: Door, forbidden: u16) -> Outcome<[Running; 3]> {
        Ok([
            programs::tinyproxy(&self.reports, door)?,
            programs::microsocks(&self.reports, door)?,
            programs::squid(&self.reports, door, &self.certificate, forbidden)?,
        ])
    }

    /// Both servers are reached, and one that is not there is told.
    fn welcome(&self, proxy: &Running, login: &str) -> Outcome<usize> {
        let dead = free_port()?;
        let servers = [
            (format!("ws://localhost:{}/echo", self.plain), Expected::Echo),
            (format!("ws://127.0.0.1:{}/echo", self.plain), Expected::Echo),
            (format!("wss://localhost:{}/echo", self.tls), Expected::Echo),
            (format!("ws://127.0.0.1:{dead}/"), Expected::NoTunnel(proxy.answers.nowhere)),
        ];
        let to = |(url, expected): &(String, Expected)| self.each_way(proxy, login, url, *expected);
        servers.iter().map(to).sum()
    }

    /// Wrong credentials, and none.
    fn turned_away(&self, proxy: &Running) -> Outcome<usize> {
        let mut failed = 0;
        for url in [
            format!("ws://127.0.0.1:{}/echo", self.plain),
            format!("wss://localhost:{}/echo", self.tls),
        ] {
            let wrong = Expected::NoTunnel(proxy.answers.wrong);
            failed += self.each_way(proxy, &login("wrong"), &url, wrong)?;
            failed += self.each_way(proxy, "", &url, Expected::NoTunnel(proxy.answers.none))?;
        }
        Ok(failed)
    }

    /// A server that the proxy may not be used for.
    fn forbidden(&self, proxy: &Running, port: u16) -> Outcome<usize> {
        let Some(answer) = proxy.answers.forbidden else { return Ok(0) };
        let url = format!("ws://127.0.0.1:{port}/");
        self.each_way(proxy, &login(PASSWORD), &url, Expected::NoTunnel(answer))
    }

    /// A proxy that asks itself, and finds out.
    fn ring(&self) -> Outcome<usize> {
        let ring = programs::ring(&self.reports)?;
        let url = format!("ws://127.0.0.1:{}/echo", self.plain);
        self.each_way(&ring, "", &url, Expected::NoTunnel(ring.answers.nowhere))
    }

    /// A proxy that is there and does nothing any more.
    fn hanging(&self, proxy: &Running) -> Outcome<usize> {
        proxy.process.signal(Signal::Stop)?;
        let url = format!("ws://127.0.0.1:{}/echo", self.plain);
        self.each_way(proxy, &login(PASSWORD), &url, Expected::Silence)
    }
}

fn login(password: &str) -> String {
    format!("{USER}:{password}@")
}
