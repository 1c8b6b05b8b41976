//! The proxies of Debian's packages, each with a configuration of its own.

use super::running::{Answers, Door, PASSWORD, Running, USER, Way};
use crate::{
    failure::Outcome,
    paths,
    process::{Background, command, free_port, output},
    tools::certificate::Certificate,
};
use std::path::Path;

/// The helper that checks names and passwords for squid.
pub(super) const BASIC_AUTH: &str = "/usr/lib/squid/basic_ncsa_auth";

/// CONNECT.
pub(super) fn tinyproxy(reports: &Path, door: Door) -> Outcome<Running> {
    let port = free_port()?;
    let login = match door {
        Door::Open => String::new(),
        Door::Locked => format!("BasicAuth {USER} {PASSWORD}\n"),
    };
    let answers = Answers {
        wrong: "it answered 401 ",
        none: "it answered 407 ",
        nowhere: "it answered 500 ",
        forbidden: None,
    };
    start_tinyproxy("tinyproxy", port, &login, answers, reports)
}

/// A proxy that is its own proxy.
pub(super) fn ring(reports: &Path) -> Outcome<Running> {
    let port = free_port()?;
    let itself = format!("upstream http 127.0.0.1:{port}\n");
    let loops = "it answered 400 ";
    let answers = Answers { wrong: loops, none: loops, nowhere: loops, forbidden: None };
    start_tinyproxy("a ring of tinyproxy", port, &itself, answers, reports)
}

fn start_tinyproxy(
    name: &'static str,
    port: u16,
    more: &str,
    answers: Answers,
    reports: &Path,
) -> Outcome<Running> {
    let config = reports.join(format!("tinyproxy-{port}.conf"));
    let text = format!("Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\n{more}");
    paths::write(&config, &text)?;
    let mut line = command("tinyproxy", ["-d", "-c"]);
    let process =
        Background::start(line.arg(config), &reports.join(format!("tinyproxy-{port}.log")))?;
    Running::new(name, vec![Way { scheme: "http", port }], answers, process)
}

/// SOCKS5.
pub(super) fn microsocks(reports: &Path, door: Door) -> Outcome<Running> {
    let port = free_port()?;
    let mut line = command("microsocks", ["-i", "127.0.0.1", "-p", &port.to_string()]);
    if let Door::Locked = door {
        line.args(["-u", USER, "-P", PASSWORD]);
    }
    let process = Background::start(&mut line, &reports.join(format!("microsocks-{port}.log")))?;
    let ways = ["socks5", "socks5h"].map(|scheme| Way { scheme, port }).into();
    let answers = Answers {
        wrong: "it did not accept the user name and password",
        none: "it takes none of the ways to log in that were offered",
        nowhere: "it made no connection: connection refused",
        forbidden: None,
    };
    Running::new("microsocks", ways, answers, process)
}

/// CONNECT, over TCP and over TLS; not to the forbidden port.
pub(super) fn squid(
    reports: &Path,
    door: Door,
    certificate: &Certificate,
    forbidden: u16,
) -> Outcome<Running> {
    let (plain, tls) = (free_port()?, free_port()?);
    let admission = match door {
        Door::Open => "http_access allow all\n".to_owned(),
        Door::Locked => squid_admission()?,
    };
    let Certificate { certificate, key } = certificate;
    let text = format!(
        "http_port 127.0.0.1:{plain}\n\
         https_port 127.0.0.1:{tls} tls-cert={} tls-key={}\n\
         acl forbidden port {forbidden}\nhttp_access deny forbidden\n{admission}\
         cache deny all\ncache_log none\naccess_log none\npid_filename none\npinger_enable off\n",
        certificate.display(),
        key.display(),
    );
    let config = reports.join(format!("squid-{plain}.conf"));
    paths::write(&config, &text)?;
    let mut line = command("squid", ["-N", "-d1", "-f"]);
    let process = Background::start(line.arg(config), &reports.join(format!("squid-{plain}.log")))?;
    let ways = vec![Way { scheme: "http", port: plain }, Way { scheme: "https", port: tls }];
    let answers = Answers {
        wrong: "it answered 407 ",
        none: "it answered 407 ",
        nowhere: "it answered 503 ",
        forbidden: Some("it answered 403 "),
    };
    Running::new("squid", ways, answers, process)
}

/// One user. The list of users must be readable for the one whom squid gives root up for: the folder of reports may
/// not be, so it lies where everybody can read.
fn squid_admission() -> Outcome<String> {
    let hash = output(&mut command("openssl", ["passwd", "-apr1", PASSWORD]))?;
    let users = std::env::temp_dir().join("wharf-squid.users");
    paths::write(&users, &format!("{USER}:{hash}"))?;
    Ok(format!(
        "auth_param basic program {BASIC_AUTH} {}\nauth_param basic children 1\n\
         acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all\n",
        users.display()
    ))
}
