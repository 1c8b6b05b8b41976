//! Whose pages may connect (RFC 6455 §10.2).

use crate::{
    case::{
        Case,
        build::echo,
        kinds::{Group, Level},
        opening::{Answer, Opening, Statuses},
    },
    wire::{http::Head, role::Role},
};

/// Why a foreign page matters.
const WHY: &str = "Any page that a user opens can connect in that user's name, with its cookies";

/// A name, the Origin, and what it is; the audit asks with them, too.
pub(crate) const FOREIGN: [(&str, &str, &str); 16] = [
    ("foreign", "https://attacker.example", "a page of another host"),
    ("foreign-same-port", "{scheme}://attacker.example:{port}", "another host on the same port"),
    ("null", "null", "a sandboxed frame, a file, a redirect"),
    ("empty", "", "an Origin that says nothing"),
    ("prefix", "{scheme}://{host}.attacker.example", "a host that begins with the server's"),
    (
        "prefix-name",
        "{scheme}://{name}.attacker.example:{port}",
        "a name that begins with the server's",
    ),
    ("suffix", "{scheme}://attacker{host}", "a host that ends with the server's"),
    ("suffix-dash", "{scheme}://attacker-{host}", "a host that ends with a dash and the server's"),
    ("subdomain", "{scheme}://sub.{host}", "a host below the server's"),
    ("user", "{scheme}://{host}@attacker.example", "the server's host as a user's name"),
    ("path", "{scheme}://attacker.example/{host}", "the server's host in a path"),
    ("query", "{scheme}://attacker.example?{host}", "the server's host in a query"),
    ("other-port", "{scheme}://{name}:1", "another port of the same host"),
    ("longer-port", "{scheme}://{host}0", "a port that begins with the server's"),
    ("extension", "chrome-extension://{host}", "an extension of a browser"),
    ("list", "{scheme}://{host} https://attacker.example", "a list of two origins"),
];

/// The cases.
pub(crate) fn cases() -> Vec<Case> {
    [welcome(), foreign()].concat()
}

fn case(name: &str, title: &str) -> Case {
    Case::new(Group::Origin, name, title).only(Role::Server)
}

fn welcome() -> Vec<Case> {
    let welcome = |name: &str, title: &str, head: Head| {
        case(name, title)
            .level(Level::Should)
            .opening(Opening::Request(head, Answer::Upgrade(Vec::new())))
            .script(echo("welcome"))
    };
    let of = |origin: &str| Head::request().add("Origin", origin);
    vec![
        welcome("absent", "no Origin", Head::request()).rule(
            "RFC 6455 §4.2.1",
            &[39],
            "Who is no browser has none",
        ),
        welcome("same-host", "a page of the same host", of("{scheme}://{host}"))
            .rule("RFC 6455 §10.2", &[39], "A server's own pages may speak to it")
            .tolerate(),
        welcome(
            "same-host-capitals",
            "a page of the same host, in capitals",
            of("{SCHEME}://{host}"),
        )
        .rule("RFC 6454 §4", &[39], "Schemes and hosts have no case")
        .tolerate(),
    ]
}

fn foreign() -> Vec<Case> {
    let refused = |name: &str, what: &str, head: Head| {
        case(name, what)
            .rule("RFC 6455 §10.2, RFC 6454 §5", &[39, 40], WHY)
            .level(Level::Should)
            .refuse()
            .opening(Opening::Request(head, Answer::Refusal(Statuses::Error, Vec::new())))
    };
    let one = |&(name, origin, what): &(&str, &str, &str)| {
        refused(name, what, Head::request().add("Origin", origin))
    };
    let twice = Head::request()
        .add("Origin", "{scheme}://{host}")
        .add("Origin", "https://attacker.example");
    let turned = Head::request()
        .add("Origin", "https://attacker.example")
        .raw("Second-Origin", b"Origin: {scheme}://{host}");
    let more = [
        refused("two", "two Origins, the first of which is the server's own", twice),
        refused("two-turned", "two Origins, the last of which is the server's own", turned),
        refused(
            "bare-host",
            "the server's host without a scheme",
            Head::request().add("Origin", "{host}"),
        ),
    ];
    FOREIGN.iter().map(one).chain(more).collect()
}
