//! Proxies that the environment names.

use super::{
    bypass::Bypass,
    server::{InvalidProxy, Proxy},
};
use crate::client::target::{Scheme, Target};
use std::{env, fmt};

/// Proxies for both schemes, and who needs none.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    ws: Option<Proxy>,
    wss: Option<Proxy>,
    bypass: Bypass,
}

/// `HTTP_PROXY` in capitals is never read: in a CGI program it is the header `Proxy` of whoever asks. HTTPS
/// comes before HTTP (RFC 6455 §4.1, item 3).
const WS: [&str; 7] =
    ["ws_proxy", "WS_PROXY", "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"];
const WSS: [&str; 6] =
    ["wss_proxy", "WSS_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

impl Environment {
    /// What this process was given.
    pub(crate) fn of_process() -> Result<Self, InvalidVariable> {
        Self::read(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// A variable that is empty is none, as curl has it.
    fn read(look: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidVariable> {
        let look = |name| look(name).filter(|value| !value.is_empty());
        let bypass = NO_PROXY.into_iter().find_map(look).unwrap_or_default();
        Ok(Self { ws: first(&WS, look)?, wss: first(&WSS, look)?, bypass: Bypass::parse(&bypass) })
    }

    pub(crate) fn choose(&self, target: &Target) -> Option<&Proxy> {
        if self.bypass.covers(target.host()) {
            return None;
        }
        match target.scheme() {
            Scheme::Ws => self.ws.as_ref(),
            Scheme::Wss => self.wss.as_ref(),
        }
    }
}

fn first(
    names: &[&'static str],
    look: impl Fn(&'static str) -> Option<String>,
) -> Result<Option<Proxy>, InvalidVariable> {
    let found = names.iter().find_map(|&name| Some((name, look(name)?)));
    let Some((name, value)) = found else { return Ok(None) };
    Proxy::new(value).map(Some).map_err(|why| InvalidVariable { name, why })
}

/// A variable that names no proxy; its value is not repeated, as it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidVariable {
    name: &'static str,
    why: InvalidProxy,
}

impl fmt::Display for InvalidVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the environment variable {}: {}", self.name, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Result<Environment, InvalidVariable> {
        Environment::read(|wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn chosen(variables: &[(&str, &str)], url: &str) -> Option<String> {
        let environment = environment(variables).unwrap();
        environment.choose(&Target::parse(url).unwrap()).map(Proxy::name)
    }

    /// RFC 6455 §4.1, item 3; checklist 8.
    #[test]
    fn the_most_special_variable_wins_and_https_comes_before_http() {
        let all: Vec<(&str, String)> = [WS.as_slice(), &WSS]
            .concat()
            .into_iter()
            .map(|name| (name, format!("{name}:1")))
            .collect();
        for (url, order) in [("ws://h", WS.as_slice()), ("wss://h", &WSS)] {
            for (place, name) in order.iter().enumerate() {
                let left: Vec<(&str, &str)> = all
                    .iter()
                    .filter(|(name, _)| !order[..place].contains(name))
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let host = url::Url::parse(&format!("http://{name}:1")).unwrap();
                let expected = format!("{}:1", host.host_str().unwrap());
                assert_eq!(chosen(&left, url), Some(expected), "{url} {name}");
            }
        }
    }

    /// CVE-2016-5388 and its kin: in CGI, a request's header `Proxy` becomes `HTTP_PROXY`.
    #[test]
    fn http_proxy_in_capitals_is_never_read() {
        assert_eq!(chosen(&[("HTTP_PROXY", "evil:1")], "ws://h"), None);
        assert_eq!(chosen(&[("HTTP_PROXY", "evil:1")], "wss://h"), None);
        assert_eq!(chosen(&[("http_proxy", "p:1")], "wss://h"), None);
    }

    #[test]
    fn an_empty_variable_is_none() {
        let variables =
            [("wss_proxy", ""), ("ALL_PROXY", "socks5h://p"), ("no_proxy", ""), ("NO_PROXY", "x")];
        assert_eq!(chosen(&variables, "wss://h").as_deref(), Some("p:1080"));
        assert_eq!(chosen(&variables, "wss://x"), None);
    }

    #[test]
    fn hosts_of_no_proxy_are_connected_to_directly() {
        let variables = [("all_proxy", "p:1"), ("no_proxy", "localhost,.internal")];
        assert_eq!(chosen(&variables, "ws://a.internal"), None);
        assert_eq!(chosen(&variables, "wss://localhost"), None);
        assert_eq!(chosen(&variables, "wss://a.example").as_deref(), Some("p:1"));
    }

    #[test]
    fn a_variable_that_names_no_proxy_is_named_without_its_value() {
        let error = environment(&[("HTTPS_PROXY", "gopher://u:hush@p")]).unwrap_err().to_string();
        assert!(error.contains("HTTPS_PROXY") && error.contains("gopher"), "{error}");
        assert!(!error.contains("hush"), "{error}");
    }
}
