//! Whose pages may connect in a user's name: cross-site WebSocket hijacking (RFC 6455 §10.2).

use crate::{
    audit::{
        finding::{Certainty, Severity},
        plan::AuditPlan,
        probe::{Ask, Probe, Rule},
        seen::Sight,
    },
    groups::origin::FOREIGN,
    wire::http::Head,
};

/// Origins that an attacker has at will only if something else gave way before: a name below the server's, another
/// port of its host, an extension, a client that is no browser.
const NEAR: [&str; 5] = ["subdomain", "other-port", "longer-port", "extension", "empty"];

/// Only for wss.
const SCHEME: (&str, &str, &str) =
    ("scheme", "http://{host}", "a page of the same host without TLS");

const WHY: &str = "Browsers send cookies with WebSocket handshakes from any page, and ask no permission: a page that \
                   the user merely opens speaks to this server as that user, and reads the answers. What the page may \
                   do depends on how the server knows its users: by cookies or by their network, it is everything";
const WHY_COOKIE: &str = "A page that the user merely opens gets a connection with the user's cookies: it speaks to \
                          this server as that user, and reads the answers";
const WHY_NEAR: &str = "Whoever controls that place, such as a forgotten subdomain, another program on the host or \
                        whoever sits on a network without TLS, speaks to this server in the user's name";
const ADVICE: &str = "Compare Origin, as a whole, with a list of the pages that you serve: scheme, host and port, in \
                      no case; refuse others with 403. Search for no substring. Or ask for a token that no other page \
                      knows, or make the cookie SameSite";

/// Each Origin and none, without a cookie, and with the user's if there is one.
pub(crate) fn probes(plan: &AuditPlan, scheme: &str) -> Vec<Probe> {
    let tricks = || FOREIGN.iter().chain((scheme == "wss").then_some(&SCHEME));
    let cookie = plan.cookie.as_deref();
    let with =
        cookie.into_iter().flat_map(|cookie| tricks().map(|trick| probe(trick, Some(cookie))));
    let missing = cookie.map(Some).into_iter().chain([None]).map(missing);
    with.chain(tricks().map(|trick| probe(trick, None))).chain(missing).collect()
}

fn probe(&(name, origin, what): &(&str, &str, &str), cookie: Option<&str>) -> Probe {
    let head = Head::request().add("Origin", origin);
    let head = cookie.iter().fold(head, |head, cookie| head.add("Cookie", cookie));
    let (suffix, how, any) = match cookie {
        Some(_) => ("-cookie", " with the cookie", "origin/foreign-cookie"),
        None => ("", "", "origin/foreign"),
    };
    let id = format!("origin/{name}{suffix}");
    let mut unless = vec!["origin/foreign-cookie", any];
    if name == "foreign" {
        unless.clear();
    }
    let title = format!("Origin {origin}: {what}{how}");
    Probe { id, title, ask: Ask::Request(head), rules: vec![rule(name, what, cookie)], unless }
}

fn rule(name: &str, what: &str, cookie: Option<&str>) -> Rule {
    let is_near = NEAR.contains(&name);
    let (severity, certainty) = match (cookie, is_near || name == SCHEME.0) {
        (Some(_), false) => (Severity::High, Certainty::Certain),
        (Some(_), true) => (Severity::Medium, Certainty::Certain),
        (None, false) => (Severity::Medium, Certainty::Likely),
        (None, true) => (Severity::Low, Certainty::Likely),
    };
    let how = if cookie.is_some() { " with the cookie" } else { "" };
    let found = match name {
        "foreign" => format!("a page from anywhere may connect{how}"),
        _ => format!("a foreign Origin is taken{how}: {what}"),
    };
    let why = match (is_near, cookie) {
        (true, _) => WHY_NEAR,
        (false, Some(_)) => WHY_COOKIE,
        (false, None) => WHY,
    };
    Rule { sight: Sight::Upgraded, severity, certainty, found, why, advice: ADVICE }
}

/// Browsers leave Origin out of no handshake; whoever has stolen a cookie is no browser.
fn missing(cookie: Option<&str>) -> Probe {
    let head = cookie.iter().fold(Head::request(), |head, cookie| head.add("Cookie", cookie));
    let (suffix, how) = if cookie.is_some() { ("-cookie", " with the cookie") } else { ("", "") };
    let rule = Rule {
        sight: Sight::Upgraded,
        severity: Severity::Info,
        certainty: Certainty::Certain,
        found: format!("a request without an Origin is taken{how}"),
        why: "Programs that are no browsers send none, and no page can leave it out: this is no hole by itself. But \
              Origin does not tell who connects, it only keeps pages out",
        advice: "If none but pages connect here, refuse requests without an Origin",
    };
    Probe {
        id: format!("origin/missing{suffix}"),
        title: format!("no Origin{how}"),
        ask: Ask::Request(head),
        rules: vec![rule],
        unless: Vec::new(),
    }
}
